"""Sums and products of 128 bits in two halves, the low one first (proposal "wide arithmetic")."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import PURE
from ..op import Op, proposal

op = proposal(Feature.WIDE_ARITHMETIC)

ROWS: Final[tuple[Op, ...]] = (
    op(0xFC_0013, "i64.add128", "i64 i64 i64 i64 -> i64 i64", PURE),
    op(0xFC_0014, "i64.sub128", "i64 i64 i64 i64 -> i64 i64", PURE),
    op(0xFC_0015, "i64.mul_wide_s", "i64 i64 -> i64 i64", PURE),
    op(0xFC_0016, "i64.mul_wide_u", "i64 i64 -> i64 i64", PURE),
)
