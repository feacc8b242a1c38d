"""What scripts have to execute, and what they have shown so far. Not here: deciding what is wanted (``coverage``)."""

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


@dataclass(slots=True)
class Progress:
    """What scripts have shown, in whichever engine. ``covered``: offsets of instructions of the output."""

    compared: set[Pair] = field(default_factory=set)
    """The functions that calls were compared of."""
    covered: set[int] = field(default_factory=set)
    needed_excuses: set[int] = field(default_factory=set)
    """Functions changed on purpose that a difference was seen with."""
    direct: dict[Pair, Reached] = field(default_factory=dict)
    """What calls to functions of which one stands for the other have executed of them."""

    def add(self, other: Progress) -> None:
        """Take in what was shown besides."""
        self.compared |= other.compared
        self.covered |= other.covered
        self.needed_excuses |= other.needed_excuses
        for pair, part in other.direct.items():
            known = self.direct.setdefault(pair, Reached())
            known.old |= part.old
            known.new |= part.new
