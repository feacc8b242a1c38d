"""What counts as visible after a call, and whether two sides agree on it: state of every kind, calls of the host.

Two things in memory are not compared, as nobody may read them: the dead stack below the stack pointer, down to the
red zone under the lowest value the pointer took in the call, and padding of declared results. Bytes that differ there
are counted, and made equal, so that they do not come up again.

Not here: making calls (``running_module``), scripts (``script_runs``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ...isa.immediates import Space
from ..difference import Difference
from ..hosts.recording import HostCall
from .role import FuncRef, Outcome
from .running_module import Side

RED_ZONE: Final = 128
SLACK: Final = 4096
"""How much deeper than the input's stack the output's may go and still be called stack."""
_CHUNK: Final = 256
_BLOCK: Final = 1 << 20
_NUMBER: Final = re.compile(r"[ :]*[0-9]+$")

STATE: Final = (Space.MEMORY, Space.TABLE, Space.GLOBAL, Space.ELEM, Space.DATA)
Pairs = Mapping[Space, Sequence[tuple[int, int]]]
Mask = tuple[int, int, int]
"""Input memory index, start, end."""


@dataclass(slots=True)
class Tally:
    """What comparing cost and left open. ``doubtful``: bytes that differ in what may be dead stack.

    ``pairs``: functions (input, output) that stood for each other unproven.
    """

    masked: int = 0
    doubtful: int = 0
    compared: int = 0
    pairs: set[tuple[int, int]] = field(default_factory=set)


class Comparer:
    """Compares two sides of one script; ``pairs`` lists (input index, output index) of all state of each kind."""

    def __init__(self, old: Side, new: Side, pairs: Pairs) -> None:
        self.old = old
        self.new = new
        self.pairs = pairs
        self.tally = Tally()
        self.doubtful: list[Mask] = []
        """What would be dead stack if what may be the stack pointer is it."""
        self._settled: dict[int, tuple[list[object], list[object]]] = {}

    def outcome(self, where: str, before: Outcome, after: Outcome) -> Difference | None:
        """Compare what two calls came to. Exhaustion is the caller's business."""
        if before.trap != after.trap:
            if trap_kind(before.trap) == trap_kind(after.trap):
                return None
            return Difference(where, before.describe(), after.describe())
        if before.results is None or after.results is None:
            return None
        if len(before.results) != len(after.results):
            return Difference(where, before.describe(), after.describe())
        for index, (one, other) in enumerate(zip(before.results, after.results, strict=True)):
            if not self.same(one, other):
                return Difference(f"{where}: result {index}", show(one), show(other))
        return None

    def same(self, one: object, other: object) -> bool:
        """Whether two comparable values are the same; functions unknown to the contract are compared by type."""
        if one == other:
            return True
        if not (isinstance(one, FuncRef) and isinstance(other, FuncRef)):
            return False
        if one.known and other.known:
            return False
        self.tally.pairs.add((one.own, other.own))
        return one.type == other.type

    def all_same(self, one: Sequence[object] | None, other: Sequence[object] | None) -> bool:
        """Whether two sequences of comparable values are the same, or neither is there."""
        if one is None or other is None:
            return one is other
        return len(one) == len(other) and all(map(self.same, one, other))

    def state(self, where: str, masks: Sequence[Mask], ignored: int | None = None) -> Difference | None:
        """Compare all state; global ``ignored`` is left out. Masked bytes are made equal."""
        return (
            self.calls(where)
            or self.global_values(where, ignored)
            or self.table_contents(where)
            or self.segments(where)
            or self.memory_contents(where, masks)
        )

    def calls(self, where: str) -> Difference | None:
        before, after = self.old.host.log, self.new.host.log
        for index, (one, other) in enumerate(zip(before, after, strict=False)):
            same = one.name == other.name and one.heard == other.heard and self.all_same(one.args, other.args)
            if not same:
                return Difference(f"{where}: host call {index}", str(one), str(other))
            found = self._seen(f"{where}: %s at host call {index}", one, other)
            if found is not None:
                return found
            if not self.all_same(one.answer, other.answer):
                answers = [f"{each} answers {_shown(each.answer)}" for each in (one, other)]
                return Difference(f"{where}: host call {index}", *answers)
        if len(before) != len(after):
            index = min(len(before), len(after))
            texts = [str(log[index]) if index < len(log) else "no call" for log in (before, after)]
            return Difference(f"{where}: host call {index}", *texts)
        return None

    def _seen(self, where: str, one: HostCall, other: HostCall) -> Difference | None:
        """Compare what hosts found in the module when they were called."""
        before, after = one.seen, other.seen
        if before is None or after is None:
            return None
        if before.sizes != after.sizes:
            return Difference(where % "memory sizes", str(list(before.sizes)), str(list(after.sizes)))
        if before.memory is not None and after.memory is not None and before.memory != after.memory:
            return Difference(where % "memory", str(one), "not as it was")
        if not self.all_same(before.globals, after.globals):
            texts = [", ".join(map(show, each.globals)) for each in (before, after)]
            return Difference(where % "globals", *texts)
        for mine, yours in zip(before.tables, after.tables, strict=True):
            if not self.all_same(mine, yours):
                return Difference(where % "tables", str(one), "not as it was")
        return None

    def global_values(self, where: str, ignored: int | None) -> Difference | None:
        for index, mapped in self.pairs[Space.GLOBAL]:
            if index == ignored:
                continue
            one, other = self.old.global_value(index), self.new.global_value(mapped)
            if not self.same(one, other):
                return Difference(f"{where}: global {index}", show(one), show(other))
        return None

    def table_contents(self, where: str) -> Difference | None:
        for index, mapped in self.pairs[Space.TABLE]:
            before, after = self.old.table(index), self.new.table(mapped)
            if self._settled.get(index) == (before, after):
                continue
            if len(before) != len(after):
                return Difference(f"{where}: size of table {index}", str(len(before)), str(len(after)))
            for place, (one, other) in enumerate(zip(before, after, strict=True)):
                if one is other is None:
                    continue
                first, second = self.old.comparable(one), self.new.comparable(other)
                if not self.same(first, second):
                    return Difference(f"{where}: table {index} element {place}", show(first), show(second))
            self._settled[index] = (list(before), list(after))
        return None

    def segments(self, where: str) -> Difference | None:
        """Which segments were dropped: code that did not run yet may ask for them."""
        for space in (Space.ELEM, Space.DATA):
            for index, mapped in self.pairs[space]:
                one, other = self.old.dropped(space, index), self.new.dropped(space, mapped)
                if one is not other:
                    words = ("there", "dropped")
                    return Difference(f"{where}: {space.value} {index}", words[one], words[other])
        return None

    def memory_contents(self, where: str, masks: Sequence[Mask]) -> Difference | None:
        for index, mapped in self.pairs[Space.MEMORY]:
            before, after = self.old.memory(index), self.new.memory(mapped)
            if before.size != after.size:
                return Difference(f"{where}: size of memory {index}", f"{before.size} bytes", f"{after.size} bytes")
            ranges = [(start, end) for memory, start, end in masks if memory == index]
            doubtful = [(start, end) for memory, start, end in self.doubtful if memory == index]
            place = self._differing_byte(before, after, ranges, doubtful)
            if place is not None:
                old, new = before.read(place, 1).hex(), after.read(place, 1).hex()
                return Difference(f"{where}: memory {index} at 0x{place:x}", f"0x{old}", f"0x{new}")
        return None

    def may_differ(self, before: Any, after: Any, place: int) -> bool:
        """Whether a byte outside of what is masked may differ all the same: never in one engine."""
        return False

    def _differing_byte(
        self, before: Any, after: Any, ranges: Sequence[tuple[int, int]], doubtful: Sequence[tuple[int, int]]
    ) -> int | None:
        """The first byte that differs outside ``ranges``; those inside are counted and copied.

        In ``doubtful`` ranges they are only counted: if somebody reads them, that shall be seen.
        """
        for start in range(0, before.size, _BLOCK):
            size = min(_BLOCK, before.size - start)
            self.tally.compared += size
            one, other = before.read(start, size), after.read(start, size)
            if one == other:
                continue
            for place in _differences(one, other):
                masked = any(low <= start + place < high for low, high in ranges)
                if not masked and any(low <= start + place < high for low, high in doubtful):
                    self.tally.doubtful += 1
                    continue
                if not masked and not self.may_differ(before, after, start + place):
                    return start + place
                self.tally.masked += 1
                after.write(start + place, one[place : place + 1])
        return None


def _differences(one: bytes, other: bytes) -> Iterator[int]:
    """Places where two strings of equal length differ, ascending."""
    for start in range(0, len(one), _CHUNK):
        end = start + _CHUNK
        if one[start:end] != other[start:end]:
            yield from (place for place in range(start, min(end, len(one))) if one[place] != other[place])


def _shown(values: Sequence[object] | None) -> str:
    return "nothing, but raises" if values is None else f"({', '.join(map(show, values))})"


def show(value: object) -> str:
    """A comparable value as text."""
    return "null" if value is None else str(value)


def trap_kind(message: str | None) -> str | None:
    """A trap's message without the number it may end with."""
    return None if message is None else _NUMBER.sub("", message)
