"""WR104: imports of WASI as it was before preview 1."""

from __future__ import annotations

from collections.abc import Iterable

from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported


class OldWasi(Rule):
    """The module imports from ``wasi_unstable``, which was replaced by ``wasi_snapshot_preview1`` in 2020.

    Many hosts offer it no more. Renaming the namespace is not enough: ``fd_seek``, ``path_filestat_get`` and others
    have other types or other constants in preview 1. Build again with a newer toolchain.
    """

    code, severity = "WR104", Severity.WARNING
    message = "imports from 'wasi_unstable', which many hosts no longer offer"
    good = (Example('(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))'),)
    bad = (Example('(module (import "wasi_unstable" "sched_yield" (func (result i32))))', ("wasi_unstable",)),)

    told = False

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Say it once."""
        if entry.module == "wasi_unstable" and not self.told:
            self.told = True
            yield self.found(self.subject.at_import(entry), entry.module)
