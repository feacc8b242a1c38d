"""Dense lists over an instruction's first byte, made from the table: what the loops of this package dispatch on."""

from __future__ import annotations

from typing import Any, Final

from ..isa.leb import Buffer, Padded, PaddedTuple, read_u32
from ..isa.op import Kind, Op
from ..isa.proposals import opcode, unsupported
from ..isa.structure import STRUCTURAL
from ..isa.table import BY_CODE, PREFIXES
from ..messages import illegal_opcode, unexpected_end_of_section_or_function

OPS: Final[tuple[Op | None, ...]] = tuple(BY_CODE.get(byte) for byte in range(0x100))
"""The instruction of each byte; None for prefixes and for bytes that are no instruction."""


def _form(byte: int) -> int:
    if byte in PREFIXES:
        return Kind.PREFIX
    op = OPS[byte]
    if op is None:
        return Kind.ILLEGAL
    return Kind.STRUCTURE if op in STRUCTURAL else op.kind


FORMS: Final[bytes] = bytes(map(_form, range(0x100)))
"""The ``Kind`` of each first byte."""


def read_opcode(buf: Buffer, pos: int, end: int) -> tuple[Op, int, int]:
    """Read an opcode: the row, the position after it, and the number behind a prefix (``Padded`` if over-long).

    MalformedError: "illegal opcode", an over-long or too large number, or the end.
    """
    if pos >= end:
        raise unexpected_end_of_section_or_function(pos)
    byte = buf[pos]
    if byte not in PREFIXES:
        op = OPS[byte]
        if op is None:
            raise unsupported(opcode(None, byte), pos) or illegal_opcode(pos, f"{byte:02x}")
        return op, pos + 1, byte
    number, after = read_u32(buf, pos + 1, end)
    op = BY_CODE.get(byte << 16 | number) if number < 0x10000 else None
    if op is None:
        raise unsupported(opcode(byte, number), pos) or illegal_opcode(pos, f"{byte:02x} {number:02x}")
    return op, after, number


def read_instr(buf: Buffer, pos: int, end: int) -> tuple[Op, tuple[Any, ...], int]:
    """Read any instruction: row, operands (a ``PaddedTuple`` if its number is over-long), next position."""
    op, pos, number = read_opcode(buf, pos, end)
    operands: tuple[Any, ...] = ()
    for operand in op.operands:
        value, pos = operand.read(buf, pos, end)
        operands = (*operands, value)
    return op, PaddedTuple(operands, number.width) if isinstance(number, Padded) else operands, pos
