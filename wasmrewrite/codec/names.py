"""Names of items: read from the name section on first use, and kept true when indices move (appendix 7.4.1).

A subsection nobody touches is copied; one that only gains names is extended; else its entries are put in order anew.
Not here: how the section lies in the bytes (``custom.name``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from construct import Container

from ..errors import WasmError
from ..isa.immediates import Space
from ..isa.leb import Padded, in_width, keep_width, read_u32, write_u
from ..model.module import Module
from ..model.spaces import Spaces
from .custom.name import (
    read_indirect_name_map,
    read_name_map,
    write_indirect_name_map,
    write_name_map,
)
from .custom.subsections import Subsections
from .frame import Section
from .sections import build, parse
from .stream import Sink, Span, Window

PATH: Final = "custom section 'name'"
SPACE_OF: Final = {
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
OUTER_SPACE: Final = {2: Space.FUNC, 3: Space.FUNC, 10: Space.TYPE}
"""Subsections whose entries (locals, labels, fields) belong to an item of a space."""
_LABELS: Final = 3
_SPANS: Final = Subsections({})
"""Every subsection as a span."""


class NameTable:
    """The name section of one module. A broken section names nothing; it is no error, and its bytes stay."""

    def __init__(self, data: bytes, subsections: Sequence[Any]) -> None:
        self.data = data
        self.subsections = subsections
        self._maps: dict[Space, Mapping[int, str]] = {}

    @classmethod
    def read(cls, data: bytes, section: Section | None) -> NameTable:
        """Find the subsections."""
        if section is None:
            return cls(data, ())
        try:
            return cls(data, parse(_SPANS, Window(data, section.start, section.end), PATH))
        except WasmError:
            return cls(data, ())

    def get(self, space: Space, index: int) -> str | None:
        """The name of an item."""
        if space not in self._maps:
            self._maps[space] = self._map(space)
        return self._maps[space].get(index)

    def _map(self, space: Space) -> Mapping[int, str]:
        for each in self.subsections:
            if SPACE_OF.get(each.id) is space:
                try:
                    return dict(read_name_map(self.data, *each.contents)[0])
                except WasmError:
                    return {}
        return {}

    def updated(self, module: Module, spaces: Spaces) -> bytes | None:
        """The contents of the section after edits; None if they are the same as before."""
        new = [self._subsection(each.id, each.contents, module, spaces) for each in self.subsections]
        added = self._added(spaces)
        if not added and all(contents is None for contents in new):
            return None
        record = [
            Container({**each, "contents": each.contents if contents is None else contents})
            for each, contents in zip(self.subsections, new, strict=True)
        ]
        for each in added:  # in the order of their numbers, where the section has an order
            place = next((at for at, other in enumerate(record) if other.id > each.id), len(record))
            record.insert(place, each)
        return build(_SPANS, record, Sink(self.data), PATH)

    def _added(self, spaces: Spaces) -> list[Container]:
        """Subsections for items of the file that were named, of kinds that none was named of before."""
        known = {each.id for each in self.subsections}
        found = []
        for number, space in SPACE_OF.items():
            items = () if number in known else spaces.loaded(space)
            named = [item for item in items if getattr(item, "new_name", None) is not None]
            if any(item.index0 is not None for item in named):
                names = {spaces.index(space, item): item.new_name for item in named}
                found.append(Container(id=number, contents=write_name_map(sorted(names.items()))))
        return found

    def _subsection(self, number: int, span: Span, module: Module, spaces: Spaces) -> bytes | None:
        if number in SPACE_OF:
            return self._named(span, SPACE_OF[number], module, spaces)
        if number in OUTER_SPACE:
            stale = {func.index0 for func in module.edits.bodies} if number == _LABELS else set()
            return self._outer(span, spaces.remaining(OUTER_SPACE[number]), stale)
        return None

    def _named(self, span: Span, space: Space, module: Module, spaces: Spaces) -> bytes | None:
        renamed = [item for item in spaces.loaded(space) if getattr(item, "new_name", None) is not None]
        final = spaces.remaining(space)
        if not renamed and final is None:
            return None
        new = {spaces.index(space, item): item.new_name for item in renamed}
        if final is None and all(item.index0 is None for item in renamed):
            return self._extended(span, new)
        kept: dict[int, tuple[int, str]] = {}
        for index, name in read_name_map(self.data, *span)[0]:
            at = index if final is None else final.get(index)
            if at is not None:
                kept[at] = (keep_width(index, at), name)
        kept.update({index: (index, name) for index, name in new.items()})
        return write_name_map([kept[at] for at in sorted(kept)])

    def _extended(self, span: Span, new: Mapping[int, str]) -> bytes:
        """The old entries as they are, and new ones behind them."""
        count, at = read_u32(self.data, *span)
        head = write_u(in_width(count + len(new), count.width if isinstance(count, Padded) else 1))
        added = write_name_map(sorted(new.items()))
        return head + self.data[at : span[1]] + added[read_u32(added, 0, len(added))[1] :]

    def _outer(self, span: Span, final: Mapping[int, int] | None, stale: set[int | None]) -> bytes | None:
        if final is None and not stale:
            return None
        kept = []
        for index, names in read_indirect_name_map(self.data, *span)[0]:
            at = index if final is None else final.get(index)
            if at is not None and index not in stale:
                kept.append((keep_width(index, at), names))
        return write_indirect_name_map(sorted(kept, key=lambda entry: entry[0]))
