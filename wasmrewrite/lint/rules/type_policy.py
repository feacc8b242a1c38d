"""WR502: an import or export with a value type that the policy forbids."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ...errors import Position
from ...isa.types import func_type
from ...model import Export, Func, Global, Item, Table, Tag
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported
from ..words import KINDS


class TypePolicy(Rule):
    """A value type at the module's border is on ``deny-types``, or not on ``allow-types``.

    Some hosts take no floating point, no ``v128`` or no references. Looked at are parameters and results of imported
    and exported functions, exported and imported globals, elements of tables, and tags.
    """

    code, severity = "WR502", Severity.ERROR
    message = "{kind} '{name}' has type {type}, which the policy {verb}"
    good = (Example('(module (func (export "f") (param i32)))', config='policy = { allow-types = ["i32", "i64"] }'),)
    bad = (
        Example('(module (func (export "f") (param f32)))', ("f",), config='policy = { deny-types = ["f*"] }'),
        Example(
            '(module (import "js" "g" (global externref)))',
            ("js.g",),
            config='policy = { allow-types = ["i32", "i64"] }',
        ),
    )

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Look at an import's type."""
        if self._concerned():
            yield from self._judged(entry.item, entry.dotted, self.subject.at_import(entry))

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        """Look at an export's type."""
        if self._concerned():
            yield from self._judged(export.item, export.name, self.subject.at_export(at))

    def _concerned(self) -> bool:
        return bool(self.settings.policy.deny_types) or self.settings.policy.allow_types is not None

    def _judged(self, item: Item, name: str, position: Position) -> Iterable[Finding]:
        policy = self.settings.policy
        for word in dict.fromkeys(_types(item)):
            if any(fnmatchcase(word, pattern) for pattern in policy.deny_types):
                verb = "denies"
            elif policy.allow_types is not None and not any(fnmatchcase(word, each) for each in policy.allow_types):
                verb = "does not allow"
            else:
                continue
            yield self.found(position, name, detail=word, kind=KINDS[item.space], type=word, verb=verb)


def _types(item: Item) -> list[str]:
    if isinstance(item, Func | Tag):
        of = func_type(item.type)
        return [str(each) for each in (*of.params, *of.results)]
    if isinstance(item, Global):
        return [str(item.type.value)]
    return [str(item.type.element)] if isinstance(item, Table) else []
