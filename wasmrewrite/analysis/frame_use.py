"""What one function does with addresses it can name: in a frame on the linear stack, or relative to its parameters.

A value is followed through constants, additions and locals in straight lines; where ways of control meet, only locals
that are set once are still known. Enough for a guess, not for a proof. Not here: what follows from it (``callsites``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ..features import Feature
from ..isa.op import Op
from ..isa.signature import Signature
from ..isa.types import F32, F64, NumType
from ..kernels.decode import RawInstr
from ..validate import SideTable

Base: TypeAlias = tuple[str, int, int] | None
"""Where an address is counted from: a global or a parameter, its index, how often it was set before; None: zero."""

_JOINS: Final = frozenset({"loop", "else", "end", "catch", "catch_all", "delegate"})
_HOPS: Final = 8
"""Locals through which a stored value is followed back."""
_BLOCKS: Final = _JOINS | {"block", "if", "try", "try_table"}


@dataclass(frozen=True, slots=True)
class Value:
    """A value that can be named: ``base`` and a distance in bytes."""

    base: Base
    offset: int


@dataclass(frozen=True, slots=True)
class Touch:
    """A load or store of ``size`` bytes at a named address; ``scalar`` is the type that the instruction speaks of.

    ``align``: the alignment in bytes that the instruction promises; ``memory`` the index of the memory. ``source``:
    what a store stores, as far as one can see: "load", what was just loaded; "const"; "" for anything else.
    """

    at: int
    address: Value
    size: int
    scalar: str
    store: bool
    align: int
    memory: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class CallSite:
    """A direct call: of which function, with which arguments (None: unknown). ``at`` counts instructions."""

    at: int
    callee: int
    args: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Bulk:
    """``memory.copy`` or ``memory.fill`` of a constant number of bytes to a named address."""

    address: Value
    size: int
    memory: int


@dataclass(slots=True)
class FrameUse:
    """Calls and accesses of one function, in order; what writes many bytes at once is in ``bulks``."""

    calls: list[CallSite] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    bulks: list[Bulk] = field(default_factory=list)


def frame_use(table: SideTable, params: int, arity: Callable[[int], tuple[int, int]]) -> FrameUse:
    """Follow a validated body with ``params`` parameters; ``arity`` gives parameters and results of a function."""
    return _Walk(table, params, arity).run()


class _Walk:
    def __init__(self, table: SideTable, params: int, arity: Callable[[int], tuple[int, int]]) -> None:
        self.table = table
        self.arity = arity
        self.found = FrameUse()
        self.stack: dict[int, Value | None] = {}
        self.locals: dict[int, Value | None] = {at: Value(("param", at, 0), 0) for at in range(params)}
        self.instrs = table.instrs()
        self.sets = Counter(args[0] for _, op, args in self.instrs if op.name in ("local.set", "local.tee"))
        self.sets.update(at for at in range(params))
        self.epochs: Counter[int] = Counter()
        self.set_at: dict[int, list[int]] = {}
        self.actions: Mapping[str, Callable[[int, int, tuple[Any, ...]], None]] = {
            "local.get": self._local_get,
            "local.set": self._local_set,
            "local.tee": self._local_set,
            "global.get": self._global_get,
            "global.set": self._global_set,
            "i32.const": self._const,
            "i64.const": self._const,
            "i32.add": lambda at, height, args: self._add(height, 1),
            "i64.add": lambda at, height, args: self._add(height, 1),
            "i32.sub": lambda at, height, args: self._add(height, -1),
            "i64.sub": lambda at, height, args: self._add(height, -1),
            "call": self._call,
            "memory.copy": self._bulk,
            "memory.fill": self._bulk,
            "drop": lambda at, height, args: None,
            "select": lambda at, height, args: self._forget(height - 3),
        }

    def run(self) -> FrameUse:
        """Everything, in order."""
        heights = self.table.heights
        for at, instr in enumerate(self.instrs):
            if heights[at] >= 0:
                self._step(at, instr, heights)
        return self.found

    def _step(self, at: int, instr: RawInstr, heights: Sequence[int]) -> None:
        _, op, args = instr
        height = heights[at]
        action = self.actions.get(op.name)
        if action is not None:
            action(at, height, args)
            return
        if op.name in _BLOCKS:
            self.stack.clear()
            if op.name in _JOINS:
                self.locals = {each: value for each, value in self.locals.items() if self.sets[each] == 1}
            return
        if op.access and isinstance(op.signature, Signature) and op.feature is Feature.MVP:
            self._access(at, height, args, op, op.signature)
        elif isinstance(op.signature, Signature):
            start = height - len(op.signature.params)
            for place in range(start, start + len(op.signature.results)):
                self.stack[place] = None
        else:
            self.stack.clear()

    def _forget(self, place: int) -> None:
        self.stack[place] = None

    def _local_get(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        self.stack[height] = self.locals.get(args[0])

    def _local_set(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        self.locals[args[0]] = self.stack.get(height - 1)
        self.set_at.setdefault(args[0], []).append(at)

    def _global_get(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        self.stack[height] = Value(("global", args[0], self.epochs[args[0]]), 0)

    def _global_set(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        self.epochs[args[0]] += 1

    def _const(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        self.stack[height] = Value(None, args[0])

    def _add(self, height: int, sign: int) -> None:
        left, right = self.stack.get(height - 2), self.stack.get(height - 1)
        if sign > 0 and left is not None and left.base is None:
            left, right = right, left
        known = left is not None and right is not None and right.base is None
        self.stack[height - 2] = Value(left.base, left.offset + sign * right.offset) if known else None  # type: ignore[union-attr]

    def _call(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        params, results = self.arity(args[0])
        start = height - params
        self.found.calls.append(CallSite(at, args[0], tuple(self.stack.get(start + each) for each in range(params))))
        for place in range(start, start + results):
            self.stack[place] = None

    def _access(self, at: int, height: int, args: tuple[Any, ...], op: Op, signature: Signature) -> None:
        store = not signature.results
        place = height - (2 if store else 1)
        address = self.stack.get(place)
        if not store:
            self.stack[place] = None
        if address is None or address.base is None:
            return
        number, size = (signature.params[1] if store else signature.results[0]), op.access
        narrow = store and size < 4  # stores do not tell signs; bytes are seldom signed
        extends = isinstance(number, NumType) and size < number.size and not store
        kind = "f" if number in (F32, F64) else "u" if narrow or (extends and not op.signed) else "i"
        where = Value(address.base, address.offset + args[0].offset)
        align, memory = 1 << args[0].align, args[0].memory or 0
        source = self._source(at) if store else ""
        self.found.touches.append(Touch(at, where, size, f"{kind}{8 * size}", store, align, memory, source))

    def _source(self, at: int) -> str:
        """What made the value that instruction ``at`` stores: compilers put it right before, or into a local."""
        for _ in range(_HOPS):
            _, op, args = self.instrs[at - 1]
            if op.name == "local.tee":
                at -= 1
            elif op.name == "local.get" and self._set_before(args[0], at):
                at = self._set_before(args[0], at)
            elif op.name.endswith(".const"):
                return "const"
            else:
                return "load" if ".load" in op.name else ""
        return ""

    def _set_before(self, local: int, at: int) -> int:
        """The last instruction before ``at`` that set a local, 0 if none did."""
        sets = self.set_at.get(local, [])
        place = bisect_left(sets, at)
        return sets[place - 1] if place else 0

    def _bulk(self, at: int, height: int, args: tuple[Any, ...]) -> None:
        address, size = self.stack.get(height - 3), self.stack.get(height - 1)
        if address is not None and address.base is not None and size is not None and size.base is None:
            self.found.bulks.append(Bulk(address, size.offset, args[0] or 0))
