"""A second opinion on outputs: wasmtime, if it is installed, has to accept them and to do what the engine here does.

The judge compares input and output on one engine; this compares two engines on the output. Only modules whose imports
are functions are run. NaNs are compared by class. Not here: anything about rewrites.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from random import Random
from typing import Any, Final

from ..errors import Exhaustion, InvalidError, LimitError, LinkError, MalformedError, Trap
from ..interp import instantiate
from ..isa.types import F32, F64, I32, I64, FuncType, NumType, func_type
from ..model import Func, Memory, Module
from ..runtime.host import RecordingHost
from ..runtime.store import Store, StoreLimits
from .vocabulary import BITS, CONSTANTS, SCALARS

CALLS: Final = 3
_FUEL: Final = 100_000
_MORE_FUEL: Final = 10_000_000
"""Other engines count otherwise; what ends here within the smaller number ends there within the larger one."""
_TRAPS: Final = "trap"


def installed() -> bool:
    """Whether wasmtime is."""
    return find_spec("wasmtime") is not None


@cache
def _engine() -> Any:
    import wasmtime

    config = wasmtime.Config()
    config.consume_fuel = True
    config.wasm_multi_memory = True
    config.wasm_memory64 = True
    return wasmtime.Engine(config)


def compare(data: bytes, seed: str) -> str | None:
    """What is wrong with a module that this package has accepted; None if nothing is, or nothing can be said."""
    import wasmtime

    try:
        compiled = wasmtime.Module(_engine(), data)
    except wasmtime.WasmtimeError as error:
        return f"wasmtime refuses the output: {str(error).splitlines()[0]}"
    module = Module.from_bytes(data)
    if not all(isinstance(each, Func) for each in module.imports):
        return None
    calls = _calls(module, Random(seed))
    ours = _ours(data, module, calls)
    return None if ours is None else _difference(calls, ours, _theirs(compiled, module, calls, len(ours)))


@dataclass(slots=True)
class _Seen:
    """What one engine showed after instantiation (first), and after each call."""

    steps: list[object] = field(default_factory=list)


def _calls(module: Module, random: Random) -> list[tuple[str, list[int]]]:
    """Exported functions with arguments, floats as bits."""
    found = []
    for export in module.exports:
        type = func_type(export.item.type) if isinstance(export.item, Func) else None
        if type is not None and all(each in SCALARS for each in (*type.params, *type.results)):
            found += [(export.name, [_argument(each, random) for each in type.params]) for _ in range(CALLS)]
    return found


def _argument(type: Any, random: Random) -> int:
    value = random.choice(CONSTANTS[type]) if random.random() < 0.7 else random.getrandbits(BITS[type])
    return int(value % (1 << BITS[type]))


def _ours(data: bytes, module: Module, calls: Sequence[tuple[str, list[int]]]) -> list[object] | None:
    """What the engine here shows, as far as it gets; None where it cannot run the module."""
    host = RecordingHost()
    steps: list[object] = []
    limits = StoreLimits(fuel=_FUEL, depth=200, memory_bytes=4 << 20)
    try:
        instance = instantiate(data, host.imports(module.imports), Store(limits))
        memories = [each.item for each in module.exports if isinstance(each.item, Memory)]

        def state() -> object:
            images = [instance.memories[each.index0 or 0] for each in memories]
            return len(host.log), tuple(hash(each.read(0, each.size)) for each in images)

        steps.append(((), state()))
        for name, args in calls:
            steps.append((_run(lambda name=name, args=args: _called(instance, module, name, args)), state()))
    except (Exhaustion, LimitError, LinkError, InvalidError, MalformedError):
        return steps or None
    except Trap:
        return [_TRAPS]
    return steps
