"""What is wrong with a text: problems with places, and the one error that carries all of them.

Not here: finding them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import MalformedError
from .lexer import Tokens

TAB: Final = "    "
_WIDEST: Final = 160
"""Longer lines are shown around the place only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. ``start`` to ``end``: its place in characters; ``note`` says more about another place, if any."""

    message: str
    start: int
    end: int
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that helps to understand a problem, at a place of its own."""

    message: str
    start: int
    end: int


class Syntax(Exception):
    """Carries a problem to the nearest place where reading can go on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class TextError(MalformedError):
    """A text that is not a module. ``problems``: all that were found, in the order of the text.

    ``line`` and ``column`` are those of the first, from 1; ``str`` is its message with this place.
    """

    def __init__(self, tokens: Tokens, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.tokens = tokens
        self.problems = tuple(problems)
        self.line, self.column = tokens.place(problems[0].start)

    def __str__(self) -> str:
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        return f"{self.kind}: {self.line}:{self.column}: {self.message}{more}"

    def report(self, file: str) -> list[str]:
        """Lines for people: ``FILE:LINE:COLUMN: error: ...``, the line, and carets below what is meant."""
        lines: list[str] = []
        for problem in self.problems:
            lines += _shown(self.tokens, file, "error", problem)
            if problem.note is not None:
                lines += _shown(self.tokens, file, "note", problem.note)
        return lines


def _shown(tokens: Tokens, file: str, severity: str, what: Problem | Note) -> list[str]:
    number, column = tokens.place(what.start)
    text = tokens.line(number)
    first = column - 1
    length = max(1, min(what.end - what.start, len(text) - first))
    if len(text) > _WIDEST:
        cut = max(0, first - _WIDEST // 4)
        text, first = text[cut : cut + _WIDEST], first - cut
        length = min(length, len(text) - first)
    before = "".join(TAB if char == "\t" else " " * _columns(char) for char in text[:first])
    under = "^" * max(1, sum(_columns(char) for char in text[first : first + length]))
    printable = "".join(TAB if char == "\t" else char if char.isprintable() else "\ufffd" for char in text)
    return [f"{file}:{number}:{column}: {severity}: {what.message}", printable, before + under]


def _columns(char: str) -> int:
    """How many columns a character takes on a terminal."""
    from unicodedata import combining, east_asian_width

    if char.isascii():
        return 1
    return 0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1
