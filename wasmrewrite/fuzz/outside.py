"""A second opinion on outputs: wasmtime, if it is installed, has to accept them and to do what the engine here does.

The judge compares input and output on one engine; this compares two engines on the output. Only modules whose imports
are functions are run. A NaN is a NaN, whatever its bits. Not here: anything about rewrites.
"""

from __future__ import annotations

import atexit
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from random import Random
from typing import Any, Final, TypeAlias

from ..errors import Exhaustion, LimitError, LinkError, Trap
from ..interp import Instance, instantiate
from ..isa.types import F32, F64, FuncType, NumType, ValType, func_type
from ..model import Func, Import, Memory, Module
from ..runtime.instances import HostFunc
from ..runtime.store import Store, StoreLimits
from .vocabulary import BITS, CONSTANTS, SCALARS

CALLS: Final = 3
_FUEL: Final = 100_000
_MORE_FUEL: Final = 10_000_000
"""Other engines count otherwise; what ends here within the smaller number ends there within the larger one."""
_FORMATS: Final[dict[ValType, tuple[str, str]]] = {F32: ("<f", "<I"), F64: ("<d", "<Q")}
_TRAP: Final = "a trap"

Planned: TypeAlias = tuple[str, FuncType, tuple[int, ...]]
"""Export, its type, arguments as bits."""
Step: TypeAlias = tuple[object, ...]


def installed() -> bool:
    """Whether wasmtime is."""
    return find_spec("wasmtime") is not None


@cache
def _engine() -> Any:
    import wasmtime

    # Freed while wasmtime is still there to do it: at the very end of the process it no longer is.
    atexit.register(_engine.cache_clear)
    config = wasmtime.Config()
    config.consume_fuel = True
    config.wasm_multi_memory = True
    config.wasm_memory64 = True
    config.cranelift_nan_canonicalization = True
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
    calls = list(_calls(module, Random(seed)))
    pairs = zip(_ours(data, module, calls, _Host(seed)), _theirs(compiled, module, calls, _Host(seed)), strict=False)
    for number, (ours, theirs) in enumerate(pairs):
        if ours != theirs:
            where = "instantiation" if number == 0 else f"{calls[number - 1][0]}{calls[number - 1][2]}"
            return f"{where}: {ours} here, {theirs} in wasmtime"
    return None


def _calls(module: Module, random: Random) -> Iterator[Planned]:
    """Exported functions with arguments."""
    for export in module.exports:
        type = func_type(export.item.type) if isinstance(export.item, Func) else None
        if type is not None and all(each in SCALARS for each in (*type.params, *type.results)):
            for _ in range(CALLS):
                yield export.name, type, tuple(_number(each, random) for each in type.params)


def _number(type: ValType, random: Random) -> int:
    """A value as bits; never a NaN, which crossing a border could change."""
    assert isinstance(type, NumType)  # _calls and _Host see to it
    if type in _FORMATS:
        into, out = _FORMATS[type]
        bits: int = struct.unpack(out, struct.pack(into, random.randrange(-999, 999) / 8))[0]
        return bits
    value = random.choice(CONSTANTS[type]) if random.random() < 0.7 else random.getrandbits(BITS[type])
    return value % (1 << BITS[type])


def _comparable(type: ValType, bits: Any) -> object:
    if isinstance(type, NumType) and type in _FORMATS and bits & (1 << BITS[type] - 1) - 1 > _comparable_infinity(type):
        return "NaN"
    return bits if isinstance(bits, int) else "a reference"


def _comparable_infinity(type: ValType) -> int:
    return 0x7F80_0000 if type is F32 else 0x7FF0 << 48


@dataclass(slots=True)
class _Host:
    """Answers the same on both engines: it depends on how many calls there were."""

    seed: str
    log: list[object] = field(default_factory=list)

    def answer(self, name: str, type: FuncType, args: Sequence[Any]) -> list[int]:
        """Bits of the results."""
        self.log.append((name, *(_comparable(each, arg) for each, arg in zip(type.params, args, strict=True))))
        random = Random(f"{self.seed}/{len(self.log)}")
        return [_number(each, random) if each in SCALARS else 0 for each in type.results]

    def step(self, results: object, images: Iterator[bytes]) -> Step:
        """What can be seen after a call."""
        seen = tuple(self.log)
        self.log.append("")
        return results, seen[-4:], len(seen), tuple(hash(each) for each in images)


# --- the engine here --------------------------------------------------------------------------------------------------


