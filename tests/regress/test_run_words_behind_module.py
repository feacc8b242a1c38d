"""What stands behind a program of WASI was read as options of ``run``: ``run prog.wasm --version`` exited with 125, and
``run -- prog.wasm --first --second`` with "no such option '--first'".

Modules that are no programs keep it: their options may stand on both sides, and negative numbers are values.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call

WASI = '(import "wasi_snapshot_preview1"'
ECHO = f"""
(module
  {WASI} "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  {WASI} "args_get" (func $get (param i32 i32) (result i32)))
  {WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $sizes (i32.const 8) (i32.const 4)))
    (drop (call $get (i32.const 64) (i32.const 1024)))
    (i32.store (i32.const 0) (i32.const 1024))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12))))
  (func (export "minus") (param i32) (result i32) (i32.sub (i32.const 0) (local.get 0))))
"""
LIBRARY = """
(module (import "env" "f" (func))
  (func (export "minus") (param i32 f64) (result i32) (i32.sub (i32.const 0) (local.get 0))))
"""


Run: TypeAlias = Callable[..., tuple[int, bytes]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    (tmp_path / "echo.wasm").write_bytes(wat(ECHO))
    (tmp_path / "lib.wasm").write_bytes(wat(LIBRARY))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, bytes]:
        code = call(["run", *words])
        return code, capfdbinary.readouterr().out

    return run


@pytest.mark.parametrize(
    "behind",
    [
        ["--version"],
        ["--help"],
        ["--first", "--second"],
        ["--invoke", "minus", "5"],
        ["--dir", "nowhere::/x", "-o", "-"],
        ["-5", "a", "--", "-x", "--"],
        [],
    ],
)
def test_all_that_stands_behind_a_program_is_its_own(run: Run, behind: list[str]) -> None:
    expected = (0, "".join(f"{word}\0" for word in ["echo.wasm", *behind]).encode())
    assert run("echo.wasm", *behind) == expected
    assert run("--", "echo.wasm", *behind) == expected
    assert run("--fuel", "1000", "echo.wasm", "--", *behind) == expected


@pytest.mark.parametrize(
    "words",
    [
        ["--invoke", "minus", "lib.wasm", "-5", "-1.5", "--stub-imports"],
        ["lib.wasm", "--invoke", "minus", "--stub-imports", "-5", "-1.5"],
        ["--stub-imports", "lib.wasm", "-5", "-1.5", "--invoke", "minus"],
        ["--stub-imports", "lib.wasm", "--invoke", "minus", "--", "-5", "-inf"],
        ["--stub-imports", "--invoke", "minus", "--", "lib.wasm", "-5", "-inf"],
        ["--invoke", "minus", "--stub-imports", "lib.wasm", "-5", "-nan"],
    ],
)
def test_values_may_be_negative_and_options_stand_anywhere(run: Run, words: list[str]) -> None:
    assert run(*words) == (0, b"i32 5\n")


def test_an_export_of_a_program_is_called_by_an_option_in_front(run: Run) -> None:
    assert run("--invoke", "minus", "echo.wasm", "-7") == (0, b"i32 7\n")
    assert run("--invoke", "minus", "echo.wasm", "--fuel", "100", "-7") == (0, b"i32 7\n")


@pytest.mark.parametrize("words", [["lib.wasm", "--fule", "3"], ["--fule", "3", "echo.wasm"], ["lib.wasm", "-x", "-y"]])
def test_options_that_nobody_has_are_refused(run: Run, words: list[str]) -> None:
    assert run(*words) == (125, b"")
