"""The host's side: what a host function may see of its caller, and host modules that need nothing from outside.

``RecordingHost`` answers every function from a seeded stream and keeps a log; ``spectest`` is the module that the
official test suite imports from. Not here: WASI.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, Final, NamedTuple, cast

from ..contract import Declaration
from ..isa.types import (
    F32,
    F64,
    FUNCREF,
    I32,
    I64,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    NumType,
    TableType,
    ValType,
    func_type,
)
from ..model import Func, Import, Item
from .engine import Instance
from .exports import Exports
from .instances import Extern, GlobalInst, HostFunc
from .memory import MemoryInst
from .store import Store
from .table import TableInst
from .values import HostRef, Value


class Caller(Exports):
    """What a host function with ``caller=True`` is given first: the instance that called it."""

    __slots__ = ("instance",)

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    @property
    def store(self) -> Store:
        """The store of the instance."""
        return self.instance.store

    @property
    def exports(self) -> Mapping[str, Extern]:
        """What the instance exports; functions can be called."""
        return self.instance.exports

    @property
    def memory(self) -> MemoryInst:
        """The instance's first memory. LookupError if it has none."""
        if not self.instance.memories:
            raise LookupError("the calling instance has no memory")
        return cast(MemoryInst, self.instance.memories[0])

    def call(self, name: str, *args: Any) -> Any:
        """Call an exported function with Python's values. LookupError if there is no such function."""
        return self.func(name)(*args)

    def __repr__(self) -> str:
        return f"<Caller {self.instance!r}>"


class WithCaller:
    """A callable that is given the ``Caller`` in front of its arguments; made by ``with_caller``."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        if not callable(call):
            raise TypeError(f"expected a function, found {type(call).__name__}")
        self.call = call

    def __repr__(self) -> str:
        return f"<with_caller {self.call!r}>"

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)


def with_caller(call: Callable[..., Any]) -> WithCaller:
    """Mark a host function that wants to see the instance that calls it: it gets a ``Caller`` first. A decorator."""
    return WithCaller(call)


class Declared:
    """A callable, and what somebody declared of its integers."""

    __slots__ = ("call", "declaration")

    def __init__(self, call: Callable[..., Any], declaration: Declaration) -> None:
        self.call = call
        self.declaration = declaration

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)

    def __repr__(self) -> str:
        return f"<Declared {self.call!r}>"


class HostCall(NamedTuple):
    """One call that a module made; arguments as they cross the border."""

    module: str
    name: str
    args: tuple[Value, ...]


_INTERESTING: Final = (0, 1, 2, 3, 7, 8, 16, 64, 255, 1024, 65536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)


class RecordingHost:
    """Host functions that write every call into ``log`` and answer from a stream that depends on ``seed`` only.

    The answers to one imported name do not depend on how often others are called.
    """

    def __init__(self, seed: int = 0) -> None:
        self.log: list[HostCall] = []
        self._seed = seed
        self._streams: dict[tuple[str, str], Random] = {}

    def __repr__(self) -> str:
        return f"<RecordingHost of seed {self._seed}: {len(self.log)} calls>"

    def imports(self, items: Iterable[Item]) -> dict[str, dict[str, HostFunc]]:
        """A function for every imported function among ``items``; other imports are left out."""
        found: dict[str, dict[str, HostFunc]] = {}
        for item in items:
            if isinstance(item, Func) and isinstance(item.origin, Import):
                name = item.origin
                found.setdefault(name.module, {})[name.name] = self.func(name.module, name.name, func_type(item.type))
        return found

    def func(self, module: str, name: str, type: FuncType) -> HostFunc:
        """A recording function of one type."""

        def call(*args: Value) -> list[Value]:
            self.log.append(HostCall(module, name, args))
            return self.answer(module, name, type.results)

        return HostFunc(type, call, name=f"{module}.{name}")

    def answer(self, module: str, name: str, types: Iterable[ValType]) -> list[Value]:
        """The next values of these types in the stream of one imported name."""
        stream = self._streams.get((module, name))
        if stream is None:
            # A string seed is hashed by Random itself, the same way everywhere.
            stream = self._streams[module, name] = Random(f"{self._seed}\0{module}\0{name}")
        return [_arbitrary(stream, type) for type in types]


def _arbitrary(stream: Random, type: ValType) -> Value:
    if not isinstance(type, NumType):
        return HostRef(stream.getrandbits(16)) if str(type) == "externref" else None
    if type.size > 8:
        return stream.randbytes(type.size)
    if stream.random() < 0.5:
        return stream.choice(_INTERESTING)
    return stream.getrandbits(type.size * 8)


_PRINTS: Final[dict[str, tuple[NumType, ...]]] = {
    "print": (),
    "print_i32": (I32,),
    "print_i64": (I64,),
    "print_f32": (F32,),
    "print_f64": (F64,),
    "print_i32_f32": (I32, F32),
    "print_f64_f64": (F64, F64),
}
_NUMBER: Final = 666
_FRACTION: Final = 666.6


def spectest(store: Store) -> dict[str, Extern]:
    """The host module of the official test suite; its printing functions do nothing."""

    def ignore(*_args: Value) -> None:
        return None

    functions = {name: HostFunc(FuncType(params), ignore, name=f"spectest.{name}") for name, params in _PRINTS.items()}
    return {
        **functions,
        "global_i32": GlobalInst(GlobalType(I32), _NUMBER),
        "global_i64": GlobalInst(GlobalType(I64), _NUMBER),
        "global_f32": GlobalInst(GlobalType(F32), _FRACTION),
        "global_f64": GlobalInst(GlobalType(F64), _FRACTION),
        "memory": MemoryInst(store, MemoryType(Limits(1, 2))),
        "table": TableInst(store, TableType(FUNCREF, Limits(10, 20))),
        "table64": TableInst(store, TableType(FUNCREF, Limits(10, 20, I64))),
    }
