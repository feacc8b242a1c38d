"""Which instructions of the table a generator may use, sorted by what it has to know to use them; and constants to use.

All of it follows from signatures and effects, so that a row added to the table is generated without being named here.
Not here: code (``bodies``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..isa.effects import Effect
from ..isa.immediates import Shape
from ..isa.op import Op
from ..isa.signature import Signature, Word
from ..isa.table import BY_NAME, ROWS
from ..isa.types import F32, F64, I32, I64, NumType

SCALARS: Final[tuple[NumType, ...]] = (I32, I64, F32, F64)
_VERSIONS: Final = ("1.0", "2.0")


def _scalar(types: tuple[object, ...]) -> bool:
    return all(each in SCALARS for each in types)


def _signed(op: Op) -> Signature | None:
    return op.signature if isinstance(op.signature, Signature) and op.since in _VERSIONS else None


def _plain(traps: bool) -> tuple[Op, ...]:
    """Instructions without operands from scalars to scalars."""
    return tuple(
        op
        for op in ROWS
        if (found := _signed(op)) is not None
        and not op.operands
        and found.params
        and _scalar(found.params + found.results)
        and bool(op.effects & Effect.TRAPS) is traps
    )


def _accesses(effect: Effect) -> tuple[Op, ...]:
    """Loads, or stores, of scalars."""
    return tuple(
        op
        for op in ROWS
        if (found := _signed(op)) is not None
        and [kind.shape for kind in op.operands] == [Shape.MEMARG]
        and op.effects & effect
        and found.params[:1] == (Word.ADDR,)
        and _scalar(found.params[1:] + found.results)
    )


PLAIN: Final = _plain(traps=False)
TRAPPING: Final = _plain(traps=True)
LOADS: Final = _accesses(Effect.READS_MEM)
STORES: Final = _accesses(Effect.WRITES_MEM)

CONST: Final[Mapping[NumType, Op]] = MappingProxyType({each: BY_NAME[f"{each}.const"] for each in SCALARS})

CONSTANTS: Final[Mapping[NumType, tuple[int, ...]]] = MappingProxyType(
    {
        I32: (0, 1, -1, 2, 7, 8, 31, 63, 64, 127, 128, 255, 256, 1000, 65535, 65536, 0x7FFF_FFFF, -0x8000_0000),
        I64: (0, 1, -1, 2, 7, 63, 64, 255, 1 << 31, 1 << 32, (1 << 63) - 1, -1 << 63),
        F32: (
            0, 0x3F80_0000, 0xBFC0_0000, 0x4120_0000, 0x8000_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7FA0_0001,
            1, 0x4F00_0000,
        ),
        F64: (
            0, 0x3FF0 << 48, 0xBFF8 << 48, 0x4024 << 48, 1 << 63, 0x7FF0 << 48, 0xFFF0 << 48, 0x7FF8 << 48,
            (0x7FF4 << 48) + 1, 1, 0x41E0 << 48,
        ),
    }
)  # fmt: skip
"""Operands of constant instructions, plainest first: integers are signed, floats are bits."""

BITS: Final[Mapping[NumType, int]] = MappingProxyType({I32: 32, I64: 64, F32: 32, F64: 64})
