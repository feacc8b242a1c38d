"""Features that a module uses outside its code: in types, limits, segments, initialisers.

Features are called what their proposals are called. Not here: instructions (the rows of ``isa`` know theirs), policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from ..errors import Position
from ..features import Feature
from ..isa.types import EXN, EXTERN, FUNC, I64, NOEXN, V128, AbsHeap, FuncType, RefType, StorageType, TypeDef, storages
from ..kernels.scan import find_ops
from ..model import Expr, Global, Memory, Table
from .subject import Subject

Used: TypeAlias = Iterator[tuple[Feature, str, Position]]
"""Feature, how it is used, and where."""

_OF_HEAP: Final = {
    FUNC: Feature.REFERENCE_TYPES,
    EXTERN: Feature.REFERENCE_TYPES,
    EXN: Feature.EXCEPTIONS,
    NOEXN: Feature.EXCEPTIONS,
}
_EXTENDED: Final = frozenset(f"{type}.{what}" for type in ("i32", "i64") for what in ("add", "sub", "mul"))


def outside_code(subject: Subject) -> Used:
    """Each use by its first place in a section; a feature comes as often as it is used in different ways."""
    yield from _memories(subject, subject.module.memories)
    yield from _tables(subject, subject.module.tables)
    if subject.module.tags:
        yield Feature.EXCEPTIONS, "used by a tag", subject.at_section("tag")
    yield from _types(subject)
    yield from _globals(subject)
    yield from _segments(subject)


def _memories(subject: Subject, memories: list[Memory]) -> Used:
    where = subject.at_section("memory")
    if len(memories) > 1:
        yield Feature.MULTI_MEMORY, "used by a second memory", where
    if any(each.type.limits.address is I64 for each in memories):
        yield Feature.MEMORY64, "used by a memory", where
    if any(each.type.limits.shared for each in memories):
        yield Feature.THREADS, "used by a shared memory", where


def _tables(subject: Subject, tables: list[Table]) -> Used:
    where = subject.at_section("table")
    if len(tables) > 1:
        yield Feature.REFERENCE_TYPES, "used by a second table", where
    for each in tables:
        if each.type.limits.address is I64:
            yield Feature.MEMORY64, "used by a table", where
        if each.type.element != RefType(True, FUNC):
            yield from _of_types("a table", where, [each.type.element])
        if isinstance(each.origin, Expr):
            yield Feature.FUNCTION_REFERENCES, "used by the initialiser of a table", where


def _types(subject: Subject) -> Used:
    where = subject.at_section("type")
    for each in subject.module.types:
        if isinstance(each.composite, FuncType):
            if len(each.composite.results) > 1:
                yield Feature.MULTI_VALUE, "used by a function type", where
        else:
            yield Feature.GC, "used by a type of objects", where
        if each.supers or not each.final or len(each.group.types) > 1:
            yield Feature.GC, "used by a group of types or a supertype", where
        yield from _of_types("a type", where, storages(each.composite))


def _globals(subject: Subject) -> Used:
    for entry in subject.imports:
        if isinstance(entry.item, Global) and entry.item.type.mutable:
            yield Feature.MUTABLE_GLOBALS, "used by an import", subject.at_import(entry)
    for at, export in subject.exports:
        if isinstance(export.item, Global) and export.item.type.mutable:
            yield Feature.MUTABLE_GLOBALS, "used by an export", subject.at_export(at)
    for item in subject.module.globals:
        yield from _of_types("a global", subject.at_section("global"), [item.type.value])
        if isinstance(item.origin, Expr):
            yield from _initialiser(subject, item.origin)


def _segments(subject: Subject) -> Used:
    for elem in subject.module.elems:
        if elem.mode != "active":
            yield Feature.BULK_MEMORY, f"used by a {elem.mode} segment", subject.at_section("element")
        if elem.offset is not None:
            yield from _initialiser(subject, elem.offset)
    for data in subject.module.datas:
        if data.mode != "active":
            yield Feature.BULK_MEMORY, f"used by a {data.mode} segment", subject.at_section("data")
        if data.offset is not None:
            yield from _initialiser(subject, data.offset)


def _initialiser(subject: Subject, expr: Expr) -> Used:
    """Arithmetic in a constant expression, which the first version did not have."""
    if expr.span is not None:
        for offset, op in find_ops(subject.data, *expr.span, _EXTENDED):
            yield Feature.EXTENDED_CONST, f"used by {op.name}", Position(offset, ("an initialiser",))


def _of_types(what: str, where: Position, values: Iterable[StorageType]) -> Used:
    for value in values:
        if value is V128:
            yield Feature.SIMD, f"used by {what}", where
        elif isinstance(value, RefType):
            if isinstance(value.heap, TypeDef) or not value.nullable:
                yield Feature.FUNCTION_REFERENCES, f"used by {what}", where
            if isinstance(value.heap, AbsHeap):
                yield _OF_HEAP.get(value.heap, Feature.GC), f"used by {what}", where
