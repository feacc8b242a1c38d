"""Reading tokens one after the other, and giving up on a part of them without giving up on the rest.

Not here: what the tokens mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from . import literals
from .lexer import Token, Tokens
from .literals import LiteralError
from .nearness import closest
from .problem import Note, Problem, Syntax

OPEN, CLOSE, KEYWORD, ID = Token.OPEN, Token.CLOSE, Token.KEYWORD, Token.ID
STRING, NUMBER = Token.STRING, Token.NUMBER
Value = TypeVar("Value")


class Cursor:
    """A place in a list of tokens. ``at`` is the index of the next one; the last token is an ``END``."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.texts = tokens.texts
        self.at = 0
        self.problems: list[Problem] = []

    # --- looking ----------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> Token:
        """The kind of the next token."""
        return self.kinds[self.at]

    @property
    def text(self) -> str:
        """The next token as it is written."""
        return self.texts[self.at]

    def opens(self, keyword: str) -> bool:
        """True if ``(`` and ``keyword`` come next."""
        at = self.at
        return self.kinds[at] == OPEN and self.kinds[at + 1] == KEYWORD and self.texts[at + 1] == keyword

    def opened(self) -> str:
        """The keyword behind an opening parenthesis that comes next; empty if that is not what comes."""
        at = self.at
        return self.texts[at + 1] if self.kinds[at] == OPEN and self.kinds[at + 1] == KEYWORD else ""

    def is_index(self, ahead: int = 0) -> bool:
        """True if an index or an identifier comes next, or ``ahead`` tokens later."""
        return self.kinds[self.at + ahead] in (ID, NUMBER)

    # --- moving -----------------------------------------------------------------------------------------------------

    def open(self, keyword: str) -> int:
        """Consume ``(keyword``; the index of the closing parenthesis."""
        if not self.opens(keyword):
            self.unexpected(f"'({keyword}'")
        closing = self.tokens.partner[self.at]
        self.at += 2
        return closing

    def close(self) -> None:
        """Consume ``)``."""
        if self.kinds[self.at] != CLOSE:
            self.unexpected("')'")
        self.at += 1

    def keyword(self, word: str) -> bool:
        """Consume a keyword if it comes next; whether it did."""
        found = self.kinds[self.at] == KEYWORD and self.texts[self.at] == word
        self.at += found
        return found

    def take(self, kind: Token, what: str) -> str:
        """Consume a token of some kind; its text."""
        if self.kinds[self.at] != kind:
            self.unexpected(what)
        self.at += 1
        return self.texts[self.at - 1]

    def identifier(self) -> str | None:
        """Consume an identifier if one comes next; its name without ``$``."""
        if self.kinds[self.at] != ID:
            return None
        self.at += 1
        return self.literal(self.at - 1, literals.identifier)

    def string(self) -> bytes:
        """Consume a string literal."""
        self.take(STRING, "a string")
        return self.literal(self.at - 1, literals.string)

    def name(self) -> str:
        """Consume a string literal that has to be UTF-8."""
        self.take(STRING, "a name in double quotes")
        return self.literal(self.at - 1, literals.name)

    def literal(self, at: int, read: Callable[..., Value], *options: int) -> Value:
        """What ``read`` makes of the token at ``at``; what it complains of becomes a problem there."""
        try:
            return read(self.texts[at], *options)
        except LiteralError as error:
            self.fail(str(error), at)

    # --- problems ---------------------------------------------------------------------------------------------------

    def unexpected(self, expected: str) -> NoReturn:
        """Leave: the next token is not what is ``expected``."""
        word = "unknown operator" if self.kinds[self.at] == Token.RESERVED else "unexpected token"
        self.fail(f"{word} {self.shown(self.at)}; expected {expected}", self.at)

    def unexpected_word(self, expected: str, known: Iterable[str] = ()) -> NoReturn:
        """Leave: behind the parenthesis that comes next stands another word than those that are ``expected``."""
        self.at += self.kinds[self.at] == OPEN and self.kinds[self.at + 1] != CLOSE
        near = closest(self.text, known) if self.kind == KEYWORD else None
        self.unexpected(expected if near is None else f"{expected}; did you mean '{near}'?")

    def shown(self, at: int) -> str:
        """A token for a message."""
        if self.kinds[at] == Token.END:
            return "end of input"
        text = self.texts[at]
        return f"'{text if len(text) <= 40 else text[:37] + '...'}'"

    def fail(self, message: str, at: int, last: int | None = None, note: Note | None = None) -> NoReturn:
        """Leave: a problem from token ``at`` to token ``last``."""
        raise Syntax(self.problem(message, at, last, note))

    def problem(self, message: str, at: int, last: int | None = None, note: Note | None = None) -> Problem:
        """A problem with the place of tokens."""
        tokens = self.tokens
        return Problem(message, tokens.starts[at], tokens.ends[at if last is None else last], note)

    def report(self, message: str, at: int, last: int | None = None, note: Note | None = None) -> None:
        """Note a problem and go on."""
        self.problems.append(self.problem(message, at, last, note))
