"""The new contents of one section after edits, or None where the old bytes still hold.

Entries nobody touched are copied as one span; appended ones are built alone. Not here: entries (``lower``), section
headers and order (``write``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from construct import Container

from ..isa.immediates import Space
from ..isa.leb import Padded, keep_width, read_u32, write_u
from ..isa.types import RecGroup, TypeDef
from ..model.items import Func
from ..model.layout import SECTIONS
from ..model.module import Module
from .lower import Lower
from .pieces import Brought, Piece, merged, size
from .sections import build_section
from .source import (
    CODE,
    DATA,
    DATA_COUNT,
    ELEMENT,
    EXPORT,
    FUNCTION,
    GLOBAL,
    IMPORT,
    MEMORY,
    START,
    TABLE,
    TAG,
    TYPE,
    BytesSource,
)

_PART: Final = {
    TYPE: "types",
    IMPORT: "imports",
    FUNCTION: "funcs",
    TABLE: "tables",
    MEMORY: "memories",
    GLOBAL: "globals",
    EXPORT: "exports",
    START: "start",
    ELEMENT: "elems",
    DATA: "datas",
    DATA_COUNT: "datas",
    CODE: "funcs",
    TAG: "tags",
}
"""Which list of the module holds a section's entries."""

_USES: Final[dict[int, frozenset[Space]]] = {
    TYPE: frozenset({Space.TYPE}),
    IMPORT: frozenset({Space.TYPE}),
    FUNCTION: frozenset({Space.TYPE}),
    TABLE: frozenset({Space.TYPE, Space.FUNC, Space.GLOBAL}),
    TAG: frozenset({Space.TYPE}),
    GLOBAL: frozenset({Space.TYPE, Space.FUNC, Space.GLOBAL}),
    EXPORT: frozenset({Space.FUNC, Space.TABLE, Space.MEMORY, Space.GLOBAL, Space.TAG}),
    START: frozenset({Space.FUNC}),
    ELEMENT: frozenset({Space.TYPE, Space.FUNC, Space.TABLE, Space.GLOBAL}),
    DATA: frozenset({Space.MEMORY, Space.FUNC, Space.GLOBAL}),
    CODE: frozenset(space for space in Space if space.is_module),
}
"""Which index spaces a section's entries mention."""

_MAX_PATTERN = 64


