"""Exceptions as they were before version 3.0: still emitted, part of no version."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import BRANCHES, PURE, THROWS
from ..immediates import BLOCKTYPE, LABEL, TAG
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.LEGACY_EXCEPTIONS)

ROWS: Final[tuple[Op, ...]] = (
    op(0x06, "try", CUSTOM, PURE, BLOCKTYPE),
    op(0x07, "catch", CUSTOM, BRANCHES, TAG),
    op(0x09, "rethrow", CUSTOM, THROWS | BRANCHES, LABEL),
    op(0x18, "delegate", CUSTOM, BRANCHES, LABEL),
    op(0x19, "catch_all", CUSTOM, BRANCHES),
)
