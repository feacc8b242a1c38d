"""``explain`` (and lint's WR204) made an initializer the start function and left its export: hosts ran it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.hosts import HOSTS, outcomes, trapped
from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call

REACTOR = """(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (global $i (mut i32) (i32.const 0))
  (func $ctors (global.set $i (i32.add (global.get $i) (i32.const 1))))
  (func $init (export "{name}") (if (global.get $i) (then unreachable)) (call $ctors))
  (func (export "n") (result i32) (global.get $i)))"""


def told(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command prints."""
    call(command)
    return capsys.readouterr().out


def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.wasm").write_bytes(wat(REACTOR.format(name="_initialize")))
    (remark,) = json.loads(told(capsys, "explain", "in.wasm", "--format", "json"))["remarks"]
    assert remark["mends"]
    assert call(remark["command"][1:]) == 0
    capsys.readouterr()
    assert told(capsys, "run", "out.wasm", "--invoke", "n") == "i32 1\n"
    assert all(not trapped(outcomes(Path("out.wasm").read_bytes(), host)) for host in HOSTS.values())


def test_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.wasm").write_bytes(wat(REACTOR.format(name="__wasm_call_ctors")))
    assert told(capsys, "lint", "in.wasm", "--fix", "-o", "out.wasm").endswith("out.wasm: nothing found\n")
    assert told(capsys, "run", "out.wasm", "--invoke", "n") == "i32 1\n"
    assert all(not trapped(outcomes(Path("out.wasm").read_bytes(), host)) for host in HOSTS.values())
