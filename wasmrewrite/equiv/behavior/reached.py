"""What calls to both of two functions themselves have to execute, and did. Not here: deciding it (``coverage``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Pair: TypeAlias = tuple[int, int]
"""An input function and the output function that is to do the same."""


@dataclass(frozen=True, slots=True)
class Direct:
    """What calls to a pair itself have to execute, on either side: offset to mnemonic."""

    old: Mapping[int, str]
    new: Mapping[int, str]


@dataclass(slots=True)
class Reached:
    """What such calls did execute."""

    old: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)


def add(whole: dict[Pair, Reached], found: Mapping[Pair, Reached]) -> None:
    """Add to ``whole`` what was ``found`` besides."""
    for pair, part in found.items():
        known = whole.setdefault(pair, Reached())
        known.old |= part.old
        known.new |= part.new
