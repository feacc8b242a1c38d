"""Conversions between number types (specification 4.3.4). Not here: how an f32 is held (``form``)."""

from __future__ import annotations

from typing import Final

from .form import Function, means, spread
from .vocabulary import (
    ABOVE_S,
    ABOVE_U,
    BELOW_S,
    BELOW_U,
    F32,
    F64,
    GREATEST,
    I32,
    I64,
    INTEGER_OVERFLOW,
    INVALID_CONVERSION,
    MASK,
    NAN,
    SIGN,
    Bits32,
    Real,
    Word,
    as_bits,
    as_float,
    real,
    signed,
    signed_integer,
    trap,
    unsigned_integer,
)

# --- floats to integers -----------------------------------------------------------------------------------------------


@means("{word}.trunc_{real}_s")
def trunc_s(a: Real) -> Word:
    """The integer part."""
    if a != a:
        trap(INVALID_CONVERSION)
    if not BELOW_S < a < ABOVE_S:
        trap(INTEGER_OVERFLOW)
    return signed_integer(a) & MASK


@means("{word}.trunc_{real}_u")
def trunc_u(a: Real) -> Word:
    """The integer part, which must not be negative."""
    if a != a:
        trap(INVALID_CONVERSION)
    if not BELOW_U < a < ABOVE_U:
        trap(INTEGER_OVERFLOW)
    return unsigned_integer(a) & MASK


@means("{word}.trunc_sat_{real}_s")
def trunc_sat_s(a: Real) -> Word:
    """The integer part, or the nearest integer there is."""
    if a != a:
        return 0
    if a >= ABOVE_S:
        return GREATEST
    return signed_integer(a) & MASK if a > BELOW_S else SIGN


@means("{word}.trunc_sat_{real}_u")
def trunc_sat_u(a: Real) -> Word:
    """The integer part, or the nearest integer there is."""
    if a >= ABOVE_U:
        return MASK
    return unsigned_integer(a) & MASK if a > BELOW_U else 0


# --- integers to floats -----------------------------------------------------------------------------------------------


@means("{real}.convert_{word}_s")
def convert_s(a: Word) -> Real:
    """The nearest float."""
    return real(signed(a))


@means("{real}.convert_{word}_u")
def convert_u(a: Word) -> Real:
    """The nearest float."""
    return real(a)


# --- between widths ---------------------------------------------------------------------------------------------------


@means("i32.wrap_i64")
def wrap(a: I64) -> I32:
    """The low half."""
    return a & 0xFFFF_FFFF


# A register has 64 bits, of which those above an i32 are zero: what takes such a register may say I64.


@means("i64.extend_i32_s")
def extend_s(a: I64) -> I64:
    """The same signed number."""
    return (a ^ 0x8000_0000) - 0x8000_0000 & 0xFFFF_FFFF_FFFF_FFFF


@means("i64.extend_i32_u")
def extend_u(a: I64) -> I64:
    """The same number."""
    return a


@means("f32.demote_f64")
def demote(a: F64) -> F32:
    """The nearest f32."""
    return a if a == a else NAN


@means("f64.promote_f32")
def promote(a: F32) -> F64:
    """The same number."""
    return a if a == a else NAN


# --- the same bits ----------------------------------------------------------------------------------------------------


@means("i32.reinterpret_f32")
def bits_of_f32(a: Bits32) -> I32:
    """The bits."""
    return a


@means("f32.reinterpret_i32")
def f32_of_bits(a: I32) -> Bits32:
    """The float."""
    return a


@means("i64.reinterpret_f64", plain=as_bits)
def bits_of_f64(a: F64) -> I64:
    """The bits."""
    return as_bits(a)


@means("f64.reinterpret_i64", plain=as_float)
def f64_of_bits(a: I64) -> F64:
    """The float."""
    return as_float(a)


MEANINGS: Final[dict[str, Function]] = spread(globals())
"""Mnemonic to meaning."""
