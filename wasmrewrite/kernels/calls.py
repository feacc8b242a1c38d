"""Find everything in code that calls, or that moves references to functions about, over megabytes at one go.

The pattern is made from the table like those of ``grammar``, and reads faster because it knows what it looks for: after
each instruction it takes those without operands that follow, tries operands of one byte first, and passes short
``br_table``s itself. Not here: what a site means (``analysis.callgraph``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final, TypeAlias

from ..isa.effects import CALLS
from ..isa.immediates import Shape, Space
from ..isa.leb import Buffer
from ..isa.op import Kind, Op
from ..isa.operand_bytes import SIMPLE_OF_CODE
from ..isa.table import ROWS
from .grammar import U32, compile_pattern, heads, operands_pattern
from .indices import read_places

Sites: TypeAlias = tuple[list[int], list[bytes]]
"""Absolute offsets of instructions, and their bytes."""

SPACES: Final = frozenset({Space.FUNC, Space.TABLE, Space.ELEM})
SITES: Final[frozenset[Op]] = frozenset(
    op for op in ROWS if CALLS in op.effects or any(operand.space in SPACES for operand in op.operands)
)
"""Instructions that call, or that name a function, a table or an element segment."""

_LABELS: Final = 64
"""``br_table``s with fewer labels than this are part of the pattern."""
_RUNS: Final = 16
"""Bodies with fewer runs of locals than this need no closer look."""


def _grouped(ops: Iterable[Op]) -> list[tuple[str, list[Op]]]:
    """Operands as a pattern, and the instructions that have these; the usual ones first."""
    groups: dict[tuple[bool, int, str], list[Op]] = defaultdict(list)
    for op in ops:
        operands = operands_pattern(op, {})
        if operands is not None:
            groups[op.prefix is not None, op.kind, operands].append(op)
    return [(operands, ops) for (_, _, operands), ops in sorted(groups.items())]


def _short(ops: Iterable[Op]) -> str:
    """Several instructions with one integer each, of one byte: half of all there are."""
    one = heads([op for op in ops if op.kind in (Kind.U32, Kind.S32)]) + r"[\x00-\x7f]"
    return f"{one}(?:{one})*+"


def _near(ops: Iterable[Op]) -> str:
    """Memory operands for memory 0 with offsets of one or two bytes: nearly all there are."""
    accesses = [op for op in ops if [each.shape for each in op.operands] == [Shape.MEMARG]]
    return heads(accesses) + r"[\x00-\x3f][\x80-\xff]?+[\x00-\x7f]"


def _tables(ops: Iterable[Op]) -> list[str]:
    """Branch tables; a count tells how many labels follow, and only counted repeats can say so."""
    counts = "|".join(rf"\x{count:02x}(?:{U32}){{{count + 1}}}" for count in range(_LABELS))
    return [f"{heads([op])}(?:{counts})" for op in ops if [each.shape for each in op.operands] == [Shape.LABELS]]


@cache
def _pattern() -> re.Pattern[bytes]:
    passed = [op for op in ROWS if op not in SITES]
    plain = [op for op in passed if op.prefix is None]
    bare = heads([op for op in plain if not op.operands]) + "*+"
    usual = [heads(ops) + operands for operands, ops in _grouped(passed) if operands or ops[0].prefix is not None]
    choices = "|".join([_short(plain), _near(plain), *usual, *_tables(plain)])
    sites = "|".join(heads(ops) + operands for operands, ops in _grouped(SITES))
    return compile_pattern(f"{bare}(?:(?:{choices}){bare})*+({sites})?+")


@cache
def _locals() -> re.Pattern[bytes]:
    run = f"{U32}[{''.join(f'{chr(92)}x{code:02x}' for code in SIMPLE_OF_CODE)}]"
    return compile_pattern("|".join(rf"\x{count:02x}(?:{run}){{{count}}}" for count in range(_RUNS)))


def skip_locals(buf: Buffer, start: int, end: int) -> int | None:
    """Where the instructions of a code entry begin; None if that takes a closer look: many locals, or unusual ones."""
    found = _locals().match(buf, start, end)
    return None if found is None else found.end()


def find_sites(buf: Buffer, start: int, end: int) -> Sites:
    """All instructions of ``SITES``, in order.

    ``start`` must be the start of an instruction, ``end`` the end of one; nesting is not looked at. Raises
    MalformedError where no instruction can be read.
    """
    offsets: list[int] = []
    codes: list[bytes] = []
    search = _pattern().finditer
    pos = start
    while pos < end:
        for found in search(buf, pos, end):
            at = found.start(1)
            if at < 0:
                pos = found.end()
                break
            offsets.append(at)
            codes.append(found[1])
        if pos < end:
            op, _, after = read_places(buf, pos, end)
            if op in SITES:
                offsets.append(pos)
                codes.append(bytes(buf[pos:after]))
            pos = after
    return offsets, codes


def read_site(code: bytes) -> tuple[Op, tuple[tuple[Space, int], ...]]:
    """The instruction of a site, and the indices that it names, in order."""
    op, places, _ = read_places(code, 0, len(code))
    return op, tuple((space, index) for space, _, _, index in places)
