"""The words that meanings are written in, and what each does in Python; ``tools/meanings_c.py`` says it in C.

Where a word depends on a type, this is the one for i64 or f64; ``form`` puts the others in their place. Words exist
for what Python and C write or round differently; everything else is an operator. Not here: the meanings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, TypeAlias

from ..runtime import traps
from ..runtime.values import NAN64, bits_of_f64, f64_of_bits

# --- types ------------------------------------------------------------------------------------------------------------

Word: TypeAlias = int
"""An i32 or i64, without a sign: for each of them a meaning of its own is made."""
I32: TypeAlias = int
I64: TypeAlias = int
Real: TypeAlias = float
"""An f32 or f64, likewise."""
F32: TypeAlias = float
"""An f32 to be computed with. The plain machine holds the bits; ``form`` converts at the border."""
F64: TypeAlias = float
Bits32: TypeAlias = int
"""An f32 that is only moved, or whose sign is changed: a float of Python cannot hold all of them."""

# --- numbers that depend on the type of words -------------------------------------------------------------------------

BITS: Final = 64
MASK: Final = (1 << 64) - 1
SIGN: Final = 1 << 63
"""The bit of the sign."""
COUNT: Final = 63
"""The mask of shift counts."""
GREATEST: Final = SIGN - 1
"""The greatest signed number."""


def signed(a: int) -> int:
    """The word as a number with a sign."""
    return (a ^ SIGN) - SIGN


def _signed_32(a: int) -> int:
    return (a ^ 0x8000_0000) - 0x8000_0000


WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "i32": {
        "BITS": 32,
        "MASK": (1 << 32) - 1,
        "SIGN": 1 << 31,
        "COUNT": 31,
        "GREATEST": (1 << 31) - 1,
        "signed": _signed_32,
    },
    "i64": {"BITS": BITS, "MASK": MASK, "SIGN": SIGN, "COUNT": COUNT, "GREATEST": GREATEST, "signed": signed},
}

# --- numbers and words for floats -------------------------------------------------------------------------------------

NAN: Final = NAN64
"""The canonical NaN."""
INFINITY: Final = math.inf
INTEGRAL: Final = 2.0**52
"""From here on every number of either type is an integer."""

BELOW_S: Final = -9223372036854777856.0
"""Of the numbers that round towards zero below the least signed word, the greatest; likewise the others."""
BELOW_U: Final = -1.0
ABOVE_S: Final = 2.0**63
ABOVE_U: Final = 2.0**64

_BELOW: Final = {("i32", "f32"): -2147483904.0, ("i32", "f64"): -2147483649.0,
                 ("i64", "f32"): -9223373136366403584.0, ("i64", "f64"): BELOW_S}  # fmt: skip
_EXACT: Final = 1 << 53


def real(number: int) -> float:
    """The float nearest to an integer."""
    return float(number)


def _real_32(number: int) -> float:
    """What rounds to the f32 nearest to an integer."""
    if not -_EXACT <= number <= _EXACT:
        # Rounding to 53 bits first could turn something else into a tie: keep whether anything was cut off.
        number = (number >> 11 | (number & 0x7FF != 0)) << 11
    return float(number)


def reals(word: str, real_type: str) -> Mapping[str, Any]:
    """What depends on the type of floats, and on both types."""
    bits = 32 if word == "i32" else 64
    return {
        "BELOW_S": _BELOW[word, real_type],
        "ABOVE_S": 2.0 ** (bits - 1),
        "ABOVE_U": 2.0**bits,
        "real": _real_32 if real_type == "f32" else real,
    }


def is_negative(a: float) -> bool:
    """Whether the sign is minus, that of a zero included."""
    return math.copysign(1.0, a) < 0.0


copysign: Final = math.copysign
square_root: Final = math.sqrt
magnitude: Final = math.fabs
round_up: Final[Callable[[float], int]] = math.ceil
round_down: Final[Callable[[float], int]] = math.floor
round_to_zero: Final[Callable[[float], int]] = math.trunc
round_to_even: Final[Callable[[float], int]] = round
signed_integer: Final[Callable[[float], int]] = int
"""The integer part of a float that has one in the range of signed words."""
unsigned_integer: Final[Callable[[float], int]] = int
as_bits: Final = bits_of_f64
as_float: Final = f64_of_bits

# --- words for integers -----------------------------------------------------------------------------------------------

bit_length: Final = int.bit_length
"""The number of bits without leading zeros."""
ones: Final = int.bit_count
"""The number of bits that are set."""


def quotient(a: int, b: int) -> int:
    """Of signed numbers, rounded towards zero."""
    return abs(a) // abs(b) if (a < 0) is (b < 0) else -(abs(a) // abs(b))


def remainder(a: int, b: int) -> int:
    """Of signed numbers; it has the sign of the first."""
    return -(abs(a) % abs(b)) if a < 0 else abs(a) % abs(b)


def product_high(a: int, b: int) -> int:
    """The upper 64 bits of the product of two i64 without signs."""
    return a * b >> 64


# --- traps ------------------------------------------------------------------------------------------------------------

UNREACHABLE, INTEGER_DIVIDE_BY_ZERO, INTEGER_OVERFLOW, INVALID_CONVERSION = range(1, 5)

_TRAPS: Final = {
    UNREACHABLE: traps.unreachable,
    INTEGER_DIVIDE_BY_ZERO: traps.integer_divide_by_zero,
    INTEGER_OVERFLOW: traps.integer_overflow,
    INVALID_CONVERSION: traps.invalid_conversion_to_integer,
}


def trap(reason: int) -> NoReturn:
    """Stop here. Raises ``Trap``."""
    raise _TRAPS[reason]()
