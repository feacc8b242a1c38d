"""WR204: static constructors that nobody calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...isa.types import func_type
from ...model import Export, Func
from ..finding import Finding, Fix, Severity
from ..rule import Example, Rule

_CONSTRUCTORS: Final = "__wasm_call_ctors"


class UncalledConstructors(Rule):
    """``__wasm_call_ctors`` is exported and nothing calls it at instantiation.

    Statics with constructors hold zeroes until the host calls it, before anything else. ``add-start`` makes it the
    start function, so that instantiation does. Emscripten's runtime and dynamic loaders call it themselves, as
    ``_initialize`` does in WASI reactors; those modules are left alone.
    """

    code, severity = "WR204", Severity.WARNING
    message = "'{name}' is exported, but instantiation does not run it: hosts have to call it before anything else"
    good = (Example('(module (func $c (export "__wasm_call_ctors")) (start $c))'),)
    bad = (Example('(module (func (export "__wasm_call_ctors")))', ("__wasm_call_ctors",)),)

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        """Look at the one export."""
        if export.name != _CONSTRUCTORS or not isinstance(export.item, Func) or self._called_otherwise():
            return
        plain = not func_type(export.item.type).params and not func_type(export.item.type).results
        fix = Fix("add-start", {"function": (_CONSTRUCTORS,)}, "run it as the last step of instantiation")
        yield self.found(self.subject.at_export(at), export.name, fix=fix if plain else None)

    def _called_otherwise(self) -> bool:
        subject = self.subject
        if subject.module.start is not None or subject.is_emscripten or subject.is_dynamic:
            return True
        return any(export.name in ("_initialize", "_start") for _, export in subject.exports)
