"""Programs under ``run``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from tests.unit.cli.conftest import CORPUS, Cli
from wasmrewrite.cli.wasi import exit_code

HELLO = str(CORPUS / "built" / "hello.1.96-wasip1-Os-stripped.wasm")
WASI = '(import "wasi_snapshot_preview1"'
COPIER = f"""
(module
  {WASI} "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  {WASI} "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  {WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  {WASI} "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\40\\00\\00\\00\\20\\00\\00\\00copy")
  (func (export "_start")
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 4) (i32.const 1) (i64.const 64) (i64.const 0)
      (i32.const 0) (i32.const 32)))
    (drop (call $write (i32.load (i32.const 32)) (i32.const 0) (i32.const 1) (i32.const 36)))
    (if (i32.eq (i32.load8_u (i32.const 64)) (i32.const 120)) (then (call $exit (i32.const 9))))
    (if (i32.eq (i32.load8_u (i32.const 64)) (i32.const 33)) (then unreachable))
    (if (i32.eq (i32.load8_u (i32.const 64)) (i32.const 63)) (then (loop br 0)))))
"""
REACTOR = f"""
(module
  {WASI} "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $ready (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
  (func (export "ready") (result i32) global.get $ready)
  (func (export "random") (result i64)
    (drop (call $random (i32.const 8) (i32.const 8))) (i64.load (i32.const 8))))
"""


@pytest.fixture
def copier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "copier.wasm").write_bytes(wat(COPIER))
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return "copier.wasm"


def test_a_program_gets_its_arguments_and_ends_with_its_code(cli: Cli) -> None:
    assert cli("run", HELLO) == (0, b"hello, world\n", "")
    assert cli("run", HELLO, "a", "b") == (2, b"hello, a and b\n", "")


def test_a_program_gets_variables(cli: Cli) -> None:
    assert cli("run", "--env", "MOOD=bad", "--env", "MOOD=a=b", HELLO).err == "mood: a=b\n"
    assert cli("run", "--env", "MOOD", HELLO).code == 125


@pytest.mark.parametrize(
    "words",
    [
        (HELLO, "--loud", "-x", "--"),
        (HELLO, "--", "--loud", "-x", "--"),
        ("--", HELLO, "--loud", "-x", "--"),
        ("--host-seed", "3", "--", HELLO, "--", "--loud", "-x", "--"),
    ],
)
def test_what_stands_behind_a_program_is_its_own(cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("run", *words).text == "hello, --loud and -x and --\n"


def test_what_a_program_did_is_data_too(cli: Cli, tmp_path: Path) -> None:
    said = cli("run", "--env", "MOOD=good", "--format", "json", HELLO, "a")
    data = json.loads(said.out)
    assert (said.code, data["outcome"], data["exit_code"]) == (1, "exited", 1)
    assert (data["stdout"], data["stderr"]) == ("hello, a\n", "mood: good\n")
    assert "fd_write" in [call["name"] for call in data["host_calls"]]
    report = tmp_path / "report.json"
    assert cli("run", "--format", "json", "-o", str(report), HELLO, "a") == (1, b"hello, a\n", "")
    assert "stdout" not in json.loads(report.read_text())


def test_calls_can_be_traced(cli: Cli) -> None:
    assert 'host: "wasi_snapshot_preview1" "proc_exit" (i32 0)\n' in cli("run", "--trace", HELLO).err


@pytest.mark.parametrize(
    ("text", "code", "written"), [("x", 9, True), ("y", 0, True), ("!", 134, True), ("?", 125, False)]
)
def test_folders_are_written_back_however_a_program_ends(
    cli: Cli, copier: str, text: str, code: int, written: bool
) -> None:
    Path("in").write_text(text)
    shared = ("--dir", "folder::/f", "--copy-out", "new/out::/f", "--stdin", "in", "--fuel", "10000")
    assert cli("run", *shared, copier).code == code
    assert list(Path("folder").iterdir()) == []
    assert Path("new").exists() is written
    if written:
        assert Path("new/out/copy").read_text() == text


def test_a_folder_can_start_empty_and_input_come_from_a_pipe(cli: Cli, copier: str) -> None:
    assert cli("run", "--copy-out", "out::/out", "--stdin", "-", copier, stdin=b"piped").code == 0
    assert Path("out/copy").read_bytes() == b"piped"


def test_folders_that_make_no_sense(cli: Cli, copier: str) -> None:
    for wrong in (("--dir", "::/f"), ("--dir", "none::/f"), ("--dir", "folder::/f", "--dir", "folder::/f")):
        said = cli("run", *wrong, copier)
        assert (said.code, said.out) == (125, b"")
        assert "internal" not in said.err
    assert cli("run", "--stdin", "none", copier).code == 125


def test_a_library_is_initialized_first(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "reactor.wasm"
    path.write_bytes(wat(REACTOR))
    assert cli("run", str(path), "--invoke", "ready").text == "i32 1\n"
    assert cli("run", str(path), "--invoke", "_initialize") == (0, b"", "")
    drawn = [cli("run", str(path), "--invoke", "random", "--host-seed", seed).text for seed in ("1", "1", "2")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_only_what_wasi_lacks_is_missing(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "mixed.wasm"
    text = f'(module {WASI} "sched_yield" (func (result i32))) (import "env" "f" (func)) (func (export "_start")))'
    path.write_bytes(wat(text))
    said = cli("run", str(path))
    assert said.code == 125
    assert "'env' 'f'" in said.err
    assert "sched_yield" not in said.err
    assert cli("run", "--stub-imports", str(path)).code == 0
    path.write_bytes(wat(f'(module {WASI} "sched_yield" (func (result i64))) (func (export "_start")))'))
    said = cli("run", str(path))
    assert said.code == 125
    assert "incompatible import type" in said.err


def test_a_module_without_wasi_has_no_world(cli: Cli, folder: Path) -> None:
    for option in ("--env=A=b", "--stdin=in.wasm", "--dir=.::/", "--copy-out=.::/"):
        said = cli("run", "in.wasm", option, "--stub-imports")
        assert said.code == 125
        assert "import from WASI" in said.err


@pytest.mark.parametrize(("code", "ours"), [(0, 0), (7, 7), (255, 255), (256, 1), (257, 1), (0xFFFF_FFFF, 255)])
def test_no_failure_becomes_a_success(code: int, ours: int) -> None:
    assert exit_code(code) == ours
