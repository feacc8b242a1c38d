"""Stubs as Python users reach them. More of them is tested through ``run --stub-imports``."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite import LinkError, Module, Store, StubCall, Stubs, instantiate
from wasmrewrite.rewrite import parse_interface
from wasmrewrite.runtime.wasi import Wasi

ASKS = """(module (import "js" "size" (func $size (param i64) (result i32))) (import "js" "g" (global $g f64))
  (memory (import "js" "m") 2) (func (export "ask") (result i32) (call $size (i64.const -1)))
  (func (export "g") (result f64) global.get $g))"""
PAIR = """(module (import "js" "pair" (func $pair {type})) (memory 1) (func (export "ask") (result i64) {code}))"""
DECLARED = '[[import]]\nmodule = "js"\nname = "pair"\nresult = "(i32, i64)"\n'


def test_everything_is_there_and_answers_zero() -> None:
    calls: list[StubCall] = []
    module = Module.from_bytes(wat(ASKS))
    stubs = Stubs(module, Store(), heard=calls.append)
    instance = instantiate(module, stubs.imports(), stubs.store)
    assert (instance.func("ask")(), instance.func("g")()) == (0, 0.0)
    [call] = calls
    assert (call.module, call.name) == ("js", "size")
    assert ([each.text() for each in call.args], [each.text() for each in call.results]) == (
        ["i64 -1 / u64 18446744073709551615"],
        ["i32 0"],
    )
    assert call.to_json()["args"] == [{"type": "i64", "signed": "-1", "unsigned": "18446744073709551615"}]


def answers(seed: int | None) -> list[int]:
    """What twenty calls answer."""
    module = Module.from_bytes(wat(ASKS))
    stubs = Stubs(module, Store(), seed)
    ask = instantiate(module, stubs.imports(), stubs.store).func("ask")
    return [ask() for _ in range(20)]


def test_a_seed_decides_what_they_answer() -> None:
    assert answers(None) == [0] * 20
    assert answers(7) == answers(7) != answers(8)
    assert len(set(answers(7))) > 5


def test_declared_fields_are_the_same_through_a_pointer_and_by_value() -> None:
    pointer = PAIR.format(type="(param i32)", code="(call $pair (i32.const 16)) (i64.load (i32.const 24))")
    value = PAIR.format(type="(result i32 i64)", code="(local $x i64) call $pair local.set $x drop local.get $x")
    found = []
    for text in (pointer, value):
        module = Module.from_bytes(wat(text))
        stubs = Stubs(module, Store(), 7, parse_interface(DECLARED).imports)
        ask = instantiate(module, stubs.imports(), stubs.store).func("ask")
        found.append([ask() for _ in range(20)])
    assert found[0] == found[1]
    assert len(set(found[0])) > 5


@pytest.mark.parametrize("hears", [True, False])
def test_wasi_is_real_and_heard_only_if_wanted(hears: bool) -> None:
    calls: list[StubCall] = []
    module = Module.from_bytes(
        wat(
            """(module (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
            (func (export "ask") (result i32) (call $close (i32.const 99))) (memory (export "memory") 1))"""
        )
    )
    stubs = Stubs(module, Store(), wasi=Wasi(["program"]), heard=calls.append, hears_wasi=hears)
    bad_descriptor = 8
    assert instantiate(module, stubs.imports(), stubs.store).func("ask")() == bad_descriptor
    assert [each.name for each in calls] == ["fd_close"] * hears


def test_what_has_no_null_has_no_stub() -> None:
    module = Module.from_bytes(wat('(module (import "js" "g" (global (ref extern))))'))
    with pytest.raises(LinkError, match="nothing can stand in for import 'js' 'g': its type has no null"):
        Stubs(module, Store()).imports()
