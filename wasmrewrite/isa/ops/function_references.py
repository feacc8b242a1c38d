"""Typed function references (specification 5.4.1, 5.4.2)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import BRANCHES, CALLS, THROWS, TRAPS
from ..immediates import LABEL, TYPE
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.FUNCTION_REFERENCES)

ROWS: Final[tuple[Op, ...]] = (
    op(0x14, "call_ref", CUSTOM, CALLS | TRAPS | THROWS, TYPE),
    op(0xD4, "ref.as_non_null", CUSTOM, TRAPS),
    op(0xD5, "br_on_null", CUSTOM, BRANCHES, LABEL),
    op(0xD6, "br_on_non_null", CUSTOM, BRANCHES, LABEL),
)
