"""Making sequences smaller: fewer members, then plainer ones, as long as something still holds. Bounded by attempts.

Not here: what the members mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Member = TypeVar("Member")


class Spent(Exception):
    """No attempts are left."""


class Attempts:
    """Counts questions, and ends with ``Spent`` when too many were asked."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self) -> None:
        """Note one attempt. Raises ``Spent``."""
        if self.left <= 0:
            raise Spent
        self.left -= 1


def fewer(members: Sequence[Member], holds: Callable[[list[Member]], bool]) -> list[Member]:
    """Leave out runs of members, long ones first and from the end. ``holds`` was true of all of them."""
    found = list(members)
    size = len(found)
    while size:
        at, removed = len(found), False
        while at > 0:
            start = max(at - size, 0)
            candidate = found[:start] + found[at:]
            if holds(candidate):
                found, removed = candidate, True
            at = start
        size = min(size, len(found)) if removed and size == 1 else size // 2
    return found


def smaller(trace: Sequence[int], holds: Callable[[list[int]], bool], most: int) -> list[int]:
    """The smallest sequence of decisions found: shorter is smaller, then lower; 0 is the plainest decision."""
    best = [list(trace)]
    attempts = Attempts(most)

    def asked(candidate: list[int]) -> bool:
        attempts.take()
        if holds(candidate):
            best.append(candidate)
            return True
        return False

    try:
        while True:
            before = best[-1]
            found = _plainer(fewer(_plain_runs(before, asked), asked), asked)
            if found == before:
                return found
    except Spent:
        return best[-1]


def _plain_runs(trace: list[int], holds: Callable[[list[int]], bool]) -> list[int]:
    """Make runs of decisions plain: unlike leaving them out, that moves nothing behind them."""
    found, size = trace, len(trace)
    while size:
        for start in range(0, len(found), size):
            candidate = [*found[:start], *(0 for _ in found[start : start + size]), *found[start + size :]]
            if candidate != found and holds(candidate):
                found = candidate
        size //= 4
    return found


def _plainer(trace: list[int], holds: Callable[[list[int]], bool]) -> list[int]:
    found = trace
    for at in range(len(trace)):
        for lower in (0, found[at] // 2, found[at] - 1):
            candidate = [*found[:at], lower, *found[at + 1 :]]
            if 0 <= lower < found[at] and holds(candidate):
                found = candidate
                break
    return found
