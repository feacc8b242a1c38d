"""Instances of different stores linked in silence; what one put into the other's table then trapped, or did worse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite import LinkError, Store, StoreLimits, instantiate
from wasmrewrite.interp import Instance
from wasmrewrite.isa.types import EXTERNREF, FUNCREF, I32, FuncType, GlobalType, Limits, TableType
from wasmrewrite.runtime import GlobalInst, HostFunc, MemoryInst, TableInst, TagInst, with_caller

OWNER = """
(module (table (export "t") 2 funcref) (memory (export "m") 1) (tag (export "e") (param i32))
  (global (export "g") (mut i32) (i32.const 1)) (global (export "c") i32 (i32.const 1))
  (func (export "f") (result i32) i32.const 1)
  (func (export "call") (result i32) (call_indirect (result i32) (i32.const 0)))
  (func (export "peek") (result i32) (i32.load8_u (i32.const 3)))
  (func (export "take") (param funcref)) (func (export "keep") (param externref)))
"""
USER = """
(module (type (func (param i64))) (import "a" "t" (table 2 funcref)) (import "a" "m" (memory 1))
  (func $f (result i32) i32.const 0xdead) (elem (i32.const 0) func $f) (data (i32.const 3) "Z"))
"""
IMPORTS = {
    "t": "(table 2 funcref)", "m": "(memory 1)", "e": "(tag (param i32))", "g": "(global (mut i32))",
    "c": "(global i32)", "f": "(func (result i32))",
}  # fmt: skip
WORDS = {"t": "table", "m": "memory", "e": "tag", "g": "global", "c": "global", "f": "function"}


@pytest.fixture
def owner() -> Instance:
    return instantiate(wat(OWNER))


@pytest.mark.parametrize("name", IMPORTS)
def test_every_kind_is_refused(owner: Instance, name: str) -> None:
    importing = wat(f'(module (import "a" "{name}" {IMPORTS[name]}))')
    with pytest.raises(LinkError, match=f"^unlinkable: import 'a' '{name}': {WORDS[name]} belongs to another store$"):
        instantiate(importing, {"a": owner.exports}, Store())
    assert instantiate(importing, {"a": owner.exports}, owner.store).store is owner.store


def test_without_a_store_that_of_the_imports_is_taken(owner: Instance) -> None:
    user = instantiate(wat(USER), {"a": owner.exports})
    assert user.store is owner.store
    assert (owner.func("call")(), owner.func("peek")()) == (0xDEAD, ord("Z"))


def test_imports_of_several_stores_are_refused(owner: Instance) -> None:
    other = instantiate(wat(OWNER))
    with pytest.raises(LinkError, match="'m': memory belongs to another store"):
        instantiate(wat(USER), {"a": {"t": owner.exports["t"], "m": other.exports["m"]}})


def test_what_is_provided_and_not_imported_decides_nothing(owner: Instance) -> None:
    importing = wat('(module (import "a" "f" (func)))')
    imports: dict[str, Any] = {"a": {"f": lambda: None, "t": owner.exports["t"]}, "b": owner.exports}
    assert instantiate(importing, imports).store is not owner.store


def test_references_are_refused_everywhere(owner: Instance) -> None:
    other = instantiate(wat(OWNER)).func("f")
    importing = wat('(module (import "m" "f" (func $f (result funcref))) (func (export "f") (result funcref) call $f))')
    returning = instantiate(importing, {"m": {"f": lambda: other}})
    raw = instantiate(importing, {"m": {"f": HostFunc(FuncType((), (FUNCREF,)), lambda: other, name="m.f")}})
    variable = GlobalInst(GlobalType(FUNCREF, True), None, owner.store)
    refused: list[Callable[[], object]] = [
        lambda: owner.table("t").set(0, other),
        lambda: owner.table("t").grow(1, other),
        lambda: owner.func("take")(other),
        lambda: owner.func("take").invoke([other]),
        lambda: TableInst(owner.store, TableType(FUNCREF, Limits(1)), other),
        lambda: GlobalInst(GlobalType(FUNCREF), other, owner.store),
        lambda: setattr(variable, "value", other),
        lambda: returning.func("f")(),
        lambda: raw.func("f")(),
    ]
    for attempt in refused:
        with pytest.raises(TypeError, match=r"func\[0\] belongs to another store$"):
            attempt()
    assert owner.table("t").get(0) is None
    owner.func("keep")(other)  # an externref is just a value of the host


def test_a_host_function_fits_every_store_and_every_table(owner: Instance) -> None:
    seven = HostFunc(FuncType((), (I32,)), lambda: 7)
    for each in (owner, instantiate(wat(OWNER))):
        each.table("t").set(0, seven)
        assert each.func("call")() == 7


def test_a_global_with_a_function_belongs_to_its_store(owner: Instance) -> None:
    importing = wat('(module (import "m" "g" (global funcref)))')
    held = GlobalInst(GlobalType(FUNCREF), owner.func("f"))
    with pytest.raises(LinkError, match="global belongs to another store"):
        instantiate(importing, {"m": {"g": held}}, Store())
    assert instantiate(importing, {"m": {"g": held}}).store is owner.store


def test_what_the_host_makes_belongs_where_it_was_made() -> None:
    store = Store(StoreLimits(fuel=1000))
    importing = wat(OWNER.replace('(table (export "t") 2 funcref)', '(table (export "t") (import "a" "t") 2 funcref)'))
    made = TableInst(store, TableType(FUNCREF, Limits(2)))
    assert instantiate(importing, {"a": {"t": made}}).store is store
    assert [TagInst(store, FuncType((I32,))).store, made.store] == [store, store]
    assert GlobalInst(GlobalType(EXTERNREF), "x").store is None


def test_a_caller_shows_the_store(owner: Instance) -> None:
    seen: list[MemoryInst] = []
    importing = wat('(module (import "m" "f" (func $f)) (memory 1) (func (export "f") call $f))')
    made = instantiate(importing, {"m": {"f": with_caller(lambda caller: seen.append(caller.memory))}})
    made.func("f")()
    assert seen[0].store is made.store is not owner.store
