"""Seeded bytes for memory that is zero: a read from a wrong place then reads something else. Not here: when."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from ...runtime.engine import Memory

FILL_LIMIT: Final = 2 << 20
TILE: Final = 4096
DEAD_STACK: Final = TILE
_ZEROES: Final = re.compile(rb"\0{64,}")


def tile(seed: str) -> bytes:
    """Some bytes to fill memory with: words, half of them small enough to be addresses."""
    data = bytearray(Random(f"{seed}/fill").randbytes(TILE))
    data[2::8] = data[3::8] = bytes(TILE // 8)
    return bytes(data)


def fill_zeroes(memory: Memory, content: bytes) -> None:
    """Put ``content`` over and over where the start of a memory is zero."""
    data = bytearray(memory.read(0, min(memory.size, FILL_LIMIT)))
    for run in _ZEROES.finditer(bytes(data)):
        start, end = run.span()
        first = start % TILE
        data[start:end] = (content * ((end - start) // TILE + 2))[first : first + end - start]
    memory.write(0, data)
