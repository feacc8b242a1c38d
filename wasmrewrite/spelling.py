"""Names in messages: close spellings of one nobody knows, and long ones cut short; numbers as people write them.

Not here: the sentence around them, which is each caller's own; making names harmless (``cli.escape``).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_LONGEST = 200
_MOST = 5000


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Up to ``count`` of ``known`` that are spelt like ``word``, capitals aside, nearest first.

    Comparing is quadratic in the length of names, and names may come from a module: long ones, and those behind the
    first few thousand, are passed over.
    """
    from difflib import get_close_matches  # only somebody who mistyped waits for it

    candidates = [name for name in islice(known, _MOST) if len(name) <= _LONGEST]
    lowered = {name.lower(): name for name in reversed(candidates)}
    return [lowered[name] for name in get_close_matches(word[:_LONGEST].lower(), list(lowered), n=count, cutoff=0.6)]


def natural(text: str, digits: int = 19) -> int | None:
    """The number that ``text`` is in decimal; None for anything else, digits of other scripts and too many of them."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def clipped(text: str, longest: int = _LONGEST) -> str:
    """``text``, cut where it gets too long for a message: names can have megabytes."""
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"
