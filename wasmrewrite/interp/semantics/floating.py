"""Floating-point instructions (specification 4.3.3).

Inside the machine an f64 is a Python float, which holds all 64 bits, NaN payloads included; an f32 is its bits as an
int, because a Python float cannot hold a signalling NaN of 32 bits. Sign operations touch bits only; every other
operation whose result is NaN gives the canonical NaN, so that a run is the same on every machine. The f32 operations
are those of f64, rounded once more: for these operations two roundings give the same as one (53 >= 2 * 24 + 2).

Not here: conversions between types (``convert``).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Final, TypeAlias

from ...runtime.values import NAN32, NAN64, f32_of_float, float_of_f32

Unary: TypeAlias = Callable[[float], float]
Binary: TypeAlias = Callable[[float, float], float]
Test: TypeAlias = Callable[[float, float], bool]

_INTEGRAL: Final = 2.0**52  # from here on every f64 is an integer
_INF: Final = math.inf
_SIGN32: Final = 0x8000_0000
_LOW31: Final = 0x7FFF_FFFF


def add(a: float, b: float) -> float:
    """a + b."""
    c = a + b
    return c if c == c else NAN64


def sub(a: float, b: float) -> float:
    """a - b."""
    c = a - b
    return c if c == c else NAN64


def mul(a: float, b: float) -> float:
    """a * b."""
    c = a * b
    return c if c == c else NAN64


def div(a: float, b: float) -> float:
    """a / b, with the infinities that Python refuses."""
    if b:
        c = a / b
        return c if c == c else NAN64
    if a != a or not a:
        return NAN64
    return math.copysign(_INF, a) * math.copysign(1.0, b)


def minimum(a: float, b: float) -> float:
    """The smaller one; -0 is smaller than +0."""
    if a < b:
        return a
    if b < a:
        return b
    if a == b:
        return a if math.copysign(1.0, a) < 0 else b
    return NAN64


def maximum(a: float, b: float) -> float:
    """The larger one; +0 is larger than -0."""
    if a > b:
        return a
    if b > a:
        return b
    if a == b:
        return b if math.copysign(1.0, a) < 0 else a
    return NAN64


def sqrt(a: float) -> float:
    """The square root."""
    return math.sqrt(a) if a >= 0.0 else NAN64


def _integral(round_to: Callable[[float], int]) -> Unary:
    def rounded(a: float) -> float:
        if -_INTEGRAL < a < _INTEGRAL:
            return math.copysign(round_to(a), a)
        return a if a == a else NAN64

    return rounded


# Python's ``round`` takes ties to even, as ``nearest`` wants.
_UNARY: Final[dict[str, Unary]] = {
    "ceil": _integral(math.ceil),
    "floor": _integral(math.floor),
    "trunc": _integral(math.trunc),
    "nearest": _integral(round),
    "sqrt": sqrt,
}
_BINARY: Final[dict[str, Binary]] = {"add": add, "sub": sub, "mul": mul, "div": div, "min": minimum, "max": maximum}
_TESTS: Final[dict[str, Test]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "gt": operator.gt,
    "le": operator.le,
    "ge": operator.ge,
}


def _unary32(f: Unary) -> Callable[[int], int]:
    def apply(a: int) -> int:
        c = f(float_of_f32(a))
        return f32_of_float(c) if c == c else NAN32

    return apply


def _binary32(f: Binary) -> Callable[[int, int], int]:
    def apply(a: int, b: int) -> int:
        c = f(float_of_f32(a), float_of_f32(b))
        return f32_of_float(c) if c == c else NAN32

    return apply


def _test32(f: Test) -> Callable[[int, int], bool]:
    def apply(a: int, b: int) -> bool:
        return f(float_of_f32(a), float_of_f32(b))

    return apply


def _abs32(a: int) -> int:
    return a & _LOW31


def _neg32(a: int) -> int:
    return a ^ _SIGN32


def _copysign32(a: int, b: int) -> int:
    return a & _LOW31 | b & _SIGN32


UNARY: Final[dict[str, Callable[[int], int] | Unary]] = {
    **{f"f32.{name}": _unary32(f) for name, f in _UNARY.items()},
    **{f"f64.{name}": f for name, f in _UNARY.items()},
    "f32.abs": _abs32,
    "f32.neg": _neg32,
    "f64.abs": math.fabs,
    "f64.neg": operator.neg,
}

BINARY: Final[dict[str, Callable[[int, int], int] | Binary]] = {
    **{f"f32.{name}": _binary32(f) for name, f in _BINARY.items()},
    **{f"f64.{name}": f for name, f in _BINARY.items()},
    "f32.copysign": _copysign32,
    "f64.copysign": math.copysign,
}

TESTS: Final[dict[str, Callable[[int, int], bool] | Test]] = {
    **{f"f32.{name}": _test32(f) for name, f in _TESTS.items()},
    **{f"f64.{name}": f for name, f in _TESTS.items()},
}
