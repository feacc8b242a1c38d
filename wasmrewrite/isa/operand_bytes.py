"""How operands lie in the bytes (specification 5.4): their values, and one reader and one writer per shape.

A reader is ``read(buf, pos, end) -> (value, next position)`` and raises MalformedError with an absolute offset; a
writer is ``write(value) -> bytes``, and ``write(read(b)) == b`` for every operand, over-long integers included. Not
here: text, index spaces, which instruction has which operands (``immediates``, ``ops``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeAlias

from ..messages import (
    malformed,
    malformed_memop_flags,
    malformed_reference_type,
    malformed_value_type,
    unexpected_end_of_section_or_function,
)
from .leb import Buffer, Padded, PaddedTuple, read_s33, read_u32, read_u64, write_s, write_u
from .proposals import TYPES, unsupported
from .types import HEAPS, NUMBERS, AbsHeap, HeapType, NumType, RefType, TypeDef, ValType


class MemArg(NamedTuple):
    """A memory operand: ``align`` is an exponent of two, ``memory`` None when the index is left out (memory 0)."""

    align: int
    offset: int
    memory: int | None = None


class BrTable(NamedTuple):
    """The labels of ``br_table``; a plain pair in disguise. ``labels`` is a PaddedTuple if its count was over-long."""

    labels: tuple[int, ...]
    default: int


class Catch(NamedTuple):
    """A clause of ``try_table``: ``kind`` as in the bytes: 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref."""

    kind: int
    tag: int | None
    label: int


class Cast(NamedTuple):
    """Operands of ``br_on_cast``: where to, from which type, to which type."""

    label: int
    source: RefType
    target: RefType


CATCH_NAMES: Final = ("catch", "catch_ref", "catch_all", "catch_all_ref")

BlockType: TypeAlias = NumType | RefType | int | None


def read_byte(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read one byte."""
    if pos >= end:
        raise unexpected_end_of_section_or_function(pos)
    return buf[pos], pos + 1


