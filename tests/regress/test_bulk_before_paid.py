"""Bulk instructions ran before they were paid for, and a fill built all its bytes beside the memory that it filled."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.interp import instantiate
from wasmrewrite.interp.instance import Instance
from wasmrewrite.meanings.items import PIECE
from wasmrewrite.runtime.store import Store, StoreLimits

MODULE = """
(module
  (memory 64) (memory $other 64) (data $bytes "{data}")
  (table $t 200000 funcref) (table $u 200000 funcref)
  (elem $funcs func {funcs}) (elem declare func $b)
  (func $a) (func $b)
  (func (export "memory.fill") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "memory.copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "memory.copy from another") (param i32 i32 i32)
    (memory.copy 0 $other (local.get 0) (local.get 1) (local.get 2)))
  (func (export "memory.init") (param i32 i32 i32)
    (memory.init $bytes (local.get 0) (local.get 1) (local.get 2)))
  (func (export "table.fill") (param i32 i32 i32)
    (table.fill $t (local.get 0) (ref.func $a) (local.get 2)))
  (func (export "table.copy") (param i32 i32 i32)
    (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "table.copy from another") (param i32 i32 i32)
    (table.copy $t $u (local.get 0) (local.get 1) (local.get 2)))
  (func (export "table.init") (param i32 i32 i32)
    (table.init $t $funcs (local.get 0) (local.get 1) (local.get 2)))
  (func (export "table.grow") (param i32 i32 i32)
    (drop (table.grow $t (ref.func $b) (local.get 2)))))
"""
BULK = (
    "memory.fill", "memory.copy", "memory.copy from another", "memory.init", "table.fill", "table.copy",
    "table.copy from another", "table.init", "table.grow",
)  # fmt: skip
FUEL = 1_000
MANY = 70_000
"""More than the fuel pays for, and more than one piece."""


def make(fuel: int | None = FUEL) -> Instance:
    text = MODULE.format(data="x" * MANY, funcs="$a " * MANY)
    instance = instantiate(wat(text), {}, Store(StoreLimits(fuel=fuel)))
    for index in range(0, 200_000, 1_000):
        instance.tables[0].elements[index] = instance.funcs[1]
    return instance


def state(instance: Instance) -> tuple[bytes, tuple[object, ...]]:
    return instance.memories[0].snapshot(), instance.tables[0].snapshot()


def call(instance: Instance, name: str, *args: int) -> None:
    instance.exports[name](*args)  # type: ignore[operator]


@pytest.mark.parametrize("name", BULK)
def test_what_cannot_be_paid_is_not_begun(name: str) -> None:
    instance = make()
    before = state(instance)
    with pytest.raises(Exhaustion, match="fuel exhausted"):
        call(instance, name, 1, 0, MANY)
    assert state(instance) == before
    instance.store.refuel(FUEL + 10_000)
    call(instance, name, 1, 0, MANY)
    # The operands, and drop for what grows.
    assert instance.store.executed == MANY // 64 + (3 if name == "table.grow" else 4) + (name == "table.grow")


@pytest.mark.parametrize("name", [name for name in BULK if name != "table.grow"])
def test_what_is_out_of_bounds_traps_before_it_is_paid_or_begun(name: str) -> None:
    instance = make()
    before = state(instance)
    for args in ((1, 0, 0xFFFF_FFFF), (0xFFFF_FFFF, 0, MANY), (64 * 65536 - MANY + 1, 0, MANY)):
        instance.store.refuel(FUEL)
        with pytest.raises(Trap, match="out of bounds") as caught:
            call(instance, name, *args)
        assert not isinstance(caught.value, Exhaustion)
        assert instance.store.executed == 4
    assert state(instance) == before


def test_growth_that_is_refused_costs_nothing_more() -> None:
    instance = make()
    call(instance, "table.grow", 0, 0, 0xFFFF_FFF0)
    assert instance.store.executed == 4


@pytest.mark.parametrize("distance", [1, 100, PIECE - 1, PIECE, PIECE + 1])
def test_ranges_that_overlap_by_less_and_more_than_a_piece(distance: int) -> None:
    instance = make(None)
    table = instance.tables[0]
    count = 2 * PIECE + 5
    for to, start in ((distance, 0), (0, distance)):
        expected = list(table.snapshot())
        expected[to : to + count] = expected[start : start + count]
        call(instance, "table.copy", to, start, count)
        assert list(table.snapshot()) == expected


@pytest.mark.parametrize("name", BULK)
def test_nothing_as_long_as_the_range_is_built(name: str) -> None:
    instance = make(None)
    size = 3_000_000 if name in ("memory.fill", "memory.copy", "memory.copy from another") else MANY
    call(instance, name, 0, 0, 1)
    tracemalloc.start()
    try:
        call(instance, name, 0, 0, size)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if name == "table.grow":  # the table itself, and what a list sets aside to grow
        assert peak < 8 * 400_000
    else:
        assert peak < size * (8 if name.startswith("table") else 1) // 2


def test_a_call_that_makes_very_many_locals_is_paid_by_their_number() -> None:
    text = f'(module (func $g (local {"i64 " * 49_000})) (func (export "f") (loop $l (call $g) (br $l))))'
    instance = instantiate(wat(text), {}, Store(StoreLimits(fuel=100_000)))
    with pytest.raises(Exhaustion, match="fuel exhausted"):
        call(instance, "f")
    store = instance.store
    store.refuel(1_000)
    instance.funcs[0].invoke([])
    assert store.executed == 49_000 // 64
