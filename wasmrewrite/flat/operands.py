"""Operands out of a side table, read at once where they are as short as they mostly are.

Each row has a form: below its number, a byte is the operand as it stands. Not here: operands of any length
(``SideTable.values``), what is done with them (``compile``).
"""

from __future__ import annotations

from typing import Any, Final

from ..isa.immediates import MemArg, Shape
from ..isa.op import Op
from ..isa.operand_bytes import SIMPLE_OF_CODE
from ..validate import SideTable

NONE: Final = 0
UNSIGNED: Final = 0x80
SIGNED: Final = 0x40
MEMARG: Final = -1
BLOCKTYPE: Final = -2
OTHER: Final = -3

_FORMS: Final[dict[tuple[Shape, ...], int]] = {
    (): NONE,
    (Shape.U32,): UNSIGNED,
    (Shape.S32,): SIGNED,
    (Shape.S64,): SIGNED,
    (Shape.MEMARG,): MEMARG,
    (Shape.BLOCKTYPE,): BLOCKTYPE,
}
BLOCK_TYPES: Final[dict[int, Any]] = {0x40: None, **SIMPLE_OF_CODE}
"""Block types of one byte."""
_MEMARGS: Final = tuple((MemArg(0, offset),) for offset in range(0x80))
"""Of memory 0, by offset; no engine asks for the alignment."""


def form_of(op: Op) -> int:
    """The form of a row."""
    return _FORMS.get(tuple(operand.shape for operand in op.operands), OTHER)


def read(side: SideTable, at: int, form: int, place: int) -> tuple[Any, ...]:
    """The operands of instruction ``at``, which begin at ``place`` and are not a byte as it stands."""
    byte, high = side.code[place], side.code[place + 1]
    if form == UNSIGNED and high < 0x80:
        return (byte & 0x7F | high << 7,)
    if form == SIGNED and byte >= 0x80 and high < 0x80:
        number = byte & 0x7F | high << 7
        return (number if high < 0x40 else number - 0x4000,)
    if form == MEMARG and byte < 0x40 and high < 0x80:
        return _MEMARGS[high]
    return side.values(at)
