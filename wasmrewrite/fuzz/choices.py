"""Choices: what a generator decides, one small number after the other, and where the numbers come from.

A grammar asks ``below(n)`` and nothing else, directly or through the helpers here, and 0 is always the plainest answer.
So any source of numbers drives it: a seeded generator, bytes, a recorded sequence, or Hypothesis (``strategies``).
Not here: what is decided (``bodies``, ``modules``).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


class Choices:
    """A source of decisions. ``trace`` holds all answers so far, for ``ReplayedChoices``."""

    def __init__(self) -> None:
        self.trace: list[int] = []

    def answer(self, count: int) -> int:
        """A number from 0 to ``count`` - 1, ``count`` being at least 2."""
        raise NotImplementedError

    def below(self, count: int) -> int:
        """A number from 0 to ``count`` - 1; nothing is asked where there is one answer only."""
        if count < 2:
            return 0
        answer = self.answer(count)
        self.trace.append(answer)
        return answer

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of ``things``, the plainest of which comes first."""
        return things[self.below(len(things))]

    def chance(self, one_in: int) -> bool:
        """True about once in ``one_in`` times; False is plainer."""
        return self.below(one_in) == one_in - 1

    def more(self, mean: int) -> bool:
        """Whether a list goes on, for lists of about ``mean`` members; False is plainer."""
        return self.below(mean + 1) != 0


class RandomChoices(Choices):
    """Choices from a seed: the same seed, the same choices, on any platform."""

    def __init__(self, seed: str | int) -> None:
        super().__init__()
        self._random = Random(seed).random

    def answer(self, count: int) -> int:
        """As ``Choices.answer``."""
        return int(self._random() * count)


class ByteChoices(Choices):
    """Choices from bytes, such as a coverage-guided fuzzer provides; plain ones once the bytes are used up."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data
        self._at = 0

    def answer(self, count: int) -> int:
        """As ``Choices.answer``; as many bytes are used as ``count`` needs."""
        width = ((count - 1).bit_length() + 7) // 8
        value = int.from_bytes(self._data[self._at : self._at + width], "little")
        self._at += width
        return value % count


class ReplayedChoices(Choices):
    """Choices recorded before, perhaps changed since; what no longer fits is cut to size, what is missing is plain."""

    def __init__(self, trace: Sequence[int]) -> None:
        super().__init__()
        self._given = trace

    def answer(self, count: int) -> int:
        """As ``Choices.answer``."""
        at = len(self.trace)
        return min(self._given[at], count - 1) if at < len(self._given) else 0
