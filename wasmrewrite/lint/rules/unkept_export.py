"""WR203: an export that is on no keep-list."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ...model import Export
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..words import KINDS


class UnkeptExport(Rule):
    """Something is exported that no pattern of ``keep-exports`` asks for; without such a list nothing is reported.

    What is exported is never removed as unused, and is a promise to hosts. Exports nobody asked for come from
    ``#[no_mangle]`` in dependencies and from linkers' defaults.
    """

    code, severity = "WR203", Severity.WARNING
    message = "{kind} '{name}' is exported, but no pattern of keep-exports asks for it"
    good = (
        Example('(module (func (export "helper")))'),
        Example('(module (func (export "run_fast")))', config='keep-exports = ["run_*"]'),
    )
    bad = (
        Example(
            '(module (memory (export "memory") 1) (func (export "helper")))',
            ("helper",),
            config='keep-exports = ["memory"]',
        ),
    )

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        """Compare with the list."""
        keep = self.settings.keep_exports
        if keep is None or any(fnmatchcase(export.name, pattern) for pattern in keep):
            return
        yield self.found(self.subject.at_export(at), export.name, kind=KINDS[export.item.space])
