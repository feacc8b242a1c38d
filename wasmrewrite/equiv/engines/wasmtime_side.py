"""One side of a comparison in another engine: wasmtime, where it is installed (extra ``oracle``).

The module is asked through a copy that exports what is to be called and looked at, and in which the functions to cover
set a flag before each instruction; nothing else in it runs otherwise than in the module. Vectors never cross the
border, as wasmtime's Python side cannot take them, nor do references. Not here: what is compared (``cross_check``).
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from ...codec import write
from ...errors import LimitError, Trap
from ...isa.immediates import Space
from ...isa.structure import STRUCTURAL
from ...isa.types import F32, I32, GlobalType, func_type
from ...model import instr
from ...model.edit import set_body
from ...model.instr import Expr, Instr
from ...model.items import Body, Export, Exportable, Func, Global, Import, Item, Memory, Table
from ...model.module import Module
from ...runtime.host import Caller, Declared, WithCaller
from ...runtime.instances import FuncInst, HostFunc
from ...runtime.link import Imports
from ...runtime.store import Store, StoreLimits
from ...runtime.traps import out_of_bounds_memory_access
from ...runtime.wasi import NO_MEMORY
from ..behavior.running_module import TABLE_ELEMENTS, Resources, Role, Side
from ..behavior.values import Value
from ..hosts.recording import Host
from ..hosts.user_functions import made
from ..structure.module_view import place
from .wasmtime_values import NUMBERS, into, out_of, plain, quiet, translated

_FUEL_SCALE: Final = 10
_FUEL_MARGIN: Final = 20_000_000
"""Other engines count otherwise, bulk instructions by the byte: what ends here ends there within that much more."""
_LARGE: Final = 1 << 20
"""Bytes of a module that is compiled without optimising."""
MOST_FLAGS: Final = 4000
"""Instructions whose execution is watched; each takes a global."""
_FEATURES: Final = (
    "wasm_multi_memory", "wasm_memory64", "wasm_tail_call", "wasm_relaxed_simd", "wasm_function_references", "wasm_gc",
    "wasm_exceptions", "wasm_threads",
)  # fmt: skip


class Refused(LimitError):
    """wasmtime does not accept the module at all."""


def installed() -> bool:
    """Whether wasmtime is."""
    return find_spec("wasmtime") is not None


@cache
def engine(optimise: bool = True) -> Any:
    """An engine with all features and fuel, whose NaNs are canonical."""
    import wasmtime

    # Freed while wasmtime is still there to do it: at the very end of the process it no longer is.
    atexit.register(engine.cache_clear)
    config = wasmtime.Config()
    config.consume_fuel = True
    config.cranelift_nan_canonicalization = True
    if not optimise:
        config.cranelift_opt_level = "none"
    for feature in _FEATURES:
        setattr(config, feature, True)
    return wasmtime.Engine(config)


# --- the module -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module that wasmtime has accepted, and under which names the copy exports its items.

    ``flags``: for offsets of instructions, the global that is not zero once they were executed.
    """

    role: Role
    module: Any
    engine: Any
    funcs: Mapping[int, str]
    memories: Sequence[str]
    globals: Mapping[int, str]
    flags: Mapping[int, str]


def compile_role(role: Role, funcs: Collection[int]) -> Compiled:
    """Compile one side's module, ready for calls of ``funcs``.

    Raises ``Refused`` with wasmtime's reason, ``LimitError`` for what cannot be asked there.
    """
    import wasmtime

    if any(memory.type.limits.shared for memory in role.program.module.memories):
        raise LimitError("wasmtime is not asked about shared memories, where a call may wait for ever")
    supplied = made(role.host, Store())
    for item in role.program.module.imports:
        _check_import(role, item, supplied)
    data = bytes(role.program.module.source.data)
    chosen = engine(len(data) < _LARGE)
    try:
        wasmtime.Module.validate(chosen, data)
    except wasmtime.WasmtimeError as error:
        raise Refused(_first_lines(error)) from None
    copy = Module.from_bytes(data)
    copy.customs.clear()  # they say nothing about execution, and some forbid that code moves
    names = _Names(copy)
    callable = {index: names.of(copy.funcs[index]) for index in sorted(funcs) if _plain_func(copy.funcs[index])}
    memories = [names.of(memory) for memory in copy.memories]
    numbers = {at: names.of(each) for at, each in enumerate(copy.globals) if each.type.value in NUMBERS}
    flags = _flagged(copy, role.cover, names)
    try:
        module = wasmtime.Module(chosen, write(copy).data)
    except wasmtime.WasmtimeError as error:
        raise LimitError(f"wasmtime cannot take a copy that shows more: {_first_lines(error)}") from None
    return Compiled(role, module, chosen, callable, memories, numbers, flags)


