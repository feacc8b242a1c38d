"""Where output goes: names that end in a slash, closed and full streams, what killed runs left behind.

``-o newdir/`` wrote a file ``newdir``, ``-o keep.wasm/`` wrote over ``keep.wasm``, ``-o -`` with standard output closed
exited with 0, and an error of a device did not name it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli import replace
from wasmrewrite.cli.__main__ import call
from wasmrewrite.cli.replace import replace_files

CLI = [sys.executable, "-m", "wasmrewrite"]
REWRITE = ["rewrite", "in.wasm", "--pass", "add-start", "--set", "add-start.function=init"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "in.wasm").write_bytes(wat('(module (func (export "init")))'))
    (tmp_path / "keep.wasm").write_bytes(b"keep")
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdout: int = subprocess.PIPE) -> tuple[int, str]:
    done = subprocess.run([*CLI, *arguments], stdout=stdout, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode()


def shell(line: str) -> tuple[int, str]:
    done = subprocess.run(["sh", "-c", line, *CLI], capture_output=True, check=False)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("newdir/", "Not a directory"), ("keep.wasm/", "Not a directory"), ("keep.wasm//", "Not a directory"),
        ("keep.wasm/.", "Not a directory"), ("there/", "Is a directory"), ("there/.", "Is a directory"),
        (".", "Is a directory"), ("there/..", "Is a directory"), ("there", "Is a directory"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("arguments", [REWRITE, ["info", "in.wasm"], ["callgraph", "in.wasm"]])
def test_a_folder_is_no_file(
    folder: Path, output: str, why: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    assert call([*arguments, "-o", output]) == 3
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert why in said
    assert sorted(folder.iterdir()) == before
    assert (folder / "keep.wasm").read_bytes() == b"keep"


@pytest.mark.parametrize(
    "arguments",
    [[*REWRITE, "-o", "-"], ["info", "in.wasm"], ["callgraph", "in.wasm"], ["lint", "in.wasm", "--format", "json"]],
)
def test_standard_output_that_takes_nothing(folder: Path, arguments: list[str]) -> None:
    closed = shell(f'"$0" "$@" {" ".join(arguments)} >&-')
    assert closed == (3, "error: standard output: Bad file descriptor\n")
    full = shell(f'"$0" "$@" {" ".join(arguments)} > /dev/full')
    assert full == (3, "error: standard output: No space left on device\n")


def test_what_is_said_beside_an_output_may_go_nowhere(folder: Path) -> None:
    assert shell(f'"$0" "$@" {" ".join(REWRITE)} -o out.wasm >&-') == (0, "")
    assert (folder / "out.wasm").read_bytes().startswith(b"\0asm")


def test_a_full_device_is_named(folder: Path) -> None:
    for arguments in (REWRITE, ["info", "in.wasm"]):
        assert run(*arguments, "-o", "/dev/full") == (3, "error: /dev/full: No space left on device\n")


def leave(folder: Path, process: int, age: float) -> Path:
    """A temporary of a process, written to so many seconds ago."""
    path = folder / f".wasmrewrite-{process}-0123456789abcdef.tmp"
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_killed_runs_left_is_removed(folder: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    stale = leave(folder, ended.pid, 3600)
    kept = [
        leave(folder, os.getpid(), 3600),  # still running
        leave(folder, 0x7FFF_FFFF, 0),  # perhaps of another machine
    ]
    other = folder / ".wasmrewrite-mine.tmp"
    other.write_bytes(b"")
    replace_files([("out.wasm", b"new")])
    assert not stale.exists()
    assert all(each.exists() for each in kept)
    assert other.exists()
    assert (folder / "out.wasm").read_bytes() == b"new"


def test_a_process_that_is_asked_to_end_removes_its_temporary(folder: Path) -> None:
    code = (
        "import os, sys, time; from wasmrewrite.cli import __main__ as m, replace\n"
        "def slow(*_):\n print('staged', flush=True); time.sleep(60)\n"
        "os.fsync = slow\n"
        f"sys.argv = ['wasmrewrite', *{[*REWRITE, '-o', 'out.wasm']!r}]\n"
        "m.main()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"staged\n"
    assert len(list(folder.glob(".wasmrewrite-*"))) == 1
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (143, b"")
    assert list(folder.glob(".wasmrewrite-*")) == []
    assert not (folder / "out.wasm").exists()


def test_names_of_temporaries_are_recognized(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(os, "replace", lambda temporary, _: seen.append(os.path.basename(temporary)))
    replace_files([("out.wasm", b"new")])
    assert len(seen) == 1
    assert replace._TEMPORARY.fullmatch(seen[0])
