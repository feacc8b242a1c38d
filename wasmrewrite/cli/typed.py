"""Typed values as text: what a person types and reads, where ``u32:2215051520`` and ``i32:-2079915776`` are one value.

Values are those of ``runtime.values``: unsigned ints, floats as bits, vectors as 16 bytes, references as objects.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from typing import Any, Final

import click

from ..isa.types import F32, F64, I32, I64, V128, NumType, ValType
from ..runtime.instances import FuncInst, HostFunc
from ..runtime.values import HostRef, Value, bits_of_f64, f32_of_float, f64_of_bits, float_of_f32
from ..spelling import natural
from .escape import for_terminal, quoted

# Scalar → lowest and highest number. Plain i32 and i64 take either reading, as in the text format.
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
_HELD_BY: Final[dict[str, tuple[ValType, ...]]] = {
    **dict.fromkeys(("bool", "u8", "i8", "u16", "i16", "u32", "s32", "i32", "char"), (I32,)),
    **dict.fromkeys(("u64", "s64", "i64"), (I64,)),
    **dict.fromkeys(("ptr", "usize", "isize"), (I32, I64)),
    "f32": (F32,),
    "f64": (F64,),
    "v128": (V128,),
}
_WORDS: Final = {"true": 1, "false": 0}
_INTEGER: Final = re.compile(r"[+-]?(0[xX][0-9a-fA-F](_?[0-9a-fA-F])*|[0-9](_?[0-9])*)")
_NAN: Final = re.compile(r"([+-]?)nan(?::(0x[0-9a-fA-F]{1,16}|canonical|arithmetic))?")
_FRACTION_BITS: Final = {F32: 23, F64: 52}
_EXAMPLES: Final = "such as 5, -1, 0x1f, u32:2215051520, i64:-1, f64:1.5, f64:nan, extern:3 or null"


def parse(text: str, type: ValType, declared: str | None = None) -> Value:
    """The value of ``type`` that ``text`` stands for.

    ``declared`` is the scalar that an interface declares, which text without a type means. A float written as a plain
    hexadecimal number is given by its bits. Raises ``click.UsageError``.
    """
    prefix, colon, word = text.partition(":")
    if not colon or prefix not in (*_HELD_BY, "extern"):
        prefix, word = "", text
    if not isinstance(type, NumType):
        return _reference(prefix, word, type)
    scalar = prefix or declared or str(type)
    if type not in _HELD_BY.get(scalar, ()):
        raise click.UsageError(f"{text!r} is no {type}")
    if type in _FRACTION_BITS:
        return _float(word, type)
    number = _integer(word, scalar)
    low, high = _range(scalar, type)
    if not low <= number <= high:
        raise click.UsageError(f"{text!r} is out of range: {scalar} goes from {low} to {high}")
    return number.to_bytes(16, "little") if type is V128 else number & (1 << 8 * type.size) - 1


def _range(scalar: str, type: NumType) -> tuple[int, int]:
    """The lowest and the highest number; ``ptr``, ``usize`` and ``isize`` are as wide as the value that holds them."""
    if type not in _HELD_BY.get(scalar, (type,)):
        return 0, -1
    bits = 8 * type.size
    word = (-(1 << bits - 1), (1 << bits - 1) - 1) if scalar == "isize" else (0, (1 << bits) - 1)
    return _RANGES.get(scalar, word)


def _reference(prefix: str, word: str, type: ValType) -> Value:
    if word == "null":
        return None
    number = natural(word)
    if prefix == "extern" and number is not None and str(type) in ("externref", "(ref extern)"):
        return HostRef(number)
    raise click.UsageError(f"{word!r} is no {type}; write null, or extern:3 for a host object")


def _integer(word: str, scalar: str) -> int:
    if scalar == "char" and len(word) == 1:
        return ord(word)
    if scalar == "bool" and word in _WORDS:
        return _WORDS[word]
    if len(word) > 200 or not _INTEGER.fullmatch(word):
        raise click.UsageError(f"{word!r} is no integer ({_EXAMPLES})")
    return int(word, 16 if "x" in word.lower() else 10)


def _float(word: str, type: NumType) -> int:
    fraction, sign = _FRACTION_BITS[type], 8 * type.size - 1
    nan = _NAN.fullmatch(word)
    if nan is not None:
        payload = int(nan[2], 16) if (nan[2] or "").startswith("0x") else 1 << fraction - 1
        if not 0 < payload < 1 << fraction:
            raise click.UsageError(f"{word!r}: the payload of an {type} NaN has {fraction} bits, not all of them zero")
        return (nan[1] == "-") << sign | ((1 << sign) - (1 << fraction)) | payload
    if _INTEGER.fullmatch(word) and word.lower().startswith("0x"):
        bits = int(word, 16)
        if bits >= 1 << 8 * type.size:
            raise click.UsageError(f"{word!r} has more than {8 * type.size} bits")
        return bits
    try:
        if not word.isascii():
            raise ValueError("digits of another script")
        number = float.fromhex(word) if "0x" in word.lower() else float(word)
    except (ValueError, OverflowError):
        raise click.UsageError(f"{word!r} is no number ({_EXAMPLES})") from None
    return f32_of_float(number) if type is F32 else bits_of_f64(number)


def float_text(bits: int, type: NumType) -> str:
    """The shortest decimal number that means these bits; NaNs with their payload unless that is the usual one."""
    fraction, sign = _FRACTION_BITS[type], 8 * type.size - 1
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
        if self.type in _FRACTION_BITS:
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
        low, high = _range(declared, type)
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
        if self.type in _FRACTION_BITS:
            bits = f"0x{self.value:0{2 * self.type.size}x}"
            return {**found, "value": float_text(self.value, self.type), "bits": bits}
        readings = {"signed": self._signed(self.type), "unsigned": int(self.value)}
        return {**found, **({k: str(v) for k, v in readings.items()} if self.type is I64 else readings)}
