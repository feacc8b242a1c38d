"""Reading mangled names: a cursor, and what reading one name, and all names of a module, may cost.

Work is counted in characters written, with a charge for each rule of a grammar on top, so that neither names that
double with every substitution nor very many names take long. Not here: any grammar (``demangle_rust``,
``demangle_cpp``).
"""

from __future__ import annotations

import re
from typing import Final

MAX_NESTING: Final = 128
"""Rules within each other, which are calls within each other."""
MAX_LENGTH: Final = 8192
"""Characters of a name, and of what is written for it."""
MODULE_WORK: Final = 250_000_000
"""What all names of a module may cost together."""
_WORK_PER_NAME: Final = 20_000
_WORK_PER_CHARACTER: Final = 500
_RULE: Final = 100
"""What a rule costs beside what it writes."""


class UnknownName(Exception):
    """A name that the grammar in hand does not cover, or that is too much; ``left`` of what it was allowed to cost."""

    def __init__(self, left: int = 0) -> None:
        super().__init__()
        self.left = max(left, 0)


class Budget:
    """What is left to spend on the names of one module. Names that do not fit any more stay as they are."""

    __slots__ = ("left",)

    def __init__(self, work: int = MODULE_WORK) -> None:
        self.left = work


class Cursor:
    """A position in a mangled name, and what is left to spend on it."""

    __slots__ = ("depth", "end", "left", "pos", "text")

    def __init__(self, text: str, left: int) -> None:
        self.text = text
        self.pos = 0
        self.end = len(text)
        self.depth = 0
        self.left = left

    def enter(self) -> None:
        """A rule begins that may contain itself; ``depth`` is lowered again where it ends. Raises ``UnknownName``."""
        self.depth += 1
        self.left -= _RULE
        if self.depth > MAX_NESTING or self.left < 0:
            raise UnknownName

    def written(self, text: str) -> str:
        """``text``, which was just put together, paid for. Raises ``UnknownName``."""
        size = len(text)
        self.left -= size
        if size > MAX_LENGTH or self.left < 0:
            raise UnknownName
        return text

    def peek(self, size: int = 1) -> str:
        """The next characters; fewer at the end."""
        return self.text[self.pos : self.pos + size]

    def take(self, size: int = 1) -> str:
        """The next characters, consumed. Raises ``UnknownName`` at the end."""
        start = self.pos
        self.pos = start + size
        if self.pos > self.end:
            raise UnknownName
        return self.text[start : self.pos]

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
        text, start, at = self.text, self.pos, self.pos
        while at < self.end and text[at] in _DIGITS:
            at += 1
        self.pos = at
        return text[start:at]

    def number(self) -> int:
        """A decimal number; nothing follows a leading zero. ``UnknownName``: none, or none that could be a length."""
        found = _NUMBER.match(self.text, self.pos)
        if found is None:
            raise UnknownName
        self.pos = found.end()
        return int(found[0])

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.pos >= self.end


_DIGITS: Final = frozenset("0123456789")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,5}(?![0-9])")


def allowance(text: str) -> int:
    """What one name may cost: linear in its length."""
    return _WORK_PER_NAME + _WORK_PER_CHARACTER * len(text)
