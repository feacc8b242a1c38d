"""Numbers, strings and identifiers: exact, and refused in the words of the official suite."""

from __future__ import annotations

import pytest

from tests.helpers.every import every
from wasmrewrite.text.literals import LiteralError, float_bits, identifier, integer, lane, name, string, unsigned


@every(
    ("text", "bits", "value"),
    [
        ("0", 32, 0), ("-0x8000_0000", 32, -(2**31)), ("0xffffffff", 32, -1), ("4294967295", 32, -1),
        ("+1_000", 64, 1000), ("0xffff_ffff_ffff_ffff", 64, -1), ("255", 8, -1), ("-128", 8, -128),
    ],
)  # fmt: skip
def test_integers(text: str, bits: int, value: int) -> None:
    assert integer(text, bits) == value


@every(
    ("text", "bits", "message"),
    [
        ("4294967296", 32, "constant out of range"), ("-2147483649", 32, "constant out of range"),
        ("9" * 5000, 64, "constant out of range"), ("1.0", 32, "unexpected token"), ("inf", 32, "unexpected token"),
    ],
)  # fmt: skip
def test_bad_integers(text: str, bits: int, message: str) -> None:
    with pytest.raises(LiteralError, match=f"^{message}"):
        integer(text, bits)


def test_unsigned() -> None:
    assert unsigned("0xff", 8) == 255
    with pytest.raises(LiteralError, match=r"^i8 constant out of range"):
        unsigned("256", 8)
    with pytest.raises(LiteralError, match=r"^unexpected token '-1'"):
        unsigned("-1", 32)


@every("text", ["-1", "256", "1.0", "inf", "1_"])
def test_bad_lanes(text: str) -> None:
    with pytest.raises(LiteralError, match=r"^i8 constant out of range"):
        lane(text)


@every(
    ("text", "width", "bits"),
    [
        ("1", 32, 0x3F800000), ("-0", 32, 0x80000000), ("0x1p-149", 32, 1), ("0x1p-150", 32, 0),
        ("0x1.8p-149", 32, 2),  # between two subnormals: to even
        ("0x1.000001p0", 32, 0x3F800000),  # a tie, to even
        ("0x1.00000100000000001p0", 32, 0x3F800001),  # hardly above a tie: through f64 it would round down
        ("8388609.499999999999", 32, 0x4B000001), ("1e-400", 64, 0), ("0x0p99999999999999", 64, 0),
        ("1e308", 64, 0x7FE1CCF385EBC8A0), ("2.2250738585072011e-308", 64, 0x000FFFFFFFFFFFFF),
        ("inf", 32, 0x7F800000), ("-inf", 64, 0xFFF0000000000000), ("nan", 32, 0x7FC00000),
        ("-nan:0x1", 32, 0xFF800001), ("nan:0xf_ffff_ffff_ffff", 64, 0x7FFFFFFFFFFFFFFF),
        ("0x1.fffffep127", 32, 0x7F7FFFFF), ("340282356779733623858607532500980858880", 32, 0x7F7FFFFF),
    ],
)  # fmt: skip
def test_floats(text: str, width: int, bits: int) -> None:
    assert float_bits(text, width) == bits


@every(
    ("text", "width", "message"),
    [
        ("340282356779733661637539395458142568448", 32, "constant out of range"),
        ("1e999999999999", 64, "constant out of range"), ("0x1p1024", 64, "constant out of range"),
        ("nan:0x0", 32, "constant out of range"), ("nan:0x800000", 32, "constant out of range"),
        ("nan:canonical", 32, "unexpected token"),
    ],
)  # fmt: skip
def test_bad_floats(text: str, width: int, message: str) -> None:
    with pytest.raises(LiteralError, match=f"^{message}"):
        float_bits(text, width)


def test_strings() -> None:
    assert string(r'"a\t\n\r\"\'\\\00\fF\u{1F6_00}é"') == b"a\t\n\r\"'\\\0\xff" + "\U0001f600é".encode()
    assert name(r'"\c3\a9"') == "é"
    with pytest.raises(LiteralError, match=r"^illegal escape"):
        string(r'"\q"')
    for surrogate in (r'"\u{d800}"', r'"\u{110000}"', r'"\u{99999999999}"'):
        with pytest.raises(LiteralError, match=r"^malformed UTF-8"):
            string(surrogate)
    with pytest.raises(LiteralError, match=r"^malformed UTF-8"):
        name(r'"\ff"')


def test_identifiers() -> None:
    assert identifier("$a!b") == "a!b"
    assert identifier(r'$"\41 b"') == "A b"
    for empty in ("$", '$""'):
        with pytest.raises(LiteralError, match=r"^empty identifier"):
            identifier(empty)
