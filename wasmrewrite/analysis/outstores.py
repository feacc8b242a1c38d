"""What exported functions write through their first parameter: from outside, a result returned through a pointer.

A suspicion, never something to rewrite by: an ordinary function that fills in what its caller lends has the same code.
Not here: what debug information proves (``dwarf``), imports (``callsites``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..contract import Struct
from ..isa.types import I32, func_type
from ..model import Body, Func, Module
from ..validate import context, validate_func
from .callsites import guessed_struct
from .frame_use import FrameUse, Touch, frame_use

LARGEST: Final = 1 << 14
"""Bytes of code beyond which a function is passed over."""
TOTAL: Final = 1 << 20
"""Bytes of code that are looked at in all."""
_FIRST: Final = ("param", 0, 0)


@dataclass(frozen=True, slots=True)
class Written:
    """An export that stores at several places through its first parameter and loads nothing there before.

    ``result`` is what the stores look like in memory order, None where they overlap; ``stores`` as (offset, type).
    """

    name: str
    stores: tuple[tuple[int, str], ...]
    result: Struct | None


def written_exports(module: Module) -> list[Written]:
    """All such exports, in order. Raises ``InvalidError``, ``MalformedError``."""
    known = context(module)
    types = [func_type(func.type) for func in module.funcs]
    found = []
    for name, index in _candidates(module):
        table = validate_func(module, known, index)
        use = frame_use(table, len(types[index].params), lambda at: (len(types[at].params), len(types[at].results)))
        stores = _stores(use)
        # A struct of one member is returned by value; what starts elsewhere is a member of something larger.
        if len(stores) > 1 and 0 in stores:
            places = sorted(stores)
            result, gaps = guessed_struct(places, [stores[place] for place in places])
            shown = tuple((place, stores[place].scalar) for place in places)
            found.append(Written(name, shown, None if gaps else result))
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


def _stores(use: FrameUse) -> dict[int, Touch]:
    """Stores by offset; none if something is loaded before it was stored, or two stores at one place are unlike."""
    stores: dict[int, Touch] = {}
    for touch in use.touches:
        place = touch.address.offset
        if touch.address.base != _FIRST:
            continue
        known = stores.get(place)
        if place < 0 or (not touch.store and known is None) or (touch.store and known and known.size != touch.size):
            return {}
        if touch.store:
            stores[place] = touch
    return stores
