"""Conversions to integers that saturate where others trap (specification 5.4.7)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import PURE
from ..op import Op, proposal

op = proposal(Feature.SATURATING)

ROWS: Final[tuple[Op, ...]] = (
    op(0xFC_0000, "i32.trunc_sat_f32_s", "f32 -> i32", PURE),
    op(0xFC_0001, "i32.trunc_sat_f32_u", "f32 -> i32", PURE),
    op(0xFC_0002, "i32.trunc_sat_f64_s", "f64 -> i32", PURE),
    op(0xFC_0003, "i32.trunc_sat_f64_u", "f64 -> i32", PURE),
    op(0xFC_0004, "i64.trunc_sat_f32_s", "f32 -> i64", PURE),
    op(0xFC_0005, "i64.trunc_sat_f32_u", "f32 -> i64", PURE),
    op(0xFC_0006, "i64.trunc_sat_f64_s", "f64 -> i64", PURE),
    op(0xFC_0007, "i64.trunc_sat_f64_u", "f64 -> i64", PURE),
)
