"""WR202: exports that run static constructors on every call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from ...model import Func, Item
from ..finding import Finding, Severity
from ..rule import Example, Rule

_SUFFIX: Final = ".command_export"


class CommandExport(Rule):
    """An export is a wrapper of the linker's that runs all static constructors, then the function, on every call.

    The linker does that for modules with constructors that it takes for commands, which run once. For a library link
    with ``--export=__wasm_call_ctors`` (then exports are plain) and call that once; ``add-start`` with
    ``remove-export`` makes it the start function. Rust: ``-C link-arg=--export=__wasm_call_ctors``.
    """

    code, severity = "WR202", Severity.WARNING
    message = "calling export '{name}' runs all static constructors every time"
    markers = (_SUFFIX.encode(),)
    good = (Example('(module (func $__wasm_call_ctors (export "__wasm_call_ctors")) (start $__wasm_call_ctors))'),)
    bad = (Example('(module (func $run.command_export (export "run")))', ("run",)),)

    @cached_property
    def _exported(self) -> dict[Item, str]:
        return {export.item: export.name for _, export in reversed(self.subject.exports)}

    def function_name(self, func: Func, name: str) -> Iterable[Finding]:
        """Look at wrappers."""
        if name.endswith(_SUFFIX):
            yield self.found(self.subject.at_item(func), self._exported.get(func, name.removesuffix(_SUFFIX)))
