"""Indices inside types and operands: one function that maps them all, used to lift bytes to items and lower them again.

Not here: how operands lie in the bytes (``isa.immediates``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ..isa.immediates import Cast, Catch, MemArg, OperandKind, Shape, Space
from ..isa.leb import PaddedTuple
from ..isa.types import AbsHeap, ArrayType, CompositeType, FieldType, FuncType, NumType, PackedType, RefType, StructType

Mapper = Callable[[Space, Any], Any]
"""Maps (space, index or item) to an item or index."""


def map_type(value: Any, mapper: Mapper) -> Any:
    """A value or storage type with its defined heap type mapped."""
    if isinstance(value, RefType) and not isinstance(value.heap, AbsHeap):
        return replace(value, heap=mapper(Space.TYPE, value.heap))
    return value


def map_composite(value: CompositeType, mapper: Mapper) -> CompositeType:
    """A composite type with all type indices in it mapped."""
    if isinstance(value, FuncType):
        params, results = (tuple(map_type(each, mapper) for each in side) for side in (value.params, value.results))
        return FuncType(params, results)
    if isinstance(value, StructType):
        return StructType(tuple(_map_field(each, mapper) for each in value.fields))
    return ArrayType(_map_field(value.field, mapper))


def _map_field(value: FieldType, mapper: Mapper) -> FieldType:
    return FieldType(map_type(value.storage, mapper), value.mutable)


def _index(kind: OperandKind, value: Any, mapper: Mapper) -> Any:
    if kind.space is None or not kind.space.is_module:
        return value
    return mapper(kind.space, value)


def _memarg(kind: OperandKind, value: MemArg, mapper: Mapper) -> MemArg:
    return value._replace(memory=mapper(Space.MEMORY, value.memory))


def _block(kind: OperandKind, value: Any, mapper: Mapper) -> Any:
    if value is None or isinstance(value, NumType | PackedType):
        return value
    return map_type(value, mapper) if isinstance(value, RefType) else mapper(Space.TYPE, value)


def _types(kind: OperandKind, value: tuple[Any, ...], mapper: Mapper) -> tuple[Any, ...]:
    mapped = tuple(map_type(each, mapper) for each in value)
    return PaddedTuple(mapped, value.width) if isinstance(value, PaddedTuple) else mapped


def _catches(kind: OperandKind, value: tuple[Catch, ...], mapper: Mapper) -> tuple[Catch, ...]:
    mapped = tuple(each if each.tag is None else each._replace(tag=mapper(Space.TAG, each.tag)) for each in value)
    return PaddedTuple(mapped, value.width) if isinstance(value, PaddedTuple) else mapped


def _heap(kind: OperandKind, value: Any, mapper: Mapper) -> Any:
    if isinstance(value, RefType):
        return map_type(value, mapper)
    return value if isinstance(value, AbsHeap) else mapper(Space.TYPE, value)


def _cast(kind: OperandKind, value: Cast, mapper: Mapper) -> Cast:
    return value._replace(source=map_type(value.source, mapper), target=map_type(value.target, mapper))


_BY_SHAPE: Final[dict[Shape, Callable[[OperandKind, Any, Mapper], Any]]] = {
    Shape.U32: _index,
    Shape.MEMARG: _memarg,
    Shape.BLOCKTYPE: _block,
    Shape.VALTYPES: _types,
    Shape.CATCHES: _catches,
    Shape.HEAPTYPE: _heap,
    Shape.CAST: _cast,
}


def map_operand(kind: OperandKind, value: Any, mapper: Mapper) -> Any:
    """An operand with every index of the module's spaces in it mapped; ``mapper`` gets None for a memory left out."""
    by_shape = _BY_SHAPE.get(kind.shape)
    return value if by_shape is None else by_shape(kind, value, mapper)
