"""Sign extension of parts of an integer (specification 5.4.7)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import PURE
from ..op import Op, proposal

op = proposal(Feature.SIGN_EXTENSION)

ROWS: Final[tuple[Op, ...]] = (
    op(0xC0, "i32.extend8_s", "i32 -> i32", PURE),
    op(0xC1, "i32.extend16_s", "i32 -> i32", PURE),
    op(0xC2, "i64.extend8_s", "i64 -> i64", PURE),
    op(0xC3, "i64.extend16_s", "i64 -> i64", PURE),
    op(0xC4, "i64.extend32_s", "i64 -> i64", PURE),
)
