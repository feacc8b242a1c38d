"""Names in messages: close spellings of one nobody knows, and long ones cut short; numbers as people write them.

Not here: the sentence around them, which is each caller's own; making names harmless (``escape``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from heapq import nlargest
from itertools import islice
from typing import Final

_LONGEST: Final = 200
_MOST: Final = 5000
_CUTOFF: Final = 0.6
_WORK: Final = 300_000
"""Pairs of equal letters looked at, which is what comparing costs: names may come from a module."""


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Up to ``count`` of ``known`` that are spelt like ``word``, capitals aside, nearest first.

    Long names, and those behind the first few thousand, are passed over. The likeliest are compared first, and
    only so many of them that it takes no time.
    """
    candidates = [name for name in islice(known, _MOST) if len(name) <= _LONGEST]
    lowered = {name.lower(): name for name in reversed(candidates)}
    found = _scored(word[:_LONGEST].lower(), lowered, count)
    return [lowered[name] for _, name in nlargest(count, found)]


def _scored(word: str, names: Iterable[str], count: int) -> list[tuple[float, str]]:
    """Names that are like ``word``, and how much; the best ``count`` are among them unless it took too much work."""
    from difflib import SequenceMatcher  # only somebody who mistyped waits for it

    matcher = SequenceMatcher(b=word)
    found: list[tuple[float, str]] = []
    left = _WORK
    for most, name, work in _likely(word, names):
        left -= work
        if left < 0 or (len(found) >= count and most < nlargest(count, found)[-1][0]):
            break
        matcher.set_seq1(name)
        score = matcher.ratio()
        if score >= _CUTOFF:
            found.append((score, name))
    return found


def _likely(word: str, names: Iterable[str]) -> list[tuple[float, str, int]]:
    """Names by how much they can be like ``word`` at most, going by their letters; and the pairs of equal ones."""
    letters = Counter(word)
    found = []
    for name in names:
        if not _CUTOFF * (len(word) + len(name)) <= 2 * min(len(word), len(name)):
            continue
        shared = pairs = 0
        for letter, times in Counter(name).items():
            shared += min(times, letters[letter])
            pairs += times * letters[letter]
        most = 2 * shared / (len(word) + len(name)) if word or name else 1.0
        if most >= _CUTOFF:
            found.append((most, name, pairs))
    return sorted(found, reverse=True)


def natural(text: str, digits: int = 19) -> int | None:
    """The number that ``text`` is in decimal; None for anything else, digits of other scripts and too many of them."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def clipped(text: str, longest: int = _LONGEST) -> str:
    """``text``, cut where it gets too long for a message: names can have megabytes."""
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"


def size_words(size: int) -> str:
    """A number of bytes, rounded down to one decimal of the unit that fits."""
    units = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
    power = min((max(size, 1).bit_length() - 1) // 10, len(units) - 1)
    if power == 0:
        return f"{size} bytes"
    tenths = size * 10 // 1024**power
    return f"{tenths // 10}.{tenths % 10} {units[power]}"
