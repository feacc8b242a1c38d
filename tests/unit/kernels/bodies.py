"""Where the function bodies of a module stand: just enough reading of sections to have real code to test with."""

from __future__ import annotations

from collections.abc import Iterator

from wasmrewrite.isa.leb import read_u32
from wasmrewrite.isa.operand_bytes import read_valtype

CODE_SECTION = 10


def bodies(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of the instructions of each body; MalformedError if there are no sections like that."""
    pos = 8
    while pos < len(data):
        number = data[pos]
        size, pos = read_u32(data, pos + 1, len(data))
        if number == CODE_SECTION:
            yield from _in_section(data, pos, pos + size)
        pos += size


def _in_section(data: bytes, pos: int, end: int) -> Iterator[tuple[int, int]]:
    count, pos = read_u32(data, pos, end)
    for _ in range(count):
        size, pos = read_u32(data, pos, end)
        yield _after_locals(data, pos, pos + size), pos + size
        pos += size


def _after_locals(data: bytes, pos: int, end: int) -> int:
    groups, pos = read_u32(data, pos, end)
    for _ in range(groups):
        _, pos = read_u32(data, pos, end)
        _, pos = read_valtype(data, pos, end)
    return pos
