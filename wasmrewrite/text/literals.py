"""Numbers and strings of the text format (specification 6.3.1 to 6.3.3): exact, with one correct rounding.

Floats are integers of their bits throughout: a Python float would lose the payload of a NaN, and rounding to 64 bits
first and to 32 bits then would round twice. Not here: finding literals in a text (``lexer``).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_HEX_FLOAT: Final = re.compile(r"0x([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?")
_DECIMAL: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")
_ESCAPE: Final = re.compile(rb"\\(?:([0-9a-fA-F]{2})|u\{([0-9a-fA-F](?:_?[0-9a-fA-F])*)\}|(.))", re.DOTALL)
_SIMPLE: Final = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b'"': b'"', b"'": b"'", b"\\": b"\\"}
FORMATS: Final = {32: (8, 23), 64: (11, 52)}
"""Exponent and fraction bits of each width."""
_MOST_DIGITS: Final = 1 << 20
_FAR: Final = 20_000
"""Exponents beyond this (with the digits of a literal counted in) are infinite or zero in both formats."""


class LiteralError(ValueError):
    """A literal that does not fit or has no meaning; the message is in the words of the official suite."""


def integer(text: str, bits: int) -> int:
    """A signed or unsigned literal of ``bits`` bits, as a signed number. Raises ``LiteralError``."""
    value = _whole(text)
    if not -(1 << (bits - 1)) <= value < 1 << bits:
        raise LiteralError(f"constant out of range for i{bits}")
    return value - (1 << bits) if value >= 1 << (bits - 1) else value


def unsigned(text: str, bits: int) -> int:
    """An unsigned literal. Raises ``LiteralError``."""
    if text[0] in "+-":
        raise LiteralError(f"unexpected token '{text[:40]}'; expected an unsigned integer")
    value = _whole(text)
    if value >= 1 << bits:
        raise LiteralError(f"i{bits} constant out of range")
    return value


def lane(text: str) -> int:
    """A lane index. Raises ``LiteralError``."""
    if not re.fullmatch("[0-9]+|0x[0-9a-fA-F]+", text):
        raise LiteralError(f"i8 constant out of range: '{text[:40]}' is not an unsigned integer")
    return unsigned(text, 8)


def _whole(text: str) -> int:
    digits = text.replace("_", "")
    if len(digits) > _MOST_DIGITS:
        raise LiteralError("constant out of range")
    body = digits.lstrip("+-")
    if body.startswith("0x"):
        if not re.fullmatch(r"0x[0-9a-fA-F]+", body):
            raise LiteralError(f"unexpected token '{text[:40]}'; expected an integer")
        value = int(body, 16)
    elif re.fullmatch(r"[0-9]+", body):
        value = _decimal_integer(body)
    else:
        raise LiteralError(f"unexpected token '{text[:40]}'; expected an integer")
    return -value if digits[0] == "-" else value


def _decimal_integer(body: str) -> int:
    """A decimal number; one of more digits than any type has is only known to be too large."""
    significant = body.lstrip("0") or "0"
    return int(significant) if len(significant) <= 64 else 1 << 200


def float_bits(text: str, width: int) -> int:
    """A float literal rounded to the nearest of 32 or 64 bits, ties to even, as bits. Raises ``LiteralError``."""
    digits = text.replace("_", "")
    sign = 1 << (width - 1) if digits[0] == "-" else 0
    body = digits.lstrip("+-")
    exponent_bits, fraction_bits = FORMATS[width]
    infinity = ((1 << exponent_bits) - 1) << fraction_bits
    if body == "inf":
        return sign | infinity
    if body.startswith("nan"):
        return sign | infinity | _payload(body, fraction_bits)
    mantissa, base, exponent = _parts(body)
    bits = _rounded(mantissa, base, exponent, width)
    if bits >= infinity:
        raise LiteralError("constant out of range")
    return sign | bits


def _payload(body: str, fraction_bits: int) -> int:
    if body == "nan":
        return 1 << (fraction_bits - 1)
    name = body.partition(":")[2]
    if not name.startswith("0x"):
        raise LiteralError(f"unexpected token: nan:{name} is a pattern for results, not a number")
    payload = int(name, 16) if len(name) <= 64 else 0
    if not 0 < payload < 1 << fraction_bits:
        raise LiteralError("constant out of range")
    return payload


def _parts(body: str) -> tuple[int, int, int]:
    """Mantissa, base and exponent of a literal without sign."""
    hexadecimal = body.startswith("0x")
    found = (_HEX_FLOAT if hexadecimal else _DECIMAL).fullmatch(body)
    if found is None:
        raise LiteralError("unexpected token: expected a number")
    whole, fraction, exponent = found[1] or "", found[2] or "", found[3] or "0"
    power = _clamped(exponent)
    if hexadecimal:
        return int(whole + fraction, 16), 2, power - 4 * len(fraction)
    # Digits beyond those that any tie needs only matter by being there: the last one kept is made odd.
    digits = whole + fraction
    kept = digits.lstrip("0")
    if len(kept) > 1200:
        cut = len(kept) - 1200
        kept = kept[:1200] + ("1" if kept[1200:].strip("0") else "0")
        return int(kept), 10, power - len(fraction) + cut - 1
    return int(kept or "0"), 10, power - len(fraction)


def _clamped(exponent: str) -> int:
    digits = exponent.lstrip("+-").lstrip("0")
    value = int(digits) if digits and len(digits) < 10 else (0 if not digits else 10**9)
    return -value if exponent[0] == "-" else value


def _rounded(mantissa: int, base: int, exponent: int, width: int) -> int:
    """The bits of ``mantissa * base ** exponent``; those of infinity or more if it is too large."""
    if mantissa == 0:
        return 0
    exponent_bits, fraction_bits = FORMATS[width]
    bias = (1 << (exponent_bits - 1)) - 1
    magnitude = mantissa.bit_length() + exponent * (1 if base == 2 else 4 if exponent > 0 else 3)
    if exponent > 0 and mantissa.bit_length() + exponent * (1 if base == 2 else 3) > _FAR:
        return ((1 << exponent_bits) - 1) << fraction_bits
    if magnitude < -_FAR:
        return 0
    value = Fraction(mantissa) * Fraction(base) ** exponent
    power = value.numerator.bit_length() - value.denominator.bit_length()
    if value < Fraction(2) ** power:
        power -= 1
    power = max(power, 1 - bias)
    units = round(value / Fraction(2) ** (power - fraction_bits))  # half to even
    return units + ((power + bias - 1) << fraction_bits) if units >= 1 << fraction_bits else units


def string(text: str) -> bytes:
    """The bytes of a string literal, quotes included in ``text``. Raises ``LiteralError``."""
    raw = text[1:-1].encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(_unescaped, raw) if b"\\" in raw else raw


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes.fromhex(found[1].decode())
    if found[2] is not None:
        digits = found[2].replace(b"_", b"").lstrip(b"0") or b"0"
        code = int(digits, 16) if len(digits) < 8 else 0x110000
        if code >= 0x110000 or 0xD800 <= code < 0xE000:
            raise LiteralError("malformed UTF-8 encoding: not a Unicode scalar value")
        return chr(code).encode()
    known = _SIMPLE.get(found[3])
    if known is None:
        raise LiteralError("illegal escape")
    return known


def name(text: str) -> str:
    """A string literal that has to be UTF-8. Raises ``LiteralError``."""
    try:
        return string(text).decode()
    except UnicodeDecodeError as error:
        raise LiteralError("malformed UTF-8 encoding") from error


def identifier(text: str) -> str:
    """The name of an identifier token, ``$`` and quotes taken off. Raises ``LiteralError``."""
    found = name(text[1:]) if text[1:2] == '"' else text[1:]
    if not found:
        raise LiteralError("empty identifier")
    return found
