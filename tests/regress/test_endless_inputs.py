"""``/dev/zero`` as a module, a contract or ``--stdin`` was read until memory was out, and that was an internal error.

Beside it: an error in the middle of reading did not say which file it was about.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.wat import wat

ZERO = "/dev/zero"
MEMORY = 1_000_000_000
MODULE = wat('(module (func (export "f")))')
READS = wat("""(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store (i32.const 4) (i32.const 1000))
    (loop $again (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (br $again))))""")

pytestmark = pytest.mark.skipif(not os.path.exists(ZERO), reason="this system has no /dev/zero")


def limited() -> None:
    """In a child: reading without end fails before it harms anybody."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(*words: str, stdin: str = os.devnull) -> tuple[int, str]:
    """The exit code and the first line on standard error."""
    with open(stdin, "rb") as source:
        done = subprocess.run(
            [sys.executable, "-m", "wasmrewrite", *words],
            stdin=source, capture_output=True, text=True, timeout=60, preexec_fn=limited, check=False,
        )  # fmt: skip
    return done.returncode, done.stderr.partition("\n")[0]


@pytest.mark.parametrize("verb", ["info", "explain", "callgraph", "lint"])
def test_a_module(verb: str) -> None:
    assert run(verb, ZERO) == (3, f"error: {ZERO}: malformed: magic header not detected (at 0x0)")


def test_standard_input() -> None:
    assert run("info", "-", stdin=ZERO) == (3, "error: standard input: malformed: magic header not detected (at 0x0)")


def test_texts(tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_bytes(MODULE)
    module = str(tmp_path / "m.wasm")
    for words in (["verify", module, module, "--contract", ZERO], ["lint", module, "--baseline", ZERO]):
        assert run(*words) == (2, f"error: {ZERO}: larger than 64 MiB")


@pytest.mark.parametrize("given", [("--stdin", ZERO), ("--stdin", "-"), ()])
def test_what_a_program_reads(tmp_path: Path, given: tuple[str, ...]) -> None:
    (tmp_path / "reads.wasm").write_bytes(READS)
    code, said = run("run", "--fuel", "10000", *given, str(tmp_path / "reads.wasm"), stdin=ZERO)
    assert code == 125
    assert "fuel exhausted" in said


def test_a_module_in_a_pipe_that_comes_byte_by_byte() -> None:
    words = [sys.executable, "-m", "wasmrewrite", "info", "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for byte in MODULE:
            process.stdin.write(bytes([byte]))
        process.stdin.close()
        assert process.stdout.read().startswith(f"standard input: {len(MODULE)} bytes".encode())


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="no file here fails to be read once it is open")
@pytest.mark.parametrize("words", [("info",), ("run", "--stdin")])
def test_failures_midway_are_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "reads.wasm").write_bytes(READS)
    program = [str(tmp_path / "reads.wasm")] if "--stdin" in words else []
    code, said = run(*words, "/proc/self/mem", *program)
    assert (code, said) == (125 if program else 3, "error: /proc/self/mem: Input/output error")
