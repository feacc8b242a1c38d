"""The judge's host before modules that import from WASI: one world per side, and all that tells programs apart."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Contract
from wasmrewrite.equiv import Different, Same, verify
from wasmrewrite.equiv.behavior.script import Script
from wasmrewrite.equiv.hosts.recording import Host
from wasmrewrite.isa.types import I32, I64, FuncType

# Prints four bytes that it keeps in dead stack, draws a random number, and ends with a code.
PROGRAM = """
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (global $sp (export "__stack_pointer") (mut i32) (i32.const 4096))
  (func (export "print") (local $frame i32)
    (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (i32.const 16))))
    (i32.store (local.get $frame) (i32.add (local.get $frame) (i32.const 8)))
    (i32.store offset=4 (local.get $frame) (i32.const 4))
    (i32.store offset=8 (local.get $frame) (i32.const 0x64636261))
    (drop (call $write (i32.const 1) (local.get $frame) (i32.const 1) (i32.add (local.get $frame) (i32.const 12))))
    (i64.store offset=0 (local.get $frame) (i64.const 0))
    (i64.store offset=8 (local.get $frame) (i64.const 0))
    (global.set $sp (i32.add (local.get $frame) (i32.const 16))))
  (func (export "draw") (result i32)
    (drop (call $random (i32.const 64) (i32.const 4))) (i32.load (i32.const 64)))
  (func (export "end") (call $exit (i32.const 3))))
"""


def changed(old: str, new: str) -> bytes:
    """The program with one thing different."""
    assert PROGRAM.count(old) == 1
    return wat(PROGRAM.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(call $exit (i32.const 3))", "nop (call $exit (i32.const 3))"),
        ("(local $frame i32)", "(local $frame i32) nop"),
        ("(result i32)\n    (drop", "(result i32)\n    nop (drop"),
    ],
)
def test_what_does_the_same_is_the_same(old: str, new: str) -> None:
    verdict = verify(wat(PROGRAM), changed(old, new), Contract())
    assert isinstance(verdict, Same), verdict.text()


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("(call $exit (i32.const 3))", "(call $exit (i32.const 4))", ""),
        ("(call $exit (i32.const 3))", "unreachable", ""),
        ("(i32.const 0x64636261)", "(i32.const 0x65636261)", "host call 0"),
        ("(i32.const 64) (i32.const 4))) (i32.load", "(i32.const 64) (i32.const 3))) (i32.load", "host call 0"),
    ],
)
def test_what_does_something_else_is_seen(old: str, new: str, seen: str) -> None:
    verdict = verify(wat(PROGRAM), changed(old, new), Contract())
    assert isinstance(verdict, Different), verdict.text()
    assert seen in str(verdict.difference)


def test_the_world_is_real_in_some_scripts_only() -> None:
    of = FuncType((I32, I64, I32), (I32,))
    name = "wasi_snapshot_preview1", "clock_time_get"
    found = [Host(Script(str(seed))).real(*name, of) is not None for seed in range(40)]
    assert {True, False} == set(found)
    assert found == [Host(Script(str(seed))).real(*name, of) is not None for seed in range(40)]
    assert not any(Host(Script(str(seed))).real(*name, FuncType()) for seed in range(40))


LATE = """(module (import "env" "tell" (func $tell (param i32))) (memory {name} 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (func (export "f") (param i32) (local $frame i32)
    global.get 0 i32.const 16 i32.sub local.tee $frame global.set 0
    {stack}
    {first} local.get $frame call $tell {last}
    local.get $frame i32.const 0 i32.store
    local.get $frame i32.const 16 i32.add global.set 0))"""
STORE = "i32.const 8000 local.get 0 i32.store"


def told(first: str, last: str, stack: str = "", name: str = "") -> bytes:
    return wat(LATE.format(first=first, last=last, stack=stack, name=name))


def test_what_the_host_finds_in_memory_is_compared() -> None:
    shown = '(export "memory")'
    assert isinstance(verify(told(STORE, "", "", shown), told(STORE, "", "nop", shown), Contract(), calls=40), Same)
    verdict = verify(told(STORE, "", "", shown), told("", STORE, "", shown), Contract(), calls=40)
    assert isinstance(verdict, Different), verdict.text()
    first, *sides = verdict.text().splitlines()[:3]
    assert first.endswith("memory at host call 0")
    assert sides == ["  before: env.tell(i32:4080)", "  after:  not as it was"]


def test_what_lies_on_the_stack_then_is_compared_where_the_host_can_read_it() -> None:
    unused = "local.get $frame i32.const 5 i32.store offset=8"
    assert isinstance(verify(told(STORE, ""), told(STORE, "", unused), Contract(), calls=40), Same)
    shown = '(export "memory")'
    verdict = verify(told(STORE, "", "", shown), told(STORE, "", unused, shown), Contract(), calls=40)
    assert isinstance(verdict, Different), verdict.text()
