"""Making sequences smaller: fewer members, then plainer ones, as long as something still holds. Bounded by attempts.

Not here: what the members mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Member = TypeVar("Member")


def fewer(
    members: Sequence[Member], holds: Callable[[list[Member]], bool], attempts: int, most: int | None = None
) -> tuple[list[Member], int]:
    """Leave out runs of members, long ones first; what is left, and the attempts that are.

    ``holds`` was true of ``members`` and is true of what comes back. ``most`` is the longest run to try.
    """
    found = list(members)
    size = min(most or len(found), len(found))
    while size and attempts > 0:
        at = len(found) - size
        removed = False
        while at > -size and attempts > 0:
            start = max(at, 0)
            candidate = found[:start] + found[start + size :]
            attempts -= 1
            if len(candidate) < len(found) and holds(candidate):
                found, removed = candidate, True
            at -= size
        if not removed or size > 1:
            size //= 2
    return found, attempts


def smaller(trace: Sequence[int], holds: Callable[[list[int]], bool], attempts: int) -> list[int]:
    """The smallest sequence of decisions found: shorter is smaller, then lower; 0 is the plainest decision."""
    found, left = fewer(trace, holds, attempts * 2 // 3)
    left += attempts - attempts * 2 // 3
    for lower in (lambda _value: 0, lambda value: value // 2, lambda value: value - 1):
        for at in range(len(found)):
            if left <= 0:
                return found
            if at < len(found) and found[at] and lower(found[at]) != found[at]:
                left -= 1
                candidate = [*found[:at], lower(found[at]), *found[at + 1 :]]
                found = candidate if holds(candidate) else found
    return found
