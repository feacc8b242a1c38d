"""LEB128 integers over raw bytes, with the specification's width limits (specification 5.2.2).

An integer written in more bytes than it needs is read as ``Padded``, an ``int`` that remembers its width, so that
writing it again gives the same bytes; ``PaddedTuple`` does the same for a counted vector. Not here: Construct
declarations (``codec.parts``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self, TypeAlias

from ..messages import integer_too_large, integer_too_long, unexpected_end_of_section_or_function

Buffer: TypeAlias = bytes | bytearray | memoryview
Reader: TypeAlias = Callable[[Buffer, int, int], tuple[int, int]]


class Padded(int):
    """An integer that was (or shall be) written in ``width`` bytes although fewer would do."""

    width: int

    def __new__(cls, value: int, width: int) -> Self:
        self = super().__new__(cls, value)
        self.width = width
        return self

    def __getnewargs__(self) -> tuple[int, int]:  # type: ignore[override]
        return int(self), self.width

    __str__ = int.__repr__

    def __repr__(self) -> str:
        return f"Padded({int(self)}, {self.width})"


class PaddedTuple(tuple[Any, ...]):
    """A tuple whose leading integer (a vector's count, a prefixed opcode's number) is written in ``width`` bytes."""

    width: int

    def __new__(cls, items: tuple[Any, ...], width: int) -> Self:
        self = super().__new__(cls, items)
        self.width = width
        return self

    def __getnewargs__(self) -> tuple[tuple[Any, ...], int]:
        return tuple(self), self.width

    def __repr__(self) -> str:
        return f"PaddedTuple({tuple(self)!r}, {self.width})"


def _read_unsigned(buf: Buffer, pos: int, end: int, bits: int) -> tuple[int, int]:
    start = pos
    value = shift = 0
    while True:
        if shift >= bits:
            raise integer_too_long(pos)
        if pos >= end:
            raise unexpected_end_of_section_or_function(pos)
        byte = buf[pos]
        if bits - shift < 7 and (byte & 0x7F) >> (bits - shift):
            raise integer_too_large(pos)
        value |= (byte & 0x7F) << shift
        shift += 7
        pos += 1
        if byte < 0x80:
            break
    if byte == 0 and shift > 7:
        return Padded(value, pos - start), pos
    return value, pos


def _read_signed(buf: Buffer, pos: int, end: int, bits: int) -> tuple[int, int]:
    start = pos
    value = shift = before = 0
    while True:
        if shift >= bits:
            raise integer_too_long(pos)
        if pos >= end:
            raise unexpected_end_of_section_or_function(pos)
        byte = buf[pos]
        if bits - shift < 7:
            spare = (0x7F << (bits - shift - 1)) & 0x7F
            if byte & spare not in (0, spare):
                raise integer_too_large(pos)
        value |= (byte & 0x7F) << shift
        shift += 7
        pos += 1
        if byte < 0x80:
            break
        before = byte
    if byte & 0x40:
        value -= 1 << shift
    if shift > 7 and ((byte == 0 and not before & 0x40) or (byte == 0x7F and before & 0x40)):
        return Padded(value, pos - start), pos
    return value, pos


def read_u32(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a u32 at ``pos``, not looking at or beyond ``end``; return it and the position after it.

    Raises MalformedError: too long, too large, unexpected end; each at the absolute offset of the offending byte.
    """
    if pos < end:
        byte = buf[pos]
        if byte < 0x80:
            return byte, pos + 1
    return _read_unsigned(buf, pos, end, 32)


def read_u64(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a u64; as ``read_u32``."""
    return _read_unsigned(buf, pos, end, 64)


def read_s32(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a signed 32-bit integer; as ``read_u32``."""
    if pos < end:
        byte = buf[pos]
        if byte < 0x80:
            return (byte, pos + 1) if byte < 0x40 else (byte - 0x80, pos + 1)
    return _read_signed(buf, pos, end, 32)


def read_s33(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a signed 33-bit integer (block and heap types); as ``read_u32``."""
    return _read_signed(buf, pos, end, 33)


def read_s64(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read a signed 64-bit integer; as ``read_u32``."""
    return _read_signed(buf, pos, end, 64)


def u_width(value: int) -> int:
    """How many bytes the shortest unsigned form of ``value`` takes."""
    return (value.bit_length() + 6) // 7 or 1


def s_width(value: int) -> int:
    """How many bytes the shortest signed form of ``value`` takes."""
    return (value if value >= 0 else ~value).bit_length() // 7 + 1


def write_padded(value: int, width: int) -> bytes:
    """Write ``value`` in exactly ``width`` bytes (signed values in two's complement); the caller knows that it fits."""
    value &= (1 << (7 * width)) - 1
    if width == 1:
        return _ONE_BYTE[value]
    if width == 2:
        return bytes((value & 0x7F | 0x80, value >> 7))
    out = bytearray()
    for _ in range(width - 1):
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


_ONE_BYTE = tuple(bytes((value,)) for value in range(0x80))


def write_u(value: int) -> bytes:
    """Write an unsigned integer: in the width a ``Padded`` remembers, else in the fewest bytes."""
    if type(value) is int:
        return _ONE_BYTE[value] if value < 0x80 else write_padded(value, u_width(value))
    return write_padded(value, max(getattr(value, "width", 1), u_width(value)))


def write_s(value: int) -> bytes:
    """Write a signed integer; as ``write_u``."""
    if type(value) is int:
        return _ONE_BYTE[value & 0x7F] if -0x40 <= value < 0x40 else write_padded(value, s_width(value))
    return write_padded(value, max(getattr(value, "width", 1), s_width(value)))


def in_width(value: int, width: int) -> int:
    """``value`` to be written in ``width`` bytes where it fits, else as short as it can be (unsigned)."""
    return Padded(value, width) if u_width(value) < width else int(value)


def keep_width(old: int, new: int) -> int:
    """``new`` to be written in as many bytes as ``old`` was, where it fits, so that code need not move (unsigned)."""
    width = old.width if isinstance(old, Padded) else u_width(old)
    return in_width(new, width)
