"""Declared results of imports that their callers contradict: what they load after a call does not fit.

As of exports (``doubts``), a doubt is told, never acted on. Code may load a word in parts, two members at once to copy
or compare them, and a float as the integer that it is made of; what nobody loads, nobody can check. Not here: guessing
a result (``callsites``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from ..errors import WasmError
from ..isa.signature import Signature
from ..isa.types import func_type
from ..kernels.decode import RawInstr
from ..model import Body, Func, Module
from ..validate import context, validate_func
from .callgraph import CallGraph
from .callsites import SITES, loads_after
from .doubts import across, in_slot, is_float
from .frame_use import CallSite, FrameUse, Touch, frame_use
from .outstores import LARGEST, TOTAL
from .sret import Layout, Slot

_HALF_WORD: Final = 4
_HOPS: Final = 4
"""Locals through which a loaded value is followed."""
_LOCAL: Final = frozenset({"local.get", "local.set", "local.tee"})
_TAKEN: Final = MappingProxyType({"local.get": 0, "local.set": 1, "local.tee": 1, "global.get": 0, "global.set": 1})
"""Operands of instructions whose signature depends on what they name."""
_PLAIN: Final = frozenset({"global.get", "global.set", "drop", "select", "call"})
_ARITHMETIC: Final = ("add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A load from the room for a result: ``offset`` in the result; ``use`` is the instruction that gets the value, ""
    if it is not to be seen."""

    offset: int
    touch: Touch
    use: str = ""

    @property
    def end(self) -> int:
        """The offset behind the last byte."""
        return self.offset + self.touch.size

    @property
    def counted(self) -> bool:
        """True if the value is a number for certain: it is added, multiplied, divided."""
        return self.use.partition(".")[2] in _ARITHMETIC

    @property
    def copied(self) -> bool:
        """True if the value may only be on its way to another place, padding included."""
        return not self.use or ".store" in self.use or self.use == "drop"


@dataclass(frozen=True, slots=True)
class _Body:
    """A validated body: its instructions, decoded once, and the operands on the stack before each."""

    instrs: Sequence[RawInstr]
    heights: Sequence[int]


class ImportDoubts:
    """What speaks against declared results of imports, as far as code may be looked at."""

    def __init__(self, module: Module) -> None:
        self._data = module.source.data

    def of_import(self, func: Func, shape: Layout, pointer: int, memory: int) -> str:
        """What callers load that contradicts that an import writes ``shape`` through a parameter; "" if nothing does.

        Never raises for code that is not valid: there is nothing to be learnt from it.
        """
        if func.index0 is None:
            return ""
        try:
            loads = list(_loaded(self._module, self._graph, func.index0, pointer, memory))
        except WasmError:
            return ""
        return refuted(loads, shape)

    @cached_property
    def _module(self) -> Module:
        """The input as it was read: an earlier pass may have edited what is running."""
        return Module.from_bytes(self._data)

    @cached_property
    def _graph(self) -> CallGraph:
        return CallGraph(self._module)


def _loaded(module: Module, graph: CallGraph, index: int, pointer: int, memory: int) -> Iterator[Loaded]:
    known, left = context(module), TOTAL
    arities = [(len(type.params), len(type.results)) for type in (func_type(func.type) for func in module.funcs)]
    for caller in graph.callers(index):
        size = _size(module.funcs[caller])
        if not 0 < size <= min(LARGEST, left):
            continue
        left -= size
        table = validate_func(module, known, caller)
        code = _Body(table.instrs(), table.heights)
        use = frame_use(table, arities[caller][0], arities.__getitem__)
        for call in [each for each in use.calls if each.callee == index][:SITES]:
            yield from _after(use, call, pointer, memory, code)


def _after(use: FrameUse, call: CallSite, pointer: int, memory: int, code: _Body) -> Iterator[Loaded]:
    base = call.args[pointer] if pointer < len(call.args) else None
    for touch in loads_after(use, call, pointer) or ():
        if base is not None and touch.memory == memory:
            yield Loaded(touch.address.offset - base.offset, touch, consumer(code, touch.at))


