"""Integer instructions (specification 4.3.2): values are unsigned; written once, for every width.

Not here: conversions between types (``convert``), and which instruction takes what (``isa``).
"""

from __future__ import annotations

import operator
from typing import Final

from .form import Function, means, spread
from .vocabulary import (
    BITS,
    COUNT,
    INTEGER_DIVIDE_BY_ZERO,
    INTEGER_OVERFLOW,
    MASK,
    SIGN,
    Word,
    bit_length,
    ones,
    product_high,
    quotient,
    remainder,
    signed,
    trap,
)

# --- one operand ------------------------------------------------------------------------------------------------------


@means("{word}.eqz")
def eqz(a: Word) -> Word:
    """Whether the operand is zero. Branches on it know this instruction and do not call it."""
    return 0 if a else 1


@means("{word}.clz")
def clz(a: Word) -> Word:
    """Leading zeros."""
    return BITS - bit_length(a)


@means("{word}.ctz")
def ctz(a: Word) -> Word:
    """Trailing zeros."""
    return bit_length(a & -a) - 1 if a else BITS


@means("{word}.popcnt", plain=ones)
def popcnt(a: Word) -> Word:
    """Bits that are set."""
    return ones(a)


@means("{word}.extend8_s")
def extend8_s(a: Word) -> Word:
    """The low byte with its sign."""
    return ((a & 0xFF) ^ 0x80) - 0x80 & MASK


@means("{word}.extend16_s")
def extend16_s(a: Word) -> Word:
    """The low 16 bits with their sign."""
    return ((a & 0xFFFF) ^ 0x8000) - 0x8000 & MASK


@means("i64.extend32_s")
def extend32_s(a: Word) -> Word:
    """The low 32 bits with their sign."""
    return ((a & 0xFFFF_FFFF) ^ 0x8000_0000) - 0x8000_0000 & MASK


# --- sums and products ------------------------------------------------------------------------------------------------


@means("{word}.add")
def add(a: Word, b: Word) -> Word:
    """a + b."""
    return (a + b) & MASK


@means("{word}.sub")
def sub(a: Word, b: Word) -> Word:
    """a - b."""
    return (a - b) & MASK


@means("{word}.mul")
def mul(a: Word, b: Word) -> Word:
    """a * b."""
    return (a * b) & MASK


@means("{word}.div_s")
def div_s(a: Word, b: Word) -> Word:
    """The quotient of signed numbers, rounded towards zero."""
    if b == 0:
        trap(INTEGER_DIVIDE_BY_ZERO)
    if a < SIGN and b < SIGN:
        return a // b
    if a == SIGN and b == MASK:
        trap(INTEGER_OVERFLOW)
    return quotient(signed(a), signed(b)) & MASK


@means("{word}.div_u")
def div_u(a: Word, b: Word) -> Word:
    """The quotient."""
    if b == 0:
        trap(INTEGER_DIVIDE_BY_ZERO)
    return a // b


@means("{word}.rem_s")
def rem_s(a: Word, b: Word) -> Word:
    """The remainder of signed numbers, with the sign of the first."""
    if b == 0:
        trap(INTEGER_DIVIDE_BY_ZERO)
    if a < SIGN and b < SIGN:
        return a % b
    if b == MASK:
        return 0
    return remainder(signed(a), signed(b)) & MASK


@means("{word}.rem_u")
def rem_u(a: Word, b: Word) -> Word:
    """The remainder."""
    if b == 0:
        trap(INTEGER_DIVIDE_BY_ZERO)
    return a % b


# --- bits -------------------------------------------------------------------------------------------------------------


@means("{word}.and", plain=operator.and_)
def and_(a: Word, b: Word) -> Word:
    """Bits set in both."""
    return a & b


@means("{word}.or", plain=operator.or_)
def or_(a: Word, b: Word) -> Word:
    """Bits set in either."""
    return a | b


@means("{word}.xor", plain=operator.xor)
def xor(a: Word, b: Word) -> Word:
    """Bits set in one of them."""
    return a ^ b


