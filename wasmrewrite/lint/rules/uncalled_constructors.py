"""WR204: static constructors that nobody calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...analysis import CallGraph, start_obstacles
from ...errors import WasmError
from ...model import Export, Func
from ..finding import Finding, Fix, Severity
from ..rule import Example, Rule

_CONSTRUCTORS: Final = "__wasm_call_ctors"


class UncalledConstructors(Rule):
    """``__wasm_call_ctors`` is exported and nothing calls it at instantiation.

    Statics with constructors hold zeroes until the host calls it, before anything else. ``add-start`` makes it the
    start function, so that instantiation does; with ``remove-export``, because running constructors a second time does
    harm, and a host that knows the export would. Such a fix is offered only where nothing speaks against it:
    constructors that call imports may need the instance, instances that share memory would each run them, and other
    functions of the module may call them, too. Emscripten's runtime and dynamic loaders call it themselves, as
    ``_initialize`` does in WASI reactors; those modules are left alone.
    """

    code, severity = "WR204", Severity.WARNING
    message = "'{name}' is exported, but instantiation does not run it: hosts have to call it before anything else"
    good = (Example('(module (func $c (export "__wasm_call_ctors")) (start $c))'),)
    bad = (
        Example('(module (func (export "__wasm_call_ctors")))', ("__wasm_call_ctors",)),
        Example(
            """(module (func $c (export "__wasm_call_ctors"))
              (func (export "setup") (call $c)))""",
            ("__wasm_call_ctors",),
        ),
    )

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        """Look at the one export."""
        if export.name == _CONSTRUCTORS and isinstance(export.item, Func) and not self._called_otherwise():
            yield self.found(self.subject.at_export(at), export.name, fix=self._fix(export.item))

    def _called_otherwise(self) -> bool:
        subject = self.subject
        if subject.module.start is not None or subject.is_emscripten or subject.is_dynamic:
            return True
        return any(export.name in ("_initialize", "_start") for _, export in subject.exports)

    def _fix(self, func: Func) -> Fix | None:
        """Only here is code looked at; if it cannot be read, nobody knows what else runs the function."""
        try:
            if any(start_obstacles(CallGraph(self.subject.module), func)):
                return None
        except WasmError:
            return None
        options = {"function": (_CONSTRUCTORS,), "remove-export": ("true",)}
        return Fix("add-start", options, "run it as the last step of instantiation and remove its export")
