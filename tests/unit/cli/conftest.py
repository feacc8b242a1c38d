"""Running the command line inside the test's process, and a module to run it on."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from wasmrewrite.cli.__main__ import call

CORPUS = Path(__file__).resolve().parent.parent.parent.parent / "corpus"


class Said(NamedTuple):
    """What one command line printed, and its exit code."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()


Cli: TypeAlias = Callable[..., Said]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs a command line in this process; ``stdin`` is what it reads from ``-``."""

    def run(*arguments: str, stdin: bytes = b"") -> Said:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            patched.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
            patched.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8", write_through=True))
            code = call(arguments)
            return Said(code, out.getvalue(), err.getvalue().decode())

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory: empty but for ``in.wasm``, which rustc made, and ``interface.toml``, which declares it."""
    (tmp_path / "in.wasm").write_bytes((CORPUS / "built" / "two_i64s.1.96-O3.wasm").read_bytes())
    (tmp_path / "interface.toml").write_bytes((CORPUS / "interfaces" / "two_i64s.toml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path
