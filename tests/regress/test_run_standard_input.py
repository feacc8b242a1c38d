"""A program under ``run`` found its standard input empty, whatever was piped into it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.runtime.wasi import Wasi
from wasmrewrite.runtime.wasi.descriptors import MOST_AT_ONCE, Input

WASI = '(import "wasi_snapshot_preview1"'
CAT = f"""
(module
  {WASI} "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  {WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $more
      (i32.store (i32.const 0) (i32.const 64))
      (i32.store (i32.const 4) (i32.const 10))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
      (i32.store8 (i32.add (i32.const 64) (i32.load (i32.const 4))) (i32.const 10))
      (if (i32.load (i32.const 4)) (then
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $more (i32.ne (i32.load8_u (i32.const 64)) (i32.const 113))))))))
"""
QUIET = f'(module {WASI} "sched_yield" (func (result i32))) (func (export "_start")))'
RUN = [sys.executable, "-m", "wasmrewrite", "run"]


@pytest.fixture
def cat(tmp_path: Path) -> str:
    path = tmp_path / "cat.wasm"
    path.write_bytes(wat(CAT))
    return str(path)


def test_what_is_piped_arrives_in_pieces_that_do_not_depend_on_time(cat: str) -> None:
    outputs = []
    for pieces in ([b"0123456789abcde"], [b"0", b"123456", b"789abc", b"de"]):
        with subprocess.Popen([*RUN, cat], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            for piece in pieces:
                process.stdin.write(piece)
                process.stdin.flush()
            outputs.append(process.communicate()[0])
    assert outputs == [b"0123456789\nabcde\n"] * 2


def test_a_program_that_does_not_read_waits_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "quiet.wasm"
    path.write_bytes(wat(QUIET))
    # Nothing is ever written to this pipe, and it stays open.
    with subprocess.Popen([*RUN, str(path)], stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 0


def test_input_without_an_end_is_read_only_as_far_as_it_is_asked_for(cat: str) -> None:
    code = "import sys\ntry:\n while True: sys.stdout.write('q' * 999)\nexcept BrokenPipeError: sys.stderr.close()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as endless:
        done = subprocess.run([*RUN, cat], stdin=endless.stdout, capture_output=True, check=False, timeout=60)
        assert endless.stdout is not None
        endless.stdout.close()
    assert (done.returncode, done.stdout) == (0, b"qqqqqqqqqq\n")


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are a thing of POSIX")
def test_a_terminal_gives_a_line_at_a_time(cat: str) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen([*RUN, cat], stdin=theirs, stdout=subprocess.PIPE) as process:
        os.close(theirs)
        assert process.stdout is not None
        os.write(ours, b"one\n")
        assert process.stdout.readline() == b"one\n"  # before anything else is typed
        os.write(ours, b"quit\n")
        assert process.communicate()[0] == b"\nquit\n\n"
    os.close(ours)


def test_a_file_named_by_option_goes_first(cat: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"file")
    done = subprocess.run([*RUN, "--stdin", str(tmp_path / "in"), cat], input=b"pipe", capture_output=True, check=False)
    assert done.stdout == b"file\n"


def test_one_read_takes_no_more_than_a_megabyte() -> None:
    asked: list[int] = []

    def feed(count: int) -> bytes:
        asked.append(count)
        return b"x" * 3 if len(asked) < 3 else b""

    stdin = Wasi(stdin=feed).descriptors.of(Input, 0)
    assert stdin.available() == 1
    assert [stdin.read(count) for count in (0, 5, 1 << 32, 5, 5)] == [b"", b"xxx", b"xxx", b"", b""]
    assert asked == [5, MOST_AT_ONCE, 5]  # and the end is asked for once
    assert stdin.available() == 0
