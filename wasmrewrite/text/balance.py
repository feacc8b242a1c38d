"""Parentheses that do not match: where the missing one most likely belongs.

A file whose parentheses do not match reads as nonsense from the mistake on, and the end of the input is the worst place
to say so. Authors indent, so an opening parenthesis that starts its line no further right than one it stands inside
tells which one was left open. Does not contain: finding partners (``lexer``).
"""

from __future__ import annotations

from typing import NamedTuple

from .lexer import Token, Tokens, unclosed
from .problem import Note, Problem


class Unclosed(NamedTuple):
    """The token that was left open, and the problem to report. Whatever begins behind the token follows from it."""

    opener: int
    problem: Problem


def missing_close(tokens: Tokens) -> Unclosed | None:
    """What is said of parentheses that nothing closes; None if all are closed."""
    left_open = unclosed(tokens)
    if not left_open:
        return None
    opener, behind = _by_indentation(tokens) or (left_open[-1], tokens.end)
    place = "{}:{}".format(*tokens.place(tokens.starts[opener]))
    number = f" ({len(left_open)} are missing)" if len(left_open) > 1 else ""
    message = f"unexpected token end of input; missing ')' for '{_shown(tokens, opener)}' opened at {place}{number}"
    start, end = tokens.starts[behind - 1], tokens.ends[behind - 1]
    return Unclosed(opener, Problem(message, start, end, _note(tokens, opener)))


def _by_indentation(tokens: Tokens) -> tuple[int, int] | None:
    """The first token that was left open, and the first one behind it that shows so."""
    stack: list[tuple[int, int]] = []  # openers that start their lines, and their columns
    for at in _line_openers(tokens):
        column = tokens.place(tokens.starts[at])[1]
        while stack and tokens.partner[stack[-1][0]] < at:
            stack.pop()
        if stack and column <= stack[-1][1]:
            return stack[-1][0], at
        stack.append((at, column))
    return None


def _line_openers(tokens: Tokens) -> list[int]:
    """Opening parentheses that are the first token of their line."""
    found, line = [], 0
    for at, kind in enumerate(tokens.kinds):
        number = tokens.place(tokens.starts[at])[0]
        if number != line and kind == Token.OPEN:
            found.append(at)
        line = number
    return found


def _shown(tokens: Tokens, opener: int) -> str:
    word = tokens.texts[opener + 1] if tokens.kinds[opener + 1] == Token.KEYWORD else ""
    return f"({word[:40]}"


def _note(tokens: Tokens, opener: int) -> Note:
    last = opener + (tokens.kinds[opener + 1] == Token.KEYWORD)
    return Note("opened here", tokens.starts[opener], tokens.ends[last])
