"""What exported functions write through their first parameter: from outside, a result returned through a pointer.

A suspicion, never something to rewrite by: an ordinary function that fills in what its caller lends has the same code.
Not here: what debug information proves (``dwarf``), imports (``callsites``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..contract import Struct
from ..isa.types import I32, func_type
from ..model import Body, Func, Module
from ..validate import ModuleContext, context, validate_func
from .callsites import guessed_struct
from .frame_use import FrameUse, Touch, Value, frame_use

LARGEST: Final = 1 << 16
"""Bytes of code beyond which a function is passed over."""
TOTAL: Final = 1 << 20
"""Bytes of code that are looked at in all."""
MOST: Final = 16
"""Members beyond which nobody would want them as results."""
HANDED_ON: Final = 4
"""Functions on the way of a pointer that is handed on."""
_FIRST: Final = ("param", 0, 0)


@dataclass(frozen=True, slots=True)
class Written:
    """An export that stores at several places through its first parameter and loads nothing there before.

    ``result`` is what the stores look like in memory order, None where they overlap or are too many; ``stores`` as
    (offset, type); ``memory`` is the index of the memory; ``through`` that of the function which stores, if it is one
    that the export only hands its parameter to.
    """

    name: str
    stores: tuple[tuple[int, str], ...]
    result: Struct | None
    memory: int = 0
    through: int | None = None


def written_exports(module: Module) -> list[Written]:
    """All such exports, in order. Raises ``InvalidError``, ``MalformedError``."""
    looked = _Stores(module)
    suspects: dict[Func, Written | None] = {}  # one function may have very many names
    found = []
    for export in module.exports:
        func = export.item
        if not isinstance(func, Func) or not looked.fits(func):
            continue
        if func not in suspects:
            suspects[func] = _suspect(*looked.of(func))
        written = suspects[func]
        if written is not None:
            found.append(replace(written, name=export.name))
    return found


def _suspect(stores: dict[int, Touch], through: int | None) -> Written | None:
    """What such stores look like; the name is left open."""
    # A struct of one member is returned by value; what starts elsewhere is a member of something larger.
    if len(stores) < 2 or 0 not in stores:
        return None
    places = sorted(stores)
    few = len(places) <= MOST
    result, gaps = guessed_struct(places, [stores[place] for place in places]) if few else (None, ())
    shown = tuple((place, stores[place].scalar) for place in places)
    return Written("", shown, None if gaps else result, stores[0].memory, through)


class _Stores:
    """What functions store through their first parameter, each looked at once, as far as code may be looked at."""

    def __init__(self, module: Module) -> None:
        self._funcs = module.funcs
        self._module = module
        self._types = [func_type(func.type) for func in self._funcs]
        self._address = module.memories[0].type.limits.address if module.memories else I32
        self._left = TOTAL
        self._known: dict[int, FrameUse] = {}

    @cached_property
    def _context(self) -> ModuleContext:
        return context(self._module)

    def fits(self, func: Func) -> bool:
        """Whether it has no results and its first parameter could be a pointer."""
        type = func_type(func.type)
        return not type.results and type.params[:1] == (self._address,)

    def of(self, func: Func) -> tuple[dict[int, Touch], int | None]:
        """The stores, and the function that does them if that is another one, which gets the pointer handed on."""
        through = None
        for _ in range(HANDED_ON):
            use = self._use(func)
            if use is None:
                return {}, None
            callee = None if any(each.address.base == _FIRST for each in use.touches) else _handed_to(use)
            if callee is None or not self.fits(self._funcs[callee]):
                return stored_first(use), through
            func, through = self._funcs[callee], callee
        return {}, None

    def _arity(self, index: int) -> tuple[int, int]:
        return len(self._types[index].params), len(self._types[index].results)

    def _use(self, func: Func) -> FrameUse | None:
        """What a function does with addresses; None if its code may not be looked at any more."""
        span, index = func.origin.span if isinstance(func.origin, Body) else None, func.index0
        if span is None or index is None:
            return None
        if index not in self._known:
            size = span[1] - span[0]
            if size > min(LARGEST, self._left):
                return None
            self._left -= size
            table = validate_func(self._module, self._context, index)
            self._known[index] = frame_use(table, len(self._types[index].params), self._arity)
        return self._known[index]


def _handed_to(use: FrameUse) -> int | None:
    """The only function that gets the first parameter, as its own first one; None if there is none, or another use."""
    pointer = Value(_FIRST, 0)
    calls = [each for each in use.calls if pointer in each.args]
    plain = all(each.args[0] == pointer and each.args.count(pointer) == 1 for each in calls)
    return calls[0].callee if calls and plain and len({each.callee for each in calls}) == 1 else None


def stored_first(use: FrameUse) -> dict[int, Touch]:
    """What is stored through the first parameter, by offset.

    Nothing if something is loaded before it was stored, if two stores at one place are unlike, or in several memories.
    """
    stores: dict[int, Touch] = {}
    for touch in (part for each in use.touches if each.address.base == _FIRST for part in _parts(each)):
        place = touch.address.offset
        known = stores.get(place)
        if place < 0 or (not touch.store and known is None) or (touch.store and known and known.size != touch.size):
            return {}
        if touch.store:
            stores[place] = touch
    return stores if len({each.memory for each in stores.values()}) < 2 else {}


def _parts(touch: Touch) -> list[Touch]:
    """Members that a compiler stores at once: an integer that promises less than its alignment, where it has that."""
    size = touch.align
    if not touch.store or touch.scalar[0] == "f" or size >= touch.size or touch.address.offset % touch.size:
        return [touch]
    scalar = f"{'u' if size < 4 else 'i'}{8 * size}"
    base, start = touch.address.base, touch.address.offset
    return [
        replace(touch, address=Value(base, start + at), size=size, scalar=scalar) for at in range(0, touch.size, size)
    ]
