"""WR150: an import that an interface file or another module cannot serve."""

from __future__ import annotations

from collections.abc import Iterable

from ..against import Offer
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported, Subject
from ..words import type_text


class UnmetImport(Rule):
    """An import does not fit what the host offers, as ``--against`` an interface file or another module says.

    Kind and type are compared before anything is instantiated, so that a mismatch is found where the module is built
    and not where it is run. An interface file declares functions with the types of Rust and C; a result that those
    return through a pointer may come either way. ``--against NAMESPACE=FILE`` holds only imports from that namespace
    against it.
    """

    code, severity = "WR150", Severity.ERROR
    message = "cannot import '{name}' as {kind} {type}: {why}"
    good = (
        Example('(module (import "env" "f" (func (param i64))))'),
        Example(
            '(module (import "js" "pair" (func (param i32))))',
            interface='[[import]]\nmodule = "js"\nname = "pair"\nparams = []\nresult = "(i64, i64)"',
        ),
        Example(
            '(module (import "js" "pair" (func (result i64 i64))))',
            interface='[[import]]\nmodule = "js"\nname = "pair"\nparams = []\nresult = "(i64, i64)"',
        ),
    )
    bad = (
        Example(
            '(module (import "js" "pair" (func (result i64))))',
            ("js.pair",),
            interface='[[import]]\nmodule = "js"\nname = "pair"\nparams = []\nresult = "(i64, i64)"',
        ),
        Example('(module (import "js" "log" (func)))', ("js.log",), interface='[[export]]\nname = "run"'),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self._offers = [Offer(expected, subject.module) for expected in subject.settings.expected]

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Ask everything that is there to be asked."""
        for offer in self._offers:
            misfit = offer.misfit(entry.module, entry.name, entry.item)
            if misfit is not None:
                yield self.found(
                    self.subject.at_import(entry),
                    entry.dotted,
                    detail=misfit.detail(entry.item),
                    kind=entry.kind,
                    type=type_text(entry.item),
                    why=misfit.why,
                )
