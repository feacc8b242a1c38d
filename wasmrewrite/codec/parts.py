"""Construct declarations of the smallest parts: integers, names, vectors, byte strings, expressions, records.

All of them work on the streams of ``stream`` only, and most call a kernel: a pair of functions
``read(buf, pos, end) -> (value, pos)`` and ``write(value) -> bytes``. What was written over-long says so itself:
``Padded`` integers, ``PaddedList``, ``PaddedStr``, ``PaddedSpan``; they build into the same bytes again. Not here:
types (``types``), sections (``sections``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, TypeAlias

from construct import Construct, ConstructError, Container, Renamed, StreamError, TerminatedError

from ..errors import LimitError, MalformedError, Position, WasmError
from ..isa.leb import (
    Buffer,
    Padded,
    in_width,
    read_s32,
    read_s33,
    read_s64,
    read_u32,
    read_u64,
    write_s,
    write_u,
)
from ..isa.operand_bytes import read_f32, read_f64, write_f32, write_f64
from ..kernels.skip import skip_expr
from ..messages import (
    length_out_of_bounds,
    malformed,
    malformed_utf8,
    section_size_mismatch,
    unexpected_end_of_section_or_function,
)
from .stream import Piece, Sink, Span, Window

Read: TypeAlias = Callable[[Buffer, int, int], tuple[Any, int]]
Write: TypeAlias = Callable[[Any], bytes]

MAX_ENTRIES = 1_000_000
"""Records of one section: what engines allow of functions; a record takes a hundred times the bytes it came from."""


class PaddedList(list[Any]):
    """A vector whose count was written in ``width`` bytes although fewer would do."""

    def __init__(self, items: Iterable[Any], width: int) -> None:
        super().__init__(items)
        self.width = width


class PaddedStr(str):
    """A name whose length was written in ``width`` bytes although fewer would do."""

    width: int

    def __new__(cls, text: str, width: int) -> Self:
        self = super().__new__(cls, text)
        self.width = width
        return self


class PaddedSpan(tuple[int, int]):
    """A span of bytes whose length was written in ``width`` bytes although fewer would do."""

    width: int

    def __new__(cls, span: Span, width: int) -> Self:
        self = super().__new__(cls, span)
        self.width = width
        return self


def write_length(length: int, value: object) -> bytes:
    """Write the count or length that stands before ``value``, in the width ``value`` remembers."""
    return write_u(in_width(length, getattr(value, "width", 1)))


def read_count(buf: Buffer, pos: int, end: int) -> tuple[int, int]:
    """Read the number of items, each a byte at least, that follow before ``end``.

    Raises MalformedError: "length out of bounds" if the file cannot hold them, else "unexpected end" if the section
    cannot. So no count makes anybody allocate more than the input is long.
    """
    count, after = read_u32(buf, pos, end)
    if count <= end - after:
        return count, after
    if count > len(buf) - pos:
        raise length_out_of_bounds(pos)
    raise unexpected_end_of_section_or_function(end)


def padded_list(items: list[Any], count: int) -> list[Any]:
    """``items``, remembering the width of an over-long ``count``."""
    return PaddedList(items, count.width) if isinstance(count, Padded) else items


def check_entries(count: int, offset: int) -> None:
    """Refuse more records than ``MAX_ENTRIES``: LimitError."""
    if count > MAX_ENTRIES:
        raise LimitError(f"{count} entries are more than {MAX_ENTRIES}", Position(offset))


def read_name(buf: Buffer, pos: int, end: int) -> tuple[str, int]:
    """Read a name (specification 5.2.4); "malformed UTF-8 encoding" at the offending byte."""
    length, start = read_count(buf, pos, end)
    after = start + length
    try:
        text = str(buf[start:after], "utf-8")
    except UnicodeDecodeError as error:
        raise malformed_utf8(start + error.start) from error
    return (PaddedStr(text, length.width) if isinstance(length, Padded) else text), after


def write_name(name: str) -> bytes:
    """Write a name."""
    data = name.encode("utf-8")
    return write_length(len(data), name) + data


def read_indices(buf: Buffer, pos: int, end: int) -> tuple[list[int], int]:
    """Read a vector of indices; the loop has a short way for integers of up to three bytes."""
    count, pos = read_count(buf, pos, end)
    items: list[int] = []
    append = items.append
    fast = end - 3
    for _ in range(count):
        if pos < fast:
            first = buf[pos]
            if first < 0x80:
                append(first)
                pos += 1
                continue
            second = buf[pos + 1]
            if 0 < second < 0x80:
                append(first & 0x7F | second << 7)
                pos += 2
                continue
            third = buf[pos + 2]
            if second >= 0x80 and 0 < third < 0x80:
                append(first & 0x7F | (second & 0x7F) << 7 | third << 14)
                pos += 3
                continue
        value, pos = read_u32(buf, pos, end)
        append(value)
    return padded_list(items, count), pos


def write_indices(items: Sequence[int]) -> bytes:
    """Write a vector of indices."""
    out = bytearray(write_length(len(items), items))
    append = out.append
    for item in items:
        if type(item) is not int or item >= 0x200000 or item < 0:
            out += write_u(item)
        elif item < 0x80:
            append(item)
        elif item < 0x4000:
            append(item & 0x7F | 0x80)
            append(item >> 7)
        else:
            append(item & 0x7F | 0x80)
            append(item >> 7 & 0x7F | 0x80)
            append(item >> 14)
    return bytes(out)


def translate(error: ConstructError, stream: Window) -> MalformedError:
    """What a complaint of Construct means in the words of the specification, at the stream's absolute position."""
    if isinstance(error, TerminatedError):
        return section_size_mismatch(stream.pos - 1)
    if isinstance(error, StreamError):
        return unexpected_end_of_section_or_function(stream.pos)
    return malformed("unreadable", stream.pos, what=str(error).splitlines()[-1])


