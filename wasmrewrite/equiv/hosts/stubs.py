"""Stubs for what a module imports, so that it can run although nobody provides that.

Functions answer zeros, or values from a seeded stream; every call can be listened to. A result that is declared as
fields is returned, or written through the pointer where the module still passes one, with the same values. Memories,
tables and globals are as small and as empty as their types allow. Functions of WASI are real where there is a world for
them. Not here: hosts that serve both sides of a comparison (``recording``, ``user_functions``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...arguments import expect
from ...contract import Declaration
from ...errors import LinkError
from ...isa.types import V128, FuncType, NumType, ValType, func_type
from ...model import Func, Global, Import, Item, Memory, Module, Table, Tag
from ...runtime import Caller, Extern, GlobalInst, HostFunc, MemoryInst, RecordingHost, Store, TableInst, TagInst
from ...runtime.shown import Shown
from ...runtime.values import Value
from ...runtime.wasi import Wasi, find
from ..by_value.results import fields_of, memory_index


@dataclass(frozen=True, slots=True)
class StubCall:
    """A call of a stub: the import, the values it was given and what it answered; nothing if it raised."""

    module: str
    name: str
    args: tuple[Shown, ...]
    results: tuple[Shown, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "module": self.module,
            "name": self.name,
            "args": [each.data() for each in self.args],
            "results": [each.data() for each in self.results],
        }


@dataclass(slots=True)
class Stubs:
    """Stubs for the imports of ``module``, whose memories, tables and globals belong to ``store``.

    ``seed`` None: functions answer zeros. ``declared`` says which imports return fields. ``wasi`` is the world for
    functions of WASI. ``heard`` is called with each call when it has been answered, ``calls.append`` for example; with
    those of WASI, of which programs make very many, only if ``hears_wasi``.
    """

    module: Module
    store: Store
    seed: int | None = None
    declared: Sequence[Declaration] = ()
    wasi: Wasi | None = None
    heard: Callable[[StubCall], object] | None = None
    hears_wasi: bool = False
    _stream: RecordingHost = field(init=False, repr=False)

    def __post_init__(self) -> None:
        expect(self.module, Module, "a module", "Module.from_bytes reads one")
        expect(self.store, Store, "a store")
        self._stream = RecordingHost(self.seed or 0)

    def imports(self) -> dict[str, dict[str, Extern]]:
        """Something for every import. Raises ``LinkError`` where nothing can stand in, ``ConfigError``."""
        found: dict[str, dict[str, Extern]] = {}
        for item in self.module.imports:
            origin = item.origin
            if isinstance(origin, Import):
                found.setdefault(origin.module, {})[origin.name] = self._stand_in(item, origin)
        return found

    def _stand_in(self, item: Item, name: Import) -> Extern:
        if isinstance(item, Func):
            return self._function(func_type(item.type), name)
        if isinstance(item, Memory):
            return MemoryInst(self.store, item.type)
        if isinstance(item, Tag):
            return TagInst(self.store, item.type)
        if isinstance(item, Table) and item.type.element.nullable:
            return TableInst(self.store, item.type)
        if isinstance(item, Global) and _has_zero(item.type.value):
            return GlobalInst(item.type, _zero(item.type.value), self.store)
        raise _no_stand_in(name, "its type has no null")

    def _function(self, of: FuncType, name: Import) -> HostFunc:
        real = None if self.wasi is None else find(name.module, name.name, of)
        if real is not None and self.wasi is not None:
            return self._overheard(self.wasi.provide(real, str(name)), name)
        missing = [result for result in of.results if not _has_zero(result)]
        declared = next((each for each in self.declared if (each.module, each.name) == (name.module, name.name)), None)
        if declared is not None and declared.by_value:
            return self._returning_fields(of, name, declared)

        def call(*args: Value) -> Sequence[Value]:
            if missing:
                raise _no_stand_in(name, "its result has no null")
            results = self._answer(name, of.results)
            self._record(name, _shown(of.params, args), _shown(of.results, results))
            return results

        return HostFunc(of, call, name=str(name))

    def _overheard(self, real: HostFunc, name: Import) -> HostFunc:
        """A function of WASI, and what it is asked and answers on record."""
        if self.heard is None or not self.hears_wasi:
            return real

        def call(caller: Caller, *args: Value) -> Sequence[Value]:
            results: list[Value] = []
            try:
                results = real.invoke(args, caller)
            finally:
                self._record(name, _shown(real.type.params, args), _shown(real.type.results[: len(results)], results))
            return results

        return HostFunc(real.type, call, caller=True, name=str(name))

    def _returning_fields(self, of: FuncType, name: Import, declared: Declaration) -> HostFunc:
        """An import with a declared result of fields, in either form."""
        shape = fields_of(declared, of, self.module)
        at = len(of.params) if shape.types == of.results else declared.pointer
        memory = memory_index(declared, self.module) if at < len(of.params) else 0

        def call(caller: Caller, *args: Value) -> Sequence[Value]:
            image = bytearray(shape.size)
            for offset, raw in shape.write(self._answer(name, shape.types)):
                image[offset : offset + len(raw)] = raw
            results = shape.read(bytes(image))  # what a field is too narrow for is gone now, in either form
            self._record(name, _shown(of.params, args), _shown(shape.types, results))
            if at == len(of.params):
                return results
            for offset, raw in shape.write(results):
                caller.instance.memories[memory].write(args[at] + offset, raw)
            return ()

        return HostFunc(of, call, caller=True, name=str(name))

    def _answer(self, name: Import, types: Iterable[ValType]) -> list[Value]:
        if self.seed is None:
            return [_zero(each) for each in types]
        return self._stream.answer(name.module, name.name, types)

    def _record(self, name: Import, args: Iterable[Shown], results: Iterable[Shown]) -> None:
        if self.heard is not None:
            self.heard(StubCall(name.module, name.name, tuple(args), tuple(results)))


def _no_stand_in(name: Import, why: str) -> LinkError:
    return LinkError(f"nothing can stand in for import {name.module!r} {name.name!r}: {why}")


def _shown(types: Sequence[ValType], values: Iterable[Value]) -> Iterator[Shown]:
    """The values, made only when somebody listens."""
    return (Shown(each, value) for each, value in zip(types, values, strict=True))


def _has_zero(of: ValType) -> bool:
    return isinstance(of, NumType) or of.nullable


def _zero(of: ValType) -> Value:
    if isinstance(of, NumType):
        return bytes(16) if of is V128 else 0
    return None