# Shift counts are taken modulo the width.


@means("{word}.shl")
def shl(a: Word, b: Word) -> Word:
    """Shifted left."""
    return a << (b & COUNT) & MASK


@means("{word}.shr_s")
def shr_s(a: Word, b: Word) -> Word:
    """Shifted right, the sign coming in."""
    return signed(a) >> (b & COUNT) & MASK


@means("{word}.shr_u")
def shr_u(a: Word, b: Word) -> Word:
    """Shifted right, zeros coming in."""
    return a >> (b & COUNT)


@means("{word}.rotl")
def rotl(a: Word, b: Word) -> Word:
    """Rotated left."""
    return (a << (b & COUNT) | a >> (-b & COUNT)) & MASK


@means("{word}.rotr")
def rotr(a: Word, b: Word) -> Word:
    """Rotated right."""
    return (a >> (b & COUNT) | a << (-b & COUNT)) & MASK


# --- 128 bits in two halves, the low one first ------------------------------------------------------------------------


@means("i64.add128")
def add128(a: Word, a_high: Word, b: Word, b_high: Word) -> tuple[Word, Word]:
    """a + b."""
    low: Word = (a + b) & MASK
    return low, (a_high + b_high + (1 if low < a else 0)) & MASK


@means("i64.sub128")
def sub128(a: Word, a_high: Word, b: Word, b_high: Word) -> tuple[Word, Word]:
    """a - b."""
    return (a - b) & MASK, (a_high - b_high - (1 if a < b else 0)) & MASK


@means("i64.mul_wide_u")
def mul_wide_u(a: Word, b: Word) -> tuple[Word, Word]:
    """a * b, all of it."""
    return (a * b) & MASK, product_high(a, b)


@means("i64.mul_wide_s")
def mul_wide_s(a: Word, b: Word) -> tuple[Word, Word]:
    """a * b, all of it, with signs."""
    high: Word = product_high(a, b) - (b if a >= SIGN else 0) - (a if b >= SIGN else 0)
    return (a * b) & MASK, high & MASK


# --- comparisons ------------------------------------------------------------------------------------------------------


@means("{word}.eq", plain=operator.eq)
def eq(a: Word, b: Word) -> bool:
    """a = b."""
    return a == b


@means("{word}.ne", plain=operator.ne)
def ne(a: Word, b: Word) -> bool:
    """Not so."""
    return a != b


@means("{word}.lt_u", plain=operator.lt)
def lt_u(a: Word, b: Word) -> bool:
    """a < b."""
    return a < b


@means("{word}.gt_u", plain=operator.gt)
def gt_u(a: Word, b: Word) -> bool:
    """a > b."""
    return a > b


@means("{word}.le_u", plain=operator.le)
def le_u(a: Word, b: Word) -> bool:
    """a <= b."""
    return a <= b


@means("{word}.ge_u", plain=operator.ge)
def ge_u(a: Word, b: Word) -> bool:
    """a >= b."""
    return a >= b


# Turning the sign over maps the order of signed numbers to that of unsigned ones, which saves two calls.


@means("{word}.lt_s")
def lt_s(a: Word, b: Word) -> bool:
    """a < b, with signs."""
    return a ^ SIGN < b ^ SIGN


@means("{word}.gt_s")
def gt_s(a: Word, b: Word) -> bool:
    """a > b, with signs."""
    return a ^ SIGN > b ^ SIGN


@means("{word}.le_s")
def le_s(a: Word, b: Word) -> bool:
    """a <= b, with signs."""
    return a ^ SIGN <= b ^ SIGN


@means("{word}.ge_s")
def ge_s(a: Word, b: Word) -> bool:
    """a >= b, with signs."""
    return a ^ SIGN >= b ^ SIGN


MEANINGS: Final[dict[str, Function]] = spread(globals())
"""Mnemonic to meaning, comparisons left out."""

TESTS: Final[dict[str, Function]] = spread(globals(), tests=True)
"""Mnemonic to meaning, for comparisons."""
