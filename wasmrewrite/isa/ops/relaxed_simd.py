"""Vector instructions with several permitted results (specification 5.4.8)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import VARIES
from ..op import Op, proposal

op = proposal(Feature.RELAXED_SIMD)

ROWS: Final[tuple[Op, ...]] = (
    op(0xFD_0100, "i8x16.relaxed_swizzle", "v128 v128 -> v128", VARIES),
    op(0xFD_0101, "i32x4.relaxed_trunc_f32x4_s", "v128 -> v128", VARIES),
    op(0xFD_0102, "i32x4.relaxed_trunc_f32x4_u", "v128 -> v128", VARIES),
    op(0xFD_0103, "i32x4.relaxed_trunc_f64x2_s_zero", "v128 -> v128", VARIES),
    op(0xFD_0104, "i32x4.relaxed_trunc_f64x2_u_zero", "v128 -> v128", VARIES),
    op(0xFD_0105, "f32x4.relaxed_madd", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_0106, "f32x4.relaxed_nmadd", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_0107, "f64x2.relaxed_madd", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_0108, "f64x2.relaxed_nmadd", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_0109, "i8x16.relaxed_laneselect", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_010A, "i16x8.relaxed_laneselect", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_010B, "i32x4.relaxed_laneselect", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_010C, "i64x2.relaxed_laneselect", "v128 v128 v128 -> v128", VARIES),
    op(0xFD_010D, "f32x4.relaxed_min", "v128 v128 -> v128", VARIES),
    op(0xFD_010E, "f32x4.relaxed_max", "v128 v128 -> v128", VARIES),
    op(0xFD_010F, "f64x2.relaxed_min", "v128 v128 -> v128", VARIES),
    op(0xFD_0110, "f64x2.relaxed_max", "v128 v128 -> v128", VARIES),
    op(0xFD_0111, "i16x8.relaxed_q15mulr_s", "v128 v128 -> v128", VARIES),
    op(0xFD_0112, "i16x8.relaxed_dot_i8x16_i7x16_s", "v128 v128 -> v128", VARIES),
    op(0xFD_0113, "i32x4.relaxed_dot_i8x16_i7x16_add_s", "v128 v128 v128 -> v128", VARIES),
)
