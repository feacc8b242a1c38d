"""Local and global variables (specification 5.4.4)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import CONST, READS_GLOBAL, READS_LOCAL, WRITES_GLOBAL, WRITES_LOCAL
from ..immediates import GLOBAL, LOCAL
from ..op import Op, proposal

op = proposal(Feature.MVP)

ROWS: Final[tuple[Op, ...]] = (
    op(0x20, "local.get", "-> T", READS_LOCAL, LOCAL),
    op(0x21, "local.set", "T ->", WRITES_LOCAL, LOCAL),
    op(0x22, "local.tee", "T -> T", WRITES_LOCAL, LOCAL),
    op(0x23, "global.get", "-> T", READS_GLOBAL | CONST, GLOBAL),
    op(0x24, "global.set", "T ->", WRITES_GLOBAL, GLOBAL),
)
