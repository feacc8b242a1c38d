"""Writing a module: clean spans are copied, and only what an edit reached is built anew.

Sections keep their order and place; new ones go where the specification wants them. Not here: what a section holds now
(``contents``), what becomes of custom sections (``customs``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..isa.immediates import Space
from ..isa.leb import Padded, u_width, write_u
from ..isa.types import TypeDef
from ..model.items import Custom, Item
from ..model.layout import SECTIONS
from ..model.module import Module
from ..model.spaces import Spaces
from .contents import Contents, Piece
from .customs import Settled, settle
from .frame import PREAMBLE, Section
from .lower import Lower
from .source import CODE, BytesSource

_RANK: Final = {number: rank for rank, number in enumerate(SECTIONS)}


@dataclass(frozen=True, slots=True)
class Moved:
    """``size`` bytes of the input's code section at ``old`` stand at ``new`` in the output; both absolute offsets."""

    old: int
    new: int
    size: int


@dataclass(slots=True)
class Written:
    """The bytes of a module and where everything went.

    ``offsets`` tells of code kept byte for byte, ascending by ``new``; ``dropped`` of custom sections left out and why.
    """

    data: bytes
    spaces: Spaces
    offsets: list[Moved] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def index_of(self, item: Item | TypeDef) -> int:
        """The final index of an item. Raises ``RewriteError`` if it is not in the module."""
        return self.spaces.index(Space.TYPE if isinstance(item, TypeDef) else item.space, item)


def write(module: Module) -> Written:
    """Write ``module``. Raises ``RewriteError``: something names an item that is gone, a custom section forbids it."""
    source = module.source
    if not isinstance(source, BytesSource):
        raise TypeError("the module was not read by this codec")
    return _Writer(module, source).run()


class _Writer:
    def __init__(self, module: Module, source: BytesSource) -> None:
        self.module = module
        self.source = source
        self.spaces = Spaces(module)
        self.contents = Contents(module, source, Lower(self.spaces, source))
        self.pieces: list[Piece] = [(0, len(PREAMBLE))]
        self.at = len(PREAMBLE)
        self.code_at = 0

    def run(self) -> Written:
        new = {number: self.contents.of(number) for number in SECTIONS}
        settled = settle(self.module, self.source, self.spaces, self.contents)
        for place in self.order(new, settled):
            if isinstance(place, Custom):
                self.put_custom(place, None, settled)
            elif isinstance(place, int):
                self.put(place, None, new[place] or [])
            elif place.id:
                self.put_section(place, new[place.id])
            else:
                self.put_custom(self.source.frozen_customs()[place.header], place, settled)
        view = memoryview(self.source.data)
        data = b"".join(view[each[0] : each[1]] if isinstance(each, tuple) else each for each in self.pieces)
        moved = [Moved(kept.old, self.code_at + kept.new_rel, kept.size) for kept in self.contents.kept]
        return Written(data, self.spaces, moved, settled.dropped)

    def order(self, new: dict[int, list[Piece] | None], settled: Settled) -> Iterator[Section | Custom | int]:
        """Old sections in file order, new sections and custom sections behind the last old one they may follow."""
        old = {section.id for section in self.source.sections}
        added = [number for number, contents in new.items() if number not in old and contents]
        behind: dict[int, list[Section | Custom | int]] = {}
        for number in added:
            behind.setdefault(self.last_before(_RANK[number], old), []).append(number)
        for custom in settled.added:
            behind.setdefault(self.last_before(_RANK.get(custom.after, -1) + 1, old), []).append(custom)
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

    @staticmethod
    def last_before(rank: int, old: set[int]) -> int:
        """The last old section of a lower rank; 0 if there is none."""
        return max((each for each in old if each and _RANK[each] < rank), key=_RANK.__getitem__, default=0)

    def put_section(self, section: Section, contents: list[Piece] | None) -> None:
        if contents is None:
            self.add((section.header, section.start))
            if section.id == CODE:
                self.code_at = self.at
            self.add((section.start, section.end))
        elif contents:
            self.put(section.id, section, contents)

    def put_custom(self, custom: Custom, section: Section | None, settled: Settled) -> None:
        """A custom section as it was, with the contents settled for it, or not at all."""
        contents = settled.contents.get(custom, custom.span)
        if contents is None and custom.span is None:
            contents = custom.data
        if contents is None or custom in settled.gone:
            return
        if section is not None and contents == custom.span:
            self.add((section.header, section.end))
            return
        name = custom.name.encode()
        self.put(0, section, [write_u(len(name)) + name, contents])

    def put(self, number: int, section: Section | None, contents: list[Piece]) -> None:
        """A section built anew; its size is as wide as it was if it was padded."""
        size = sum(each[1] - each[0] if isinstance(each, tuple) else len(each) for each in contents)
        width = section.size_width if section is not None else 0
        padded = section is not None and width > u_width(section.end - section.contents) and width > u_width(size)
        self.add(bytes((number,)) + write_u(Padded(size, width) if padded else size))
        if number == CODE:
            self.code_at = self.at
        for each in contents:
            self.add(each)

    def add(self, piece: Piece) -> None:
        """Put a piece behind the others; adjoining spans become one."""
        self.at += piece[1] - piece[0] if isinstance(piece, tuple) else len(piece)
        last = self.pieces[-1]
        if isinstance(piece, tuple) and isinstance(last, tuple) and last[1] == piece[0]:
            self.pieces[-1] = (last[0], piece[1])
        else:
            self.pieces.append(piece)
