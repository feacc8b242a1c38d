"""Assigning ``export.name`` or ``memory.type`` was lost in silence: nothing was written, and nothing said so.

One rule: what an item shows is read-only, and what changes it is an operation that writing knows of. Both lists below
are compared with the attributes that there are, so a new one cannot be forgotten.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.helpers.wat import assert_valid, wat
from wasmrewrite import Module
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import (
    FUNCREF,
    I32,
    I64,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RecGroup,
    TableType,
    TypeDef,
    func_type,
)  # fmt: skip
from wasmrewrite.model import Func, Global, Import, Item, instr, items
from wasmrewrite.model.instr import Expr, Instr
from wasmrewrite.model.items import Body, Custom, Data, Elem, Export
from wasmrewrite.rewrite import Editor

TEXT = """
(module
  (import "a" "f" (func $imported (param i32)))
  (import "a" "g" (global $far i32))
  (memory $m (export "memory") 1 5)
  (table $t 2 funcref) (tag $e (param i32))
  (global $n (mut i32) (i32.const 5))
  (func $f (export "f") (param i32) (call $imported (local.get 0)))
  (func $one) (func $two)
  (elem (i32.const 0) func $f) (data (i32.const 8) "text")
  (@custom "note" "old"))
"""


@pytest.fixture
def module() -> Module:
    return Module.from_bytes(wat(TEXT))


def things(module: Module) -> dict[type, Any]:
    """One object of every class that a module consists of."""
    func = module.funcs[1]
    assert isinstance(func.origin, Body)
    parts: list[Any] = [
        func, module.tables[0], module.memories[0], module.globals[1], module.tags[0], module.elems[0], module.datas[0],
        module.exports[0], module.customs[0], func.origin, func.origin.expr, func.origin.expr.instrs[0],
        module.funcs[0].origin, module.types[0], module.types[0].group,
    ]  # fmt: skip
    return {type(each): each for each in parts}


def attributes(thing: Any) -> Iterator[str]:
    """Public attributes of an object that are not methods."""
    for name in dir(thing):
        if not name.startswith("_") and not callable(getattr(thing, name)):
            yield name


def test_every_class_is_looked_at(module: Module) -> None:
    made = {each for _, each in inspect.getmembers(items, inspect.isclass) if each.__module__ == items.__name__}
    assert set(things(module)) == made - {Item, items.ItemSource} | {Expr, Instr, TypeDef, RecGroup}


def test_no_attribute_can_be_assigned(module: Module) -> None:
    seen = []
    for kind, thing in things(module).items():
        for name in attributes(thing):
            seen.append(f"{kind.__name__}.{name}")
            with pytest.raises(AttributeError):
                setattr(thing, name, getattr(thing, name))
            with pytest.raises(AttributeError):
                delattr(thing, name)
            assert not isinstance(getattr(thing, name), (list, dict, set)), seen[-1]
    assert len(seen) > 60, seen
    assert module.to_bytes() == wat(TEXT)


def test_attributes_nobody_has_cannot_be_assigned(module: Module) -> None:
    for thing in things(module).values():
        with pytest.raises((AttributeError, TypeError)):  # a frozen dataclass with slots raises the latter
            thing.nothing = 1


@pytest.mark.parametrize(
    ("find", "name", "said"),
    [
        (lambda module: module.exports[0], "name", "Export.name is read-only; use Editor.rename_export"),
        (lambda module: module.exports[0], "item", "Export.item is read-only; use Editor.retarget"),
        (lambda module: module.memories[0], "type", "Memory.type is read-only; use Editor.set_type"),
        (
            lambda module: module.globals[1], "origin",
            "Global.origin is read-only; use Editor.set_init or Editor.rename_import",
        ),
        (lambda module: module.funcs[0], "name", "Func.name is read-only; use Editor.rename"),
        (lambda module: module.datas[0], "data", "Data.data is read-only; use Editor.set_data"),
        (lambda module: module.elems[0], "items", "Elem.items is read-only"),
    ],
)
def test_the_message_says_what_to_use(module: Module, find: Callable[[Module], Any], name: str, said: str) -> None:
    thing = find(module)
    with pytest.raises(AttributeError) as caught:
        setattr(thing, name, None)
    assert str(caught.value) == said
    operations = [word.removeprefix("Editor.") for word in said.split() if word.startswith("Editor.")]
    assert all(callable(getattr(Editor, each)) for each in operations)


def written(module: Module) -> Module:
    out = module.to_bytes()
    assert_valid(out)
    return Module.from_bytes(out)


def with_types(edit: Editor) -> None:
    module = edit.module
    edit.set_type(module.funcs[2], edit.type([I32]))
    edit.set_type(module.tables[0], TableType(FUNCREF, Limits(3, 4)))
    edit.set_type(module.memories[0], MemoryType(Limits(2, 9)))
    edit.set_type(module.globals[1], GlobalType(I32, False))
    edit.set_type(module.globals[0], GlobalType(I64, False))
    edit.set_type(module.tags[0], edit.type([I64]))


def test_types_set_by_the_editor_are_written(module: Module) -> None:
    with_types(Editor(module))
    after = written(module)
    lists: tuple[list[Any], ...] = (after.tables, after.memories, after.globals, after.tags)
    shown = [str(each.type) for items in lists for each in items]
    assert shown == ["3 4 funcref", "2 9", "i64", "i32", "[i64] -> []"]
    assert func_type(after.funcs[2].type) == FuncType((I32,))


def test_everything_else_set_by_the_editor_is_written(module: Module) -> None:
    edit = Editor(module)
    edit.set_init(module.globals[1], [instr("i32.const", -9)])
    edit.set_data(module.datas[0], b"other text")
    edit.rename_import(module.globals[0], Import("b", "h"))
    edit.rename_import(module.funcs[0], Import("b", "f"))
    edit.rename_export(module.exports[0], "mem")
    edit.retarget(module.exports[1], module.funcs[2])
    edit.replace_custom(module.customs[0], b"new", "it was old")
    edit.set_body(module.funcs[2], [(1, I64)], [instr("nop")])
    kinds: list[Item] = [
        module.funcs[1], module.memories[0], module.tables[0], module.globals[1], module.tags[0], module.elems[0],
        module.datas[0],
    ]  # fmt: skip
    for each in kinds:
        edit.rename(each, f"new {each.space.value}")
    after = written(module)
    assert [str(each) for each in after.globals[1].origin] == ["i32.const -9"]  # type: ignore[union-attr]
    assert after.datas[0].data == b"other text"
    assert [str(each.origin) for each in after.imports] == ["b.f", "b.h"]
    assert [(each.name, each.item.index0) for each in after.exports] == [("mem", 0), ("f", 2)]
    assert next(each.data for each in after.customs if each.name == "note") == b"new"
    assert [str(each) for each in after.funcs[2].origin.expr] == ["nop"]  # type: ignore[union-attr]
    parts = (after.funcs[1], after.memories[0], after.tables[0], after.globals[1], after.tags[0], after.elems[0])
    assert [each.name for each in (*parts, after.datas[0])] == [f"new {each.space.value}" for each in kinds]


def test_types_of_another_kind_are_refused(module: Module) -> None:
    edit = Editor(module)
    with pytest.raises(RewriteError, match="expected a MemoryType for a memory, found a GlobalType"):
        edit.set_type(module.memories[0], GlobalType(I32))
    with pytest.raises(RewriteError, match="is imported: it has no initial value to change"):
        edit.set_init(module.globals[0], [])


def test_a_name_that_could_not_be_written_is_refused() -> None:
    bare = Module.from_bytes(wat("(module (func))"))
    with pytest.raises(RewriteError, match="cannot be named: the module has no name section"):
        Editor(bare).rename(bare.funcs[0], "f")


def test_lists_of_a_module_and_its_start_are_honoured(module: Module) -> None:
    module.start = module.funcs[2]
    module.exports.append(Export("more", module.memories[0]))
    module.globals.append(Global(GlobalType(I32), Expr.of([instr("i32.const", 1)])))
    module.datas.append(Data("passive", None, None, b"x"))
    module.elems.append(Elem("passive", FUNCREF, None, None, [module.funcs[1]]))
    module.customs.append(Custom("more", b"x", 11))
    module.funcs.append(Func(module.funcs[2].type, Body.of((), Expr.of(()))))
    after = written(module)
    assert after.start is after.funcs[2]
    lists = ("exports", "globals", "datas", "elems", "customs", "funcs")
    assert [len(getattr(after, each)) for each in lists] == [len(getattr(module, each)) for each in lists]


@pytest.mark.parametrize("name", ["exports", "funcs", "types", "customs"])
def test_the_lists_themselves_cannot_be_replaced(module: Module, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(module, name, [])