def _flagged(copy: Module, cover: Collection[int], names: _Names) -> dict[int, str]:
    """Let functions set a flag of its own before each instruction, as far as ``MOST_FLAGS`` go."""
    flags: dict[int, str] = {}
    for func in (copy.funcs[index] for index in sorted(cover)):
        if not isinstance(func.origin, Body) or len(flags) == MOST_FLAGS:
            continue
        code: list[Instr] = []
        for each, offset in zip(func.origin.expr, func.origin.expr.offsets, strict=True):
            if (each.op not in STRUCTURAL or each.op.name == "if") and len(flags) < MOST_FLAGS:
                flag = Global(GlobalType(I32, True), Expr.of([instr("i32.const", 0)]))
                copy.globals.append(flag)
                flags[offset] = names.export(f"flag:{offset}", flag)
                code += [instr("i32.const", 1), instr("global.set", flag)]
            code.append(each)
        set_body(copy, func, Body.of(func.origin.locals, Expr.of(code)))
    return flags


def _first_lines(error: Exception) -> str:
    return ": ".join(line.strip() for line in str(error).splitlines()[:4] if line.strip() and "Caused by" not in line)


def _plain_func(func: Func) -> bool:
    return plain(func_type(func.type))


def _check_import(role: Role, item: Item, supplied: Imports) -> None:
    origin: Any = item.origin
    module, name = role.names.get((origin.module, origin.name), (origin.module, origin.name))
    given = supplied.get(module, {}).get(name)
    given = given.call if isinstance(given, Declared) else given
    wants_caller = isinstance(given, FuncInst | WithCaller) or (isinstance(given, HostFunc) and given.caller)
    if given is not None and (wants_caller or not isinstance(item, Func)):
        raise LimitError(f"what the host supplies for import {origin} works in our own engine only")
    if isinstance(item, Func):
        why = "" if _plain_func(item) else "takes or returns more than numbers"
    elif isinstance(item, Global):
        why = "" if item.type.value in NUMBERS else "is no number"
    elif isinstance(item, Table):
        why = "" if item.type.element.nullable else "has no null to hold"
    else:
        why = "" if isinstance(item, Memory) else "is a tag"
    if why:
        raise LimitError(f"wasmtime cannot be given import {origin}, which {why}")


class _Names:
    """Exports added to a copy of a module, under names that nothing has yet."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.taken = {export.name for export in module.exports}
        self.prefix = "judge"
        while any(name.startswith(self.prefix) for name in self.taken):
            self.prefix += "'"

    def of(self, item: Exportable) -> str:
        """Export an item."""
        return self.export(f"{item.space.value}:{place(item)}", item)

    def export(self, what: str, item: Exportable) -> str:
        """Export an item under a name that says what it is."""
        name = f"{self.prefix}:{what}"
        self.module.exports.append(Export(name, item))
        return name


# --- the instance -----------------------------------------------------------------------------------------------------


class OutsideStore(Store):
    """Counts wasmtime's fuel as if it were ours."""

    def __init__(self, limits: StoreLimits, chosen: Any) -> None:
        import wasmtime

        self.real = wasmtime.Store(chosen)
        self.real.set_limits(memory_size=limits.memory_bytes, table_elements=2 * TABLE_ELEMENTS)
        self._set = 0
        super().__init__(limits)

    def refuel(self, fuel: int | None) -> None:
        """As for our own engine, with a margin."""
        super().refuel(fuel)
        self._set = self.fuel_left * _FUEL_SCALE + _FUEL_MARGIN
        self.real.set_fuel(min(self._set, 1 << 62))

    @property
    def executed(self) -> int:
        """About how many instructions were executed."""
        return max(0, self._set - int(self.real.get_fuel())) // _FUEL_SCALE


