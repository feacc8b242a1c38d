"""Floating-point instructions (specification 4.3.3).

Inside the plain machine an f64 is a Python float, which holds all 64 bits, NaN payloads included; an f32 is its bits as
an int, because a Python float cannot hold a signalling NaN of 32 bits. Sign operations touch bits only; every other
operation whose result is NaN gives the canonical NaN, so that a run is the same on every machine. In Python the f32
operations are those of f64, rounded once more: for these operations two roundings give the same as one
(53 >= 2 * 24 + 2).

Not here: conversions between types (``convert``), f32 as bits (``form``).
"""

from __future__ import annotations

import math
import operator
from typing import Final

from .form import Function, means, spread
from .vocabulary import (
    F64,
    INFINITY,
    INTEGRAL,
    NAN,
    Bits32,
    Real,
    copysign,
    is_negative,
    magnitude,
    round_down,
    round_to_even,
    round_to_zero,
    round_up,
    square_root,
)


@means("{real}.add")
def add(a: Real, b: Real) -> Real:
    """a + b."""
    c: Real = a + b
    return c if c == c else NAN


@means("{real}.sub")
def sub(a: Real, b: Real) -> Real:
    """a - b."""
    c: Real = a - b
    return c if c == c else NAN


@means("{real}.mul")
def mul(a: Real, b: Real) -> Real:
    """a * b."""
    c: Real = a * b
    return c if c == c else NAN


@means("{real}.div")
def div(a: Real, b: Real) -> Real:
    """a / b, with the infinities that Python refuses."""
    if b:
        c: Real = a / b
        return c if c == c else NAN
    if a != a or not a:
        return NAN
    return copysign(INFINITY, a) * copysign(1.0, b)


@means("{real}.min")
def minimum(a: Real, b: Real) -> Real:
    """The smaller one; -0 is smaller than +0."""
    if a < b:
        return a
    if b < a:
        return b
    if a == b:
        return a if is_negative(a) else b
    return NAN


@means("{real}.max")
def maximum(a: Real, b: Real) -> Real:
    """The larger one; +0 is larger than -0."""
    if a > b:
        return a
    if b > a:
        return b
    if a == b:
        return b if is_negative(a) else a
    return NAN


@means("{real}.sqrt")
def sqrt(a: Real) -> Real:
    """The square root."""
    return square_root(a) if a >= 0.0 else NAN


@means("{real}.ceil")
def ceil(a: Real) -> Real:
    """The next integer above."""
    if -INTEGRAL < a < INTEGRAL:
        return copysign(round_up(a), a)
    return a if a == a else NAN


@means("{real}.floor")
def floor(a: Real) -> Real:
    """The next integer below."""
    if -INTEGRAL < a < INTEGRAL:
        return copysign(round_down(a), a)
    return a if a == a else NAN


@means("{real}.trunc")
def trunc(a: Real) -> Real:
    """The next integer towards zero."""
    if -INTEGRAL < a < INTEGRAL:
        return copysign(round_to_zero(a), a)
    return a if a == a else NAN


@means("{real}.nearest")
def nearest(a: Real) -> Real:
    """The nearest integer, of two the even one."""
    if -INTEGRAL < a < INTEGRAL:
        return copysign(round_to_even(a), a)
    return a if a == a else NAN


# --- signs ------------------------------------------------------------------------------------------------------------


@means("f32.abs")
def abs_32(a: Bits32) -> Bits32:
    """Without its sign."""
    return a & 0x7FFF_FFFF


@means("f32.neg")
def neg_32(a: Bits32) -> Bits32:
    """With the other sign."""
    return a ^ 0x8000_0000


@means("f32.copysign")
def copysign_32(a: Bits32, b: Bits32) -> Bits32:
    """With the sign of b."""
    return a & 0x7FFF_FFFF | b & 0x8000_0000


@means("f64.abs", plain=math.fabs)
def abs_64(a: F64) -> F64:
    """Without its sign."""
    return magnitude(a)


@means("f64.neg", plain=operator.neg)
def neg_64(a: F64) -> F64:
    """With the other sign."""
    return -a


@means("f64.copysign", plain=math.copysign)
def copysign_64(a: F64, b: F64) -> F64:
    """With the sign of b."""
    return copysign(a, b)


# --- comparisons ------------------------------------------------------------------------------------------------------


@means("{real}.eq", plain=operator.eq)
def eq(a: Real, b: Real) -> bool:
    """a = b."""
    return a == b


@means("{real}.ne", plain=operator.ne)
def ne(a: Real, b: Real) -> bool:
    """Not so."""
    return a != b


@means("{real}.lt", plain=operator.lt)
def lt(a: Real, b: Real) -> bool:
    """a < b."""
    return a < b


@means("{real}.gt", plain=operator.gt)
def gt(a: Real, b: Real) -> bool:
    """a > b."""
    return a > b


@means("{real}.le", plain=operator.le)
def le(a: Real, b: Real) -> bool:
    """a <= b."""
    return a <= b


@means("{real}.ge", plain=operator.ge)
def ge(a: Real, b: Real) -> bool:
    """a >= b."""
    return a >= b


MEANINGS: Final[dict[str, Function]] = spread(globals())
"""Mnemonic to meaning, comparisons left out."""

TESTS: Final[dict[str, Function]] = spread(globals(), tests=True)
"""Mnemonic to meaning, for comparisons."""
