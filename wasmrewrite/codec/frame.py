"""The frame of a module (specification 5.5.2, 5.5.16): preamble, sections, their order and the counts that must agree.

Nothing inside a section is looked at, except names of custom sections and four counts. Not here: contents
(``sections``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ..errors import WasmError
from ..isa.leb import Buffer, read_u32
from ..messages import (
    inconsistent_data_count,
    inconsistent_function_and_code,
    length_out_of_bounds,
    magic_header_not_detected,
    malformed_section_id,
    unexpected_content_after_last_section,
    unexpected_end,
    unknown_binary_version,
)
from ..model.layout import SECTIONS
from .anew import contents_anew
from .parts import read_name

MAGIC: Final = b"\0asm"
PREAMBLE: Final = MAGIC + b"\x01\x00\x00\x00"
_VERSION, _MODULE_LAYER = 1, 0
_COMPONENT_LAYER = 1
_LAST_ID: Final = max(SECTIONS)
_RANK: Final = {section_id: rank for rank, section_id in enumerate(SECTIONS)}
_FUNCTION, _CODE, _DATA, DATA_COUNT = 3, 10, 11, 12


class Section(NamedTuple):
    """Where a section lies; offsets are absolute.

    ``header`` is the offset of its id, ``size_width`` how many bytes its size takes, ``start`` to ``end`` the contents.
    A custom section has a ``name``, which lies before ``start``.
    """

    id: int
    name: str | None
    header: int
    start: int
    end: int
    size_width: int

    @property
    def contents(self) -> int:
        """Where the contents start that ``end`` bounds and the size counts: at the name if it is a custom section."""
        return self.header + 1 + self.size_width


def frame(data: Buffer, base: int = 0, end: int | None = None) -> list[Section]:
    """The sections of the module that is ``data[base:end]``, in file order.

    Raises MalformedError: no module of version 1 (a component is told by name), an unknown, repeated or misplaced
    section, a size beyond the end, a custom section's name that is no UTF-8, counts of function and code section, or of
    data count and data section, that differ.
    """
    end = len(data) if end is None else end
    _check_preamble(data, base, end)
    sections: list[Section] = []
    rank, pos = -1, base + len(PREAMBLE)
    while pos < end:
        if data[pos] > _LAST_ID:
            _blame_contents(data, sections[-1:])  # a section whose size is wrong would lead here
            raise malformed_section_id(pos, data[pos])
        section = _read_section(data, pos, end)
        if section.id:
            if _RANK[section.id] <= rank:
                raise unexpected_content_after_last_section(pos)
            rank = _RANK[section.id]
        sections.append(section)
        pos = section.end
    _check_counts(data, sections)
    return sections


def _blame_contents(data: Buffer, sections: Sequence[Section]) -> None:
    """Before the frame is called wrong: raise what is malformed inside ``sections``, which comes first in the file."""
    counted = any(section.id == DATA_COUNT for section in sections)
    for section in sections:
        contents_anew(data, section.id, section.contents, section.end, counted)


def _check_preamble(data: Buffer, base: int, end: int) -> None:
    head = bytes(data[base : min(base + len(PREAMBLE), end)])
    magic, version, layer = head[:4], int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
    if len(magic) == len(MAGIC) and magic != MAGIC:
        raise magic_header_not_detected(base)
    if len(head) < len(PREAMBLE):
        raise unexpected_end(base + len(head))
    if layer == _COMPONENT_LAYER:
        raise unknown_binary_version(base + 4, f"this is a component (version {version}), not a core module")
    if (version, layer) != (_VERSION, _MODULE_LAYER):
        raise unknown_binary_version(base + 4, f"{version}, layer {layer}")


def _read_section(data: Buffer, header: int, end: int) -> Section:
    section_id = data[header]
    word = f"{SECTIONS.get(section_id, 'custom')} section"
    if header + 1 >= end:
        raise unexpected_end(end).within(word)
    try:
        size, start = read_u32(data, header + 1, end)
        if size > end - start:
            raise length_out_of_bounds(header + 1)
        after, size_width, name = start + size, start - header - 1, None
        if not section_id:
            name, start = read_name(data, start, after)
    except WasmError as error:
        error.within(word)
        raise
    return Section(section_id, name, header, start, after, size_width)


def _check_counts(data: Buffer, sections: Sequence[Section]) -> None:
    """The consistency rules of the specification that need no more than the numbers of entries."""
    by_id = {section.id: section for section in sections if section.id}
    if _count(data, by_id.get(_FUNCTION)) != _count(data, by_id.get(_CODE)):
        _blame_contents(data, sections)
        raise inconsistent_function_and_code(_offset(by_id.get(_CODE) or by_id.get(_FUNCTION)))
    data_count = by_id.get(DATA_COUNT)
    if data_count is not None and _count(data, data_count) != _count(data, by_id.get(_DATA)):
        _blame_contents(data, sections)
        raise inconsistent_data_count(data_count.start)


def _offset(section: Section | None) -> int | None:
    return None if section is None else section.start


def _count(data: Buffer, section: Section | None) -> int:
    if section is None:
        return 0
    try:
        return read_u32(data, section.start, section.end)[0]
    except WasmError as error:
        error.within(f"{SECTIONS[section.id]} section")
        raise
