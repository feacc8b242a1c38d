"""What imported functions may return through a pointer, guessed from what their callers load afterwards.

A guess to be confirmed by a person, never something to rewrite by: the order of members, the signedness of words, and
members that nobody looks at are not to be seen in code. Not here: exports (``dwarf``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..contract import Field, Scalar, Struct
from ..errors import ConfigError
from ..isa.types import I32, FuncType, func_type
from ..model import Func, Import, Module
from ..validate import context, validate_func
from .callgraph import CallGraph
from .frame_use import CallSite, FrameUse, Touch, Value, frame_use
from .sret import layout

SITES: Final = 64
"""How many calls of one function are looked at: each costs a look at everything the function touches."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An import whose callers pass it a frame address first. ``result`` is in memory order, None without a guess.

    ``sites`` counts such calls, up to ``SITES`` in one function; ``why_not`` says why there is no guess, ``gaps`` are
    bytes that nobody loads; ``memory`` is the index of the memory.
    """

    origin: Import
    index: int
    result: Struct | None
    sites: int
    why_not: str = ""
    gaps: tuple[tuple[int, int], ...] = ()
    memory: int = 0


@dataclass(slots=True)
class _Seen:
    sites: int = 0
    fields: dict[int, Touch] = field(default_factory=dict)
    unlike: bool = False


def guess_imports(module: Module, graph: CallGraph | None = None) -> list[Guess]:
    """A guess for every import that may return through a pointer, in import order.

    Looks at all code that calls such imports. Raises ``MalformedError``, ``InvalidError``.
    """
    graph = graph or CallGraph(module)
    address = module.memories[0].type.limits.address if module.memories else I32
    types = [func_type(func.type) for func in module.funcs]
    wanted = {
        index
        for index, func in enumerate(module.funcs)
        if func.imported and not types[index].results and types[index].params[:1] == (address,)
    }
    seen: dict[int, _Seen] = defaultdict(_Seen)
    for use in _uses(module, graph, wanted, types):
        for call in [each for each in use.calls if each.callee in wanted][:SITES]:
            _learn(seen[call.callee], use, call)
    return [_guess(module.funcs[index], index, seen[index]) for index in sorted(wanted) if seen[index].sites]


def _uses(module: Module, graph: CallGraph, wanted: set[int], types: list[FuncType]) -> Iterator[FrameUse]:
    callers = sorted({caller for index in wanted for caller in graph.callers(index)})
    if not callers:
        return
    known = context(module)
    for caller in callers:
        func = module.funcs[caller]
        if func.imported or getattr(func.origin, "span", None) is None:
            continue
        table = validate_func(module, known, caller)
        yield frame_use(table, len(types[caller].params), lambda at: (len(types[at].params), len(types[at].results)))


def _learn(seen: _Seen, use: FrameUse, call: CallSite) -> None:
    pointer = call.args[0]
    loads = loads_after(use, call, 0)
    if pointer is None or pointer.base is None or loads is None:
        return
    before = len(seen.fields)
    for touch in loads:
        place = touch.address.offset - pointer.offset
        known = seen.fields.get(place)
        if known is None or (known.size == touch.size and touch.scalar[0] in "fu"):
            seen.fields[place] = touch
        elif known.size != touch.size:
            seen.unlike = True
    # A parameter passed on is no address that anybody can know, unless something is loaded from it.
    seen.sites += pointer.base[0] == "global" or len(seen.fields) > before


def loads_after(use: FrameUse, call: CallSite, arg: int) -> list[Touch] | None:
    """What a caller loads after a call from the room that it lent as argument ``arg``; None if it lent none."""
    pointer = call.args[arg] if arg < len(call.args) else None
    if pointer is None or pointer.base is None:
        return None
    end = _end(use, call, pointer)
    if end <= pointer.offset:
        return None  # filled in before the call: an argument
    reused = _reused(use, call, pointer)
    after = [each for each in use.touches if call.at < each.at < reused]
    return [
        each
        for each in after
        if not each.store
        and each.address.base == pointer.base
        and pointer.offset <= each.address.offset <= end - each.size
    ]


def _reused(use: FrameUse, call: CallSite, pointer: Value) -> int:
    """The instruction at which the room is lent to another call."""
    later = use.calls[bisect_right(use.calls, call.at, key=lambda each: each.at) :]
    return next((each.at for each in later if pointer in each.args), 1 << 62)


def _end(use: FrameUse, call: CallSite, pointer: Value) -> int:
    """Where the room surely ends: at the next address that other calls get or that is stored to for other reasons."""
    marks = [arg.offset for each in use.calls for arg in each.args if arg and arg.base == pointer.base]
    ends = [mark for mark in marks if mark > pointer.offset]
    loaded: set[int] = set()
    for touch in use.touches:
        place = touch.address.offset
        if touch.address.base != pointer.base or place < pointer.offset:
            continue
        if not touch.store and touch.at > call.at:
            loaded.add(place)
        elif touch.store and place not in loaded:
            ends.append(place)
    ends += [each.address.offset for each in use.bulks if each.address.base == pointer.base]
    ends = [end for end in ends if end >= pointer.offset]
    if pointer.base is not None and pointer.base[0] == "global" and pointer.offset < 0:
        ends.append(0)  # what the frame was lowered from
    return min(ends, default=1 << 62)


def _guess(func: Func, index: int, seen: _Seen) -> Guess:
    origin = func.origin
    assert isinstance(origin, Import)  # guess_imports takes imports
    touches = [seen.fields[place] for place in sorted(seen.fields)]
    places = sorted(seen.fields)
    if seen.unlike or any(at + each.size > then for at, each, then in zip(places, touches, places[1:], strict=False)):
        return Guess(origin, index, None, seen.sites, "callers load overlapping members")
    if not touches:
        return Guess(origin, index, None, seen.sites, "callers load nothing from it, they pass it on")
    result, gaps = guessed_struct(places, touches)
    if result is None:
        return Guess(origin, index, None, seen.sites, "what callers load cannot be laid out")
    memories = {each.memory for each in touches}
    if len(memories) > 1:
        return Guess(origin, index, None, seen.sites, "callers load from several memories")
    return Guess(origin, index, result, seen.sites, "", gaps, memories.pop())


def guessed_struct(places: list[int], touches: list[Touch]) -> tuple[Struct | None, tuple[tuple[int, int], ...]]:
    """The members in memory order, offsets stated only where C would not choose them; and what is not accounted for."""
    plain = Struct(tuple(Field(Scalar(each.scalar)) for each in touches))
    stated = Struct(tuple(Field(Scalar(each.scalar), None, at) for at, each in zip(places, touches, strict=True)))
    gaps, end = [], 0
    for at, each in zip(places, touches, strict=True):
        if at != -(-end // each.size) * each.size:
            gaps.append((end, at))
        end = at + each.size
    try:
        as_c = [slot.offset for slot in layout(plain).slots] == places
        layout(stated)
    except ConfigError:
        return None, ()
    return plain if as_c else stated, tuple(gaps)