def read_count(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read the count of a vector whose elements take a byte each at least, and refuse what cannot fit."""
    count, after = read_u32(buf, pos, end)
    if count > end - after:
        raise unexpected_end_of_section_or_function(end)
    return count, after


def _fixed(size: int) -> Callable[[Buffer, int, int], tuple[bytes, int]]:
    def read(buf: Buffer, pos: int, end: int) -> tuple[bytes, int]:
        after = pos + size
        if after > end:
            raise unexpected_end_of_section_or_function(end)
        return bytes(buf[pos:after]), after

    return read


_read_4, _read_8, read_16 = _fixed(4), _fixed(8), _fixed(16)


def read_f32(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a float as 32 bits."""
    data, after = _read_4(buf, pos, end)
    return int.from_bytes(data, "little"), after


def read_f64(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a float as 64 bits."""
    data, after = _read_8(buf, pos, end)
    return int.from_bytes(data, "little"), after


def read_memarg(buf: Buffer, pos: int, end: int) -> tuple[MemArg, int]:
    """Read a memory operand; bit 6 of the flags says whether a memory index follows."""
    flags, after = read_u32(buf, pos, end)
    if flags >= 0x80:
        raise malformed_memop_flags(pos)
    memory = None
    align = flags & 0x3F
    if isinstance(flags, Padded):
        align = Padded(align, flags.width)
    if flags & 0x40:
        memory, after = read_u32(buf, after, end)
    offset, after = read_u64(buf, after, end)
    return MemArg(align, offset, memory), after


def write_memarg(value: MemArg) -> bytes:
    """Write a memory operand."""
    align, offset, memory = value
    flags = align if memory is None else align | 0x40
    if isinstance(align, Padded):
        flags = Padded(flags, align.width)
    return write_u(flags) + (b"" if memory is None else write_u(memory)) + write_u(offset)


HEAP_OF_CODE: Final = {heap.code: heap for heap in HEAPS.values()}
SIMPLE_OF_CODE: Final[dict[int, NumType | RefType]] = {
    **{number.code: number for number in NUMBERS.values()},
    **{heap.code: RefType(True, heap) for heap in HEAPS.values()},
}
"""The value types that take one byte."""
EMPTY_BLOCK = 0x40
_REF = 0x64
_REF_NULL = 0x63


def read_heaptype(buf: Buffer, pos: int, end: int) -> tuple[AbsHeap | int, int]:
    """Read a heap type: abstract, or a type index."""
    if pos < end and buf[pos] in HEAP_OF_CODE:
        return HEAP_OF_CODE[buf[pos]], pos + 1
    index, after = read_s33(buf, pos, end)
    if index < 0:
        raise unsupported(TYPES.get(buf[pos]), pos) or malformed("heap-type", pos)
    return index, after


def write_heaptype(heap: HeapType) -> bytes:
    """Write a heap type; a defined one must be given by its index."""
    if isinstance(heap, AbsHeap):
        return bytes((heap.code,))
    if isinstance(heap, TypeDef):
        raise TypeError(f"{heap!r} has no index here")
    return write_s(heap)


def read_valtype(buf: Buffer, pos: int, end: int) -> tuple[ValType, int]:
    """Read a value type."""
    if pos >= end:
        raise unexpected_end_of_section_or_function(pos)
    code = buf[pos]
    simple = SIMPLE_OF_CODE.get(code)
    if simple is not None:
        return simple, pos + 1
    if code not in (_REF, _REF_NULL):
        raise unsupported(TYPES.get(code), pos) or malformed_value_type(pos)
    heap, after = read_heaptype(buf, pos + 1, end)
    return RefType(code == _REF_NULL, heap, code == _REF_NULL and isinstance(heap, AbsHeap)), after


def read_reftype(buf: Buffer, pos: int, end: int) -> tuple[RefType, int]:
    """Read a reference type."""
    if pos < end and buf[pos] not in HEAP_OF_CODE and buf[pos] not in (_REF, _REF_NULL):
        raise unsupported(TYPES.get(buf[pos]), pos) or malformed_reference_type(pos)
    value, after = read_valtype(buf, pos, end)
    if not isinstance(value, RefType):
        raise malformed_reference_type(pos)
    return value, after


def write_valtype(value: ValType) -> bytes:
    """Write a value type, in the short form unless the reference type says that it was long."""
    if isinstance(value, NumType):
        return bytes((value.code,))
    if value.nullable and isinstance(value.heap, AbsHeap) and not value.long:
        return bytes((value.heap.code,))
    return bytes((_REF_NULL if value.nullable else _REF,)) + write_heaptype(value.heap)


def read_blocktype(buf: Buffer, pos: int, end: int) -> tuple[BlockType, int]:
    """Read a block type: nothing, one result, or a type index."""
    if pos >= end:
        raise unexpected_end_of_section_or_function(pos)
    code = buf[pos]
    if code == EMPTY_BLOCK:
        return None, pos + 1
    if code & 0xC0 == 0x40:
        return read_valtype(buf, pos, end)
    index, after = read_s33(buf, pos, end)
    if index < 0:
        raise malformed("block-type", pos)
    return index, after


def write_blocktype(value: BlockType) -> bytes:
    """Write a block type."""
    if value is None:
        return bytes((EMPTY_BLOCK,))
    return write_s(value) if isinstance(value, int) else write_valtype(value)


def vector_of(count: int, items: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple that remembers an over-long count."""
    return PaddedTuple(tuple(items), count.width) if isinstance(count, Padded) else tuple(items)


def write_count(items: tuple[Any, ...]) -> bytes:
    """Write the count of a vector."""
    if isinstance(items, PaddedTuple):
        return write_u(Padded(len(items), items.width))
    return write_u(len(items))


Reader: TypeAlias = Callable[[Buffer, int, int], tuple[Any, int]]


def _read_vector(buf: Buffer, pos: int, end: int, read: Reader) -> tuple[tuple[Any, ...], int]:
    count, pos = read_count(buf, pos, end)
    items = []
    for _ in range(count):
        item, pos = read(buf, pos, end)
        items.append(item)
    return vector_of(count, items), pos


def read_labels(buf: Buffer, pos: int, end: int) -> tuple[BrTable, int]:
    """Read the labels of ``br_table``."""
    count, start = read_count(buf, pos, end)
    plain = bytes(buf[start : start + count])
    if plain.isascii():  # a byte each, as nearly always
        labels, pos = vector_of(count, plain), start + count
    else:
        labels, pos = _read_vector(buf, pos, end, read_u32)
    default, pos = read_u32(buf, pos, end)
    return BrTable(labels, default), pos


def write_labels(value: tuple[tuple[int, ...], int]) -> bytes:
    """Write the labels of ``br_table``."""
    labels, default = value
    return write_count(labels) + b"".join(map(write_u, labels)) + write_u(default)


def read_valtypes(buf: Buffer, pos: int, end: int) -> tuple[tuple[ValType, ...], int]:
    """Read a vector of value types."""
    return _read_vector(buf, pos, end, read_valtype)


def write_valtypes(value: tuple[ValType, ...]) -> bytes:
    """Write a vector of value types."""
    return write_count(value) + b"".join(map(write_valtype, value))


def read_catch(buf: Buffer, pos: int, end: int) -> tuple[Catch, int]:
    """Read one clause of ``try_table``."""
    kind, after = read_byte(buf, pos, end)
    if kind >= len(CATCH_NAMES):
        raise malformed("catch-clause", pos)
    tag = None
    if kind < 2:
        tag, after = read_u32(buf, after, end)
    label, after = read_u32(buf, after, end)
    return Catch(kind, tag, label), after


def read_catches(buf: Buffer, pos: int, end: int) -> tuple[tuple[Catch, ...], int]:
    """Read the clauses of ``try_table``."""
    return _read_vector(buf, pos, end, read_catch)


def write_catches(value: tuple[Catch, ...]) -> bytes:
    """Write the clauses of ``try_table``."""
    out = [write_count(value)]
    for kind, tag, label in value:
        out.append(bytes((kind,)) + (b"" if tag is None else write_u(tag)) + write_u(label))
    return b"".join(out)


def read_cast(buf: Buffer, pos: int, end: int) -> tuple[Cast, int]:
    """Read flags, label and two heap types; flag 1: the source may be null, flag 2: the target may."""
    flags, after = read_byte(buf, pos, end)
    if flags > 3:
        raise malformed("cast-flags", pos)
    label, after = read_u32(buf, after, end)
    source, after = read_heaptype(buf, after, end)
    target, after = read_heaptype(buf, after, end)
    return Cast(label, RefType(bool(flags & 1), source), RefType(bool(flags & 2), target)), after


def write_cast(value: Cast) -> bytes:
    """Write the operands of ``br_on_cast``."""
    label, source, target = value
    flags = source.nullable | target.nullable << 1
    return bytes((flags,)) + write_u(label) + write_heaptype(source.heap) + write_heaptype(target.heap)


def read_ref_to(nullable: bool) -> Callable[[Buffer, int, int], tuple[RefType, int]]:
    """Make a reader of heap types behind an opcode that has told already whether they may be null."""

    def read(buf: Buffer, pos: int, end: int) -> tuple[RefType, int]:
        heap, after = read_heaptype(buf, pos, end)
        return RefType(nullable, heap), after

    return read


def write_ref_to(value: RefType) -> bytes:
    """Write the heap type of a reference type."""
    return write_heaptype(value.heap)


def read_lanes(buf: Buffer, pos: int, end: int) -> tuple[tuple[int, ...], int]:
    """Read the sixteen lanes of a shuffle."""
    data, after = read_16(buf, pos, end)
    return tuple(data), after


def read_zero(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a byte that is reserved and must be zero."""
    byte, after = read_byte(buf, pos, end)
    if byte:
        raise malformed("zero-byte", pos)
    return byte, after


def write_byte(value: int) -> bytes:
    """Write one byte."""
    return bytes((value,))


def write_f32(value: int) -> bytes:
    """Write a float given as 32 bits."""
    return value.to_bytes(4, "little")


def write_f64(value: int) -> bytes:
    """Write a float given as 64 bits."""
    return value.to_bytes(8, "little")
