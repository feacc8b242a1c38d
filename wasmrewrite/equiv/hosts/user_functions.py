"""Hosts that the user supplies: Python functions for imports, written once and called from both sides alike.

Whatever a claim of the contract changes is seen as the output has it, from either side: a function under a by-value
claim takes no pointer and returns the fields, and what it finds at its caller are the input's export names, by value
where that is claimed. The judge adapts the input's side, by its own layouts. Not here: logging (``recording``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, TypeAlias, cast

from ...contract import Interface
from ...errors import ConfigError, Exhaustion, LinkError, Trap, WasmError
from ...isa.types import FuncType, NumType, func_type
from ...model.items import Func, Import
from ...runtime.engine import Instance
from ...runtime.host import Caller, Declared
from ...runtime.instances import Callee, Extern, HostFunc
from ...runtime.link import Imports, friendly, resolve
from ...runtime.memory import MemoryInst
from ...runtime.store import Store
from ...runtime.values import Value
from ..by_value.claims import ByValue
from ..structure.module_view import View, place

HostMaker: TypeAlias = Callable[[Store], Imports]
SuppliedHost: TypeAlias = Imports | HostMaker
"""Functions without state of their own, as for ``instantiate``; or what makes them, anew for every instance."""

_SHOWN: Final = 64
"""Bytes read by a host that are logged as they are; of more their hash."""


def made(host: SuppliedHost | None, store: Store) -> Imports:
    """What the host provides for one instance. Raises ``ConfigError`` if it is no host."""
    if host is None:
        return {}
    found: Any = host(store) if callable(host) else host
    if not isinstance(found, Mapping) or not all(isinstance(each, Mapping) for each in found.values()):
        raise ConfigError("a host is a mapping {module: {name: function}}, or a function of a Store that returns one")
    return found


def as_declared(host: SuppliedHost | None, interface: Interface | None) -> SuppliedHost | None:
    """The host, whose plain functions see integers as ``interface`` declares them: as ``instantiate`` has it."""
    if host is None or interface is None or not interface.imports:
        return host
    known = {(each.module, each.name): each for each in interface.imports}

    def marked(module: str, name: str, given: object) -> object:
        declaration = known.get((module, name))
        if declaration is None or isinstance(given, Callee) or not callable(given):
            return given
        return Declared(given, declaration)

    def make(store: Store) -> Imports:
        found = made(host, store)
        return {
            module: {name: marked(module, name, given) for name, given in names.items()}
            for module, names in found.items()
        }

    return make


def check(host: SuppliedHost | None, old: View, claims: Mapping[int, ByValue]) -> str | None:
    """Whether the host fits the input's imports; how much of them it answers, in words.

    Raises ``LinkError`` for something of another kind or type than an import wants, ``ConfigError``.
    """
    if host is None:
        return None
    store = Store()
    store.intern(old.module.types)
    found = made(host, store)
    funcs = [item for item in old.module.imports if isinstance(item, Func)]
    answered = 0
    for item in old.module.imports:
        name = item.origin
        if not isinstance(name, Import) or name.name not in found.get(name.module, {}):
            continue
        answered += isinstance(item, Func)
        claim = claims.get(place(item)) if isinstance(item, Func) else None
        if claim is None:
            resolve(item, found, store)
        elif isinstance(item, Func):
            _by_value_fits(found[name.module][name.name], by_value_type(claim, func_type(item.type)), name)
    return f"{answered} of {len(funcs)} imported functions are the user's"


def _by_value_fits(given: object, wanted: FuncType, name: Import) -> None:
    if not callable(given) or (isinstance(given, Callee) and given.type != wanted):
        has = f"function of type {given.type}" if isinstance(given, Callee) else "no function"
        raise LinkError(f"host: {name.module!r} {name.name!r} is {has}; under its by-value claim it has to be {wanted}")


def by_value_type(claim: ByValue, old: FuncType) -> FuncType:
    """The type, under a claim, of a function whose type was ``old`` in the input."""
    return FuncType(old.params[: claim.pointer] + old.params[claim.pointer + 1 :], claim.layout.types)


def callee(given: object, type: FuncType, name: str) -> Callee:
    """What was supplied for a function, in the form that is called."""
    if isinstance(given, Callee):
        return given
    if not callable(given):
        raise LinkError(f"host: {name} is no function")
    return friendly(type, given, name)


def ask(called: Callee, name: str, args: Sequence[Value], caller: Caller, faults: list[str]) -> list[Value]:
    """Call a function of the host. Whatever it raises becomes a trap of its own kind, told apart by the class raised.

    ``faults`` learns what was raised. Raises ``Trap`` and what WASI ends programs with.
    """
    try:
        results = called.invoke(args, caller) if isinstance(called, HostFunc) else called.invoke(args)
    except (MemoryError, RecursionError) as error:
        raise Exhaustion(f"host function {name} raised {type_name(error)}") from error
    except WasmError:
        raise
    except Exception as error:  # an import is somebody else's code: what it raises is what it does
        kind = type_name(error)
        faults.append(f"host function {name} raised {kind}: {error}")
        raise Trap(f"host function {name} raised {kind}") from error
    return results


def type_name(error: Exception) -> str:
    """The class of an error, in the words of its module."""
    return type(error).__qualname__


class SuppliedCaller(Caller):
    """What a supplied function sees of its caller, the same on both sides; what it reads from memory is overheard."""

    __slots__ = ("_exports", "_heard", "_memory")

    def __init__(
        self, instance: Instance, exports: Mapping[str, Callable[[], Extern]], memory: int, heard: list[bytes]
    ) -> None:
        super().__init__(instance)
        self._exports = _Exports(exports, heard)
        self._heard = heard
        self._memory = memory

    @property
    def exports(self) -> Mapping[str, Extern]:
        """The input's exports that are still there."""
        return self._exports

    @property
    def memory(self) -> MemoryInst:
        """What is the first memory in the input."""
        return Overheard(cast(MemoryInst, self.instance.memories[self._memory]), self._heard)


class _Exports(Mapping[str, Extern]):
    """Exports, made when they are looked at."""

    def __init__(self, makers: Mapping[str, Callable[[], Extern]], heard: list[bytes]) -> None:
        self._makers = makers
        self._heard = heard

    def __getitem__(self, name: str) -> Extern:
        found = self._makers[name]()
        return Overheard(found, self._heard) if isinstance(found, MemoryInst) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Overheard(MemoryInst):
    """A memory as the host sees it: what is read from it is something the module said, and is noted."""

    __slots__ = ("_heard", "_real")

    def __init__(self, real: MemoryInst, heard: list[bytes]) -> None:
        self._real = real
        self._heard = heard

    @property
    def size(self) -> int:  # type: ignore[override]
        """As of the memory behind it; likewise the rest."""
        return self._real.size

    @property
    def data(self) -> Any:  # type: ignore[override]
        return self._real.data

    @property
    def type(self) -> Any:
        return self._real.type

    @property
    def address(self) -> NumType:
        return self._real.address

    @property
    def store(self) -> Store:  # type: ignore[override]
        return self._real.store

    def grow(self, pages: int) -> int:
        return self._real.grow(pages)

    def read(self, address: int, count: int) -> bytes:
        return self._note(self._real.read(address, count))

    def snapshot(self) -> bytes:
        return self._note(self._real.snapshot())

    def _note(self, data: bytes) -> bytes:
        self._heard.append(data if len(data) <= _SHOWN else blake2b(data, digest_size=16).digest())
        return data
