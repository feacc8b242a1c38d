"""Values as text, and values to try: arguments, answers of the host, contents of imported globals.

Everything drawn comes from a seed in the script, so that both sides, and a replay, see the same. Not here: values of a
running instance (``running_module`` turns these into those).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from ...errors import ConfigError
from ...isa.types import HEAPS, AbsHeap, RefType, ValType
from ...spelling import natural

WIDTHS: Final = {"i32": 32, "i64": 64, "f32": 32, "f64": 64, "v128": 128}
_SIGNED: Final = ("i32", "i64")
_ALIASES: Final = {"u32": "i32", "s32": "i32", "u64": "i64", "s64": "i64"}
_FORMATS: Final = {"f32": ("<f", "<I"), "f64": ("<d", "<Q")}
_INTEGER: Final = re.compile(r"[+-]?(0[xX][0-9a-fA-F](_?[0-9a-fA-F])*|[0-9](_?[0-9])*)")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Value:
    """``kind`` is a number type or a heap type. ``bits``: the number, unsigned, floats as their bits.

    Of a reference: None for null, else of "func" an input function index, of "extern" the number of a host object.
    """

    kind: str
    bits: int | None

    def __str__(self) -> str:
        """For people: integers are signed."""
        if self.kind not in _SIGNED or self.bits is None or not self.bits >> WIDTHS[self.kind] - 1:
            return self.bits_text()
        return f"{self.kind}:{self.bits - (1 << WIDTHS[self.kind])}"

    def bits_text(self) -> str:
        """For scripts: integers are unsigned. ``parse_value`` reads both."""
        if self.kind not in WIDTHS:
            return f"{self.kind}:{'null' if self.bits is None else self.bits}"
        bits = self.bits or 0
        return f"{self.kind}:{bits}" if self.kind in _SIGNED else f"{self.kind}:0x{bits:x}"


def parse_value(text: str) -> Value:
    """Read ``i32:-5``, ``u64:7``, ``f32:1.5``, ``f64:0x7ff8000000000000`` (bits), ``extern:3``, ``func:null``.

    Raises ``ConfigError``.
    """
    kind, colon, word = text.partition(":")
    kind, word = _ALIASES.get(kind.strip(), kind.strip()), word.strip()
    if not colon or not word:
        raise ConfigError(f"not a typed value: {text!r} (such as i32:5)")
    if kind not in WIDTHS:
        if kind.removesuffix("ref") not in HEAPS:
            raise ConfigError(f"not a typed value: {text!r} (such as i32:5)")
        index = natural(word)
        if word != "null" and index is None:
            raise ConfigError(f"not a reference: {text!r}")
        return Value(kind.removesuffix("ref"), index)
    if len(word) <= _LONGEST and _INTEGER.fullmatch(word) and (kind not in _FORMATS or "x" in word.lower()):
        number = int(word, 16 if "x" in word.lower() else 10)
        if not -(1 << WIDTHS[kind] - 1) <= number < 1 << WIDTHS[kind]:
            raise ConfigError(f"out of range: {text!r}")
        return Value(kind, number & (1 << WIDTHS[kind]) - 1)
    if kind in _FORMATS:
        return Value(kind, _float_bits(kind, word))
    raise ConfigError(f"not a number: {text!r}")


def _float_bits(kind: str, word: str) -> int:
    into, out = _FORMATS[kind]
    try:
        if not word.isascii():
            raise ValueError("digits of another script")
        bits: int = struct.unpack(out, struct.pack(into, float(word)))[0]
    except (ValueError, OverflowError):
        raise ConfigError(f"not a number of type {kind}: {word!r}") from None
    return bits


def kind_of(value: ValType) -> str | None:
    """The ``Value.kind`` of a value type; None for references nobody outside can make (non-null defined types, say)."""
    if not isinstance(value, RefType):
        return str(value)
    if isinstance(value.heap, AbsHeap) and (value.nullable or value.heap.name == "extern"):
        return value.heap.name
    return "func" if value.nullable else None


BOUNDARIES: Final[Mapping[str, tuple[int, ...]]] = {
    "i32": (0, 1, 0xFFFFFFFF, 2, 0x7FFFFFFF, 0x80000000, 0xFF, 0x100, 0x7F, 0x80, 0xFFFF, 0x8000, 0x10000, 3, 7, 8, 16),
    "i64": (
        0, 1, 0xFFFFFFFFFFFFFFFF, 2, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFF, 0x100000000, 0x80000000,
        0x0123456789ABCDEF, 0xFF, 0x100, 10, 3,
    ),
    "f32": (
        0, 0x80000000, 0x3F800000, 0xBF800000, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7FA00001, 1, 0x40490FDB,
        0x4F000000,
    ),
    "f64": (
        0, 1 << 63, 0x3FF0000000000000, 0xBFF0000000000000, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
        0x7FF4000000000001, 1, 0x400921FB54442D18, 0x41E0000000000000, 0x43E0000000000000,
    ),
    "v128": (0, (1 << 128) - 1, 0x000102030405060708090A0B0C0D0E0F),
}  # fmt: skip


class Draw:
    """A seeded stream of values. ``constants`` are numbers that occur in the code, ``places`` plausible addresses."""

    def __init__(self, seed: str, constants: Sequence[int] = (), places: Sequence[int] = ()) -> None:
        self.random = Random(seed)
        self.constants = constants
        self.places = places

    def value(self, kind: str, turn: int | None = None) -> Value:
        """A value of ``kind``. Early turns walk through the plain cases, later ones mix everything."""
        if kind not in WIDTHS:
            known = kind == "extern" and self.random.random() < 0.75
            return Value(kind, self.random.randrange(8) if known else None)
        plain = BOUNDARIES[kind]
        if turn is not None and turn < 3:
            return Value(kind, plain[turn])
        return Value(kind, self._bits(kind, plain) & (1 << WIDTHS[kind]) - 1)

    def _bits(self, kind: str, plain: Sequence[int]) -> int:
        choice = self.random.random()
        if kind in ("i32", "i64"):
            if choice < 0.15:
                return self.random.randrange(64)
            if choice < 0.30 and self.constants:
                return self.random.choice(self.constants) + self.random.choice((0, 0, 0, 1, -1))
            if choice < 0.50 and self.places:
                return self.random.choice(self.places) + 4 * self.random.randrange(16)
            if choice < 0.60:
                return 1 << self.random.randrange(WIDTHS[kind])
        elif choice < 0.4 and kind in _FORMATS:
            return _float_bits(kind, repr(self.random.choice((1, -1)) * self.random.randrange(1 << 12) / 8))
        if choice < 0.75:
            return self.random.choice(plain)
        return self.random.getrandbits(WIDTHS[kind])

    def scalar(self, name: str, size: int) -> list[int]:
        """Wasm values of one declared scalar of ``size`` bytes: any bit pattern that the type allows."""
        if name == "bool":
            return [self.random.randrange(2)]
        if name == "char":
            small = self.random.choice((0x41, 0, 0xD7FF, 0xE000, self.random.randrange(0xD800)))
            # Half of them need more than 16 bits: compilers rarely return such, and narrow loads would go unseen.
            code = self.random.choice((small, 0x10FFFF - self.random.randrange(0x100000)))
            return [code]
        if name in (*_FORMATS, "v128"):
            return [self.value(name).bits or 0]
        if size == 16:
            return [self.value("i64").bits or 0, self.value("i64").bits or 0]
        bits = self.value("i64" if size == 8 else "i32").bits or 0
        if size >= 4:
            return [bits]
        # Small integers come from a host already extended, by the rule of the C ABI.
        low = self.random.choice((bits & (1 << 8 * size) - 1, self.random.getrandbits(8 * size)))
        signed = name.startswith("i") and low >> (8 * size - 1)
        return [low | (0xFFFFFFFF << 8 * size & 0xFFFFFFFF) if signed else low]
