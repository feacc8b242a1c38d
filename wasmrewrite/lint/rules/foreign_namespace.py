"""WR105: imports that do not go with the compiler that made the module."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported, Subject

_GO: Final = "go cmd/compile"
_OF_RUST_ONLY: Final = ("__wbindgen_placeholder__", "__wbindgen_externref_xform__", "wbg")
_OF_GO_ONLY: Final = ("go", "gojs")


class ForeignNamespace(Rule):
    """The producers section names one toolchain, and an import belongs to another.

    Go's own compiler never imports from ``env`` or ``wbg``, and rustc never from ``gojs``. Modules were merged, or a
    tool copied a producers section along.
    """

    code, severity = "WR105", Severity.WARNING
    message = "imports from '{name}', but was made by {maker}"
    good = (
        Example('(module (@producers (processed-by "Go cmd/compile" "go1.22")) (import "gojs" "f" (func)))'),
        Example('(module (@producers (processed-by "rustc" "1.96.0")) (import "wbg" "f" (func)))'),
    )
    bad = (
        Example('(module (@producers (processed-by "Go cmd/compile" "go1.22")) (import "env" "f" (func)))', ("env",)),
        Example('(module (@producers (processed-by "rustc" "1.96.0")) (import "gojs" "f" (func)))', ("gojs",)),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.seen: set[str] = set()

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Say it once for each namespace."""
        if entry.module in self.seen:
            return
        self.seen.add(entry.module)
        made_by = self.subject.producers
        go, rust = _GO in made_by, "rustc" in made_by
        if go and not rust and entry.module in ("env", *_OF_RUST_ONLY):
            yield self.found(self.subject.at_import(entry), entry.module, maker="Go's compiler")
        if rust and not go and entry.module in _OF_GO_ONLY:
            yield self.found(self.subject.at_import(entry), entry.module, maker="rustc")
