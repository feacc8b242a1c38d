from dataclasses import replace

import pytest

from tests.helpers.wat import wat
from wasmrewrite.equiv.behavior.role import FuncRef, Outcome, Resources, Role
from wasmrewrite.equiv.behavior.running_module import Side
from wasmrewrite.equiv.behavior.script import Script
from wasmrewrite.equiv.behavior.values import Value
from wasmrewrite.equiv.behavior.visible_state import STATE, Comparer, trap_kind
from wasmrewrite.equiv.difference import Difference
from wasmrewrite.equiv.hosts.recording import Host
from wasmrewrite.equiv.structure.module_view import View
from wasmrewrite.interp import Ready
from wasmrewrite.isa.types import Store

MODULE = """(module (import "env" "log" (func $log (param i32) (result i64)))
  (memory 1) (global (mut i32) (i32.const 0)) (table 3 funcref) (func $f) (elem (i32.const 0) $f) (data "passive")
  (func (export "set") (param i32) local.get 0 global.set 0)
  (func (export "store") (param i32 i32) local.get 0 local.get 1 i32.store8)
  (func (export "log") (param i32) (result i64) local.get 0 call $log)
  (func (export "drop") data.drop 0)
  (func (export "clear") i32.const 0 ref.null func table.set 0))"""
SET, STORE, LOG, DROP, CLEAR = 2, 3, 4, 5, 6


def side(store: Store) -> Side:
    view = View(wat(MODULE), store)
    role = Role(view=view, is_input=True, program=view.program, origin=lambda index: index)
    made = Side(role, Ready(view.program), Host(Script("seed")), Resources())
    assert made.start() == Outcome(())
    return made


@pytest.fixture
def pair() -> Comparer:
    store: Store = {}
    return Comparer(side(store), side(store), {space: [(0, 0)] for space in STATE})


def i32(*numbers: int) -> list[Value]:
    return [Value("i32", number) for number in numbers]


def test_fresh_instances_agree(pair: Comparer) -> None:
    assert pair.state("start", []) is None


def test_a_global_differs(pair: Comparer) -> None:
    pair.new.call(SET, i32(7))
    assert pair.state("here", []) == Difference("here: global 0", "i32:0", "i32:7")
    assert pair.state("here", [], ignored=0) is None


def test_a_byte_of_memory_differs(pair: Comparer) -> None:
    pair.new.call(STORE, i32(0x1234, 7))
    assert pair.state("here", []) == Difference("here: memory 0 at 0x1234", "0x00", "0x07")


def test_masked_bytes_are_counted_and_made_equal(pair: Comparer) -> None:
    pair.old.call(STORE, i32(100, 7))
    assert pair.state("here", [(0, 90, 100)]) is not None
    assert pair.state("here", [(0, 100, 101)]) is None
    assert pair.tally.masked == 1
    assert pair.new.memory(0).read(100, 1) == b"\7"


def test_a_table_differs(pair: Comparer) -> None:
    assert pair.state("before", []) is None
    pair.new.call(CLEAR, [])
    assert pair.state("here", []) == Difference("here: table 0 element 0", "func:1", "null")


def test_a_dropped_segment_differs(pair: Comparer) -> None:
    pair.new.call(DROP, [])
    assert pair.state("here", []) == Difference("here: data segment 0", "there", "dropped")


def test_calls_of_the_host_are_compared_in_order(pair: Comparer) -> None:
    assert pair.old.call(LOG, i32(1)) == pair.new.call(LOG, i32(1))
    assert pair.state("here", []) is None
    pair.old.call(LOG, i32(2))
    pair.new.call(LOG, i32(3))
    assert pair.state("here", []) == Difference("here: host call 1", "env.log(i32:2)", "env.log(i32:3)")


def test_a_missing_call_of_the_host_differs(pair: Comparer) -> None:
    pair.old.call(LOG, i32(1))
    assert pair.state("here", []) == Difference("here: host call 0", "env.log(i32:1)", "no call")


def test_outcomes_are_compared_by_value_and_kind_of_trap(pair: Comparer) -> None:
    five, six = Outcome((Value("i32", 5),)), Outcome((Value("i32", 6),))
    assert pair.outcome("f", five, five) is None
    assert pair.outcome("f", five, six) == Difference("f: result 0", "i32:5", "i32:6")
    assert pair.outcome("f", five, Outcome(trap="unreachable")) == Difference("f", "(i32:5)", "trap: unreachable")
    assert pair.outcome("f", Outcome(trap="undefined element 3"), Outcome(trap="undefined element 4")) is None
    assert pair.outcome("f", Outcome(trap="integer overflow"), Outcome(trap="integer divide by zero")) is not None


def test_unknown_functions_are_compared_by_type_and_remembered(pair: Comparer) -> None:
    known = FuncRef(True, 3, "type", own=3)
    stranger = FuncRef(False, -1, "type", own=9)
    assert pair.same(known, replace(known, own=8))
    assert not pair.same(known, replace(known, index=4))
    assert pair.same(known, stranger)
    assert pair.tally.pairs == {(3, 9)}
    assert not pair.same(known, replace(stranger, type="other"))
    assert not pair.same(None, stranger)


def test_the_kind_of_a_trap_is_its_words() -> None:
    assert trap_kind("uninitialized element 12") == "uninitialized element"
    assert trap_kind("unreachable") == "unreachable"
    assert trap_kind(None) is None
