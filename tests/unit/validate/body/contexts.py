"""A ``ModuleContext`` written down with the types that people write."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import accumulate, chain

from wasmrewrite.isa.types import (
    ArrayType,
    CompositeType,
    FuncType,
    GlobalType,
    MemoryType,
    RefType,
    StructType,
    TableType,
    storages,
)
from wasmrewrite.validate.body.context import NO_TYPE, Kind, ModuleContext, indices
from wasmrewrite.validate.body.types import code_of

_KINDS = {FuncType: Kind.FUNC, StructType: Kind.STRUCT, ArrayType: Kind.ARRAY}


def context_of(
    types: Sequence[CompositeType] = (),
    canon: Sequence[int] | None = None,
    supers: dict[int, int] | None = None,
    funcs: Sequence[int] = (),
    tables: Sequence[TableType] = (),
    memories: Sequence[MemoryType] = (),
    globals: Sequence[GlobalType] = (),
    tags: Sequence[int] = (),
    elems: Sequence[RefType] = (),
    data_count: int | None = None,
    refs: Container[int] = frozenset(),
) -> ModuleContext:
    """Heap types are indices here; ``supers`` has the declared supertypes of the types that have one."""
    made = ModuleContext(
        kinds=bytes(_KINDS[type(each)] for each in types),
        canon=indices(range(len(types)) if canon is None else canon),
        supers=indices([(supers or {}).get(index, NO_TYPE) for index in range(len(types))]),
        funcs=indices(funcs),
        table_addresses=bytes(code_of(each.limits.address) for each in tables),
        memories=bytes(code_of(each.limits.address) for each in memories),
        mutable=bytes(each.mutable for each in globals),
        tags=indices(tags),
        data_count=data_count,
        refs=refs,
    )
    made.starts = indices(list(accumulate((len(storages(each)) for each in types), initial=0)))
    made.params = indices([len(each.params) if isinstance(each, FuncType) else 0 for each in types])
    made.members = indices([made.value_type(member) for each in types for member in storages(each)])
    made.writable = bytes(chain.from_iterable(map(_writable, types)))
    made.tables = indices([made.value_type(each.element) for each in tables])
    made.globals = indices([made.value_type(each.value) for each in globals])
    made.elems = [made.value_type(each) for each in elems]
    return made


def _writable(composite: CompositeType) -> list[bool]:
    if isinstance(composite, FuncType):
        return [False] * len(storages(composite))
    fields = composite.fields if isinstance(composite, StructType) else (composite.field,)
    return [each.mutable for each in fields]
