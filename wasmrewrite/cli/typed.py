"""Typed values as a person types them, where ``u32:2215051520`` and ``i32:-2079915776`` are one value.

Not here: values as people read them (``runtime.shown``).
"""

from __future__ import annotations

import re
from typing import Final

import click

from ..isa.types import F32, V128, NumType, ValType
from ..runtime.shown import FRACTION_BITS, HELD_BY, number_range
from ..runtime.values import HostRef, Value, bits_of_f64, f32_of_float
from ..spelling import natural

_WORDS: Final = {"true": 1, "false": 0}
_INTEGER: Final = re.compile(r"[+-]?(0[xX][0-9a-fA-F](_?[0-9a-fA-F])*|[0-9](_?[0-9])*)")
_NAN: Final = re.compile(r"([+-]?)nan(?::(0x[0-9a-fA-F]{1,16}|canonical|arithmetic))?")
_EXAMPLES: Final = "such as 5, -1, 0x1f, u32:2215051520, i64:-1, f64:1.5, f64:nan, extern:3 or null"


def parse(text: str, type: ValType, declared: str | None = None) -> Value:
    """The value of ``type`` that ``text`` stands for.

    ``declared`` is the scalar that an interface declares, which text without a type means. A float written as a plain
    hexadecimal number is given by its bits. Raises ``click.UsageError``.
    """
    prefix, colon, word = text.partition(":")
    if not colon or prefix not in (*HELD_BY, "extern"):
        prefix, word = "", text
    if not isinstance(type, NumType):
        return _reference(prefix, word, type)
    scalar = prefix or declared or str(type)
    if type not in HELD_BY.get(scalar, ()):
        raise click.UsageError(f"{text!r} is no {type}")
    if type in FRACTION_BITS:
        return _float(word, type)
    number = _integer(word, scalar)
    low, high = number_range(scalar, type)
    if not low <= number <= high:
        raise click.UsageError(f"{text!r} is out of range: {scalar} goes from {low} to {high}")
    return number.to_bytes(16, "little") if type is V128 else number & (1 << 8 * type.size) - 1


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
    fraction, sign = FRACTION_BITS[type], 8 * type.size - 1
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