def _size(func: Func) -> int:
    span = func.origin.span if isinstance(func.origin, Body) else None
    return 0 if span is None else span[1] - span[0]


def consumer(code: _Body, at: int) -> str:
    """The instruction that gets the value which instruction ``at`` leaves, also by way of locals; "" if unknown."""
    for _ in range(_HOPS):
        at = _popped(code, at)
        if at < 0 or code.instrs[at][1].name != "local.set":
            break
        at = _next_get(code, at)
    return code.instrs[at][1].name if at >= 0 else ""


def _popped(code: _Body, at: int) -> int:
    """The instruction that takes what ``at`` leaves off the stack; -1 behind the end of a block."""
    place = code.heights[at] - (0 if code.instrs[at][1].name == "local.get" else 1)
    for later in range(at + 1, len(code.instrs)):
        _, op, _ = code.instrs[later]
        taken = _TAKEN.get(op.name)
        if taken is None:
            if not isinstance(op.signature, Signature):
                return -1
            taken = len(op.signature.params)
        if op.name != "local.tee" and code.heights[later] - taken <= place:
            return later
    return -1


def _next_get(code: _Body, at: int) -> int:
    """The next use of the local that ``at`` sets; -1 if there is none before it is set again, or the block ends."""
    local = code.instrs[at][2][0]
    for later in range(at + 1, len(code.instrs)):
        _, op, args = code.instrs[later]
        if op.name in _LOCAL and args[0] == local:
            return later if op.name == "local.get" else -1
        if op.name not in _LOCAL and op.name not in _PLAIN and not isinstance(op.signature, Signature):
            return -1
    return -1


def refuted(loads: Iterable[Loaded], shape: Layout) -> str:
    """The first of ``loads`` that does not fit a declared layout, in words; "" if all do."""
    parts: dict[int, set[tuple[int, int]]] = {}
    whole: set[int] = set()
    for load in loads:
        what = f"its callers load {load.touch.scalar} at offset {load.offset}"
        if load.end > shape.size:
            return f"{what}, and the declared result ends at {shape.size}"
        met = [slot for slot in shape.slots if slot.offset < load.end and load.offset < slot.offset + slot.access.size]
        doubt = _doubt(load, sorted(met, key=lambda slot: slot.offset))
        if doubt:
            return f"{what}, {doubt}"
        for slot in met:
            covered = load.offset <= slot.offset and slot.offset + slot.access.size <= load.end
            whole.update({slot.offset} if covered else ())
            parts.setdefault(slot.offset, set()).update(() if covered else {(load.offset, load.touch.size)})
    for slot in shape.slots:
        pieces = sorted(parts.get(slot.offset, ()))
        if slot.offset not in whole and _like_members(slot, pieces):
            places = " and ".join(str(offset) for offset, _ in pieces[:2])
            return f"its callers load from offsets {places}, {in_slot(slot)}"
    return ""


def _like_members(slot: Slot, pieces: list[tuple[int, int]]) -> bool:
    """True if pieces of one slot look like members of their own; a long word in two halves is what compilers load."""
    if len(pieces) < 2 or slot.access.size > 8:
        return False
    apart = all(offset + size <= then for (offset, size), (then, _) in pairwise(pieces))
    halves = {size for _, size in pieces} == {_HALF_WORD}
    return apart and not halves and len({size for _, size in pieces}) > 1


def _doubt(load: Loaded, met: list[Slot]) -> str:
    """What is wrong with one load whatever the others are; ``met`` are the slots that it touches, by offset."""
    if not met:
        return "" if load.copied else "where nothing is declared"
    exact = [slot for slot in met if (slot.offset, slot.access.size) == (load.offset, load.touch.size)]
    if load.touch.scalar[0] == "f":
        fits = any(map(is_float, exact)) or any(slot.access.size > 8 for slot in met)
        return "" if fits else in_slot(met[0])
    if len(met) > 1:
        return across(met[0], met[1]) if load.counted else ""
    if is_float(met[0]):
        return in_slot(met[0]) if load.counted else ""
    wider = met[0].access.size < load.touch.size
    return in_slot(met[0]) if wider and not load.copied else ""
