"""Conversions between number types (specification 4.3.4). An f32 is its bits, an f64 a float (see ``floating``)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

from ...runtime.traps import integer_overflow, invalid_conversion_to_integer
from ...runtime.values import NAN32, NAN64, bits_of_f64, f32_of_float, f64_of_bits, float_of_f32

ToInt: TypeAlias = Callable[[float], int]
FromInt: TypeAlias = Callable[[int], float]

_WIDTHS: Final = {"i32": 32, "i64": 64}
_EXACT: Final = 1 << 53  # integers up to here are f64 numbers


def _range(bits: int, signed: bool) -> tuple[int, int]:
    """The smallest and the largest value."""
    return (-1 << (bits - 1), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)


def _trunc(bits: int, signed: bool) -> ToInt:
    low, high = _range(bits, signed)
    mask = (1 << bits) - 1

    def trunc(a: float) -> int:
        if a != a:
            raise invalid_conversion_to_integer()
        if math.isinf(a) or not low <= int(a) <= high:
            raise integer_overflow()
        return int(a) & mask

    return trunc


def _trunc_sat(bits: int, signed: bool) -> ToInt:
    low, high = _range(bits, signed)
    mask = (1 << bits) - 1

    def trunc_sat(a: float) -> int:
        if a != a:
            return 0
        if a >= high:  # infinity included; rounding ``high`` up to a float does no harm
            return high & mask
        return (int(a) if a > low else low) & mask

    return trunc_sat


def _signed(a: int, bits: int) -> int:
    sign = 1 << (bits - 1)
    return (a ^ sign) - sign


def _convert64(bits: int, signed: bool) -> FromInt:
    def convert(a: int) -> float:
        return float(_signed(a, bits) if signed else a)

    return convert


def _convert32(bits: int, signed: bool) -> Callable[[int], int]:
    def convert(a: int) -> int:
        number = _signed(a, bits) if signed else a
        if not -_EXACT <= number <= _EXACT:
            # Rounding to 53 bits first could turn something else into a tie: keep whether anything was cut off.
            number = (number >> 11 | (number & 0x7FF != 0)) << 11
        return f32_of_float(float(number))

    return convert


def _of_f32(f: ToInt) -> Callable[[int], int]:
    def apply(a: int) -> int:
        return f(float_of_f32(a))

    return apply


def _extend_s(a: int) -> int:
    return (a ^ 0x8000_0000) - 0x8000_0000 & 0xFFFF_FFFF_FFFF_FFFF


def _wrap(a: int) -> int:
    return a & 0xFFFF_FFFF


def _same(a: int) -> int:
    return a


def _demote(a: float) -> int:
    return f32_of_float(a) if a == a else NAN32


def _promote(a: int) -> float:
    b = float_of_f32(a)
    return b if b == b else NAN64


_SIGNS: Final = {"s": True, "u": False}
_ALL: Final = [(type, bits, sign, signed) for type, bits in _WIDTHS.items() for sign, signed in _SIGNS.items()]

UNARY: Final[dict[str, Callable[[int], int] | ToInt | FromInt]] = {
    **{f"{type}.trunc_f32_{sign}": _of_f32(_trunc(bits, signed)) for type, bits, sign, signed in _ALL},
    **{f"{type}.trunc_f64_{sign}": _trunc(bits, signed) for type, bits, sign, signed in _ALL},
    **{f"{type}.trunc_sat_f32_{sign}": _of_f32(_trunc_sat(bits, signed)) for type, bits, sign, signed in _ALL},
    **{f"{type}.trunc_sat_f64_{sign}": _trunc_sat(bits, signed) for type, bits, sign, signed in _ALL},
    **{f"f32.convert_{type}_{sign}": _convert32(bits, signed) for type, bits, sign, signed in _ALL},
    **{f"f64.convert_{type}_{sign}": _convert64(bits, signed) for type, bits, sign, signed in _ALL},
    "i32.wrap_i64": _wrap,
    "i64.extend_i32_s": _extend_s,
    "i64.extend_i32_u": _same,
    "f32.demote_f64": _demote,
    "f64.promote_f32": _promote,
    "i32.reinterpret_f32": _same,
    "f32.reinterpret_i32": _same,
    "i64.reinterpret_f64": bits_of_f64,
    "f64.reinterpret_i64": f64_of_bits,
}
