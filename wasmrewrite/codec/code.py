"""What a code entry holds (specification 5.5.13): run-length locals and an expression, which fill its size exactly."""

from __future__ import annotations

from collections.abc import Sequence

from ..isa.leb import Buffer, read_u32, write_u
from ..isa.operand_bytes import read_valtype, write_valtype
from ..isa.types import ValType
from ..messages import too_many_locals
from .parts import padded_list, read_count, write_length

_MAX_LOCALS = (1 << 32) - 1


def read_locals(buf: Buffer, pos: int, end: int) -> tuple[list[tuple[int, ValType]], int]:
    """Read the declarations of locals: pairs (count, type), not expanded.

    Raises MalformedError: "too many locals" if they add up to 2^32 or more.
    """
    count, pos = read_count(buf, pos, end)
    runs: list[tuple[int, ValType]] = []
    total = 0
    for _ in range(count):
        start = pos
        length, pos = read_u32(buf, pos, end)
        value, pos = read_valtype(buf, pos, end)
        total += length
        if total > _MAX_LOCALS:
            raise too_many_locals(start)
        runs.append((length, value))
    return padded_list(runs, count), pos


def write_locals(runs: Sequence[tuple[int, ValType]]) -> bytes:
    """Write the declarations of locals."""
    return write_length(len(runs), runs) + b"".join(write_u(length) + write_valtype(value) for length, value in runs)
