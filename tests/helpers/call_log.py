"""Which function really called which: modules that report every call to the host, and the log of one instance.

What a module does is not changed: constants and calls of two more imports stand before each call and at the beginning
of each function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from wasmrewrite.isa.types import I32
from wasmrewrite.model import Body, Instr, Module, instr
from wasmrewrite.rewrite import Editor

CALLS = frozenset({"call", "return_call", "call_indirect", "return_call_indirect", "call_ref", "return_call_ref"})
FOREIGN = -1
"""Stands for a function of the host's that the module does not import."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One call: ``caller`` (None: the host), which of its calls it was in the order of the code, and ``callee``."""

    caller: int | None
    site: int
    callee: int


@dataclass(slots=True)
class Log:
    """Calls in the order in which they happened. Functions are indices of the module as it was."""

    seen: list[Seen] = field(default_factory=list)
    _pending: tuple[int, int] | None = None

    def from_host(self) -> None:
        """The host is about to call: whatever was about to be called before trapped."""
        self._pending = None

    def site(self, caller: int, site: int) -> None:
        """A function is about to call."""
        self._pending = caller, site

    def enter(self, callee: int) -> None:
        """A function begins to run."""
        caller, site = self._pending if self._pending is not None else (None, 0)
        self.seen.append(Seen(caller, site, callee))
        self._pending = None

    def imports(self) -> dict[str, Callable[..., None]]:
        """What ``reporting`` makes a module import, under the name "log"."""
        return {"site": self.site, "enter": self.enter}


def reporting(data: bytes) -> bytes:
    """The module ``data`` with reports of all calls."""
    module = Module.from_bytes(data)
    defined = [(index, func) for index, func in enumerate(module.funcs) if isinstance(func.origin, Body)]
    edit = Editor(module)
    enter = edit.add_import("log", "enter", edit.type((I32,)))
    site = edit.add_import("log", "site", edit.type((I32, I32)))
    for index, func in defined:
        assert isinstance(func.origin, Body)
        code: list[Instr] = [instr("i32.const", index), instr("call", enter)]
        sites = 0
        for each in func.origin.expr:
            if each.op.name in CALLS:
                code += [instr("i32.const", index), instr("i32.const", sites), instr("call", site)]
                sites += 1
            code.append(each)
        edit.set_body(func, func.origin.locals, code)
    return module.to_bytes()
