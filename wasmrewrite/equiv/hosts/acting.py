"""How the judge's host acts: chosen on the input's side, from the script's seed; repeated on the output's.

It acts on what an embedder can reach: memories, tables, globals and functions that are exported or imported on both
sides. It never sets the stack pointer, and never writes into frames that it was given no pointer to.
Does not contain: what acts are (``acts``), when they happen (``behavior``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from ...errors import Trap
from ...isa.types import FuncType, GlobalType, TableType
from ...runtime.engine import Instance
from ...runtime.memory import PAGE, MemoryInst
from ...runtime.table import TableInst
from ..behavior.values import WIDTHS, Draw, Value, kind_of
from . import acts
from .acts import BEFORE, BETWEEN, INSIDE, Act

MOST_GROWN: Final = 8
"""Pages, or table elements, that the host adds to one instance."""
MOST_DEPTH: Final = 2
MOST_ENTERED: Final = 24
"""Calls that the host makes into one instance."""
HOST_TRAP: Final = "the host trapped"


@dataclass(frozen=True, slots=True)
class Reach:
    """What the host reaches of one side, by the input's index: its own index, and of what type it is."""

    memories: Mapping[int, int] = field(default_factory=dict)
    globals: Mapping[int, tuple[int, GlobalType]] = field(default_factory=dict)
    tables: Mapping[int, tuple[int, TableType]] = field(default_factory=dict)
    functions: Mapping[int, tuple[int, FuncType]] = field(default_factory=dict)
    stack_memory: int = 0
    """The input's memory that the stack lies in, if there is a stack pointer."""
    stack_certain: bool = True
    slack: int = 0
    """Bytes below the lowest stack pointer seen that count as stack, too."""
    frames_alike: bool = True
    """False if functions that return by value may lay frames out differently."""


class Reachable(Protocol):
    """What acts need of a side."""

    @property
    def state(self) -> Instance: ...

    def inward(self, value: Value) -> object: ...

    def enter(self, index: int, args: Sequence[Value]) -> None: ...

    def stack(self) -> tuple[int, int, int] | None:
        """Return the lowest address that may be stack, the current stack pointer, and that of the outermost call."""


