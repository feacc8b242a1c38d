"""WR103: two import namespaces that one toolchain never uses together."""

from __future__ import annotations

from collections.abc import Iterable

from ..finding import Finding, Severity
from ..namespaces import RIVALS
from ..rule import Example, Rule


class RivalNamespaces(Rule):
    """Imports come from two namespaces of which one replaced the other, such as ``go`` and ``gojs``.

    No host offers both. Parts of the module were built with different versions of a toolchain, or a tool that rewrites
    imports saw only some of them. Build everything with one version.
    """

    code, severity = "WR103", Severity.ERROR
    message = "imports from '{old}' and from '{new}': {why}"
    good = (Example('(module (import "gojs" "f" (func)) (import "gojs" "g" (func)))'),)
    bad = (
        Example('(module (import "go" "f" (func)) (import "gojs" "g" (func)))', ("go",)),
        Example(
            '(module (import "wasi_snapshot_preview1" "f" (func)) (import "wasi_unstable" "f" (func)))',
            ("wasi_unstable",),
        ),
    )

    def after(self) -> Iterable[Finding]:
        """Compare the namespaces."""
        first = {entry.module: entry for entry in reversed(self.subject.imports)}
        for old, new, why in RIVALS:
            if old in first and new in first:
                yield self.found(self.subject.at_import(first[old]), old, old=old, new=new, why=why)
