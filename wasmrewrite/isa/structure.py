"""How instructions nest (specification 5.4.1): which open a block, which divide one, which close one.

Not here: types of blocks (``validate``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .immediates import BLOCKTYPE
from .op import Op
from .table import BY_NAME, ROWS

END: Final[Op] = BY_NAME["end"]

OPENERS: Final[frozenset[Op]] = frozenset(row for row in ROWS if BLOCKTYPE in row.operands)
"""Instructions that open a block."""


def _rows(*names: str) -> frozenset[Op]:
    return frozenset(BY_NAME[name] for name in names)


DIVIDERS: Final[Mapping[Op, frozenset[Op]]] = MappingProxyType(
    {
        BY_NAME["else"]: _rows("if"),
        BY_NAME["catch"]: _rows("try", "catch"),
        BY_NAME["catch_all"]: _rows("try", "catch"),
    }
)
"""Instructions that end one part of a block and begin the next: after which opener or divider each may stand."""

CLOSERS: Final[Mapping[Op, frozenset[Op]]] = MappingProxyType(
    {END: OPENERS | DIVIDERS.keys(), BY_NAME["delegate"]: _rows("try")}
)
"""Instructions that close a block, and after which opener or divider each may stand; ``end`` also closes the body."""

STRUCTURAL: Final[frozenset[Op]] = OPENERS | DIVIDERS.keys() | CLOSERS.keys()
