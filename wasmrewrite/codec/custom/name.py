"""The ``name`` section (specification, appendix 7.4.1, and the extended-name-section proposal).

Subsections: 0 module (a name), 1 function, 4 type, 5 table, 6 memory, 7 global, 8 elem, 9 data, 11 tag (name maps:
lists of (index, name)), 2 local, 3 label, 10 field (indirect name maps: lists of (index, name map)). Not here: which
item an index means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...isa.immediates import Space
from ...isa.leb import Buffer, Padded, read_u32, write_u
from ...messages import malformed_utf8
from ..parts import Kernel, Name, PaddedStr, check_entries, padded_list, read_count, write_length, write_name
from .subsections import Subsections

NameMap = list[tuple[int, str]]
IndirectNameMap = list[tuple[int, NameMap]]

MODULE: Final = 0
LOCALS: Final = 2
LABELS: Final = 3
FIELDS: Final = 10
MAPS: Final = {
    1: Space.FUNC,
    4: Space.TYPE,
    5: Space.TABLE,
    6: Space.MEMORY,
    7: Space.GLOBAL,
    8: Space.ELEM,
    9: Space.DATA,
    11: Space.TAG,
}
"""Subsections that name the items of a space."""
INDIRECT_MAPS: Final = {LOCALS: Space.LOCAL, LABELS: Space.LABEL, FIELDS: Space.FIELD}
"""Subsections that name what lies within items."""


def read_name_map(buf: Buffer, pos: int, end: int) -> tuple[NameMap, int]:
    """Read pairs of index and name, in the order of the bytes; the usual short lengths are read in line."""
    start = pos
    count, pos = read_count(buf, pos, end)
    check_entries(count, start)
    names: NameMap = []
    append = names.append
    for _ in range(count):
        index, pos = read_u32(buf, pos, end)
        length, after = read_count(buf, pos, end)
        pos = after + length
        try:
            text = str(buf[after:pos], "utf-8")
        except UnicodeDecodeError as error:
            raise malformed_utf8(after + error.start) from error
        append((index, text if type(length) is int else _padded(text, length)))
    return padded_list(names, count), pos


def _padded(text: str, length: int) -> str:
    return PaddedStr(text, length.width) if isinstance(length, Padded) else text


def write_name_map(names: Sequence[tuple[int, str]]) -> bytes:
    """Write a name map as it stands; the specification wants ascending indices, each once."""
    out = bytearray(write_length(len(names), names))
    for index, text in names:
        out += write_u(index)
        out += write_name(text)
    return bytes(out)


def read_indirect_name_map(buf: Buffer, pos: int, end: int) -> tuple[IndirectNameMap, int]:
    """Read pairs of index and name map."""
    start = pos
    count, pos = read_count(buf, pos, end)
    check_entries(count, start)
    maps: IndirectNameMap = []
    total = count
    for _ in range(count):
        index, pos = read_u32(buf, pos, end)
        names, pos = read_name_map(buf, pos, end)
        maps.append((index, names))
        total += len(names)
        check_entries(total, start)
    return padded_list(maps, count), pos


def write_indirect_name_map(maps: Sequence[tuple[int, Sequence[tuple[int, str]]]]) -> bytes:
    """Write an indirect name map as it stands."""
    return write_length(len(maps), maps) + b"".join(write_u(index) + write_name_map(names) for index, names in maps)


_MAP: Final = Kernel(read_name_map, write_name_map)
_INDIRECT_MAP: Final = Kernel(read_indirect_name_map, write_indirect_name_map)

NAME: Final = Subsections({MODULE: Name, **dict.fromkeys(MAPS, _MAP), **dict.fromkeys(INDIRECT_MAPS, _INDIRECT_MAP)})
