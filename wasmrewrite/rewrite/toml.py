"""TOML documents, bounded before they are parsed, and the one way to refuse a key that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, Final

from ..errors import ConfigError
from ..spelling import clipped
from .suggest import did_you_mean

LARGEST: Final = 1 << 20
"""Bytes that a document may have."""
_MOST_PARTS: Final = 16
"""Parts of a dotted key. Python's parser keeps every prefix of every key: memory grows with the square of this."""
_MOST_PREFIXES: Final = 500_000
"""Parts of all those prefixes together."""
_DEEPEST: Final = 16
"""Arrays and inline tables within each other, brackets around the name of a table included."""

# What has a meaning here; strings and comments as a whole, so that nothing in them is looked at. A quote that is left
# alone begins a string without an end: Python's parser stops there at the latest, and so does whoever looks here.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|'
    r"'''(?:[^']|'(?!''))*+'{3,5}|"
    r'"(?!"")(?:[^"\\\n]|\\.)*+"|'
    r"'(?!'')[^'\n]*+'|"
    r"#[^\n]*+|[\"'.=,\n\[\]{}]",
    re.DOTALL,
)


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Read a document. Raises ``ConfigError`` with line and column, also for one that it would take long to read."""
    import tomllib

    _check_size(text, where)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # Python refuses integers of thousands of digits in its own way
        raise ConfigError(f"{where}: {error}") from error


def _check_size(text: str, where: str) -> None:
    """Raise ``ConfigError`` unless the parser's work is bounded by the size of the text."""
    if len(text) > LARGEST:
        raise ConfigError(f"{where}: larger than {LARGEST >> 20} MiB")
    parts, depth, prefixes = 1, 0, 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark == ".":
            prefixes += parts
            parts += 1
        elif mark in "[{":
            parts, depth = 1, depth + 1
        elif mark in "]}":
            parts, depth = 1, depth - 1
        elif mark in "=,\n":
            parts = 1
        elif mark in "\"'":
            return
        if parts > _MOST_PARTS:
            raise ConfigError(f"{where}: a key of more than {_MOST_PARTS} parts {_place(text, token.start())}")
        if prefixes > _MOST_PREFIXES:
            raise ConfigError(f"{where}: too many keys of several parts {_place(text, token.start())}")
        if depth > _DEEPEST:
            raise ConfigError(f"{where}: nested more than {_DEEPEST} deep {_place(text, token.start())}")


def _place(text: str, at: int) -> str:
    """In the words of Python's parser."""
    return f"(at line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)})"


def refuse_unknown(table: Iterable[str], known: Collection[str], where: str) -> None:
    """Raise ``ConfigError`` for the first key of ``table`` that is not ``known``."""
    for key in table:
        if key not in known:
            raise ConfigError(f"{where}: unknown key {clipped(key)!r}{did_you_mean(key, known)}")
