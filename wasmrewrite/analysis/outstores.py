"""What exported functions write through their first parameter: from outside, a result returned through a pointer.

A suspicion, never something to rewrite by: an ordinary function that fills in what its caller lends has the same code.
Not here: what debug information proves (``dwarf``), imports (``callsites``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..contract import Struct
from ..isa.types import I32, func_type
from ..model import Body, Func, Module
from ..validate import context, validate_func
from .callsites import guessed_struct
from .frame_use import FrameUse, Touch, Value, frame_use

LARGEST: Final = 1 << 16
"""Bytes of code beyond which a function is passed over."""
TOTAL: Final = 1 << 20
"""Bytes of code that are looked at in all."""
MOST: Final = 16
"""Members beyond which nobody would want them as results."""
_FIRST: Final = ("param", 0, 0)


@dataclass(frozen=True, slots=True)
class Written:
    """An export that stores at several places through its first parameter and loads nothing there before.

    ``result`` is what the stores look like in memory order, None where they overlap or are too many; ``stores`` as
    (offset, type); ``memory`` is the index of the memory.
    """

    name: str
    stores: tuple[tuple[int, str], ...]
    result: Struct | None
    memory: int = 0


def written_exports(module: Module) -> list[Written]:
    """All such exports, in order. Raises ``InvalidError``, ``MalformedError``."""
    known = context(module)
    types = [func_type(func.type) for func in module.funcs]
    found = []
    for name, index in _candidates(module):
        table = validate_func(module, known, index)
        use = frame_use(table, len(types[index].params), lambda at: (len(types[at].params), len(types[at].results)))
        stores = stored_first(use)
        # A struct of one member is returned by value; what starts elsewhere is a member of something larger.
        if len(stores) > 1 and 0 in stores:
            places = sorted(stores)
            result, gaps = guessed_struct(places, [stores[place] for place in places])
            shown = tuple((place, stores[place].scalar) for place in places)
            found.append(Written(name, shown, None if gaps or len(shown) > MOST else result, stores[0].memory))
    return found


def _candidates(module: Module) -> Iterator[tuple[str, int]]:
    """Exported functions without results whose first parameter could be a pointer, as far as code may be looked at."""
    address = module.memories[0].type.limits.address if module.memories else I32
    left = TOTAL
    for export in module.exports:
        func = export.item
        if not isinstance(func, Func) or not isinstance(func.origin, Body) or func.origin.span is None:
            continue
        type, size = func_type(func.type), func.origin.span[1] - func.origin.span[0]
        if type.results or type.params[:1] != (address,) or size > min(LARGEST, left) or func.index0 is None:
            continue
        left -= size
        yield export.name, func.index0


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
