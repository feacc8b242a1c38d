"""The sections of the output in order, each as pieces: what is written, before it is joined.

Sections keep their order and place; new ones go where the specification wants them. Not here: what a section holds now
(``contents``), what becomes of custom sections (``customs``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..isa.leb import Padded, u_width, write_u
from ..model.items import Custom
from ..model.layout import SECTIONS
from .frame import PREAMBLE, Section
from .pieces import Piece, moved, size
from .source import CODE, BytesSource

_RANK: Final = {number: rank for rank, number in enumerate(SECTIONS)}


@dataclass(frozen=True, slots=True)
class Placed:
    """One section of the output; ``section`` is what it was in the input, None if it is new.

    ``header`` is all in front of ``contents``: id, size, and the name of a custom section.
    """

    number: int
    section: Section | None
    header: Piece
    contents: list[Piece]

    @property
    def holds_the_same(self) -> bool:
        """Whether the section is what it was."""
        old = self.section
        return old is not None and self.header == (old.header, old.start) and self.contents == [(old.start, old.end)]


class Placing:
    """Puts the sections of a module in order, as often as somebody decides anew about custom sections."""

    def __init__(self, source: BytesSource, contents: Mapping[int, list[Piece] | None]) -> None:
        self.source = source
        self.contents = contents

        self._made: dict[int, Placed] = {}

    @property
    def code(self) -> Sequence[Piece]:
        """What the code section holds now."""
        section, contents = self.source.by_id.get(CODE), self.contents[CODE]
        unchanged: list[Piece] = [] if section is None else [(section.start, section.end)]
        return unchanged if contents is None else contents

    @cached_property
    def code_moved(self) -> bool:
        """Whether instructions of the input stand elsewhere in the code section."""
        section = self.source.by_id.get(CODE)
        return section is not None and any(run.old - section.start != run.new for run in moved(self.code, 0))

    def place(self, customs: Mapping[Custom, Piece | None], added: Sequence[Custom]) -> list[Placed]:
        """The output; ``customs`` says what old custom sections hold now, None for those that are gone."""
        placed: list[Placed] = []
        for place in self._order(added):
            if isinstance(place, Custom):
                placed.append(_custom(place.name, None, place.data))
            elif isinstance(place, int):
                placed.append(self._section(place, None, self.contents[place] or []))
            elif place.id:
                contents = self.contents[place.id]
                if contents is None:
                    placed.append(Placed(place.id, place, (place.header, place.start), [(place.start, place.end)]))
                elif contents:
                    placed.append(self._section(place.id, place, contents))
            else:
                custom = self.source.frozen_customs()[place.header]
                now = customs[custom]
                if now is not None:
                    placed.append(_custom(custom.name, place, now))
        return placed

    def _section(self, number: int, section: Section | None, contents: list[Piece]) -> Placed:
        if number not in self._made:
            self._made[number] = Placed(number, section, _header(number, section, size(contents)), contents)
        return self._made[number]

    def _order(self, added: Sequence[Custom]) -> Iterator[Section | Custom | int]:
        """Old sections in file order, new sections and custom sections behind the last old one they may follow."""
        old = {section.id for section in self.source.sections}
        behind: dict[int, list[Section | Custom | int]] = {}
        for number, contents in self.contents.items():
            if number not in old and contents:
                behind.setdefault(_last_before(_RANK[number], old), []).append(number)
        for custom in added:
            behind.setdefault(_last_before(_RANK.get(custom.after, -1) + 1, old), []).append(custom)
        leading = 0
        for section in self.source.sections:
            if section.id and leading == 0:
                leading = section.id
                yield from behind.get(0, ())
            yield section
            if section.id:
                yield from behind.get(section.id, ())
        if leading == 0:
            yield from behind.get(0, ())


def _last_before(rank: int, old: set[int]) -> int:
    """The last old section of a lower rank; 0 if there is none."""
    return max((each for each in old if each and _RANK[each] < rank), key=_RANK.__getitem__, default=0)


def _custom(name: str, section: Section | None, contents: Piece) -> Placed:
    if section is not None and contents == (section.start, section.end) and name == section.name:
        return Placed(0, section, (section.header, section.start), [contents])
    encoded = name.encode()
    called = write_u(len(encoded)) + encoded
    return Placed(0, section, _header(0, section, len(called) + size([contents])) + called, [contents])


def _header(number: int, section: Section | None, length: int) -> bytes:
    """Id and size; the size is as wide as it was if it was padded."""
    width = section.size_width if section is not None else 0
    padded = section is not None and width > u_width(section.end - section.contents) and width > u_width(length)
    return bytes((number,)) + write_u(Padded(length, width) if padded else length)


def code_start(placed: Sequence[Placed]) -> int | None:
    """Where the contents of the code section start in the output, None if it has none."""
    at = len(PREAMBLE)
    for each in placed:
        at += size([each.header])
        if each.number == CODE:
            return at
        at += size(each.contents)
    return None
