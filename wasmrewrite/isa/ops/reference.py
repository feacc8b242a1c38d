"""References and tables (reference types; specification 5.4.2, 5.4.5)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import ALLOCATES, CONST, PURE, READS_TABLE, TRAPS, VARIES, WRITES_TABLE
from ..immediates import FUNC, HEAP, RESULTS, TABLE
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.REFERENCE_TYPES)

ROWS: Final[tuple[Op, ...]] = (
    op(0x1C, "select t", CUSTOM, PURE, RESULTS),
    op(0x25, "table.get", "addr -> T", TRAPS | READS_TABLE, TABLE),
    op(0x26, "table.set", "addr T ->", TRAPS | WRITES_TABLE, TABLE),
    op(0xD0, "ref.null", CUSTOM, CONST, HEAP),
    op(0xD1, "ref.is_null", CUSTOM, PURE),
    op(0xD2, "ref.func", CUSTOM, CONST, FUNC),
    op(0xFC_000F, "table.grow", "T addr -> addr", WRITES_TABLE | ALLOCATES | VARIES, TABLE),
    op(0xFC_0010, "table.size", "-> addr", READS_TABLE, TABLE),
    op(0xFC_0011, "table.fill", "addr T addr ->", TRAPS | WRITES_TABLE, TABLE),
)
