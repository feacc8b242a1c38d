"""``run --memory-limit 0`` was taken for no limit at all, and so gave 1 GiB."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call

WITH = wat('(module (memory 1) (func (export "f")))')
WITHOUT = wat('(module (memory 0) (func (export "f")))')


@pytest.mark.parametrize(("module", "code"), [(WITH, 125), (WITHOUT, 0)])
def test_zero_is_a_limit(tmp_path: Path, module: bytes, code: int) -> None:
    (tmp_path / "m.wasm").write_bytes(module)
    assert call(["run", "--memory-limit", "0", str(tmp_path / "m.wasm"), "--invoke", "f"]) == code
