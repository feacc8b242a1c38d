"""WR202: exports that run static constructors on every call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...model import Func
from ..finding import Finding, Severity
from ..rule import Example, Rule

_SUFFIX: Final = ".command_export"


class CommandExport(Rule):
    """An export is a wrapper of the linker's that runs all static constructors, then the function, on every call.

    The linker does that for modules with constructors that it takes for commands, which run once. For a library link
    with ``--export=__wasm_call_ctors`` (then exports are plain) and call that once; ``add-start`` makes it the start
    function. Rust: ``-C link-arg=--export=__wasm_call_ctors``.
    """

    code, severity = "WR202", Severity.WARNING
    message = "calling export '{name}' runs all static constructors every time"
    markers = (_SUFFIX.encode(),)
    good = (Example('(module (func $__wasm_call_ctors (export "__wasm_call_ctors")) (start $__wasm_call_ctors))'),)
    bad = (Example('(module (func $run.command_export (export "run")))', ("run",)),)

    def function_name(self, func: Func, name: str) -> Iterable[Finding]:
        """Look at wrappers."""
        if name.endswith(_SUFFIX):
            exported = (export.name for _, export in self.subject.exports if export.item is func)
            yield self.found(self.subject.at_item(func), next(exported, name.removesuffix(_SUFFIX)))
