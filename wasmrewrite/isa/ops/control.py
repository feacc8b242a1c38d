"""Control instructions of the first version (specification 5.4.1)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import BRANCHES, CALLS, CONST, PURE, READS_TABLE, THROWS, TRAPS
from ..immediates import BLOCKTYPE, FUNC, LABEL, LABELS, TABLE, TYPE_USE
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.MVP)

ROWS: Final[tuple[Op, ...]] = (
    op(0x00, "unreachable", CUSTOM, TRAPS),
    op(0x01, "nop", "->", PURE),
    op(0x02, "block", CUSTOM, PURE, BLOCKTYPE),
    op(0x03, "loop", CUSTOM, PURE, BLOCKTYPE),
    op(0x04, "if", CUSTOM, BRANCHES, BLOCKTYPE),
    op(0x05, "else", CUSTOM, BRANCHES),
    op(0x0B, "end", CUSTOM, CONST),
    op(0x0C, "br", CUSTOM, BRANCHES, LABEL),
    op(0x0D, "br_if", CUSTOM, BRANCHES, LABEL),
    op(0x0E, "br_table", CUSTOM, BRANCHES, LABELS),
    op(0x0F, "return", CUSTOM, BRANCHES),
    op(0x10, "call", CUSTOM, CALLS | TRAPS | THROWS, FUNC),
    op(0x11, "call_indirect", CUSTOM, CALLS | TRAPS | THROWS | READS_TABLE, TYPE_USE, TABLE),
)
