"""Find instructions and indices in code without decoding the rest. Not here: changing them (``remap``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

from ..errors import InternalError
from ..isa.immediates import Space
from ..isa.leb import Buffer, read_u32
from ..isa.op import Kind, Op
from ..isa.table import BY_NAME, ROWS
from .first_byte import read_opcode
from .grammar import Wanted, run_to_index, run_without
from .indices import read_places

Operand: TypeAlias = tuple[Space, int, int, int, Op]
"""Space, absolute offset, width in bytes (0: an implicit memory 0), index, and the instruction."""

_SIMPLE: Final[dict[int, tuple[Space, Op]]] = {
    op.code: (space, op)
    for op in ROWS
    if op.prefix is None and op.kind == Kind.U32 and (space := op.operands[0].space) is not None
}
"""What an instruction of one byte and one index names, by that byte."""


def find_ops(buf: Buffer, start: int, end: int, names: frozenset[str]) -> list[tuple[int, Op]]:
    """The instructions called ``names`` (as in the table), with absolute offsets, in order.

    ``start`` must be the start of an instruction, ``end`` the end of one; nesting is not looked at. Raises
    MalformedError where no instruction can be read, KeyError for a name that the table does not have.
    """
    ops = _named(names)
    run = run_without(ops).match
    out: list[tuple[int, Op]] = []
    pos = start
    while (pos := _end_of(run(buf, pos, end))) < end:
        op, after, _ = read_opcode(buf, pos, end)
        if op in ops:
            out.append((pos, op))
        for operand in op.operands:
            _, after = operand.read(buf, after, end)
        pos = after
    return out


@lru_cache(maxsize=64)
def _named(names: frozenset[str]) -> frozenset[Op]:
    return frozenset(BY_NAME[name] for name in names)


def _end_of(found: re.Match[bytes] | None) -> int:
    if found is None:
        raise InternalError("a run of instructions may be empty, but is always one")
    return found.end()


def iter_operands(buf: Buffer, start: int, end: int, wanted: Wanted) -> Iterator[Operand]:
    """As ``find_operands``, one by one; ``wanted`` may ask for some indices only, but others may come, too."""
    pattern = run_to_index(wanted)
    pos = start
    while pos < end:
        for found in pattern.finditer(buf, pos, end):
            pos = found.end()
            at = found.start(1)
            if at < 0:
                break
            space, op = _SIMPLE[buf[at - 1]]
            width = pos - at
            if width == 1:
                value = buf[at]
            elif width == 2:
                value = buf[at] & 0x7F | buf[at + 1] << 7
            else:
                value, _ = read_u32(buf, at, pos)
            yield space, at, width, value, op
        if pos < end:
            op, places, pos = read_places(buf, pos, end)
            for place in places:
                yield *place, op


def find_operands(buf: Buffer, start: int, end: int, spaces: frozenset[Space]) -> list[Operand]:
    """All indices of ``spaces`` in order: those in memory operands, block types, casts and catch clauses, too.

    Bounds and errors are those of ``find_ops``.
    """
    wanted = frozenset((space, None) for space in spaces)
    return [found for found in iter_operands(buf, start, end, wanted) if found[0] in spaces]
