"""WR250: an export that an interface file declares is missing or has another type."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import Position
from ..against import misfits_of_exports
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..words import type_text


class UnmetExport(Rule):
    """A function that the interface file declares as exported is not there, or does not have that type.

    A host that follows the declaration fails when it looks the export up, or passes the wrong arguments.
    """

    code, severity = "WR250", Severity.ERROR
    message = "export '{name}' {type}: {why}"
    good = (
        Example(
            '(module (func (export "run") (param i32) (result i64) i64.const 0))',
            interface='[[export]]\nname = "run"\nparams = ["u32"]\nresult = "i64"',
        ),
    )
    bad = (
        Example("(module)", ("run",), interface='[[export]]\nname = "run"'),
        Example(
            '(module (func (export "run") (param f32) (result i64) i64.const 0))',
            ("run",),
            interface='[[export]]\nname = "run"\nparams = ["u32"]\nresult = "i64"',
        ),
    )

    def whole(self) -> Iterable[Finding]:
        """Ask every interface file."""
        for expected in self.settings.expected:
            for name, item, misfit in misfits_of_exports(expected, self.subject.module):
                type_now = "is missing" if item is None else f"has type {type_text(item)}"
                detail = misfit.detail(item)
                yield self.found(self._place(name), name, detail=detail, type=type_now, why=misfit.why)

    def _place(self, name: str) -> Position:
        places = [at for at, export in self.subject.exports if export.name == name]
        return self.subject.at_export(places[0]) if places else self.subject.at_section("export")