class Contents:
    """Builds section contents for one write."""

    def __init__(self, module: Module, source: BytesSource, lower: Lower) -> None:
        self.module = module
        self.source = source
        self.data = source.data
        self.lower = lower

    def of(self, number: int) -> list[Piece] | None:
        """New contents of a section; None if the old ones hold."""
        return self._made(number) if self._may_differ(number) else None

    def _made(self, number: int) -> list[Piece] | None:
        if number == START:
            return self._start()
        if number == DATA_COUNT:
            return self._data_count()
        if number == CODE:
            return self._code()
        return self._vector(number)

    def _may_differ(self, number: int) -> bool:
        return self.module.loaded(_PART[number]) or self._entries_differ(number)

    def _entries_differ(self, number: int) -> bool:
        """Whether entries that were read need writing anew."""
        uses = _USES.get(number, frozenset())
        return SECTIONS[number] in self.module.edits.touched or not uses.isdisjoint(self.lower.maps)

    # --- vectors ----------------------------------------------------------------------------------------------------

    def _vector(self, number: int) -> list[Piece] | None:
        old, new = self._old(number), self._new(number)
        if not new and number not in self.source.by_id:
            return None
        if list(old) != list(new[: len(old)]) or self._entries_differ(number):
            return [self._count(number, len(new)), self._build(number, new)]
        if len(old) == len(new):
            return None
        return [self._count(number, len(new)), *self._old_entries(number), self._build(number, new[len(old) :])]

    def _old(self, number: int) -> Sequence[Any]:
        """What the section held: as many entries as its items, groups for types."""
        if number == TYPE:
            return self.source.groups()
        if number in (IMPORT, EXPORT):
            return self.source.frozen_part(number)
        return self.source.defined(number)

    def _new(self, number: int) -> Sequence[Any]:
        """What the section holds now."""
        part = getattr(self.module, _PART[number])
        if number == TYPE:
            return _groups(self.source.groups(), part)
        if number in (IMPORT, EXPORT, ELEMENT, DATA):
            return list(part)
        return [item for item in part if not item.imported]

    def _count(self, number: int, count: int) -> bytes:
        section = self.source.by_id.get(number)
        if section is None:
            return write_u(count)
        old, _ = read_u32(self.data, section.start, section.end)
        return write_u(keep_width(old, count) if isinstance(old, Padded) else count)

    def _old_entries(self, number: int) -> list[Piece]:
        section = self.source.by_id.get(number)
        if section is None:
            return []
        return [(read_u32(self.data, section.start, section.end)[1], section.end)]

    def _build(self, number: int, items: Sequence[Any]) -> bytes:
        """The entries of ``items``, without their count."""
        records: Any = [self.lower.record(number, item) for item in items]
        if number == TYPE:
            records = Container(groups=records)
        built = build_section(number, records, self.data)
        return built[read_u32(built, 0, len(built))[1] :]

    # --- single values ----------------------------------------------------------------------------------------------

    def _start(self) -> list[Piece] | None:
        func, old = self.module.start, self.source.record(START)
        if func is None:
            return None if old is None else []
        index = self.lower.index(Space.FUNC, func)
        if old is not None and old == index:
            return None
        return [write_u(index if old is None else keep_width(old, index))]

    def _data_count(self) -> list[Piece] | None:
        old = self.source.record(DATA_COUNT)
        if old is None or old == len(self.module.datas):
            return None
        return [write_u(keep_width(old, len(self.module.datas)))]

    # --- code -------------------------------------------------------------------------------------------------------

    def _code(self) -> list[Piece] | None:
        old = self.source.code_spans()
        new = self._new(FUNCTION)
        prefix = old == [func.origin.span for func in new[: len(old)]] and not self.lower.maps
        if (prefix and len(old) == len(new)) or not (old or new):
            return None
        pieces: list[Piece] = [self._count(CODE, len(new))]
        if prefix:
            pieces.extend(self._old_entries(CODE))
            new = new[len(old) :]
        affected = None if prefix else self._affected()
        for func in new:
            pieces.extend(self._entry(func, affected))
        return merged(pieces)

    def _entry(self, func: Func, affected: set[int] | None) -> list[Piece]:
        """A code entry, its size included."""
        body: Any = func.origin
        if body.span is not None and affected is not None and body.span[0] not in affected:
            return [(self._head(body.span[0]), body.span[1])]
        contents = self.lower.body(body)
        if body.span is None:
            new = (Brought(each, func) if isinstance(each, bytes) else each for each in contents)
            return [write_u(size(contents)), *new]
        start, end = body.span
        head = self._head(start)
        if contents == [(start, end)]:
            return [(head, end)]
        return [write_u(keep_width(read_u32(self.data, head, start)[0], size(contents))), *contents]

    def _head(self, start: int) -> int:
        return self.source.code_heads()[start]

    def _affected(self) -> set[int] | None:
        """Starts of the bodies that may mention an index that moved; None for all of them.

        A pattern of the encodings finds a superset over megabytes at once, and the exact kernel looks only there.
        """
        if set(self.lower.maps) - {Space.FUNC} or len(self.lower.maps.get(Space.FUNC, ())) > _MAX_PATTERN:
            return None if self.lower.maps else set()
        pattern = index_pattern(self.lower.maps.get(Space.FUNC, {}))
        section = self.source.by_id.get(CODE)
        if section is None:
            return set()
        return self._bodies_with(pattern, section.start, section.end)

    def _bodies_with(self, pattern: re.Pattern[bytes], start: int, end: int) -> set[int]:
        spans = iter(self.source.code_spans())
        span = next(spans, None)
        found: set[int] = set()
        for match in pattern.finditer(self.data, start, end):
            while span is not None and span[1] <= match.start():
                span = next(spans, None)
            if span is None:
                break
            found.add(span[0])
        return found


def index_pattern(indices: Mapping[int, int]) -> re.Pattern[bytes]:
    """Matches every LEB128 encoding (1 to 5 bytes) of each index, wherever it stands."""
    alternatives = []
    for index in indices:
        minimal = write_u(int(index))
        alternatives.append(re.escape(minimal))
        longer = bytes((*minimal[:-1], minimal[-1] | 0x80))
        spare = 4 - len(minimal)
        if spare >= 0:
            alternatives.append(re.escape(longer) + b"\x80{0,%d}\x00" % spare)
    return re.compile(b"|".join(alternatives), re.DOTALL)


def _groups(old: Sequence[RecGroup], types: Sequence[TypeDef]) -> list[RecGroup]:
    """The recursion groups of ``types``; an empty one, which has none to show, stays behind the one it stood behind."""
    left = {typedef.group for typedef in types}
    empty_behind: dict[RecGroup | None, list[RecGroup]] = {}
    behind: RecGroup | None = None
    for group in old:
        if group in left:
            behind = group
        elif not group.types:
            empty_behind.setdefault(behind, []).append(group)
    groups = empty_behind.get(None, [])
    current: RecGroup | None = None
    for typedef in types:
        if typedef.group is not current:
            current = typedef.group
            groups += [current, *empty_behind.pop(current, ())]
    return groups
