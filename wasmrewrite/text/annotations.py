"""Annotations with a meaning (specification, appendix 7.6): where each may stand, and what it says.

``@name`` gives the name section something to say that no identifier can, ``@custom`` is a custom section, and
``@metadata.code.branch_hint`` says which way a branch goes. All others are skipped by the lexer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from ..isa.table import BY_NAME
from .cursor import CLOSE, KEYWORD, OPEN, STRING, Cursor
from .draft import CustomSection
from .lexer import Annotation, Tokens
from .problem import Problem, Syntax

NAME: Final = "@name"
CUSTOM: Final = "@custom"
HINT: Final = "@metadata.code.branch_hint"
HINTED: Final = frozenset((BY_NAME["if"], BY_NAME["br_if"]))
"""The instructions that a branch hint is for."""
HINT_VALUES: Final = (b"\0", b"\1")
"""What a branch hint says: unlikely, likely."""
KNOWN: Final = frozenset(each[1:] for each in (NAME, CUSTOM, HINT))
PLACES: Final = {
    "first": 0, "type": 1, "import": 2, "func": 3, "table": 4, "memory": 5, "tag": 13, "global": 6, "export": 7,
    "start": 8, "elem": 9, "datacount": 12, "code": 10, "data": 11, "last": -1,
}  # fmt: skip
"""Section numbers by the words of a placement."""


class Annotations:
    """The annotations of a text that nobody has asked for yet, by the token they stand before."""

    def __init__(self, tokens: Tokens) -> None:
        self.problems: list[Problem] = []
        self._names: dict[int, Annotation] = {}
        self._customs: list[Annotation] = []
        self._hints: dict[int, list[Annotation]] = {}
        self._more_names: dict[int, Annotation] = {}
        for each in tokens.annotations:
            self._sort(each)

    def _sort(self, each: Annotation) -> None:
        if each.name == CUSTOM[1:]:
            self._customs.append(each)
        elif each.name == HINT[1:]:
            self._hints.setdefault(each.before, []).append(each)
        elif each.before in self._names:
            self._more_names.setdefault(each.before, each)
        else:
            self._names[each.before] = each

    def name(self, at: int, what: str) -> str | None:
        """What ``(@name ...)`` before the token ``at`` says; None if there is none. ``what``: the kind of thing."""
        found = self._names.pop(at, None) if self._names else None
        if found is None:
            return None
        more = self._more_names.pop(at, None)
        if more is not None:
            self._report(more, f"multiple {what} names")
        inner = Cursor(found.tokens)
        try:
            name = inner.name()
            if inner.at != inner.tokens.end:
                inner.unexpected("')'")
        except Syntax as error:
            self._prefixed(NAME, error)
            return None
        return name

    def hints(self, start: int, end: int) -> Iterator[Annotation]:
        """The branch hints between two tokens, each once; all are taken."""
        for before in [before for before in self._hints if start <= before <= end]:
            first, *others = self._hints.pop(before)
            for other in others:
                self._report(other, "duplicate annotation")
            yield first

    def customs(self, fields: Collection[int]) -> list[CustomSection]:
        """The custom sections; ``fields``: the tokens before which one may stand."""
        found = []
        for each in self._customs:
            if each.before not in fields:
                message = "misplaced @custom annotation; it stands between fields"
                self.problems.append(Problem(message, each.start, each.end))
                continue
            try:
                found.append(_custom(Cursor(each.tokens)))
            except Syntax as error:
                self._prefixed(CUSTOM, error)
        self._customs = []
        return found

    def left(self) -> None:
        """Report what nobody asked for: it stands where it means nothing."""
        for each in (*self._names.values(), *self._more_names.values()):
            message = "misplaced @name annotation; it stands behind an identifier, or in its place"
            self.problems.append(Problem(message, each.start, each.end))
        for hints in self._hints.values():
            self._report(hints[0], "not in a function")

    def _report(self, each: Annotation, message: str) -> None:
        self.problems.append(Problem(f"@{each.name} annotation: {message}", each.start, each.end))

    def _prefixed(self, name: str, error: Syntax) -> None:
        problem = error.problem
        self.problems.append(Problem(f"{name} annotation: {problem.message}", problem.start, problem.end, problem.note))


def _custom(inner: Cursor) -> CustomSection:
    """``(@custom "name" (before|after kind)? "bytes"*)``."""
    if inner.kind != STRING:
        inner.fail("missing section name", 0)
    name = inner.name()
    place, after = _placement(inner) if inner.kind == OPEN else (PLACES["last"], True)
    data = []
    while inner.kind == STRING:
        data.append(inner.string())
    if inner.at != inner.tokens.end:
        inner.unexpected("a string or ')'")
    return CustomSection(name, b"".join(data), place, after)


def _placement(inner: Cursor) -> tuple[int, bool]:
    inner.at += 1
    side = inner.text
    if inner.kind != KEYWORD or side not in ("before", "after"):
        inner.fail("malformed placement; expected 'before' or 'after'", inner.at)
    inner.at += 1
    kind = inner.text
    wrong_end = {"first": side == "after", "last": side == "before"}.get(kind, False)
    if inner.kind != KEYWORD or kind not in PLACES or wrong_end:
        inner.fail(f"malformed section kind; expected one of {', '.join(list(PLACES)[1:-1])}", inner.at)
    inner.at += 1
    if inner.kind != CLOSE:
        inner.unexpected("')'")
    inner.at += 1
    return PLACES[kind], side == "after"
