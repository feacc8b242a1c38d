"""Calls that replace the caller (specification 5.4.1)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import BRANCHES, CALLS, READS_TABLE, THROWS, TRAPS
from ..immediates import FUNC, TABLE, TYPE, TYPE_USE
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.TAIL_CALL)

ROWS: Final[tuple[Op, ...]] = (
    op(0x12, "return_call", CUSTOM, CALLS | BRANCHES | TRAPS | THROWS, FUNC),
    op(0x13, "return_call_indirect", CUSTOM, CALLS | BRANCHES | TRAPS | THROWS | READS_TABLE, TYPE_USE, TABLE),
    op(0x15, "return_call_ref", CUSTOM, CALLS | BRANCHES | TRAPS | THROWS, TYPE),
)
