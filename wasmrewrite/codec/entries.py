"""Where an entry of a section starts: read again up to there, and only when something is wrong with it.

Not here: what the entries hold (``sections``).
"""

from __future__ import annotations

from construct import Container

from ..isa.leb import Buffer, read_u32
from .frame import Section
from .parts import read_count
from .sections import ENTRIES
from .stream import Window
from .types import SUB_TYPE

TYPE, CODE = 1, 10
_REC = 0x4E


def entry_offset(buf: Buffer, section: Section, index: int) -> int:
    """The absolute offset of entry ``index``; of the section's contents if it has no entries.

    Types are counted through recursion groups. Raises ``MalformedError`` if the section cannot be read so far.
    """
    if section.id == TYPE:
        return _type_offset(buf, section, index)
    if section.id != CODE and section.id not in ENTRIES:
        return section.start
    pos = read_u32(buf, section.start, section.end)[1]
    window = Window(buf, pos, section.end)
    for _ in range(index):
        if section.id == CODE:
            size, start = read_count(buf, window.pos, section.end)
            window.pos = start + size
        else:
            ENTRIES[section.id]._parse(window, Container(), "")
    return window.pos


def _type_offset(buf: Buffer, section: Section, index: int) -> int:
    window = Window(buf, read_u32(buf, section.start, section.end)[1], section.end)
    left = 0
    while True:
        while not left:
            left = 1
            if window.pos < section.end and buf[window.pos] == _REC:
                left, window.pos = read_count(buf, window.pos + 1, section.end)
        if not index:
            return window.pos
        SUB_TYPE._parse(window, Container(), "")
        left -= 1
        index -= 1