@dataclass(slots=True)
class Actor:
    """The acts of one instance. ``given`` are those to perform, None to choose; ``done`` collects what was done."""

    reach: Reach
    given: Sequence[Act] | None = ()
    call: int = -1
    done: list[Act] = field(default_factory=list)
    seconds: Actor | None = None
    """The input's actor, whose acts the output's repeats."""
    _depth: int = 0
    _grown: int = 0
    _entered: int = 0

    def act(self, side: Reachable, at: int, draw: Draw, args: Sequence[Any] = ()) -> None:
        """Act before a call or inside an import with integer arguments ``args``. Raises ``Trap``."""
        if self.call < 0 or self._depth >= MOST_DEPTH:
            return
        given = self.given if self.seconds is None else self.seconds.done
        if given is None:
            chosen = self._chosen(side, at, draw, args)
        else:
            chosen = iter([act for act in given if (act.call, act.at) == (self.call, at)])
        for act in chosen:
            self.done.append(act)
            self._perform(side, act)

    def _chosen(self, side: Reachable, at: int, draw: Draw, args: Sequence[Any]) -> Iterator[Act]:
        if draw.random.random() < 0.25:
            return
        makers = [kind for kind in (BETWEEN if at == BEFORE else INSIDE) if self._possible(kind, args)]
        for _ in range(draw.random.choice((1, 2, 4)) if makers else 0):
            kind = draw.random.choice(makers)
            if kind in _RARE and draw.random.random() < _RARE[kind]:
                continue
            act = self._made(kind, side, draw, args)
            if act is not None:
                yield replace(act, call=self.call, at=at)

    def _possible(self, kind: str, args: Sequence[Any]) -> bool:
        reach = self.reach
        return {
            acts.WRITE: bool(reach.memories),
            acts.POINTER: bool(reach.memories and args),
            acts.GLOBAL: bool(reach.globals),
            acts.TABLE: bool(reach.tables),
            acts.GROW_MEMORY: bool(reach.memories) and self._grown < MOST_GROWN,
            acts.GROW_TABLE: bool(reach.tables) and self._grown < MOST_GROWN,
            acts.REFUSE: True,
            acts.ENTER: bool(reach.functions) and self._entered < MOST_ENTERED,
            acts.TRAP: True,
        }[kind]

    def _made(self, kind: str, side: Reachable, draw: Draw, args: Sequence[Any]) -> Act | None:
        """Choose an act of a kind; None if nothing suitable was drawn."""
        reach, choice = self.reach, draw.random.choice
        if kind in (acts.WRITE, acts.POINTER):
            return self._write(kind, choice(list(reach.memories)), side, draw, args)
        if kind == acts.GLOBAL:
            index = choice(list(reach.globals))
            value = kind_of(reach.globals[index][1].value)
            return None if value is None else Act(kind, 0, index=index, values=(draw.value(value),))
        if kind == acts.TABLE:
            return self._table_set(choice(list(reach.tables)), side, draw)
        if kind == acts.GROW_MEMORY:
            return Act(kind, 0, index=choice(list(reach.memories)), place=choice((1, 1, 2)))
        if kind == acts.GROW_TABLE:
            return Act(kind, 0, index=choice(list(reach.tables)), place=choice((1, 2)))
        if kind == acts.ENTER:
            index = choice(list(reach.functions))
            kinds = [str(each) for each in reach.functions[index][1].params]
            return Act(kind, 0, index=index, values=tuple(map(draw.value, kinds)))
        return Act(kind, 0)

    def _write(self, kind: str, index: int, side: Reachable, draw: Draw, args: Sequence[Any]) -> Act | None:
        size = side.state.memories[self.reach.memories[index]].size
        count = draw.random.choice((1, 4, 4, 8)) if kind == acts.WRITE else draw.random.choice((1, 4))
        place = draw.random.choice(args) if kind == acts.POINTER else _address(draw, size)
        data = ((draw.value("i64").bits or 0) ^ draw.random.getrandbits(64)).to_bytes(8, "little")[:count]
        stack = side.stack() if index == self.reach.stack_memory else None
        low, high = (0, 0) if stack is None else (stack[0], stack[2])
        if stack is not None and kind == acts.POINTER and self.reach.frames_alike:
            high = stack[1]
        if place + count > size or (place < high and low < place + count):
            return None
        return Act(kind, 0, index=index, place=place, data=data)

    def _table_set(self, index: int, side: Reachable, draw: Draw) -> Act | None:
        own, type = self.reach.tables[index]
        size = len(side.state.tables[own].elements)
        if not size:
            return None
        source = draw.random.randrange(-1 if type.element.nullable else 0, min(size, 64))
        return Act(acts.TABLE, 0, index=index, place=draw.random.randrange(min(size, 64)), source=source)

    # --- performing ---------------------------------------------------------------------------------------------------

    def _perform(self, side: Reachable, act: Act) -> None:
        """Do it; what a replayed script asks that this module does not have is left out. Raises ``Trap``."""
        if act.kind == acts.TRAP:
            raise Trap(HOST_TRAP)
        if act.kind == acts.REFUSE:
            _refuse(side)
        elif act.kind in (acts.WRITE, acts.POINTER, acts.GROW_MEMORY) and act.index in self.reach.memories:
            self._to_memory(side, act)
        elif act.kind == acts.GLOBAL and act.index in self.reach.globals:
            own, type = self.reach.globals[act.index]
            if len(act.values) == 1 and act.values[0].kind == kind_of(type.value):
                side.state.globals[own].bits = side.inward(act.values[0])
        elif act.kind in (acts.TABLE, acts.GROW_TABLE) and act.index in self.reach.tables:
            self._to_table(side, act)
        elif act.kind == acts.ENTER and act.index in self.reach.functions:
            own, function = self.reach.functions[act.index]
            if [str(each) for each in function.params] == [value.kind for value in act.values]:
                self._enter(side, own, act)

    def _to_memory(self, side: Reachable, act: Act) -> None:
        memory: Any = side.state.memories[self.reach.memories[act.index]]
        if act.kind != acts.GROW_MEMORY:
            if act.place + len(act.data) <= memory.size:
                memory.write(act.place, act.data)
            return
        self._grown += act.place
        # A refusal by the judge's own limits is no act of the host.
        if isinstance(memory, MemoryInst) and 0 <= act.place * PAGE <= memory.store.memory_left:
            memory.grow(act.place)

    def _to_table(self, side: Reachable, act: Act) -> None:
        own, type = self.reach.tables[act.index]
        table: Any = side.state.tables[own]
        if act.kind == acts.TABLE:
            if max(act.place, act.source) < len(table.elements) and act.place >= 0:
                table.elements[act.place] = None if act.source < 0 else table.elements[act.source]
        elif isinstance(table, TableInst) and type.element.nullable and table.can_grow(act.place):
            self._grown += act.place
            table.grow(act.place)

    def _enter(self, side: Reachable, own: int, act: Act) -> None:
        self._depth += 1
        self._entered += 1
        try:
            side.enter(own, act.values)
        finally:
            self._depth -= 1


_RARE: Final = {acts.TRAP: 0.8, acts.REFUSE: 0.7}
"""Kinds after which little else can be seen, and how often they are passed over."""


def _address(draw: Draw, size: int) -> int:
    """An address that code is likely to use: a constant of it, a plausible place, or any."""
    choice = draw.random.random()
    known = [each for each in draw.constants if 0 <= each < size] if choice < 0.5 else list(draw.places)
    if known and choice < 0.75:
        return draw.random.choice(known) + draw.random.choice((0, 0, 0, 4, 8))
    return draw.random.randrange(min(size, 64) if choice < 0.9 else size) if size else 0


def _refuse(side: Reachable) -> None:
    """Let memories be as large as they may ever get: growing may fail at any time."""
    memories: Sequence[Any] = list(side.state.memories)
    for memory in memories:
        if isinstance(memory, MemoryInst):
            memory.stop_growing()


def enterable(type: FuncType) -> bool:
    """Return whether the host can make all arguments of a function."""
    return all(str(each) in WIDTHS for each in type.params)
