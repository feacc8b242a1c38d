"""Values in their three forms, and the conversions between them.

*Bits* are what engines, scripts and WASI exchange (``invoke``, ``HostFunc``, ``GlobalInst.bits``): an i32 or i64 is an
unsigned int, an f32 or f64 its bits as an unsigned int, a v128 16 bytes, and a reference is ``None`` (any null), a
function instance, or a host value such as ``HostRef``. *Python's values* are what people pass and get back (calls,
plain callables as imports, ``GlobalInst.value``): integers are signed, floats are floats. Going in, an integer may
have either sign; a declared scalar, where there is one, decides. *Inside* an engine, an f64 is a Python float.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..isa.types import ANY, EXTERN, F32, F64, FUNC, I32, I64, V128, NumType, RefType, ValType, top_of

if TYPE_CHECKING:
    from .store import Store

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
    """Bits as an engine holds them."""
    return [f64_of_bits(value) if type is F64 else value for type, value in zip(types, values, strict=True)]


def outward(types: Sequence[ValType], values: Iterable[Value]) -> list[Value]:
    """An engine's values as bits."""
    return [bits_of_f64(value) if type is F64 else value for type, value in zip(types, values, strict=True)]


class Referable:
    """What a function reference can refer to: the functions in ``instances``."""

    __slots__ = ()

    def referred(self, type: RefType, store: Store | None) -> Referable:
        """This function as ``store`` knows it. Raises ``TypeError``: of another type, or in another store."""
        raise NotImplementedError


def said(value: object) -> str:
    """What was found, in words that stay short."""
    if isinstance(value, int) and value.bit_length() > 128:  # Python refuses to print very long ones
        return f"an int of {value.bit_length()} bits"
    shown = repr(value) if value is None or isinstance(value, (int, float, str)) else ""
    return shown if 0 < len(shown) <= 40 else type(value).__name__


def of_type(value: object, wanted: type, what: str) -> None:
    """Raise ``TypeError`` unless ``value`` is a ``wanted``, which ``what`` needs."""
    if not isinstance(value, wanted):
        raise TypeError(f"expected a {wanted.__name__} for {what}, found {said(value)}")


def number_of(value: Any, name: str) -> int:
    """An int out of what counts as one in Python. Raises ``TypeError``."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"expected an int for {name}, found {said(value)}") from None


def ranged(value: Any, bits: int, name: str) -> int:
    """An integer of either sign as its bits. Raises ``TypeError`` or ``ValueError``."""
    number = value if value.__class__ is int else number_of(value, name)
    if not -1 << bits - 1 <= number < 1 << bits:
        raise ValueError(f"{said(number)} is outside the range of {name}")
    return number & (1 << bits) - 1


def signed(value: int, bits: int) -> int:
    """The signed reading of ``bits`` bits."""
    return value - (1 << bits) if value >> bits - 1 else value


def _float_of(value: Any, name: str) -> float:
    if isinstance(value, (str, bytes, bytearray)):  # ``float`` would read them
        raise TypeError(f"expected a number for {name}, found {said(value)}")
    try:
        return float(value)
    except TypeError:
        raise TypeError(f"expected a number for {name}, found {said(value)}") from None
    except OverflowError:
        raise ValueError(f"{said(value)} is outside the range of {name}") from None


def _f32_of(value: Any) -> int:
    number = _float_of(value, "f32")
    return NAN32 if math.isnan(number) else f32_of_float(number)


def _v128_of(value: Any) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError(f"expected 16 bytes for v128, found {said(value)}")
    found = bytes(value)
    if len(found) != V128.size:
        raise ValueError(f"expected 16 bytes for v128, found {len(found)}")
    return found


BITS: Final[dict[ValType, int]] = {type: 1 << 8 * type.size for type in (I32, I64, F32, F64)}
"""What the bits of a number are smaller than."""

_FROM_PYTHON: Final[dict[NumType, Callable[[Any], Value]]] = {
    I32: lambda value: ranged(value, 32, "i32"),
    I64: lambda value: ranged(value, 64, "i64"),
    F32: _f32_of,
    F64: lambda value: bits_of_f64(_float_of(value, "f64")),
    V128: _v128_of,
}
_TO_PYTHON: Final[dict[NumType, Callable[[Value], Any]]] = {
    I32: lambda value: value - (1 << 32) if value >> 31 else value,
    I64: lambda value: value - (1 << 64) if value >> 63 else value,
    F32: float_of_f32,
    F64: f64_of_bits,
}


def from_python(type: ValType, value: Any, store: Store | None = None) -> Value:
    """An int of either sign, a float, 16 bytes or a reference as bits.

    Raises ``TypeError`` for what is not a value of that type, ``ValueError`` for what is out of its range. A function
    reference has to belong to ``store``.
    """
    return _FROM_PYTHON[type](value) if isinstance(type, NumType) else reference(type, value, store)


def reader(type: ValType) -> Callable[[Value], Any]:
    """What ``to_python`` does for one type."""
    return _TO_PYTHON.get(type, _same) if isinstance(type, NumType) else _same


def _same(value: Value) -> Any:
    return value


def to_python(type: ValType, value: Value) -> Any:
    """Bits as people read them: signed ints, floats; bytes and references as they are."""
    convert = _TO_PYTHON.get(type) if isinstance(type, NumType) else None
    return value if convert is None else convert(value)


def from_bits(type: ValType, value: Any, store: Store | None = None) -> Value:
    """Bits as they have to be. Raises as ``from_python``; an int of either sign is accepted, a float is not."""
    if not isinstance(type, NumType):
        return reference(type, value, store)
    if type is V128:
        return _v128_of(value)
    bits = 8 * type.size
    if value.__class__ is int and 0 <= value < 1 << bits:
        return value
    return ranged(value, bits, type.name if type is I32 or type is I64 else f"the bits of {type.name}")


def reference(type: RefType, value: Any, store: Store | None = None) -> Value:
    """A reference of that type. Raises ``TypeError``: null, of another type, or a function of another store."""
    if value is None:
        if not type.nullable:
            raise TypeError(f"expected a reference for {type}, found None")
        return None
    if type.heap is EXTERN or type.heap is ANY:
        return value
    if isinstance(value, Referable) and top_of(type.heap) is FUNC:
        return value.referred(type, store)
    raise TypeError(f"expected a reference for {type}, found {said(value)}")
