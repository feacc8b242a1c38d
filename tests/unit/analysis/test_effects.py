from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import Effects
from wasmrewrite.analysis.effects import ANYTHING, LOCAL
from wasmrewrite.isa.effects import Effect
from wasmrewrite.model import Module

TEXT = """(module
  (import "env" "log" (func $log))
  (memory 1) (global $g (mut i32) (i32.const 0)) (table 2 funcref) (elem (i32.const 0) $store $pure)
  (func $pure (param i32) (result i32) local.get 0 local.get 0 i32.add)
  (func $store i32.const 0 i32.const 0 i32.store)
  (func $reads (result i32) global.get $g)
  (func $calls_store call $store)
  (func $calls_log call $log)
  (func $even (param i32) (result i32) local.get 0 if (result i32) local.get 0 call $odd else i32.const 1 end)
  (func $odd (param i32) (result i32) i32.const 0 global.set $g local.get 0 call $even)
  (func $through_table i32.const 0 call_indirect)
  (func $tail return_call $calls_store)
  (func $loops (local i32) loop br 0 end))"""


@pytest.fixture(scope="module")
def effects() -> Effects:
    return Effects(Module.from_bytes(wat(TEXT)))


def index(effects: Effects, name: str) -> int:
    return [func.name for func in effects.graph.module.funcs].index(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pure", Effect(0)),
        ("loops", Effect(0)),
        ("store", Effect.TRAPS | Effect.WRITES_MEM),
        ("reads", Effect.READS_GLOBAL),
        ("calls_store", Effect.TRAPS | Effect.THROWS | Effect.WRITES_MEM),
        ("tail", Effect.TRAPS | Effect.THROWS | Effect.WRITES_MEM),
        ("log", ANYTHING),
        ("calls_log", ANYTHING),
        ("even", Effect.TRAPS | Effect.THROWS | Effect.WRITES_GLOBAL),
        ("odd", Effect.TRAPS | Effect.THROWS | Effect.WRITES_GLOBAL),
        ("through_table", Effect.TRAPS | Effect.THROWS | Effect.READS_TABLE | Effect.WRITES_MEM),
    ],
)
def test_of_a_function_are_its_own_and_those_of_what_it_calls(effects: Effects, name: str, expected: Effect) -> None:
    assert effects.of(index(effects, name)) == expected


def test_own_effects_leave_calls_out(effects: Effects) -> None:
    assert effects.own(index(effects, "calls_store")) == Effect.TRAPS | Effect.THROWS
    assert effects.own(index(effects, "odd")) == Effect.TRAPS | Effect.THROWS | Effect.WRITES_GLOBAL


def test_a_table_that_the_host_sees_may_hold_anything() -> None:
    module = Module.from_bytes(wat('(module (table (export "t") 1 funcref) (func i32.const 0 call_indirect))'))
    assert Effects(module).of(0) == ANYTHING


def test_every_effect_is_either_visible_or_local() -> None:
    assert ~Effect(0) == ANYTHING | LOCAL
    assert not ANYTHING & LOCAL
