"""wasmtime as an engine (``runtime.engine``), where it is installed (extra ``oracle``).

Vectors never cross the border, as wasmtime's Python side cannot take them, nor do references; tables and segments are
not looked at. Not here: what is made of a module first (``wasmtime_module``), what is compared (``cross_check``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NoReturn, TypeVar

from ...errors import LimitError
from ...isa.immediates import Space
from ...isa.types import FuncType, GlobalType, func_type
from ...model.module import Module
from ...runtime.host import Caller
from ...runtime.instances import Extern, GlobalInst, HostFunc
from ...runtime.link import Imports, resolve
from ...runtime.memory import MemoryInst
from ...runtime.store import Store, StoreLimits
from ...runtime.table import TableInst
from ...runtime.traps import out_of_bounds_memory_access
from ..structure.module_view import place
from .wasmtime_module import Compiled, compile_module
from .wasmtime_values import into, out_of, translated

NAME: Final = "wasmtime"
_FUEL_SCALE: Final = 10
_FUEL_MARGIN: Final = 20_000_000
"""Other engines count otherwise, bulk instructions by the byte: what ends here ends there within that much more."""

T = TypeVar("T")


class WasmtimeStore(Store):
    """Counts wasmtime's fuel as if it were ours."""

    def __init__(self, limits: StoreLimits, chosen: Any) -> None:
        import wasmtime

        self.real = wasmtime.Store(chosen)
        self.real.set_limits(memory_size=limits.memory_bytes, table_elements=2 * limits.table_elements)
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
class WasmtimeInstance:
    """An instance; what is in it is found by name when it is looked at.

    ``real`` has the exports of the copy once instantiation is through; before, the ``caller`` of a host function knows
    them.
    """

    compiled: Compiled
    store: WasmtimeStore
    real: Any = None
    caller: Any = None
    _waiting: dict[int, str] | None = None
    _covered: set[int] = field(default_factory=set)

    def reached(self) -> Set[int]:
        """Offsets of the instructions that were executed, as far as they have flags."""
        if self._waiting is None:
            self._waiting = dict(self.compiled.flags)
        if self.real is not None:
            set_now = [at for at, name in self._waiting.items() if self.real[name].value(self.store.real)]
            self._covered.update(set_now)
            for at in set_now:
                del self._waiting[at]
        return self._covered

    def forget_reached(self) -> None:
        """Take all flags down."""
        for at in self.reached():
            self.real[self.compiled.flags[at]].set_value(self.store.real, 0)
        self._waiting = None
        self._covered.clear()

    @property
    def context(self) -> Any:
        """What wasmtime wants to be told with every access."""
        return self.store.real if self.caller is None else self.caller

    def extern(self, name: str) -> Any:
        """An export of the copy."""
        return self.caller[name] if self.real is None else self.real[name]

    @property
    def exports(self) -> Mapping[str, Any]:
        """The functions, memories and globals that the module exports itself."""
        spaces: dict[Space, _Lazy[Any] | Sequence[Any]] = {
            Space.FUNC: self.funcs,
            Space.MEMORY: self.memories,
            Space.GLOBAL: self.globals,
        }
        shown = (each for each in self.compiled.module.exports if each.item.space in spaces)
        return {each.name: spaces[each.item.space][place(each.item)] for each in shown}

    @property
    def memories(self) -> Sequence[WasmtimeMemory]:
        """All memories."""
        return [WasmtimeMemory(self, name) for name in self.compiled.memories]

    @property
    def globals(self) -> _Lazy[WasmtimeGlobal]:
        """Globals; ``LimitError`` for one that is not of a number type."""
        return _Lazy(len(self.compiled.module.globals), lambda index: WasmtimeGlobal(self, index))

    @property
    def funcs(self) -> _Lazy[WasmtimeFunc]:
        """Functions; calling one raises ``LimitError`` if it was not announced or takes more than numbers."""
        return _Lazy(len(self.compiled.module.funcs), lambda index: WasmtimeFunc(self, index))

    @property
    def tables(self) -> NoReturn:
        """Not looked at here."""
        raise LimitError("tables are not looked at in wasmtime")

    def dropped(self, space: Space, index: int) -> bool:
        """Not looked at here."""
        raise LimitError("segments are not looked at in wasmtime")

    def substitute(self, index: int, func: HostFunc) -> None:
        """Compiled code calls what it calls."""
        raise LimitError("functions are not replaced in wasmtime")

    def lowest(self, index: int) -> int | None:
        """Nobody watches globals there."""
        return None

    def forget_lowest(self, index: int) -> None:
        """Nothing is remembered."""

    # --- imports ------------------------------------------------------------------------------------------------------

    def imported(self, at: int, given: Extern) -> Any:
        """What wasmtime is given for an import: an object of its own, that begins as ``given`` is now."""
        import wasmtime

        real, type = self.store.real, self.compiled.real.imports[at].type
        if isinstance(given, HostFunc):
            return wasmtime.Func(real, type, self._called_back(given), access_caller=True)
        if isinstance(given, MemoryInst):
            return wasmtime.Memory(real, type)
        if isinstance(given, TableInst):
            return wasmtime.Table(real, type, None)
        if isinstance(given, GlobalInst):
            return wasmtime.Global(real, type, into(given.type.value, given.bits))
        raise LimitError("wasmtime cannot be given a function of another instance, or a tag")

    def _called_back(self, func: HostFunc) -> Callable[..., Any]:
        def call(caller: Any, *args: Any) -> Any:
            waiting, self.caller = self.caller, caller
            try:
                bits = [out_of(kind, arg) for kind, arg in zip(func.type.params, args, strict=True)]
                results = func.invoke(bits, Caller(self) if func.caller else None)
                found = [into(kind, each) for kind, each in zip(func.type.results, results, strict=True)]
            finally:
                self.caller = waiting
            return None if not found else found[0] if len(found) == 1 else found

        return call


