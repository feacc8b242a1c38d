"""What a misspelt word of the text format may have been: by edits, as words such as ``i32.add`` are short.

Does not contain: which words look alike at first sight (``spelling``).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..spelling import nearest

_CANDIDATES = 12


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that the fewest edits lead to; of several, the one with the most letters in common."""
    found = nearest(word, known, _CANDIDATES)
    return min(found, key=lambda each: (edits(word, each), len(set(word) ^ set(each)))) if found else None


def edits(one: str, other: str) -> int:
    """How many insertions, deletions, replacements and exchanges of neighbors make ``other`` of ``one``."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (char != wanted))
            if at > 1 and to > 1 and char == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]
