"""Values as text: floats, strings, identifiers; each comes back exactly when it is read again.

Not here: which value stands where (``printer``).
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from typing import Final

from .literals import FORMATS, LiteralError, float_bits

_ID: Final = re.compile(r"[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]+")
_CODES: Final = {32: ("<I", "<f"), 64: ("<Q", "<d")}
_PLAIN: Final = bytes(code for code in range(0x20, 0x7F) if code not in b'"\\')
_BYTES: Final = tuple(chr(code) if code in _PLAIN else f"\\{code:02x}" for code in range(256))


@lru_cache(maxsize=4096)
def float_text(bits: int, width: int) -> str:
    """The shortest decimal number that is read as these bits; ``nan:0x...`` with the payload."""
    exponent_bits, fraction_bits = FORMATS[width]
    sign = "-" if bits >> (width - 1) else ""
    fraction = bits & ((1 << fraction_bits) - 1)
    if bits >> fraction_bits & ((1 << exponent_bits) - 1) == (1 << exponent_bits) - 1:
        if fraction == 1 << (fraction_bits - 1):
            return f"{sign}nan"
        return f"{sign}nan:0x{fraction:x}" if fraction else f"{sign}inf"
    whole, real = _CODES[width]
    value: float = struct.unpack(real, struct.pack(whole, bits))[0]
    return _shortest(value, bits) if width == 32 else repr(value).removesuffix(".0")


def _shortest(value: float, bits: int) -> str:
    """As ``repr`` does for 64 bits, for a value of 32."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if _reads_as(text, bits):
            return text
    return value.hex()


def _reads_as(text: str, bits: int) -> bool:
    try:
        return float_bits(text, 32) == bits
    except LiteralError:  # the largest float, rounded up to fewer digits, is beyond the range
        return False


def string(data: bytes) -> str:
    """A string literal."""
    return f'"{"".join(map(_BYTES.__getitem__, data))}"'


def name(text: str) -> str:
    """A string literal of a name: readable where it can be shown, escapes elsewhere."""
    if text.isascii():
        return string(text.encode())
    return '"' + "".join(_character(char) for char in text) + '"'


def _character(char: str) -> str:
    if char.isascii():
        return _BYTES[ord(char)]
    return char if char.isprintable() else f"\\u{{{ord(char):x}}}"


def identifier(text: str) -> str:
    """``$`` and a name, quoted where it has characters that an identifier cannot have; the name is not empty."""
    return f"${text}" if _ID.fullmatch(text) else f"${name(text)}"
