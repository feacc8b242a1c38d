"""Taking notes while a body is validated, and the ``SideTable`` made of them.

Not here: what the table says, for which see its own description (``side_table``).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from ...isa.leb import Buffer
from ...isa.signature import Signature
from ...isa.table import BY_NUMBER, NUMBER_OF, PREFIXES
from ...kernels.decode import RawInstr
from ...kernels.first_byte import read_opcode
from .checker import Checker
from .side_table import SideTable

_ALWAYS: Final = {"if": (1, 0), "br_if": (1, 0)}
"""What is taken and left by rows without a signature where nobody counts."""


def _known_counts(at: int) -> bytes:
    """By row number, how many operands are taken (0) or left (1), as far as that is known from the row."""
    found = []
    for op in BY_NUMBER:
        signature = None if op is None else op.signature
        if isinstance(signature, Signature):
            found.append(len((signature.params, signature.results)[at]))
        else:
            found.append(_ALWAYS.get(op.name, (0, 0))[at] if op is not None else 0)
    return bytes(found)


_POPS: Final = _known_counts(0)
_PUSHES: Final = _known_counts(1)


class Recording:
    """Notes on one body: its instructions, and how many operands there were when each was reached."""

    __slots__ = ("_checker", "_counts", "_instrs", "heights")

    def __init__(self, checker: Checker, instrs: list[RawInstr]) -> None:
        self._checker = checker
        self._instrs = instrs
        self.heights: list[int] = []
        self._counts: dict[int, tuple[int, int]] = {}

    def begin(self) -> None:
        """A rule is about to be followed."""
        checker = self._checker
        if checker.frames[-1].dead:
            self.heights[-1] = -1
        checker.lowest = self.heights[-1]

    def count(self, taken: int, left: int) -> None:
        """The instruction at hand has taken and left so many operands."""
        if self.heights[-1] >= 0:
            self._counts[len(self.heights) - 1] = taken, left

    def measure(self) -> None:
        """Its rule has been followed: of what was there before it took down to the lowest that the stack has been."""
        checker = self._checker
        self.count(self.heights[-1] - checker.lowest, max(0, checker.height - checker.lowest))

    def table(self, buf: Buffer, end: int) -> SideTable:
        """The side table of a body that ends before ``end``."""
        offsets = array("Q", map(itemgetter(0), self._instrs))
        first = bytes(map(buf.__getitem__, offsets))
        offsets.append(end)
        ops, heads = _widened("H", first), bytearray(b"\1") * len(first)
        pops, pushes = (_widened("I", first.translate(counts[:0x100])) for counts in (_POPS, _PUSHES))
        for at in _prefixed(first):
            op, after, _ = read_opcode(buf, offsets[at], end)
            ops[at], heads[at] = NUMBER_OF[op], after - offsets[at]
            pops[at], pushes[at] = _POPS[ops[at]], _PUSHES[ops[at]]
        for at, (taken, left) in self._counts.items():
            pops[at], pushes[at] = taken, left
        ends, parts = (_column(each, len(ops)) for each in (self._checker.ends, self._checker.parts))
        heights, most = array("i", self.heights), max(self.heights)
        return SideTable(buf, offsets, bytes(heads), ops, heights, pops, pushes, ends, parts, most, self._instrs)


def _widened(typecode: str, values: bytes) -> array[int]:
    """An array of larger numbers with the ``values``."""
    column = array(typecode)
    wide = bytearray(column.itemsize * len(values))
    wide[:: column.itemsize] = values
    column.frombytes(wide)
    if sys.byteorder == "big":
        column.byteswap()
    return column


def _prefixed(first: bytes) -> Iterator[int]:
    """Where ``first`` bytes are prefixes."""
    for prefix in sorted(PREFIXES):
        at = first.find(prefix)
        while at >= 0:
            yield at
            at = first.find(prefix, at + 1)


def _column(numbers: dict[int, int], length: int) -> array[int]:
    column = array("I", [0]) * length
    for at, number in numbers.items():
        if at >= 0:  # the body itself has no opener
            column[at] = number
    return column
