"""Parametric instructions of the first version (specification 5.4.3)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import PURE
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.MVP)

ROWS: Final[tuple[Op, ...]] = (
    op(0x1A, "drop", CUSTOM, PURE),
    op(0x1B, "select", CUSTOM, PURE),
)
