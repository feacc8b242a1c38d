"""The fixture ``fuzz_pass`` for pytest; ``pytest_plugins = ["wasmrewrite.fuzz.fixture"]`` in ``conftest.py`` brings it.

It is ``testing.fuzz_pass``, and keeps a failing case as a folder. Not here: running cases.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import pytest

from .testing import Made, PassFailure
from .testing import fuzz_pass as helper

FOLDER = "case"
"""Under the test's temporary folder."""


class FuzzPass(Protocol):
    """As ``wasmrewrite.fuzz.fuzz_pass``."""

    def __call__(self, made: Made, **options: Any) -> int:
        """How many modules were rewritten. Raises ``PassFailure``."""


@pytest.fixture
def fuzz_pass(tmp_path: Path) -> FuzzPass:
    """Fuzzes a pass; the message of a failure says which folder holds the case, for ``wasmrewrite verify --case``."""

    def run(made: Made, **options: Any) -> int:
        try:
            return helper(made, **options)
        except PassFailure as failure:
            place = tmp_path / FOLDER
            place.mkdir(exist_ok=True)
            for name, data in failure.case.files().items():
                (place / name).write_bytes(data)
            failure.add_note(f"wasmrewrite verify --case {place}")
            raise

    return run
