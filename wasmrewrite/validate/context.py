"""``context``: what validating a module's code must know of it, made from the module's items.

Not here: whether those items are valid (``module``).
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import Any, Final

from ..isa.immediates import Space
from ..isa.leb import Buffer, read_u32
from ..isa.table import BY_NAME
from ..isa.types import (
    ArrayType,
    CompositeType,
    FuncType,
    Keys,
    RecGroup,
    StructType,
    TypeDef,
    canonical_keys,
    storages,
)
from ..kernels.decode import decode
from ..model.instr import Expr
from ..model.items import Func
from ..model.module import Module
from .body.context import NO_TYPE, Kind, ModuleContext, indices
from .body.types import code_of

_KINDS: Final = {FuncType: Kind.FUNC, StructType: Kind.STRUCT, ArrayType: Kind.ARRAY}
_PREAMBLE: Final = 8
_DATA_COUNT: Final = 12
_REF_FUNC: Final = BY_NAME["ref.func"].head


def context(module: Module, keys: Keys | None = None) -> ModuleContext:
    """The context of a module as loaded from bytes. InvalidError if its types, or those of its items, are unknown.

    ``keys`` are the canonical keys of its types, if somebody has made them. Element segments and what the module
    mentions are read when code first asks: most functions need neither.
    """
    typedefs = module.types
    index_of = {typedef: index for index, typedef in enumerate(typedefs)}
    keys = canonical_keys(groups_of(typedefs)) if keys is None else keys
    made = ModuleContext(canon=indices(_canonical(typedefs, keys)), index_of=index_of)
    _add_types(made, typedefs)
    made.funcs = indices(module.source.func_types())
    made.tables = indices([made.value_type(each.type.element) for each in module.tables])
    made.table_addresses = bytes(code_of(each.type.limits.address) for each in module.tables)
    made.memories = bytes(code_of(each.type.limits.address) for each in module.memories)
    made.globals = indices([made.value_type(each.type.value) for each in module.globals])
    made.mutable = bytes(each.type.mutable for each in module.globals)
    made.tags = indices([index_of[tag.type] for tag in module.tags])
    made.elems = _Elems(module, made)
    made.data_count = data_count(module.source.data)
    made.refs = _Declared(module)
    return made


def _add_types(made: ModuleContext, typedefs: list[TypeDef]) -> None:
    composites = [typedef.composite for typedef in typedefs]
    members = [storages(composite) for composite in composites]
    made.kinds = bytes(_KINDS[type(composite)] for composite in composites)
    made.starts = indices(list(accumulate(map(len, members), initial=0)))
    made.params = indices([len(each.params) if isinstance(each, FuncType) else 0 for each in composites])
    made.members = indices([made.value_type(each) for types in members for each in types])
    made.writable = bytes(chain.from_iterable(map(_writable, composites)))
    made.supers = indices([_super(made, index, typedef) for index, typedef in enumerate(typedefs)])


def _writable(composite: CompositeType) -> list[bool]:
    """For each of the types that a type is made of, whether it is a field that may be changed."""
    if isinstance(composite, FuncType):
        return [False] * (len(composite.params) + len(composite.results))
    fields = composite.fields if isinstance(composite, StructType) else (composite.field,)
    return [each.mutable for each in fields]


def _super(made: ModuleContext, index: int, typedef: TypeDef) -> int:
    """The canonical index of the declared supertype: one at most, and in front, or the type section is not valid."""
    found = made.index_of[typedef.supers[0]] if typedef.supers else index
    return made.canon[found] if found < index else NO_TYPE


class _Elems(Sequence[int]):
    """The element types of a module's segments."""

    def __init__(self, module: Module, context: ModuleContext) -> None:
        self._module = module
        self._context = context

    @cached_property
    def _types(self) -> array[int]:
        return indices([self._context.value_type(elem.type) for elem in self._module.elems])

    def __len__(self) -> int:
        return len(self._types)

    def __getitem__(self, index: Any) -> Any:
        return self._types[index]


class _Declared(Container[int]):
    """The functions that ``ref.func`` may name in a module."""

    def __init__(self, module: Module) -> None:
        self._module = module

    @cached_property
    def _indices(self) -> frozenset[int]:
        return frozenset(_declared(self._module))

    def __contains__(self, index: object) -> bool:
        return index in self._indices


def groups_of(typedefs: list[TypeDef]) -> list[RecGroup]:
    """The recursion groups of a type section, in order."""
    return list(dict.fromkeys(typedef.group for typedef in typedefs))


def _canonical(typedefs: list[TypeDef], keys: Keys) -> list[int]:
    first: dict[object, int] = {}
    return [first.setdefault(keys[typedef], index) for index, typedef in enumerate(typedefs)]


def data_count(data: Buffer) -> int | None:
    """What the data count section says, None if there is none: the model does not show it."""
    pos = _PREAMBLE
    while pos < len(data):
        size, start = read_u32(data, pos + 1, len(data))
        if data[pos] == _DATA_COUNT:
            return read_u32(data, start, start + size)[0]
        pos = start + size
    return None


def _declared(module: Module) -> Iterator[int]:
    """The functions that something besides bodies and the start section mentions (specification 3.5.13)."""
    for export in module.exports:
        if isinstance(export.item, Func) and export.item.index0 is not None:
            yield export.item.index0
    for elem in module.elems:
        for item in elem.items:
            if isinstance(item, Func) and item.index0 is not None:
                yield item.index0
    for expr in _reference_expressions(module):
        yield from _functions_in(module.source.data, expr)


def _reference_expressions(module: Module) -> Iterator[Expr]:
    """Those that may be references: not the offsets of data segments, of which there may be very many."""
    for table in module.tables:
        if isinstance(table.origin, Expr):
            yield table.origin
    for item in module.globals:
        if isinstance(item.origin, Expr):
            yield item.origin
    for elem in module.elems:
        if elem.offset is not None:
            yield elem.offset
        yield from (each for each in elem.items if isinstance(each, Expr))


def _functions_in(data: bytes, expr: Expr) -> Iterator[int]:
    if expr.span is None or data.find(_REF_FUNC, *expr.span) < 0:  # spares decoding offsets by the ten thousand
        return
    for _offset, op, operands in decode(data, *expr.span):
        if op.operands and op.operands[0].space is Space.FUNC:
            yield operands[0]
