"""Hosts that run a module as its embedders do: what they call unasked, what they can serve, and what came of it.

A host answers imports with zeros (WASI is real), but serves no call before it has the instance, as JavaScript cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from wasmrewrite.equiv.hosts.stubs import Stubs
from wasmrewrite.errors import LimitError, LinkError, Trap
from wasmrewrite.interp import Instance, instantiate
from wasmrewrite.isa.types import V128, NumType, ValType
from wasmrewrite.model import Func, Module
from wasmrewrite.runtime import Caller, Extern, HostFunc, Store, StoreLimits
from wasmrewrite.runtime.wasi import ProcExit, Wasi

Outcomes: TypeAlias = dict[str, str]
"""What came of each thing that a host did: results, "trap: ...", or "not executed: ..." (the interpreter cannot)."""
NOT_FOR_CALLS = ("_start", "_initialize", "__wasm_call_ctors")
"""Exports that hosts call once, if at all."""
_FUEL = 100_000


@dataclass(frozen=True)
class Host:
    """``unasked``: exports that it calls when it has an instance, the first there is; ``instances`` share memories."""

    unasked: tuple[str, ...] = ()
    instances: int = 1


HOSTS: Mapping[str, Host] = {
    "only instantiates": Host(),
    "WASI": Host(("_start", "_initialize")),
    "constructors": Host(("__wasm_call_ctors",)),
    "reactors and constructors": Host(("_start", "_initialize", "__wasm_call_ctors")),
    "threads": Host(("_start", "_initialize", "__wasm_call_ctors"), instances=2),
}


@dataclass
class _World:
    """One embedding: a store, imports, and whether there is an instance to serve yet."""

    module: Module
    serving: bool = False
    store: Store = field(default_factory=lambda: Store(StoreLimits(fuel=_FUEL)))

    def imports(self) -> dict[str, dict[str, Extern]]:
        """What the module imports; functions fail while there is no instance."""
        stubs = Stubs(self.module, self.store, wasi=Wasi(["program"]))
        found = stubs.imports()
        for names in found.values():
            for name, item in names.items():
                if isinstance(item, HostFunc):
                    names[name] = self._late(item, name)
        return found

    def _late(self, func: HostFunc, name: str) -> HostFunc:
        def call(caller: Caller, *args: Any) -> Any:
            if not self.serving:
                raise Trap(f"{name} is called before the host has an instance")
            return func.invoke(args, caller)

        return HostFunc(func.type, call, caller=True, name=name)


def outcomes(data: bytes, host: Host, skipped: Mapping[str, int] | None = None) -> Outcomes:
    """What comes of instantiating a module, of what the host calls unasked, and of every export twice.

    ``skipped``: exports whose first parameters are left out, by how many: those that return by value now.
    """
    module = Module.from_bytes(data)
    world = _World(module)
    found: Outcomes = {}
    try:
        imports = world.imports()
    except LinkError as error:
        return {"imports": f"trap: {error.message}"}
    functions = _functions(module)
    made: list[Instance] = []
    for number in range(host.instances):
        world.serving = False
        found[f"instantiate {number}"] = _told(partial(_instantiated, module, imports, world.store, made))
        world.serving = True
        if len(made) == number:
            return found
        unasked = _first_asked(data, host)
        if unasked is not None and number == 0:
            found[f"unasked {unasked}"] = _told(partial(made[0].invoke, functions[unasked]))
    for turn in range(2):
        for name, index in functions.items():
            if name not in NOT_FOR_CALLS:
                params = made[-1].funcs[index].type.params
                args = [_argument(type, at) for at, type in enumerate(params, (skipped or {}).get(name, 0))]
                found[f"call {name} {turn}"] = _told(partial(made[-1].invoke, index, args))
    return found


def _instantiated(module: Module, imports: Any, store: Store, made: list[Instance]) -> None:
    made.append(instantiate(module, imports, store))


def hosts_for(*modules: bytes) -> dict[str, Host]:
    """Hosts by name that treat at least one of the modules unlike the hosts before them."""
    found: dict[tuple[object, ...], str] = {}
    for name, host in HOSTS.items():
        found.setdefault((host.instances, *(_first_asked(data, host) for data in modules)), name)
    return {name: HOSTS[name] for name in found.values()}


def _first_asked(data: bytes, host: Host) -> str | None:
    functions = _functions(Module.from_bytes(data))
    return next((name for name in host.unasked if name in functions), None)


def trapped(found: Outcomes) -> set[str]:
    """What trapped."""
    return {what for what, came in found.items() if came.startswith("trap")}


def _functions(module: Module) -> dict[str, int]:
    indices = {func: at for at, func in enumerate(module.funcs)}
    return {each.name: indices[each.item] for each in module.exports if isinstance(each.item, Func)}


def _argument(type: ValType, at: int) -> Any:
    if type is V128:
        return bytes(16)
    return 8 * at + 64 if isinstance(type, NumType) else None


def _told(action: Callable[[], Any]) -> str:
    try:
        return repr(action())
    except (Trap, LinkError) as trap:
        return f"trap: {trap.message}"
    except ProcExit as end:
        return f"exit {end.code}"
    except LimitError as error:
        return f"not executed: {error.message}"