@dataclass(slots=True)
class OutsideState:
    """What ``Side`` looks at of an instance, by index; found by name when it is looked at.

    ``exports`` are there once instantiation is through; before, the ``caller`` of a host function knows them.
    """

    compiled: Compiled
    store: OutsideStore
    exports: Any = None
    caller: Any = None
    _waiting: dict[int, str] | None = None
    _covered: set[int] = field(default_factory=set)

    @property
    def covered(self) -> set[int]:
        """Offsets of the instructions that were executed, as far as they have flags."""
        if self._waiting is None:
            self._waiting = dict(self.compiled.flags)
        if self.exports is not None:
            set_now = [at for at, name in self._waiting.items() if self.exports[name].value(self.store.real)]
            self._covered.update(set_now)
            for at in set_now:
                del self._waiting[at]
        return self._covered

    def forget_covered(self) -> None:
        """Take all flags down."""
        for at in self._covered:
            self.exports[self.compiled.flags[at]].set_value(self.store.real, 0)
        self._waiting = None
        self._covered.clear()

    @property
    def context(self) -> Any:
        """What wasmtime wants to be told with every access."""
        return self.store.real if self.caller is None else self.caller

    def extern(self, name: str) -> Any:
        """An export of the copy."""
        return self.caller[name] if self.exports is None else self.exports[name]

    @property
    def memories(self) -> Sequence[OutsideMemory]:
        """All memories."""
        return [OutsideMemory(self, name) for name in self.compiled.memories]

    @property
    def globals(self) -> _ByIndex:
        """Globals of number types."""
        return _ByIndex(lambda index: OutsideGlobal(self, index))

    @property
    def funcs(self) -> _ByIndex:
        """The functions that can be called."""
        return _ByIndex(lambda index: OutsideFunc(self, index))

    def invoke(self, index: int, args: Sequence[Any]) -> Any:
        """Call a function by index with values of the border."""
        return self.funcs[index].invoke(args)


@dataclass(frozen=True, slots=True)
class _ByIndex:
    make: Callable[[int], Any]

    def __getitem__(self, index: int) -> Any:
        return self.make(index)


@dataclass(frozen=True, slots=True)
class OutsideFunc:
    """A function."""

    state: OutsideState
    index: int

    def invoke(self, args: Sequence[Any]) -> list[Any]:
        """Call it. Raises ``Trap``; ``LimitError`` where its type cannot cross the border."""
        compiled = self.state.compiled
        name = compiled.funcs.get(self.index)
        if name is None:
            raise LimitError(f"function {self.index} takes or returns more than numbers, so wasmtime was not asked")
        type = func_type(compiled.role.program.module.funcs[self.index].type)
        with translated():
            given = [into(each, arg) for each, arg in zip(type.params, args, strict=True)]
            found = self.state.extern(name)(self.state.store.real, *given)
        results = [] if not type.results else [found] if len(type.results) == 1 else found
        return [out_of(each, value) for each, value in zip(type.results, results, strict=True)]


class OutsideGlobal:
    """A global of a number type."""

    __slots__ = ("_name", "_state", "type")

    def __init__(self, state: OutsideState, index: int) -> None:
        self._state = state
        self._name = state.compiled.globals[index]
        self.type: GlobalType = state.compiled.role.program.module.globals[index].type

    @property
    def bits(self) -> int:
        """Its value as bits."""
        return out_of(self.type.value, self._state.extern(self._name).value(self._state.context))

    @bits.setter
    def bits(self, bits: int) -> None:
        self._state.extern(self._name).set_value(self._state.context, into(self.type.value, bits))


@dataclass(frozen=True, slots=True)
class OutsideMemory:
    """A memory, as ``MemoryInst`` would show it."""

    state: OutsideState
    name: str

    @property
    def size(self) -> int:
        """Bytes that exist."""
        return int(self.state.extern(self.name).data_len(self.state.context))

    @property
    def data(self) -> Any:
        """A view of all bytes."""
        size = self.size
        return memoryview(self.state.extern(self.name).get_buffer_ptr(self.state.context, size)) if size else b""

    def check(self, address: int, count: int) -> None:
        """Trap unless ``count`` bytes at ``address`` exist."""
        if address < 0 or count < 0 or address + count > self.size:
            raise out_of_bounds_memory_access()

    def read(self, address: int, count: int) -> bytes:
        """Bytes. Raises ``Trap``."""
        self.check(address, count)
        return bytes(self.state.extern(self.name).read(self.state.context, address, address + count))

    def write(self, address: int, data: bytes | bytearray | memoryview) -> None:
        """Put bytes. Raises ``Trap``."""
        self.check(address, len(data))
        if data:
            self.state.extern(self.name).write(self.state.context, bytearray(data), address)

    def snapshot(self) -> bytes:
        """All bytes."""
        return self.read(0, self.size)


