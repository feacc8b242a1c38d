"""Values as they cross the borders of the runtime, and their conversions.

At every border (``invoke``, host functions, globals) an i32 or i64 is an unsigned int, an f32 or f64 its bits as an
unsigned int, a v128 16 bytes, and a reference is ``None`` (any null), a function instance, or a host value such as
``HostRef``. Inside an engine an f64 is a Python float: ``inward`` and ``outward`` convert. Python's own floats appear
only in the friendly calls (``to_python``, ``from_python``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any, Final, TypeAlias

from ..isa.types import F32, F64, I32, I64, V128, NumType, ValType

Value: TypeAlias = Any
"""An int, 16 bytes, None, or an object that a reference refers to; which one, a ``ValType`` says."""

_F32: Final = Struct("<f")
_U32: Final = Struct("<I")
_F64: Final = Struct("<d")
_U64: Final = Struct("<Q")


@dataclass(frozen=True, slots=True)
class HostRef:
    """A value of the host that a module can hold as an externref; equal if the numbers are."""

    number: int


def f64_of_bits(bits: int) -> float:
    """The float that has these 64 bits, payload of a NaN included."""
    number: float = _F64.unpack(_U64.pack(bits))[0]
    return number


def bits_of_f64(number: float) -> int:
    """The 64 bits of a float."""
    bits: int = _U64.unpack(_F64.pack(number))[0]
    return bits


def float_of_f32(bits: int) -> float:
    """The number that 32 bits stand for. A signalling NaN becomes a quiet one: not for moving values."""
    number: float = _F32.unpack(_U32.pack(bits))[0]
    return number


def f32_of_float(number: float) -> int:
    """The bits of the nearest f32 (ties to even, beyond the range infinity). The payload of a NaN may change."""
    try:
        bits: int = _U32.unpack(_F32.pack(number))[0]
    except OverflowError:
        return 0xFF80_0000 if number < 0 else 0x7F80_0000
    return bits


NAN32: Final = 0x7FC0_0000
NAN64: Final = f64_of_bits(0x7FF8_0000_0000_0000)
"""The canonical NaN with a positive sign."""

_ZERO: Final[dict[NumType, Value]] = {I32: 0, I64: 0, F32: 0, F64: 0.0, V128: bytes(16)}


def zero(type: ValType) -> Value:
    """The default value of a type, as an engine holds it."""
    return _ZERO[type] if isinstance(type, NumType) else None


def inward(types: Sequence[ValType], values: Iterable[Value]) -> list[Value]:
    """Values from the border as an engine holds them."""
    return [f64_of_bits(value) if type is F64 else value for type, value in zip(types, values, strict=True)]


def outward(types: Sequence[ValType], values: Iterable[Value]) -> list[Value]:
    """An engine's values as the border wants them."""
    return [bits_of_f64(value) if type is F64 else value for type, value in zip(types, values, strict=True)]


def _to_int(bits: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        if not isinstance(value, int):
            raise TypeError(f"i{bits} wants an int, not {type(value).__name__}")
        if not -1 << (bits - 1) <= value < 1 << bits:
            raise ValueError(f"{value} is outside the range of i{bits}")
        return value & (1 << bits) - 1

    return convert


def _bits_of_nan_or(value: float, nan: int, convert: Callable[[float], int]) -> int:
    return nan if math.isnan(value) else convert(float(value))


_FROM_PYTHON: Final[dict[NumType, Callable[[Any], Value]]] = {
    I32: _to_int(32),
    I64: _to_int(64),
    F32: lambda value: _bits_of_nan_or(value, NAN32, f32_of_float),
    F64: lambda value: bits_of_f64(float(value)),
    V128: bytes,
}
_TO_PYTHON: Final[dict[NumType, Callable[[Value], Any]]] = {F32: float_of_f32, F64: f64_of_bits}


def from_python(type: ValType, value: Any) -> Value:
    """A Python int (signed or unsigned), float or reference as a value. TypeError or ValueError if it is no such."""
    return _FROM_PYTHON[type](value) if isinstance(type, NumType) else value


def to_python(type: ValType, value: Value) -> Any:
    """A value as Python people like it: floats as floats, everything else as it is."""
    convert = _TO_PYTHON.get(type) if isinstance(type, NumType) else None
    return value if convert is None else convert(value)
