"""``Wasi``: the host functions that a module imports, in front of one program's world.

Not here: what they do (``functions``), what there is (``system``).
"""

from __future__ import annotations

from ...isa.types import FuncType
from ..host import Caller
from ..instances import HostFunc
from ..values import Value
from .abi import Errno, Refused
from .functions import BY_NAME, Function
from .guest import Guest, memory_of
from .system import System


class Wasi(System):
    """A program's world, and the functions to import."""

    def imports(self) -> dict[str, dict[str, HostFunc]]:
        """Every function of both editions, by module and name."""
        found: dict[str, dict[str, HostFunc]] = {}
        for (module, name), function in BY_NAME.items():
            found.setdefault(module, {})[name] = self.provide(function, f"{module}.{name}")
        return found

    def provide(self, function: Function, name: str) -> HostFunc:
        """One function. Calling it raises ``ProcExit``, ``Trap``, ``Exhaustion`` and what the sinks of output raise."""

        def call(caller: Caller, *args: int) -> list[Value]:
            return self.perform(function, Guest(memory_of(caller.instance), caller.store), args)

        made = HostFunc(function.type, call, caller=True, name=name)
        made.converts = True  # error numbers are bits as they are
        return made

    def perform(self, function: Function, guest: Guest, args: tuple[int, ...]) -> list[Value]:
        """Do it; the results. Raises as ``provide`` says."""
        errno = Errno.SUCCESS
        try:
            function.call(self, guest, *args)
        except Refused as refused:
            errno = refused.errno
        return [int(errno) for _ in function.type.results]


def find(module: str, name: str, type: FuncType) -> Function | None:
    """The function that an import of this type means, None if there is no such."""
    function = BY_NAME.get((module, name))
    return function if function is not None and function.type == type else None
