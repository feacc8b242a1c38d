"""The mini-language of the signature column: ``"addr i32 -> T"``.

Words left and right of the arrow, top of the stack last:

- a value type: ``i32 i64 f32 f64 v128``, an abbreviated reference type (``eqref``), or ``(ref heap)``;
- ``addr``: the address type of the memory or table that the instruction names; of two, the smaller one;
  ``addr1`` and ``addr2``: the address type of the first and of the second;
- ``T``: the type of the item that the instruction's operand names (a local's, a global's, a table's elements).

What cannot be said so is ``CUSTOM``: validation has a rule of its own. Not here: checking anything (``validate``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final, TypeAlias

from .types import HEAPS, NUMBERS, SHORT_REFS, RefType, ValType


class Word(Enum):
    """A word of the mini-language that stands for a type known from the operands only."""

    ADDR = "addr"
    ADDR1 = "addr1"
    ADDR2 = "addr2"
    T = "T"

    def __str__(self) -> str:
        return self.value


SigType: TypeAlias = ValType | Word


@dataclass(frozen=True, slots=True)
class Signature:
    """What an instruction takes from the stack and leaves there; the last one is the top."""

    params: tuple[SigType, ...]
    results: tuple[SigType, ...]

    def __str__(self) -> str:
        return f"[{' '.join(map(str, self.params))}] -> [{' '.join(map(str, self.results))}]"


class Custom(Enum):
    """The one value of a signature that the mini-language cannot express."""

    CUSTOM = "CUSTOM"

    def __str__(self) -> str:
        return self.value


CUSTOM: Final = Custom.CUSTOM

_WORD: Final = re.compile(r"\(ref (?P<null>null )?(?P<heap>\w+)\)|(?P<word>\S+)")
_PLAIN: Final[dict[str, SigType]] = {**NUMBERS, **SHORT_REFS, **{word.value: word for word in Word}}


def _types(text: str) -> tuple[SigType, ...]:
    return tuple(
        _PLAIN[match["word"]] if match["word"] else RefType(bool(match["null"]), HEAPS[match["heap"]])
        for match in _WORD.finditer(text)
    )


@cache
def signature(text: str | Custom) -> Signature | Custom:
    """Parse ``"i32 i32 -> i32"``; KeyError or ValueError for a word or form that does not exist."""
    if isinstance(text, Custom):
        return text
    params, results = text.split("->")
    return Signature(_types(params), _types(results))
