"""Bulk operations on memories, tables and segments (specification 5.4.5, 5.4.6)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import READS_MEM, READS_SEGMENT, READS_TABLE, TRAPS, WRITES_MEM, WRITES_SEGMENT, WRITES_TABLE
from ..immediates import DATA, ELEM, MEMORY, TABLE
from ..op import Op, proposal

op = proposal(Feature.BULK_MEMORY)

ROWS: Final[tuple[Op, ...]] = (
    op(0xFC_0008, "memory.init", "addr i32 i32 ->", TRAPS | WRITES_MEM | READS_SEGMENT, DATA, MEMORY),
    op(0xFC_0009, "data.drop", "->", WRITES_SEGMENT, DATA),
    op(0xFC_000A, "memory.copy", "addr1 addr2 addr ->", TRAPS | READS_MEM | WRITES_MEM, MEMORY, MEMORY),
    op(0xFC_000B, "memory.fill", "addr i32 addr ->", TRAPS | WRITES_MEM, MEMORY),
    op(0xFC_000C, "table.init", "addr i32 i32 ->", TRAPS | WRITES_TABLE | READS_SEGMENT, ELEM, TABLE),
    op(0xFC_000D, "elem.drop", "->", WRITES_SEGMENT, ELEM),
    op(0xFC_000E, "table.copy", "addr1 addr2 addr ->", TRAPS | READS_TABLE | WRITES_TABLE, TABLE, TABLE),
)
