"""Names of items: read from the name section on first use, and kept true when indices move (appendix 7.4.1).

A subsection nobody touches is copied; one that only gains names is extended; else its entries are put in order anew.
What is not well formed is copied as it is and reported, since nobody can say what its names belong to. Not here: how
the section lies in the bytes (``custom.name``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

from construct import Container

from ..errors import WasmError
from ..isa.immediates import Space
from ..isa.leb import Padded, in_width, keep_width, read_u32, write_u
from ..messages import section_size_mismatch
from ..model.module import Module
from ..model.spaces import Spaces
from .custom.name import (
    FIELDS,
    INDIRECT_MAPS,
    LABELS,
    LOCALS,
    MAPS,
    read_indirect_name_map,
    read_name_map,
    write_indirect_name_map,
    write_name_map,
)
from .custom.subsections import Subsections
from .frame import Section
from .parts import PaddedList
from .sections import build, parse
from .stream import Sink, Span, Window

PATH: Final = "custom section 'name'"
OUTER_SPACE: Final = {LOCALS: Space.FUNC, LABELS: Space.FUNC, FIELDS: Space.TYPE}
"""Subsections whose entries (locals, labels, fields) belong to an item of a space."""
_SPANS: Final = Subsections({})
"""Every subsection as a span."""
Entries: TypeAlias = list[tuple[int, Any]]
"""Pairs of index and name, or of index and such pairs."""


class NameTable:
    """The name section of one module. A broken section names nothing; it is no error, and its bytes stay.

    ``problem`` says why the section as a whole is not well formed, if it is not.
    """

    def __init__(self, data: bytes, subsections: Sequence[Any], problem: str = "") -> None:
        self.data = data
        self.subsections = subsections
        self.problem = problem
        self._entries: dict[Span, Entries | WasmError] = {}
        self._maps: dict[Space, Mapping[int, str]] = {}

    @classmethod
    def read(cls, data: bytes, section: Section | None) -> NameTable:
        """Find the subsections."""
        if section is None:
            return cls(data, ())
        try:
            found = parse(_SPANS, Window(data, section.start, section.end), PATH)
        except WasmError as error:
            return cls(data, (), str(error))
        numbers = [each.id for each in found]
        ascending = all(one < other for one, other in pairwise(numbers))
        return cls(data, found, "" if ascending else "its subsections are not in order, each once")

    def get(self, space: Space, index: int) -> str | None:
        """The name of an item."""
        if space not in self._maps:
            self._maps[space] = self._map(space)
        return self._maps[space].get(index)

    def _map(self, space: Space) -> Mapping[int, str]:
        for each in self.subsections:
            if MAPS.get(each.id) is space:
                found = self.entries(each.id, each.contents)
                return {} if isinstance(found, WasmError) else dict(found)
        return {}

    def entries(self, number: int, span: Span) -> Entries | WasmError:
        """What a subsection holds, or why it cannot be read as a whole."""
        if span not in self._entries:
            self._entries[span] = self._read(number, span)
        return self._entries[span]

    def _read(self, number: int, span: Span) -> Entries | WasmError:
        read: Callable[..., tuple[Entries, int]] = read_name_map if number in MAPS else read_indirect_name_map
        try:
            found, end = read(self.data, *span)
        except WasmError as error:
            return error
        return found if end == span[1] else section_size_mismatch(end)

    def updated(self, module: Module, spaces: Spaces) -> tuple[bytes | None, list[tuple[str, str]]]:
        """The contents of the section after edits, None if they are as before; and what could not be kept true."""
        return _Update(self, module, spaces).run()


class _Update:
    """One section brought up to date."""

    def __init__(self, table: NameTable, module: Module, spaces: Spaces) -> None:
        self.table = table
        self.data = table.data
        self.module = module
        self.spaces = spaces
        self.kept: list[tuple[str, str]] = []

    def run(self) -> tuple[bytes | None, list[tuple[str, str]]]:
        if self.table.problem:
            if any(self._concerned(number) for number in (*MAPS, *OUTER_SPACE)):
                self.kept.append(("name", f"left as it was, {self.table.problem}"))
            return None, self.kept
        record = [self._subsection(each) for each in self.table.subsections]
        same = all(now is old for now, old in zip(record, self.table.subsections, strict=True))
        added = list(self._added())
        if same and not added:
            return None, self.kept
        record = sorted((*record, *added), key=lambda each: int(each["id"]))
        return build(_SPANS, record, Sink(self.data), PATH), self.kept

    def _concerned(self, number: int) -> bool:
        """Whether the edits have anything to do with what a subsection names."""
        space = MAPS.get(number) or OUTER_SPACE[number]
        if number == LABELS and self.module.edits.bodies:
            return True
        named = number in MAPS and self.new(space)
        return bool(named) or self.spaces.resized(space) or self.final(space) is not None

    def final(self, space: Space) -> Mapping[int, int] | None:
        return self.spaces.remaining(space)

    def new(self, space: Space) -> dict[int, str]:
        """Names set since the module was read, by final index."""
        renamed = ((item, getattr(item, "new_name", None)) for item in self.spaces.loaded(space))
        return {self.spaces.index(space, item): name for item, name in renamed if name is not None}

    def _added(self) -> Iterator[Container]:
        """Subsections that the section did not have and needs now."""
        present = {each.id for each in self.table.subsections}
        if self.table.subsections:
            for number in sorted(MAPS.keys() - present):
                new = self.new(MAPS[number])
                if new:
                    yield Container(id=number, contents=write_name_map(sorted(new.items())))

    def _subsection(self, old: Any) -> Any:
        """The record of a subsection, the old one if nothing changes."""
        if (old.id not in MAPS and old.id not in OUTER_SPACE) or not self._concerned(old.id):
            return old
        entries = self.table.entries(old.id, old.contents)
        problem = str(entries) if isinstance(entries, WasmError) else self._dangling(old.id, entries)
        if isinstance(entries, WasmError) or problem:
            word = (MAPS.get(old.id) or INDIRECT_MAPS[old.id]).value.removesuffix(" segment")
            self.kept.append(("name", f"{word} names left as they were, {problem}"))
            return old
        contents = self._named(old, entries) if old.id in MAPS else self._outer(old, entries)
        return old if contents is None else Container({**old, "contents": contents})

    def _dangling(self, number: int, entries: Entries) -> str:
        """What is wrong with names of items that do not exist: an item added later would take them over."""
        space = MAPS.get(number) or OUTER_SPACE[number]
        count = len(self.module.source.frozen(space))
        beyond = next((index for index, _ in entries if index >= count), None)
        return "" if beyond is None else f"{space.value} {beyond} has one and does not exist"

    def _named(self, old: Any, entries: Entries) -> bytes | None:
        space = MAPS[old.id]
        new, final = self.new(space), self.final(space)
        if not new and final is None:
            return None
        if final is None and min(new) >= len(self.module.source.frozen(space)):
            return self._extended(old.contents, new)
        mapped = [(at, name) for at, name in self._mapped(entries, final)]
        kept = [(at, new.get(at, name)) for at, name in mapped]
        known = {at for at, _ in mapped}
        kept += [(at, name) for at, name in sorted(new.items()) if at not in known]
        return write_name_map(_in_order(kept, entries))

    def _extended(self, span: Span, new: Mapping[int, str]) -> bytes:
        """The old entries as they are, and new ones behind them."""
        count, at = read_u32(self.data, *span)
        head = write_u(in_width(count + len(new), count.width if isinstance(count, Padded) else 1))
        added = write_name_map(sorted(new.items()))
        return head + self.data[at : span[1]] + added[read_u32(added, 0, len(added))[1] :]

    def _outer(self, old: Any, entries: Entries) -> bytes | None:
        final = self.final(OUTER_SPACE[old.id])
        stale = {func.index0 for func in self.module.edits.bodies} if old.id == LABELS else set()
        left = [entry for entry in entries if entry[0] not in stale]
        if final is None and len(left) == len(entries):
            return None
        return write_indirect_name_map(_in_order(list(self._mapped(left, final)), entries))

    @staticmethod
    def _mapped(entries: Entries, final: Mapping[int, int] | None) -> Iterator[tuple[int, Any]]:
        """The entries of what is still there, with their new indices."""
        for index, name in entries:
            at = index if final is None else final.get(index)
            if at is not None:
                yield keep_width(index, at), name


def _in_order(now: Entries, old: Entries) -> Entries:
    """``now`` by index, if ``old`` was; else nothing but the order of the bytes says which of two names holds."""
    if all(one < other for (one, _), (other, _) in pairwise(old)):
        now = sorted(now, key=lambda entry: int(entry[0]))
    return PaddedList(now, old.width) if isinstance(old, PaddedList) else now
