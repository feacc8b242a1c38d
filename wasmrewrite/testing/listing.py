"""A module as lines, for comparing two of them: items by index, bodies as mnemonics.

Everything that runs is listed. Not listed: custom sections, names, and how values are encoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..isa.types import ArrayType, FieldType, FuncType, GlobalType, RefType, StructType, TableType, TypeDef
from ..model import Body, Expr, Func, Import, Instr, Item, Module


def listing(module: Module) -> list[str]:
    """Lines that are equal for two modules exactly if the modules have the same items in the same order.

    Raises ``MalformedError`` or ``InvalidError`` if ``module`` cannot be decoded.
    """
    return list(_lines(module))


def _lines(module: Module) -> Iterator[str]:
    for index, typedef in enumerate(module.types):
        yield f"type {index}: {_typedef(typedef, module)}"
    for item in module.imports:
        yield f"import {getattr(item, 'origin', None)}: {_ref(item, module)} {_type_of(item, module)}"
    for kind in (module.tables, module.memories, module.globals, module.tags):
        yield from _simple(kind, module)
    for export in module.exports:
        yield f"export {export.name!r}: {_ref(export.item, module)}"
    if module.start is not None:
        yield f"start: {_ref(module.start, module)}"
    for index, elem in enumerate(module.elems):
        entries = " ".join(_operand(each, module) for each in elem.items)
        yield f"elem {index}: {elem.mode} {_type(elem.type, module)}{_place(elem.table, elem.offset, module)} {entries}"
    for index, data in enumerate(module.datas):
        yield f"data {index}: {data.mode}{_place(data.memory, data.offset, module)} {data.data.hex()}"
    for index, func in enumerate(module.funcs):
        if isinstance(func.origin, Body):
            yield from _func(index, func, func.origin, module)


def _simple(items: Sequence[Item], module: Module) -> Iterator[str]:
    """Definitions of tables, memories, globals or tags; imports have been listed."""
    for index, item in enumerate(items):
        origin = item.origin
        if not isinstance(origin, Import):
            init = f" = {_operand(origin, module)}" if isinstance(origin, Expr) else ""
            yield f"{item.space.value} {index}: {_type_of(item, module)}{init}"


def _func(index: int, func: Func, body: Body, module: Module) -> Iterator[str]:
    locals_of = "".join(f" {count} x {_type(type, module)}" for count, type in body.locals)
    yield f"function {index}: {_type_of(func, module)}{' locals' + locals_of if locals_of else ''}"
    depth = 1
    for each in body.expr:
        depth -= each.op.name in ("end", "else", "delegate")
        yield f"{'  ' * depth}{_instr(each, module)}"
        depth += each.op.name in ("block", "loop", "if", "else", "try", "try_table")


def _typedef(typedef: TypeDef, module: Module) -> str:
    final = "" if typedef.final else "open "
    supers = "".join(f"sub {module.types.index(each)} " for each in typedef.supers)
    return f"{final}{supers}{_type(typedef.composite, module)} in a group of {len(typedef.group.types)}"


def _type_of(item: Item, module: Module) -> str:
    return _type(getattr(item, "type", None), module)


def _type(value: Any, module: Module) -> str:
    """A type of any sort; defined types inside it by index, since ``str`` does not tell two of them apart."""
    if isinstance(value, TypeDef):
        return _ref(value, module)
    if isinstance(value, RefType) and isinstance(value.heap, TypeDef):
        return f"(ref {'null ' if value.nullable else ''}{_ref(value.heap, module)})"
    if isinstance(value, FuncType):
        params, results = (" ".join(_type(each, module) for each in side) for side in (value.params, value.results))
        return f"[{params}] -> [{results}]"
    if isinstance(value, StructType):
        return f"(struct {' '.join(_type(each, module) for each in value.fields)})"
    if isinstance(value, ArrayType):
        return f"(array {_type(value.field, module)})"
    if isinstance(value, FieldType):
        return f"{'mut ' if value.mutable else ''}{_type(value.storage, module)}"
    if isinstance(value, TableType):
        return f"{value.limits} {_type(value.element, module)}"
    if isinstance(value, GlobalType):
        return f"{'mut ' if value.mutable else ''}{_type(value.value, module)}"
    return str(value)


def _place(item: Item | None, offset: Expr | None, module: Module) -> str:
    at = "" if item is None else f" {_ref(item, module)}"
    return at if offset is None else f"{at} at {_operand(offset, module)}"


def _ref(item: Item | TypeDef, module: Module) -> str:
    if isinstance(item, TypeDef):
        return f"type {module.types.index(item)}"
    return f"{item.space.value} {item.index0}"


def _instr(instr: Instr, module: Module) -> str:
    return " ".join([instr.op.name, *(_operand(arg, module) for arg in instr.args)])


def _operand(arg: Any, module: Module) -> str:
    if isinstance(arg, Item | TypeDef):
        return _ref(arg, module)
    if isinstance(arg, Expr):
        return f"({'  '.join(_instr(each, module) for each in arg)})"
    if isinstance(arg, tuple):
        names: Iterable[str] = getattr(arg, "_fields", ("",) * len(arg))
        parts = [f"{name}={_operand(each, module)}" for name, each in zip(names, arg, strict=True)]
        return f"({' '.join(parts)})"
    return _type(arg, module)