@dataclass(frozen=True, slots=True)
class _Lazy(Generic[T]):
    """An index space whose entries are made when they are looked at."""

    count: int
    make: Callable[[int], T]

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> T:
        return self.make(index)

    def __iter__(self) -> Iterator[T]:
        return map(self.make, range(self.count))


@dataclass(frozen=True, slots=True)
class WasmtimeFunc:
    """A function."""

    state: WasmtimeInstance
    index: int

    @property
    def type(self) -> FuncType:
        """Its signature."""
        return func_type(self.state.compiled.module.funcs[self.index].type)

    def invoke(self, args: Sequence[Any]) -> list[Any]:
        """Call it. Raises ``Trap``; ``LimitError`` where its type cannot cross the border."""
        compiled = self.state.compiled
        name = compiled.funcs.get(self.index)
        if name is None:
            raise LimitError(f"function {self.index} takes or returns more than numbers, so wasmtime was not asked")
        type = self.type
        with translated(compiled.module):
            given = [into(each, arg) for each, arg in zip(type.params, args, strict=True)]
            found = self.state.extern(name)(self.state.store.real, *given)
        results = [] if not type.results else [found] if len(type.results) == 1 else found
        return [out_of(each, value) for each, value in zip(type.results, results, strict=True)]


class WasmtimeGlobal:
    """A global of a number type."""

    __slots__ = ("_name", "_state", "type")

    def __init__(self, state: WasmtimeInstance, index: int) -> None:
        self._state = state
        name = state.compiled.globals.get(index)
        if name is None:
            raise LimitError(f"global {index} is not a number, so wasmtime was not asked")
        self._name = name
        self.type: GlobalType = state.compiled.module.globals[index].type

    @property
    def bits(self) -> int:
        """Its value as bits."""
        return out_of(self.type.value, self._state.extern(self._name).value(self._state.context))

    @bits.setter
    def bits(self, bits: int) -> None:
        self._state.extern(self._name).set_value(self._state.context, into(self.type.value, bits))


@dataclass(frozen=True, slots=True)
class WasmtimeMemory:
    """A memory."""

    state: WasmtimeInstance
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


# --- the engine -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WasmtimeReady:
    """A compiled module."""

    compiled: Compiled

    def store(self, limits: StoreLimits) -> WasmtimeStore:
        """A store of wasmtime behind one of ours."""
        return WasmtimeStore(limits, self.compiled.engine)

    def instantiate(self, imports: Imports, store: Store, watch: Collection[int] = ()) -> WasmtimeInstance:
        """Instantiate in a store that ``store`` made. Memories and tables to import begin empty there."""
        import wasmtime

        if not isinstance(store, WasmtimeStore):
            raise TypeError(f"expected a store of wasmtime, found a {type(store).__name__}")
        module = self.compiled.module
        store.intern(module.types)
        made = WasmtimeInstance(self.compiled, store)
        given = [made.imported(at, resolve(item, imports, store)) for at, item in enumerate(module.imports)]
        with translated(module):
            made.real = wasmtime.Instance(store.real, self.compiled.real, given).exports(store.real)
        return made


class Wasmtime:
    """wasmtime: only ``calls`` and exports of it can be called, and only with numbers."""

    name = NAME

    def load(self, module: Module, cover: Collection[int] = (), calls: Collection[int] = ()) -> WasmtimeReady:
        """Compile a module as it was read. Raises ``Refused`` with wasmtime's reason, ``LimitError``."""
        return WasmtimeReady(compile_module(module, cover, calls))
