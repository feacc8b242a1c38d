"""Where in the bytes of an instruction its indices stand, shape by shape. Not here: which instructions to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from ..isa.immediates import OperandKind, Shape, Space
from ..isa.leb import Buffer, read_u32
from ..isa.op import Op
from ..isa.operand_bytes import (
    read_blocktype,
    read_byte,
    read_cast,
    read_catch,
    read_count,
    read_heaptype,
    read_memarg,
    read_valtype,
)
from ..isa.table import ROWS
from ..isa.types import RefType
from .first_byte import read_opcode

Place: TypeAlias = tuple[Space, int, int, int]
"""Space, absolute offset, width in bytes (0: a memory index left out; the offset is then that of the flags), value."""

Finder: TypeAlias = Callable[[OperandKind, Buffer, int, int, list[Place]], int]
"""Appends the places in one operand, and returns the position after it."""


def _index(operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    value, after = read_u32(buf, pos, end)
    if operand.space is not None:
        out.append((operand.space, pos, after - pos, value))
    return after


def _u32(space: Space, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    value, after = read_u32(buf, pos, end)
    out.append((space, pos, after - pos, value))
    return after


def _memarg(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    value, after = read_memarg(buf, pos, end)
    if value.memory is None:
        out.append((Space.MEMORY, pos, 0, 0))
    else:
        _, index_at = read_u32(buf, pos, end)
        _u32(Space.MEMORY, buf, index_at, end, out)
    return after


def _heap(buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    heap, after = read_heaptype(buf, pos, end)
    if isinstance(heap, int):
        out.append((Space.TYPE, pos, after - pos, heap))
    return after


def _valtype(buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    value, after = read_valtype(buf, pos, end)
    if isinstance(value, RefType) and isinstance(value.heap, int):
        out.append((Space.TYPE, pos + 1, after - pos - 1, value.heap))
    return after


def _heaptype(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    return _heap(buf, pos, end, out)


def _blocktype(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    value, after = read_blocktype(buf, pos, end)
    if isinstance(value, int):
        out.append((Space.TYPE, pos, after - pos, value))
    elif value is not None:
        _valtype(buf, pos, end, out)
    return after


def _labels(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    count, pos = read_count(buf, pos, end)
    for _ in range(count + 1):
        pos = _u32(Space.LABEL, buf, pos, end, out)
    return pos


def _valtypes(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    count, pos = read_count(buf, pos, end)
    for _ in range(count):
        pos = _valtype(buf, pos, end, out)
    return pos


def _catches(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    count, pos = read_count(buf, pos, end)
    for _ in range(count):
        clause, _after = read_catch(buf, pos, end)
        pos += 1
        if clause.tag is not None:
            pos = _u32(Space.TAG, buf, pos, end, out)
        pos = _u32(Space.LABEL, buf, pos, end, out)
    return pos


def _cast(_operand: OperandKind, buf: Buffer, pos: int, end: int, out: list[Place]) -> int:
    read_cast(buf, pos, end)
    _, pos = read_byte(buf, pos, end)
    pos = _u32(Space.LABEL, buf, pos, end, out)
    return _heap(buf, _heap(buf, pos, end, out), end, out)


def _nothing(operand: OperandKind, buf: Buffer, pos: int, end: int, _out: list[Place]) -> int:
    return int(operand.read(buf, pos, end)[1])


FINDERS: Final[dict[Shape, Finder]] = {
    Shape.U32: _index,
    Shape.S32: _nothing,
    Shape.S64: _nothing,
    Shape.BYTE: _nothing,
    Shape.FOUR: _nothing,
    Shape.EIGHT: _nothing,
    Shape.SIXTEEN: _nothing,
    Shape.MEMARG: _memarg,
    Shape.BLOCKTYPE: _blocktype,
    Shape.LABELS: _labels,
    Shape.VALTYPES: _valtypes,
    Shape.CATCHES: _catches,
    Shape.HEAPTYPE: _heaptype,
    Shape.CAST: _cast,
}

_SIGNED_SHAPES: Final = frozenset({Shape.BLOCKTYPE, Shape.VALTYPES, Shape.HEAPTYPE, Shape.CAST})

WRITES_TYPES_SIGNED: Final[frozenset[Op]] = frozenset(
    op for op in ROWS if any(operand.shape in _SIGNED_SHAPES for operand in op.operands)
)
"""Instructions whose type indices are signed numbers, since they share the place with type codes."""


def read_places(buf: Buffer, pos: int, end: int) -> tuple[Op, list[Place], int]:
    """Read the instruction at ``pos``: its row, the places of all its indices in order, the position after it."""
    op, pos, _ = read_opcode(buf, pos, end)
    out: list[Place] = []
    for operand in op.operands:
        pos = FINDERS[operand.shape](operand, buf, pos, end, out)
    return op, out, pos