class Kernel(Construct):
    """A construct whose two directions are two functions."""

    def __init__(self, read: Read, write: Write) -> None:
        super().__init__()
        self.read = read
        self.write = write

    def _parse(self, stream: Window, context: Any, path: str) -> Any:
        value, stream.pos = self.read(stream.buf, stream.pos, stream.end)
        return value

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        stream.write(self.write(obj))
        return obj


U32 = Kernel(read_u32, write_u)
U64 = Kernel(read_u64, write_u)
S32 = Kernel(read_s32, write_s)
S33 = Kernel(read_s33, write_s)
S64 = Kernel(read_s64, write_s)
F32 = Kernel(read_f32, write_f32)
F64 = Kernel(read_f64, write_f64)
Name = Kernel(read_name, write_name)
Indices = Kernel(read_indices, write_indices)


class Record(Construct):
    """Named parts one after the other, as a ``Container``.

    Unlike ``Struct`` the record itself is the context of its parts, and it holds nothing but them: four times faster,
    and two records are equal if their parts are.
    """

    def __init__(self, *parts: Renamed) -> None:
        super().__init__()
        self.parts = [(str(part.name), part.subcon) for part in parts]

    def _parse(self, stream: Window, context: Any, path: str) -> Container:
        record = Container()
        for name, part in self.parts:
            record[name] = part._parse(stream, record, path)
        return record

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        for name, part in self.parts:
            part._build(obj.get(name), stream, obj, path)
        return obj


class Vector(Construct):
    """A counted vector of records: a list. An error inside gets the item's place: "import[3]"."""

    def __init__(self, name: str, item: Construct) -> None:
        super().__init__()
        self.item_name = name
        self.item = item

    def _parse(self, stream: Window, context: Any, path: str) -> list[Any]:
        start = stream.pos
        count, stream.pos = read_count(stream.buf, start, stream.end)
        stream.entries += count
        check_entries(stream.entries, start)
        items: list[Any] = []
        try:
            for _ in range(count):
                items.append(self.item._parse(stream, context, path))
        except WasmError as error:
            error.within(f"{self.item_name}[{len(items)}]")
            raise
        except ConstructError as error:
            raise translate(error, stream).within(f"{self.item_name}[{len(items)}]") from error
        return padded_list(items, count)

    def _build(self, obj: Any, stream: Sink, context: Any, path: str) -> Any:
        stream.write(write_length(len(obj), obj))
        for item in obj:
            self.item._build(item, stream, context, path)
        return obj


class Expression(Construct):
    """An expression and its ``end``: a span in, a span or bytes out."""

    def _parse(self, stream: Window, context: Any, path: str) -> Span:
        start = stream.pos
        stream.pos = skip_expr(stream.buf, start, stream.end)
        return start, stream.pos

    def _build(self, obj: Span | Piece, stream: Sink, context: Any, path: str) -> Any:
        stream.write(stream.expression(obj))
        return obj


class Blob(Construct):
    """A byte string with its length in front: a span in, a span or bytes out."""

    def _parse(self, stream: Window, context: Any, path: str) -> Span:
        length, start = read_count(stream.buf, stream.pos, stream.end)
        stream.pos = start + length
        span = start, stream.pos
        return PaddedSpan(span, length.width) if isinstance(length, Padded) else span

    def _build(self, obj: Span | Piece, stream: Sink, context: Any, path: str) -> Any:
        data = stream.content(obj)
        stream.write(write_length(len(data), obj))
        stream.write(data)
        return obj


class Rest(Construct):
    """Everything up to the end: a span in, a span or bytes out."""

    def _parse(self, stream: Window, context: Any, path: str) -> Span:
        start, stream.pos = stream.pos, stream.end
        return start, stream.end

    def _build(self, obj: Span | Piece, stream: Sink, context: Any, path: str) -> Any:
        stream.write(stream.content(obj))
        return obj
