"""Reading mangled names: a cursor, and grammar rules as generators that yield the rules they contain.

Rules run on a stack of their own, so that a name cannot nest deeper than allowed, take long, or grow without bounds.
Not here: any grammar (``demangle``, ``demangle_rust``, ``demangle_cpp``).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final, TypeAlias

MAX_STEPS: Final = 20_000
MAX_NESTING: Final = 256
MAX_LENGTH: Final = 8192

Rule: TypeAlias = Generator[Any, Any, Any]


class UnknownName(Exception):
    """A name that the grammar in hand does not cover, or that is too much."""


class Cursor:
    """A position in a mangled name."""

    def __init__(self, text: str, pos: int = 0) -> None:
        self.text = text
        self.pos = pos

    def peek(self, size: int = 1) -> str:
        """The next characters; fewer at the end."""
        return self.text[self.pos : self.pos + size]

    def take(self, size: int = 1) -> str:
        """The next characters, consumed. Raises ``UnknownName`` at the end."""
        taken = self.peek(size)
        if len(taken) < size:
            raise UnknownName
        self.pos += size
        return taken

    def skip(self, expected: str) -> bool:
        """Consume ``expected`` if it is next; whether it was."""
        if not self.text.startswith(expected, self.pos):
            return False
        self.pos += len(expected)
        return True

    def expect(self, expected: str) -> None:
        """Consume ``expected``. Raises ``UnknownName`` if something else is next."""
        if not self.skip(expected):
            raise UnknownName

    def digits(self) -> str:
        """Decimal digits, perhaps none."""
        start = self.pos
        while self.peek() in _DIGITS:
            self.pos += 1
        return self.text[start : self.pos]

    def number(self) -> int:
        """A decimal number; nothing follows a leading zero. ``UnknownName``: none, or none that could be a length."""
        digits = "0" if self.skip("0") else self.digits()
        if not digits or len(digits) > 6:
            raise UnknownName
        return int(digits)

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.pos >= len(self.text)


_DIGITS: Final = frozenset("0123456789")


def run(rule: Rule) -> Any:
    """What ``rule`` returns. Raises ``UnknownName``, also for names that take too much."""
    stack = [rule]
    value: Any = None
    for _ in range(MAX_STEPS):
        try:
            inner = stack[-1].send(value)
        except StopIteration as ended:
            value = ended.value
            if isinstance(value, str) and len(value) > MAX_LENGTH:
                raise UnknownName from None
            stack.pop()
            if not stack:
                return value
        else:
            if len(stack) == MAX_NESTING:
                raise UnknownName
            stack.append(inner)
            value = None
    raise UnknownName