class OutsideSide(Side):
    """``Side`` in wasmtime. How low the stack pointer went is not known there."""

    __slots__ = ("compiled", "seen", "there")

    def __init__(self, compiled: Compiled, host: Host, resources: Resources) -> None:
        self.compiled = compiled
        super().__init__(compiled.role, host, resources)
        limits = StoreLimits(resources.fuel, memory_bytes=resources.memory_bytes)
        self.store = self.there = OutsideStore(limits, compiled.engine)
        self.seen = OutsideState(compiled, self.there)
        shown: Any = self.seen
        self.state = self.instance = shown

    def make(self) -> None:
        """Instantiate. Raises ``Trap``, ``LimitError``."""
        import wasmtime

        given: list[Any] = list(self.provided())
        with translated():
            instance = wasmtime.Instance(self.there.real, self.compiled.module, given)
        self.seen.exports = instance.exports(self.there.real)

    def supplied(self, item: Item, origin: Import, given: object) -> object:
        """As for our own engine; ``compile_role`` let functions through that want to see nothing of their caller."""
        return self._func_there(super().supplied(item, origin, given), item)

    def provide(self, item: Item, origin: Import) -> object:
        """The judge's own host, as wasmtime wants it."""
        import wasmtime

        if isinstance(item, Func):
            return self._func_there(super().provide(item, origin), item)
        real, type = self.there.real, self._import_type(item)
        if isinstance(item, Memory):
            return wasmtime.Memory(real, type)
        if isinstance(item, Table):
            return wasmtime.Table(real, type, None)
        found: Any = super().provide(item, origin)
        return wasmtime.Global(real, type, into(found.type.value, found.bits))

    def _import_type(self, item: Item) -> Any:
        at = next(at for at, each in enumerate(self.role.program.module.imports) if each is item)
        return self.compiled.module.imports[at].type

    def _func_there(self, func: Any, item: Item) -> Any:
        """A host function as wasmtime calls it."""
        import wasmtime

        def call(caller: Any, *args: Any) -> Any:
            waiting, self.seen.caller = self.seen.caller, caller
            try:
                bits = [out_of(kind, arg) for kind, arg in zip(func.type.params, args, strict=True)]
                found = [into(kind, each) for kind, each in zip(func.type.results, func.invoke(bits), strict=True)]
            finally:
                self.seen.caller = waiting
            return None if not found else found[0] if len(found) == 1 else found

        return wasmtime.Func(self.there.real, self._import_type(item), call, access_caller=True)

    def forget_covered(self) -> None:
        """Begin anew to count what is executed."""
        self.seen.forget_covered()

    def wasi_memory(self) -> Any:
        """As ``memory_of`` finds it in our own engine."""
        exported = self.role.view.export_names().get("memory")
        index = exported[1] if exported is not None and exported[0] is Space.MEMORY else 0
        memories = self.seen.memories
        if not memories:
            raise Trap(NO_MEMORY)
        return memories[index]

    def inward(self, value: Value) -> object:
        """As for our own engine; a NaN is a quiet one."""
        return quieted(value, super().inward(value))

    def checksum(self) -> int | None:
        """Not compared: engines may choose the bits of a NaN."""
        return None

    def low(self) -> int | None:
        """As low as a stack may reach that nobody watched."""
        pointer = self.stack_pointer_value()
        return None if pointer is None else pointer - STACK_GUESS


class QuietSide(Side):
    """Our own engine, given the same quiet NaNs as wasmtime."""

    __slots__ = ()

    def checksum(self) -> int | None:
        """Not compared: engines may choose the bits of a NaN."""
        return None

    def provide(self, item: Item, origin: Import) -> object:
        """The judge's own host."""
        return _quiet_func(super().provide(item, origin))

    def supplied(self, item: Item, origin: Import, given: object) -> object:
        """The user's host."""
        return _quiet_func(super().supplied(item, origin, given))

    def inward(self, value: Value) -> object:
        """A value; a NaN is a quiet one."""
        return quieted(value, super().inward(value))


def quieted(value: Value, found: object) -> object:
    """What a comparable value became inside, without signalling NaNs."""
    return quiet(F32, found) if value.kind == "f32" else found


def _quiet_func(found: object) -> object:
    if not isinstance(found, HostFunc):
        return found
    func = found

    def call(caller: Caller | None, *args: Any) -> list[Any]:
        return [quiet(kind, each) for kind, each in zip(func.type.results, func.invoke(args, caller), strict=True)]

    return HostFunc(func.type, call, caller=True, name=func.name)


STACK_GUESS: Final = 1 << 16
"""Bytes below the stack pointer that count as dead stack where its lowest value is not known."""
