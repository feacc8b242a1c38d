"""A second opinion on outputs: wasmtime, if it is installed, has to accept them and to do what the engine here does.

The judge compares input and output; this compares two engines on the output alone. Not here: how wasmtime is asked, and
what counts as the same there (``equiv.engines``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..equiv.behavior.script import Call, Script
from ..equiv.behavior.values import Draw
from ..equiv.engines.cross_check import disagreement
from ..equiv.engines.wasmtime_module import installed
from ..isa.types import func_type
from ..model import Func, Module
from .vocabulary import CONSTANTS, SCALARS

__all__ = ["compare", "installed"]

CALLS: Final = 3
_FUEL: Final = 100_000
_DEPTH: Final = 200
_MEMORY: Final = 4 << 20


def compare(data: bytes, seed: str) -> str | None:
    """What is wrong with a module that this package has accepted; None if nothing is, or nothing can be said."""
    script = Script(seed, fuel=_FUEL, constants=tuple(number for each in CONSTANTS.values() for number in each))
    calls = tuple(_calls(Module.from_bytes(data), script.draw("calls")))
    return disagreement(data, script.with_calls(calls), _DEPTH, _MEMORY)


def _calls(module: Module, draw: Draw) -> Iterator[Call]:
    """Exported functions with arguments."""
    for export in module.exports:
        type = func_type(export.item.type) if isinstance(export.item, Func) else None
        index = export.item.index0
        if type is not None and index is not None and all(each in SCALARS for each in (*type.params, *type.results)):
            for _ in range(CALLS):
                args = tuple(draw.value(str(each)) for each in type.params)
                yield Call(f"export {export.name!r}", index, index, args)