def _ours(data: bytes, module: Module, calls: Sequence[Planned], host: _Host) -> Iterator[Step]:
    """What is seen after instantiation and after each call, up to where a limit ends it."""
    provided: dict[str, dict[str, HostFunc]] = {}
    for item in module.imports:
        if isinstance(item, Func) and isinstance(item.origin, Import):
            made = _provided(host, item.origin, func_type(item.type))
            provided.setdefault(item.origin.module, {})[item.origin.name] = made
    memories = [each.item.index0 or 0 for each in module.exports if isinstance(each.item, Memory)]
    store = Store(StoreLimits(fuel=_FUEL, depth=200, memory_bytes=4 << 20))
    try:
        instance = instantiate(data, provided, store)
        yield host.step((), _images(instance, memories))
        for name, type, args in calls:
            store.refuel(_FUEL)
            yield host.step(_our_call(instance, name, type, args), _images(instance, memories))
    except (Exhaustion, LimitError, LinkError):
        return
    except Trap:
        yield (_TRAP,)


def _provided(host: _Host, origin: Import, type: FuncType) -> HostFunc:
    def call(*args: Any) -> Any:
        return host.answer(str(origin), type, args)

    return HostFunc(type, call, name=str(origin))


def _images(instance: Instance, memories: Sequence[int]) -> Iterator[bytes]:
    for at in memories:
        memory = instance.memories[at]
        yield bytes(memory.read(0, memory.size))


def _our_call(instance: Instance, name: str, type: FuncType, args: Sequence[int]) -> object:
    callee: Any = instance.exports[name]
    try:
        results = instance.invoke(callee, args)
    except Exhaustion:
        raise
    except Trap:
        return _TRAP
    return tuple(_comparable(each, value) for each, value in zip(type.results, results, strict=True))


# --- wasmtime ---------------------------------------------------------------------------------------------------------


def _theirs(compiled: Any, module: Module, calls: Sequence[Planned], host: _Host) -> Iterator[Step]:
    """As ``_ours``."""
    import wasmtime

    store = wasmtime.Store(_engine())
    store.set_fuel(_MORE_FUEL)
    provided = [
        wasmtime.Func(store, each.type, _provided_there(host, each.module, each.name, func_type(item.type)))
        for each, item in zip(compiled.imports, module.imports, strict=True)
        if isinstance(item, Func)
    ]
    try:
        instance = wasmtime.Instance(store, compiled, provided)
    except wasmtime.Trap:
        yield (_TRAP,)
        return
    exports: Any = instance.exports(store)
    memories = [exports[each.name] for each in module.exports if isinstance(each.item, Memory)]

    def images() -> Iterator[bytes]:
        for memory in memories:
            yield bytes(memory.read(store, 0, memory.data_len(store)))

    yield host.step((), images())
    for name, type, args in calls:
        store.set_fuel(_MORE_FUEL)
        yield host.step(_their_call(lambda *given, name=name: exports[name](store, *given), type, args), images())


def _provided_there(host: _Host, module: str, name: str, type: FuncType) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        bits = [_bits(each, arg) for each, arg in zip(type.params, args, strict=True)]
        answers = [
            _python(each, bits)
            for each, bits in zip(type.results, host.answer(f"{module}.{name}", type, bits), strict=True)
        ]
        return None if not answers else answers[0] if len(answers) == 1 else answers

    return call


def _their_call(call: Callable[..., Any], type: FuncType, args: Sequence[int]) -> object:
    import wasmtime

    try:
        found = call(*(_python(each, arg) for each, arg in zip(type.params, args, strict=True)))
    except wasmtime.Trap:
        return _TRAP
    results = [] if not type.results else [found] if len(type.results) == 1 else found
    return tuple(_comparable(each, _bits(each, value)) for each, value in zip(type.results, results, strict=True))


def _python(type: ValType, bits: int) -> Any:
    """Bits as wasmtime wants them: floats as such, integers signed."""
    if type in _FORMATS:
        out, into = _FORMATS[type]
        return struct.unpack(out, struct.pack(into, bits))[0]
    assert isinstance(type, NumType)  # only functions of scalars are called, and answers are made for scalars
    width = BITS[type]
    return bits - (1 << width) if bits >> (width - 1) else bits


def _bits(type: ValType, value: Any) -> Any:
    if type in _FORMATS:
        if value != value:
            return _comparable_infinity(type) + 1
        into, out = _FORMATS[type]
        return struct.unpack(out, struct.pack(into, value))[0]
    return value % (1 << BITS[type]) if isinstance(type, NumType) else value
