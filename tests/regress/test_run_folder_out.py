"""``run --copy-out`` with a folder that the program does not have made an empty folder here and exited with 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call

WASI = '(import "wasi_snapshot_preview1"'
MAKER = f"""
(module
  {WASI} "path_create_directory" (func $make (param i32 i32 i32) (result i32)))
  {WASI} "path_remove_directory" (func $remove (param i32 i32 i32) (result i32)))
  {WASI} "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  {WASI} "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "made")
  (func (export "_start") (local $count i32)
    (drop (call $sizes (i32.const 8) (i32.const 12)))
    (local.set $count (i32.load (i32.const 8)))
    (if (i32.ge_u (local.get $count) (i32.const 2)) (then
      (drop (call $make (i32.const 3) (i32.const 0) (i32.const 4)))))
    (if (i32.eq (local.get $count) (i32.const 3)) (then
      (drop (call $remove (i32.const 3) (i32.const 0) (i32.const 4)))))
    (if (i32.eq (local.get $count) (i32.const 4)) (then unreachable))
    (if (i32.eq (local.get $count) (i32.const 5)) (then (call $exit (i32.const 7))))))
"""
NOTHING: list[str] = []
MAKE, MAKE_AND_REMOVE, TRAP, EXIT_7 = (["1"], ["1", "2"], ["1", "2", "3"], ["1", "2", "3", "4"])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "maker.wasm").write_bytes(wat(MAKER))
    (tmp_path / "data" / "sub").mkdir(parents=True)
    (tmp_path / "data" / "file").write_text("text")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--copy-out", "out::/nowhere"], NOTHING),
        (["--dir", "data::/data", "--copy-out", "out::/dta"], MAKE),
        (["--dir", "data::/data", "--copy-out", "out::/data/none"], MAKE),
        (["--dir", "data::/data", "--copy-out", "out::/data/file"], MAKE),
        (["--dir", "data::/data", "--copy-out", "out::/data/sub/.."], MAKE),
        (["--dir", "data::/data", "--copy-out", "other::/data", "--copy-out", "out::/dta"], EXIT_7),
    ],
)
def test_a_folder_that_is_not_there_is_an_error_and_nothing_is_made(
    place: Path, options: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["run", *options, "maker.wasm", *words]) == 125
    assert 'the program has no folder "/' in capsys.readouterr().err
    assert not (place / "out").exists()
    assert not (place / "other").exists()


def test_a_trap_is_still_a_trap(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = ["--dir", "data::/data", "--copy-out", "out::/dta"]
    assert call(["run", *shared, "maker.wasm", *TRAP]) == 134
    said = capsys.readouterr().err
    assert 'note: the program has no folder "/dta" to write to "out"\n' in said
    assert "unreachable" in said
    assert not (place / "out").exists()


@pytest.mark.parametrize(
    ("options", "words", "code", "written"),
    [
        (["--copy-out", "out::/fresh"], MAKE, 0, {"made"}),
        (["--copy-out", "out::/fresh"], MAKE_AND_REMOVE, 0, set()),
        (["--copy-out", "out::/fresh"], EXIT_7, 7, {"made"}),
        (["--dir", "data", "--copy-out", "out::data/made"], MAKE, 0, set()),
        (["--dir", "data", "--copy-out", "out::./data/"], MAKE, 0, {"made", "sub", "file"}),
        (["--dir", "data::/", "--copy-out", "out::/sub"], NOTHING, 0, set()),
        (["--dir", "data/sub::/", "--copy-out", "out::."], NOTHING, 0, set()),
    ],
)
def test_a_folder_that_is_there_is_written(
    place: Path, options: list[str], words: list[str], code: int, written: set[str]
) -> None:
    assert call(["run", *options, "maker.wasm", *words]) == code
    assert {each.name for each in (place / "out").iterdir()} == written


def test_a_path_alone_is_a_folder_on_both_sides(place: Path) -> None:
    assert call(["run", "--dir", "data", "--copy-out", "data", "maker.wasm", "1"]) == 0
    assert (place / "data" / "made").is_dir()
