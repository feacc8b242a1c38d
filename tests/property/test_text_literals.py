"""Float literals are rounded once and correctly; what is shown is read as the same bits."""

from __future__ import annotations

import struct
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.text import show
from wasmrewrite.text.literals import LiteralError, float_bits, string

BITS32 = st.integers(0, 2**32 - 1)
BITS64 = st.integers(0, 2**64 - 1)
DECIMAL = st.from_regex(r"[0-9]{1,25}(\.[0-9]{0,25})?(e[+-]?[0-9]{1,3})?", fullmatch=True).filter(str.isascii)


def bits_of(value: float) -> int:
    return int.from_bytes(struct.pack(">d", value), "big")


def exact(bits: int) -> Fraction:
    """The value of a finite float of 32 bits."""
    found: float = struct.unpack(">f", bits.to_bytes(4, "big"))[0]
    return Fraction(found)


@given(DECIMAL)
def test_64_bits_are_what_python_reads(text: str) -> None:
    value = float(text)
    if value == float("inf"):
        try:
            raise AssertionError(float_bits(text, 64))
        except LiteralError:
            return
    assert float_bits(text, 64) == bits_of(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_hexadecimal_is_exact(value: float) -> None:
    assert float_bits(value.hex(), 64) == bits_of(value)


@given(DECIMAL)
def test_32_bits_are_the_nearest_and_even_in_a_tie(text: str) -> None:
    try:
        bits = float_bits(text, 32)
    except LiteralError:
        assert Fraction(text) >= Fraction(2) ** 127 * 2 * (1 - Fraction(1, 2**25))
        return
    value, found = Fraction(text), exact(bits)
    neighbors = [each for each in (bits - 1, bits + 1) if 0 <= each < 0x7F800000]
    for other in neighbors:
        ours, theirs = abs(found - value), abs(exact(other) - value)
        assert ours < theirs or (ours == theirs and bits % 2 == 0)


@given(BITS32)
def test_32_bits_come_back(bits: int) -> None:
    assert float_bits(show.float_text(bits, 32), 32) == bits


@given(BITS64)
def test_64_bits_come_back(bits: int) -> None:
    assert float_bits(show.float_text(bits, 64), 64) == bits


@given(st.binary())
def test_bytes_come_back(data: bytes) -> None:
    assert string(show.string(data)) == data


@given(st.text())
def test_names_come_back(text: str) -> None:
    assert string(show.name(text)) == text.encode()
