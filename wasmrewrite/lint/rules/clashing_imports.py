"""WR130: one import name with unlike types."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ...isa.types import Keys, canonical_keys
from ...model import Func, Item, Tag
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported, Subject
from ..words import type_text


class ClashingImports(Rule):
    """The same two names are imported more than once, with unlike types.

    The module is valid, but a host offers one thing under one name, so it can be linked only if that one thing fits
    both. Two declarations of one function disagree: in Rust two ``extern "C"`` blocks, in C two headers.
    """

    code, severity = "WR130", Severity.ERROR
    message = "'{name}' is imported as {kind} {type} here and as {other_kind} {other} before"
    good = (
        Example('(module (import "js" "f" (func (param i32))) (import "js" "f" (func (param i32))))'),
        Example('(module (import "js" "f" (func)) (import "sensor" "f" (func (param i32))))'),
    )
    bad = (
        Example('(module (import "js" "f" (func (param i32))) (import "js" "f" (func (param i32 i32))))', ("js.f",)),
        Example('(module (import "js" "f" (func)) (import "js" "f" (global i32)))', ("js.f",)),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.first: dict[tuple[str, str], Imported] = {}

    @cached_property
    def _keys(self) -> Keys:
        return canonical_keys(dict.fromkeys(each.group for each in self.subject.module.types))

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Compare with the first import of the same names."""
        other = self.first.setdefault((entry.module, entry.name), entry)
        if other is entry or self._alike(entry.item, other.item):
            return
        yield self.found(
            self.subject.at_import(entry),
            entry.dotted,
            detail=type_text(entry.item),
            kind=entry.kind,
            type=type_text(entry.item),
            other_kind=other.kind,
            other=type_text(other.item),
        )

    def _alike(self, one: Item, other: Item) -> bool:
        if type(one) is not type(other):
            return False
        if isinstance(one, Func | Tag) and isinstance(other, Func | Tag):
            return self._keys[one.type] is self._keys[other.type]
        return bool(getattr(one, "type", None) == getattr(other, "type", None))
