"""Exceptions (specification 5.4.1)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import ALLOCATES, BRANCHES, PURE, THROWS, TRAPS
from ..immediates import BLOCKTYPE, CATCHES, TAG
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.EXCEPTIONS)

ROWS: Final[tuple[Op, ...]] = (
    op(0x08, "throw", CUSTOM, THROWS | ALLOCATES | BRANCHES, TAG),
    op(0x0A, "throw_ref", CUSTOM, THROWS | TRAPS | BRANCHES),
    op(0x1F, "try_table", CUSTOM, PURE, BLOCKTYPE, CATCHES),
)
