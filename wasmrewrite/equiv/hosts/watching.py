"""What the host finds when it is called: all memory, globals and tables that an embedder can look into.

Stack below the current stack pointer is left out, and all of the stack where functions that return by value lay out
frames differently. A page is summed up again only if it was written to since the last look.
Does not contain: comparing what was found (``behavior``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from zlib import crc32

from ...errors import LimitError
from ...runtime.engine import Instance, Memory
from .acting import Reach

LOOKED: Final = 8 << 20
"""Bytes of memory that are looked at in calls of the host, per instance."""
MOST_ELEMENTS: Final = 1 << 12
"""Elements of a table that are looked at."""
_PAGE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Seen:
    """What the host found. ``unread``: the start and end of what it must not read in the memory of the stack.

    ``memory`` is None if it was not looked at; sizes are in bytes.
    """

    unread: tuple[int, int] = (0, 0)
    sizes: tuple[int, ...] = ()
    memory: tuple[int, ...] | None = None
    globals: tuple[object, ...] = ()
    tables: tuple[tuple[object, ...], ...] = ()


@dataclass(slots=True)
class Watch:
    """Looks at one instance, in the order of the input's indices; ``comparable`` makes values and references so."""

    reach: Reach
    comparable: Callable[[object], object]
    global_value: Callable[[int], object]
    looked: int = 0
    _pages: dict[tuple[int, int], tuple[bytes, int]] = field(default_factory=dict)
    _tables: dict[int, tuple[list[object], tuple[object, ...]]] = field(default_factory=dict)

    def look(self, state: Instance, unread: tuple[int, int], memory_too: bool) -> Seen:
        """Look at everything, at memory only if ``memory_too``."""
        memories = [(index, state.memories[own]) for index, own in self.reach.memories.items()]
        sizes = tuple(memory.size for _, memory in memories)
        sums = None
        if memory_too and self.looked <= LOOKED:
            skips = [unread if index == self.reach.stack_memory else (0, 0) for index, _ in memories]
            sums = tuple(self._sum(index, memory, *skip) for (index, memory), skip in zip(memories, skips, strict=True))
        return Seen(unread, sizes, sums, self._globals(), self._contents(state))

    def _globals(self) -> tuple[object, ...]:
        try:
            return tuple(self.global_value(own) for own, _ in self.reach.globals.values())
        except LimitError:  # an engine that does not show them
            return ()

    def _contents(self, state: Instance) -> tuple[tuple[object, ...], ...]:
        try:
            tables: list[Any] = [state.tables[own] for own, _ in self.reach.tables.values()]
        except LimitError:  # an engine that does not show them
            return ()
        return tuple(self._elements(at, table.elements) for at, table in enumerate(tables))

    def _elements(self, at: int, elements: Any) -> tuple[object, ...]:
        known = self._tables.get(at)
        if known is None or known[0] != elements:
            shown = tuple(map(self.comparable, elements[:MOST_ELEMENTS]))
            known = self._tables[at] = (list(elements), (len(elements), *shown))
        return known[1]

    def _sum(self, index: int, memory: Memory, low: int, high: int) -> int:
        total = 0
        self.looked += memory.size
        for start in range(0, memory.size, _PAGE):
            page = memory.read(start, min(_PAGE, memory.size - start))
            if start < high and low < start + _PAGE:
                part = page[: max(0, low - start)], page[max(0, high - start) :]
                total = crc32(part[1], crc32(part[0], total))
                continue
            known = self._pages.get((index, start))
            if known is None or known[0] != page:
                known = self._pages[index, start] = (page, crc32(page))
            total = crc32(known[1].to_bytes(4, "little"), total)
        return total
