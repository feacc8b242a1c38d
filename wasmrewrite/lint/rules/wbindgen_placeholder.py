"""WR120: what rustc leaves for wasm-bindgen is still there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported, Subject

_PLACEHOLDERS: Final = ("__wbindgen_placeholder__", "__wbindgen_externref_xform__")
_SECTION: Final = "__wasm_bindgen_unstable"


class WbindgenPlaceholder(Rule):
    """The module imports from a namespace that only stands in until ``wasm-bindgen`` has run.

    With a section ``__wasm_bindgen_unstable`` or imports called ``__wbindgen_describe``, it has not run: run
    ``wasm-bindgen`` (or ``wasm-pack``, or ``trunk``) on the file that cargo wrote. Without them it has run with
    ``--target nodejs``, which keeps the name; only its own glue can instantiate such a module. Then this is a note.
    A crate that should need no glue at all pulls wasm-bindgen in through a feature: ``cargo tree -i wasm-bindgen``
    names it.
    """

    code, severity = "WR120", Severity.ERROR
    message = "imports from '{name}': {why}"
    good = (Example('(module (import "./app_bg.js" "__wbindgen_throw" (func (param i32 i32))))'),)
    bad = (
        Example(
            '(module (import "__wbindgen_placeholder__" "__wbindgen_describe" (func (param i32))))',
            ("__wbindgen_placeholder__",),
        ),
        Example(
            '(module (import "__wbindgen_placeholder__" "__wbindgen_throw" (func (param i32 i32))))',
            ("__wbindgen_placeholder__",),
        ),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.seen: set[str] = set()

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Say it once for each namespace."""
        if entry.module not in _PLACEHOLDERS or entry.module in self.seen:
            return
        self.seen.add(entry.module)
        raw = self._is_raw()
        why = "wasm-bindgen has not run" if raw else "only wasm-bindgen's glue for Node.js offers that"
        severity = Severity.ERROR if raw else Severity.NOTE
        yield self.found(self.subject.at_import(entry), entry.module, severity=severity, why=why)

    def _is_raw(self) -> bool:
        described = any(each.name.startswith("__wbindgen_describe") for each in self.subject.imports)
        return described or self.subject.custom(_SECTION) is not None
