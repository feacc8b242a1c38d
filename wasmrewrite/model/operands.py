"""Operands that hold items, and one function that maps every item or index in operands and types.

It lifts raw operands, which hold indices, to these, lowers them again, and finds and exchanges items in them. Not here:
raw operands (``isa.immediates``) and whether operands fit their instruction (``checks``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from ..isa import immediates as raw
from ..isa.immediates import OperandKind, Shape, Space
from ..isa.leb import PaddedTuple
from ..isa.types import AbsHeap, ArrayType, CompositeType, FieldType, FuncType, NumType, PackedType, RefType, StructType
from .instr import Instr
from .items import Memory, Tag


class MemArg(NamedTuple):
    """A memory operand: ``align`` is an exponent of two. Without ``memory`` it is the first one when written."""

    align: int
    offset: int
    memory: Memory | None = None


class Catch(NamedTuple):
    """A clause of ``try_table``: ``kind`` as in the bytes: 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref."""

    kind: int
    tag: Tag | None
    label: int


class Cast(NamedTuple):
    """Operands of ``br_on_cast``: where to, from which type, to which type."""

    label: int
    source: RefType
    target: RefType


Mapper = Callable[[Space, Any], Any]
"""Maps (space, index or item) to an item or index."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the parts of mapped operands are put together with."""

    memarg: Callable[[int, int, Any], tuple[Any, ...]]
    catch: Callable[[int, Any, int], tuple[Any, ...]]
    cast: Callable[[int, RefType, RefType], tuple[Any, ...]]


def _raw_memarg(align: int, offset: int, memory: int | None) -> raw.MemArg:
    return raw.MemArg(align, offset, memory or None)


ITEMS: Final = Form(MemArg, Catch, Cast)
RAW: Final = Form(_raw_memarg, raw.Catch, raw.Cast)


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


def _index(kind: OperandKind, value: Any, mapper: Mapper, form: Form) -> Any:
    if kind.space is None or not kind.space.is_module:
        return value
    return mapper(kind.space, value)


def _memarg(kind: OperandKind, value: Any, mapper: Mapper, form: Form) -> Any:
    align, offset, memory = value
    if memory is None and form is RAW:
        return form.memarg(align, offset, None)
    return form.memarg(align, offset, mapper(Space.MEMORY, memory))


def _block(kind: OperandKind, value: Any, mapper: Mapper, form: Form) -> Any:
    if value is None or isinstance(value, NumType | PackedType):
        return value
    return map_type(value, mapper) if isinstance(value, RefType) else mapper(Space.TYPE, value)


def _types(kind: OperandKind, value: tuple[Any, ...], mapper: Mapper, form: Form) -> tuple[Any, ...]:
    mapped = tuple(map_type(each, mapper) for each in value)
    return PaddedTuple(mapped, value.width) if isinstance(value, PaddedTuple) else mapped


def _catches(kind: OperandKind, value: tuple[Any, ...], mapper: Mapper, form: Form) -> tuple[Any, ...]:
    mapped = tuple(
        form.catch(each, None if tag is None else mapper(Space.TAG, tag), label) for each, tag, label in value
    )
    return PaddedTuple(mapped, value.width) if isinstance(value, PaddedTuple) else mapped


def _heap(kind: OperandKind, value: Any, mapper: Mapper, form: Form) -> Any:
    if isinstance(value, RefType):
        return map_type(value, mapper)
    return value if isinstance(value, AbsHeap) else mapper(Space.TYPE, value)


def _cast(kind: OperandKind, value: Any, mapper: Mapper, form: Form) -> Any:
    label, source, target = value
    return form.cast(label, map_type(source, mapper), map_type(target, mapper))


_BY_SHAPE: Final[dict[Shape, Callable[[OperandKind, Any, Mapper, Form], Any]]] = {
    Shape.U32: _index,
    Shape.MEMARG: _memarg,
    Shape.BLOCKTYPE: _block,
    Shape.VALTYPES: _types,
    Shape.CATCHES: _catches,
    Shape.HEAPTYPE: _heap,
    Shape.CAST: _cast,
}


def map_operand(kind: OperandKind, value: Any, mapper: Mapper, form: Form = ITEMS) -> Any:
    """An operand with every item or index of the module's spaces in it mapped.

    Asked for ``ITEMS``, ``mapper`` gets None for a memory that was left out; asked for ``RAW``, memory 0 is left out.
    """
    by_shape = _BY_SHAPE.get(kind.shape)
    return value if by_shape is None else by_shape(kind, value, mapper, form)


def items_in(instr: Instr) -> Iterator[tuple[Space, Any]]:
    """Every item that an instruction names, with its space; None for a memory that is left out."""
    found: list[tuple[Space, Any]] = []

    def note(space: Space, item: Any) -> Any:
        found.append((space, item))
        return item

    for kind, value in zip(instr.op.operands, instr.args, strict=True):
        map_operand(kind, value, note)
    return iter(found)


def exchanged(instr: Instr, old: Any, new: Any) -> Instr:
    """An instruction with one item in place of another; the very same instruction if it does not name it."""
    if all(item is not old for _, item in items_in(instr)):
        return instr

    def exchange(_: Space, item: Any) -> Any:
        return new if item is old else item

    args = (map_operand(kind, value, exchange) for kind, value in zip(instr.op.operands, instr.args, strict=True))
    return Instr(instr.op, tuple(args))
