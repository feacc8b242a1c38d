"""An activation can be left and entered again: in slices of fuel, at marks, where something waits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.interp import Instance, instantiate
from wasmrewrite.interp.machine import Activation
from wasmrewrite.isa.types import I32, FuncType
from wasmrewrite.runtime import FuncInst, HostFunc, Store, StoreLimits

EVERYTHING = """(module (import "m" "h" (func $h (param i32) (result i32))) (memory 2) (table 1 funcref)
  (elem (i32.const 0) $twice) (type $t (func (param i32) (result i32)))
  (func $fib (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0)) (else
      (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $twice (param i32) (result i32) (return_call $tail (i32.mul (local.get 0) (i32.const 2))))
  (func $tail (param i32) (result i32) (return_call $h (local.get 0)))
  (func $pair (param i32) (result i32 i32) (local.get 0) (call_indirect (type $t) (local.get 0) (i32.const 0)))
  (func (export "f") (param i32) (result i32) (local i32)
    (block (loop
      (memory.fill (i32.const 0) (local.get 0) (i32.const 70000))
      (call $pair (local.get 0)) (i32.add) (call $fib (i32.const 7)) (i32.add)
      (local.set 1 (i32.add (local.get 1)))
      (br_table 1 0 (i32.eqz (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
    )
    (local.get 1)))"""


def made(text: str, imports: Any = None, **settings: Any) -> Instance:
    """An instance in a store with fuel."""
    return instantiate(wat(text), imports, Store(StoreLimits(fuel=1_000_000)), **settings)


def func(instance: Instance, name: str) -> FuncInst:
    """An exported function."""
    found = instance.exports[name]
    assert isinstance(found, FuncInst)
    return found


def hosted(**settings: Any) -> tuple[Instance, list[int]]:
    """An instance of ``EVERYTHING``, and what its host function is called with."""
    seen: list[int] = []

    def host(number: int) -> int:
        seen.append(number)
        return number + 100

    return made(EVERYTHING, {"m": {"h": HostFunc(FuncType((I32,), (I32,)), host)}}, **settings), seen


def in_slices(activation: Activation, slice: int) -> int:
    """Run to the end, ``slice`` of fuel at a time; how often it paused."""
    pauses = 0
    while not activation.run(until=max(0, activation.store.fuel_left - slice)):
        pauses += 1
        assert activation.store.fuel_left >= 0
    return pauses


@pytest.mark.parametrize("slice", [1, 3, 10, 100, 1500, 100_000])
def test_slices_do_what_one_run_does(slice: int) -> None:
    straight, calls = hosted()
    expected = func(straight, "f").invoke([5])
    sliced, other_calls = hosted()
    activation = Activation(func(sliced, "f"), [5])
    pauses = in_slices(activation, slice)
    assert activation.results == expected
    assert sliced.store.executed == straight.store.executed
    assert other_calls == calls == [10, 8, 6, 4, 2]
    assert (pauses > 0) is (slice < straight.store.executed)


def test_activations_take_turns_in_one_store() -> None:
    instance, _ = hosted()
    fib = instance.funcs[1]
    assert isinstance(fib, FuncInst)
    waiting = [Activation(fib, [number]) for number in (8, 9, 10)]
    running = list(waiting)
    while running:
        running = [each for each in running if not each.run(until=instance.store.fuel_left - 50)]
    assert [each.results for each in waiting] == [[21], [34], [55]]
    other, _ = hosted()
    for number in (8, 9, 10):
        other.invoke(1, [number])
    assert instance.store.executed == other.store.executed


def test_fuel_still_runs_out() -> None:
    instance, _ = hosted()
    instance.store.refuel(500)
    activation = Activation(func(instance, "f"), [5])
    with pytest.raises(Exhaustion, match="fuel exhausted"):
        in_slices(activation, 100)


class Stop(Exception):
    """A debugger's."""


class Breakpoints(set[int]):
    """Takes the place of the set that notes what was executed."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def add(self, offset: int) -> None:
        """Stop where wanted."""
        super().add(offset)
        if offset == self.at:
            raise Stop


def test_a_debugger_stops_before_an_instruction_and_goes_on() -> None:
    text = """(module (func (export "f") (param i32) (result i32) (local i32)
      (local.set 1 (i32.const 30)) (i32.add (local.get 1) (i32.mul (local.get 0) (i32.const 3)))))"""
    instance = made(text, cover=[0])
    offset = next(at for at in sorted(instance.coverable(0)) if wat(text)[at] == 0x6C)
    instance.module_inst.covered = Breakpoints(offset)
    activation = Activation(func(instance, "f"), [4])
    with pytest.raises(Stop):
        activation.run()
    assert activation.registers[:2] == [4, 30]
    assert activation.backtrace() == [(0, None, offset)]
    assert activation.run()
    assert activation.results == [42]


def test_what_waits_is_done_again() -> None:
    answers: list[int | None] = [None, None, 7]

    def host() -> int:
        answer = answers.pop(0)
        if answer is None:
            raise Stop
        return answer

    text = """(module (import "m" "h" (func $h (result i32)))
      (func $inner (result i32) (i32.add (i32.const 1) (call $h)))
      (func (export "f") (result i32) (i32.mul (call $inner) (i32.const 2))))"""
    instance = made(text, {"m": {"h": HostFunc(FuncType((), (I32,)), host)}})
    activation = Activation(func(instance, "f"), [])
    for _ in range(2):
        with pytest.raises(Stop):
            activation.run()
        assert [frame.func for frame in activation.backtrace()] == [1, 2]
        activation.step_back()
    assert activation.run()
    assert activation.results == [16]
    assert instance.store.executed == 6


def test_a_trap_remembers_the_innermost_calls() -> None:
    text = """(module (func $f (export "f") (param i32)
      (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (unreachable)))))"""
    with pytest.raises(Trap) as caught:
        made(text).invoke(0, [1000])
    assert len(caught.value.frames) == 64
    assert {frame.name for frame in caught.value.frames} == {"f"}
    assert caught.value.frames[0].offset == caught.value.position.offset != caught.value.frames[1].offset


def test_a_trap_remembers_calls_on_both_sides_of_the_host() -> None:
    text = """(module (import "m" "h" (func $h)) (func $bad (export "bad") (unreachable))
      (func $outer (export "outer") (call $h)))"""
    func_h = HostFunc(FuncType(), lambda caller: caller.instance.exports["bad"].invoke([]), caller=True)
    with pytest.raises(Trap) as caught:
        func(made(text, {"m": {"h": func_h}}), "outer").invoke([])
    assert [frame.name for frame in caught.value.frames] == ["bad", "outer"]
