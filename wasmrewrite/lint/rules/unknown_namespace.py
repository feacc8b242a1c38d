"""WR102: an import namespace that no known tool or platform uses."""

from __future__ import annotations

from collections.abc import Iterable

from ..finding import Finding, Severity
from ..namespaces import who_uses
from ..rule import Example, Rule
from ..subject import Imported, Subject


class UnknownNamespace(Rule):
    """Nobody known uses this import namespace.

    That is fine if your own host offers it: list it under ``namespaces``, and from then on anything that is neither
    known nor yours stands out.
    """

    code, severity = "WR102", Severity.NOTE
    message = "imports from '{name}', a namespace that no known tool or platform uses"
    good = (
        Example('(module (import "./snippets/glue.js" "f" (func)) (import "js" "g" (func)))'),
        Example('(module (import "sensor.v2" "read" (func)))', config='namespaces = ["sensor.v2"]'),
    )
    bad = (Example('(module (import "sensor.v2" "read" (func)))', ("sensor.v2",)),)

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.seen: set[str] = set()

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Say it once for each namespace."""
        module, ours = entry.module, self.settings.namespaces
        if module in self.seen or module in ours or who_uses(module) is not None:
            return
        self.seen.add(module)
        if self.subject.meant(module) is None:
            yield self.found(self.subject.at_import(entry), module)
