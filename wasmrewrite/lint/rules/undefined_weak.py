"""WR302: calls that trap because nobody defined the function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...model import Func
from ..finding import Finding, Severity
from ..rule import Example, Rule

_PREFIXES: Final = ("undefined_weak:", "undefined_stub:", "undefined:")


class UndefinedWeak(Rule):
    """A function was declared weak (or undefined symbols were to be ignored) and nobody defined it.

    Calls reach a stub of the linker's that traps. That is fine only if the program looks before it calls, as in
    ``if (f) f();``. Otherwise link the library that defines it.
    """

    code, severity = "WR302", Severity.WARNING
    message = "calls of '{readable}' trap: it is declared, and nobody defined it"
    markers = tuple(prefix.encode() for prefix in _PREFIXES)
    good = (Example("(module (func $f))"),)
    bad = (Example('(module (func (@name "undefined_weak:hook") unreachable))', ("hook",)),)

    def function_name(self, func: Func, name: str) -> Iterable[Finding]:
        """Look at stubs."""
        for prefix in _PREFIXES:
            if name.startswith(prefix):
                yield self.found(self.subject.at_item(func), name.removeprefix(prefix))
                return
