"""Values as people and programs read them: ``i32 -1 / u32 4294967295``, floats as the shortest decimal number.

Not here: reading what a person types (``cli.typed``).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any, Final

from ..escape import for_terminal, quoted
from ..isa.types import F32, F64, I32, I64, V128, NumType, ValType
from .instances import FuncInst, HostFunc
from .values import HostRef, Value, f64_of_bits, float_of_f32

_RANGES: Final = {
    "bool": (0, 1),
    "u8": (0, 0xFF),
    "i8": (-0x80, 0x7F),
    "u16": (0, 0xFFFF),
    "i16": (-0x8000, 0x7FFF),
    "u32": (0, 0xFFFF_FFFF),
    "s32": (-0x8000_0000, 0x7FFF_FFFF),
    "i32": (-0x8000_0000, 0xFFFF_FFFF),
    "char": (0, 0x10FFFF),
    "u64": (0, (1 << 64) - 1),
    "s64": (-(1 << 63), (1 << 63) - 1),
    "i64": (-(1 << 63), (1 << 64) - 1),
    "v128": (0, (1 << 128) - 1),
}
"""Scalar → lowest and highest number. Plain i32 and i64 take either reading, as in the text format."""
HELD_BY: Final[dict[str, tuple[ValType, ...]]] = {
    **dict.fromkeys(("bool", "u8", "i8", "u16", "i16", "u32", "s32", "i32", "char"), (I32,)),
    **dict.fromkeys(("u64", "s64", "i64"), (I64,)),
    **dict.fromkeys(("ptr", "usize", "isize"), (I32, I64)),
    "f32": (F32,),
    "f64": (F64,),
    "v128": (V128,),
}
"""The types of values that hold a scalar."""
FRACTION_BITS: Final = {F32: 23, F64: 52}
"""Bits of the fraction of a float."""


def number_range(scalar: str, type: NumType) -> tuple[int, int]:
    """The lowest and the highest number; ``ptr``, ``usize`` and ``isize`` are as wide as the value that holds them."""
    if type not in HELD_BY.get(scalar, (type,)):
        return 0, -1
    bits = 8 * type.size
    word = (-(1 << bits - 1), (1 << bits - 1) - 1) if scalar == "isize" else (0, (1 << bits) - 1)
    return _RANGES.get(scalar, word)


def float_text(bits: int, type: NumType) -> str:
    """The shortest decimal number that means these bits; NaNs with their payload unless that is the usual one."""
    fraction, sign = FRACTION_BITS[type], 8 * type.size - 1
    number = float_of_f32(bits) if type is F32 else f64_of_bits(bits)
    if math.isnan(number):
        payload = bits & (1 << fraction) - 1
        return ("-" if bits >> sign else "") + ("nan" if payload == 1 << fraction - 1 else f"nan:0x{payload:x}")
    if type is F64 or math.isinf(number):
        return repr(number)
    digits = (f"{number:.{count}g}" for count in range(1, 10))
    return repr(float(next(text for text in digits if _same_f32(text, bits))))


def _same_f32(text: str, bits: int) -> bool:
    try:
        return struct.pack("<f", float(text)) == bits.to_bytes(4, "little")
    except OverflowError:
        return False


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as people and programs read it. ``declared`` is the scalar an interface declares for it."""

    type: ValType
    value: Value
    declared: str | None = None

    def text(self) -> str:
        """Such as ``i32 5`` or, where the readings differ, ``i32 -1 / u32 4294967295``. Harmless to print."""
        if not isinstance(self.type, NumType):
            return f"{for_terminal(str(self.type))} {self._reference()}"
        if self.type in FRACTION_BITS:
            return f"{self.type} {float_text(self.value, self.type)}"
        if self.type is V128:
            return f"v128 0x{int.from_bytes(self.value, 'little'):032x}"
        return self._integer(self.type) if self.declared is None else self._declared(self.type, self.declared)

    def _integer(self, type: NumType) -> str:
        signed = self._signed(type)
        both = "" if signed == self.value else f" / u{8 * type.size} {self.value}"
        return f"{type} {signed}{both}"

    def _signed(self, type: NumType) -> int:
        bits = 8 * type.size
        return int(self.value) - (1 << bits) if self.value >> bits - 1 else int(self.value)

    def _declared(self, type: NumType, declared: str) -> str:
        if declared == "ptr":
            return f"ptr 0x{self.value:x}"
        low, high = number_range(declared, type)
        number = self._signed(type) if low < 0 else int(self.value)
        if not low <= number <= high:
            return f"{self._integer(type)} (declared as {declared}, out of its range)"
        if declared == "bool":
            return f"bool {'true' if number else 'false'}"
        return f"char {quoted(chr(number))} (U+{number:04X})" if declared == "char" else f"{declared} {number}"

    def _reference(self) -> str:
        if self.value is None:
            return "null"
        if isinstance(self.value, HostRef):
            return f"extern:{self.value.number}"
        is_function = isinstance(self.value, FuncInst | HostFunc)
        return for_terminal(str(self.value)) if is_function else "not null"

    def data(self) -> dict[str, Any]:
        """Plain data. Numbers of 64 bits and the bits of floats are strings."""
        found: dict[str, Any] = {"type": str(self.type)}
        if self.declared is not None:
            found["declared"] = self.declared
        if not isinstance(self.type, NumType):
            return {**found, "reference": self._reference()}
        if self.type is V128:
            return {**found, "bits": f"0x{int.from_bytes(self.value, 'little'):032x}"}
        if self.type in FRACTION_BITS:
            bits = f"0x{self.value:0{2 * self.type.size}x}"
            return {**found, "value": float_text(self.value, self.type), "bits": bits}
        readings = {"signed": self._signed(self.type), "unsigned": int(self.value)}
        return {**found, **({k: str(v) for k, v in readings.items()} if self.type is I64 else readings)}
