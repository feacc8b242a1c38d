"""Import matching, kind by kind."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import LinkError
from wasmrewrite.isa.types import (
    EXTERNREF,
    FUNC,
    FUNCREF,
    I32,
    I64,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RefType,
    TableType,
    TypeDef,
)
from wasmrewrite.model import Func, Global, Import, Item, Memory, Table, Tag
from wasmrewrite.runtime.instances import GlobalInst, HostFunc, TagInst
from wasmrewrite.runtime.link import resolve
from wasmrewrite.runtime.memory import MemoryInst
from wasmrewrite.runtime.store import Store
from wasmrewrite.runtime.table import TableInst

NAME = Import("m", "n")


def link(item: Item, provided: object, store: Store) -> object:
    """Resolve one import."""
    return resolve(item, {"m": {"n": provided}}, store)


def refused(item: Item, provided: object, store: Store, detail: str) -> None:
    """Demand that an import is refused for a reason."""
    with pytest.raises(LinkError) as caught:
        link(item, provided, store)
    assert caught.value.message == f"incompatible import type: 'm' 'n': {detail}"


def test_unknown_imports() -> None:
    item = Memory(MemoryType(Limits(1)), NAME)
    absent: list[dict[str, dict[str, object]]] = [{}, {"m": {}}, {"x": {"n": 1}}]
    for imports in absent:
        with pytest.raises(LinkError, match="unknown import: 'm' 'n'"):
            resolve(item, imports, Store())


def test_functions() -> None:
    store = Store()
    item = Func(TypeDef(FuncType((I32,))), NAME)
    func = HostFunc(FuncType((I32,)), lambda _: None)
    assert link(item, func, store) is func
    refused(
        item, HostFunc(FuncType((I64,)), lambda _: None), store, "function of type [i64] -> [] instead of [i32] -> []"
    )
    refused(item, GlobalInst(GlobalType(I32), 1), store, "not a function")


def test_a_host_function_can_serve_two_stores() -> None:
    item = Func(TypeDef(FuncType()), NAME)
    func = HostFunc(FuncType(), lambda: None)
    first, second = (link(item, func, store) for store in (Store(), Store()))
    assert isinstance(second, HostFunc)
    assert first is func is not second
    assert second.key is not func.key


def test_callables_convert() -> None:
    item = Func(TypeDef(FuncType((I32,), (I32, I64))), NAME)
    func = link(item, lambda a: (a + 1, -1), Store())
    assert isinstance(func, HostFunc)
    assert func.invoke([4]) == [5, (1 << 64) - 1]


@pytest.mark.parametrize(
    ("wanted", "given", "detail"),
    [
        (Limits(1), Limits(2), ""),
        (Limits(1, 5), Limits(2, 4), ""),
        (Limits(1), Limits(1, 9), ""),
        (Limits(2), Limits(1), "limits 1 instead of 2"),
        (Limits(1, 5), Limits(1), "limits 1 instead of 1 5"),
        (Limits(1, 5), Limits(1, 6), "limits 1 6 instead of 1 5"),
        (Limits(1, None, I64), Limits(1), "addresses of type i32 instead of i64"),
        (Limits(1, 2, I32, True), Limits(1, 2), "not shared"),
    ],
)
def test_limits(wanted: Limits, given: Limits, detail: str) -> None:
    store = Store()
    memory = MemoryInst(store, MemoryType(given))
    if detail:
        refused(Memory(MemoryType(wanted), NAME), memory, store, detail)
    else:
        assert link(Memory(MemoryType(wanted), NAME), memory, store) is memory


def test_what_counts_is_the_size_now() -> None:
    store = Store()
    memory = MemoryInst(store, MemoryType(Limits(1)))
    memory.grow(1)
    assert link(Memory(MemoryType(Limits(2)), NAME), memory, store) is memory


def test_tables_must_have_the_same_elements() -> None:
    store = Store()
    table = TableInst(store, TableType(FUNCREF, Limits(1)))
    assert link(Table(TableType(FUNCREF, Limits(1)), NAME), table, store) is table
    refused(Table(TableType(EXTERNREF, Limits(1)), NAME), table, store, "table of funcref instead of externref")


def test_globals() -> None:
    store = Store()
    constant, variable = GlobalInst(GlobalType(I32), 1), GlobalInst(GlobalType(I32, True), 1)
    assert link(Global(GlobalType(I32), NAME), constant, store) is constant
    assert link(Global(GlobalType(I32, True), NAME), variable, store) is variable
    refused(Global(GlobalType(I32), NAME), variable, store, "mutable global")
    refused(Global(GlobalType(I32, True), NAME), constant, store, "immutable global")
    refused(Global(GlobalType(I64), NAME), constant, store, "global of type i32 instead of i64")


def test_a_constant_may_have_a_subtype_and_a_variable_may_not() -> None:
    store = Store()
    narrow = RefType(False, FUNC)
    constant, variable = (
        GlobalInst.from_bits(GlobalType(narrow), None, store),
        GlobalInst.from_bits(GlobalType(narrow, True), None, store),
    )
    assert link(Global(GlobalType(FUNCREF), NAME), constant, store) is constant
    refused(
        Global(GlobalType(FUNCREF, True), NAME),
        variable,
        store,
        "global of type (mut (ref func)) instead of (mut funcref)",
    )


def test_tags() -> None:
    store = Store()
    tag = TagInst(store, FuncType((I32,)))
    assert link(Tag(TypeDef(FuncType((I32,))), NAME), tag, store) is tag
    refused(Tag(TypeDef(FuncType((I64,))), NAME), tag, store, "tag of type [i32] -> []")
