"""Meanings of instructions: every one is bound once, and edges come out as the specification says.

That they agree with another engine on many operands is checked in ``tests/oracle``.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.errors import InternalError, Trap
from wasmrewrite.meanings import BINARY, OTHERS, READS, UNARY, WRITES, join
from wasmrewrite.runtime.values import NAN32, NAN64, bits_of_f64, f64_of_bits

WIDTHS = {"i32": 32, "i64": 64}


def test_a_mnemonic_has_one_meaning() -> None:
    with pytest.raises(InternalError, match="two meanings for a, b"):
        join({"a": 1, "b": 2, "c": 3}, {"b": 1, "a": 1})


@pytest.mark.parametrize("type", WIDTHS)
@given(a=st.integers(0, (1 << 64) - 1), b=st.integers(0, (1 << 64) - 1))
def test_division_takes_apart_what_multiplication_puts_together(type: str, a: int, b: int) -> None:
    bits = WIDTHS[type]
    mask, sign = (1 << bits) - 1, 1 << (bits - 1)
    a, b = a & mask, b & mask or 1
    for suffix in ("s", "u"):
        if suffix == "s" and (a, b) == (sign, mask):
            continue
        quotient, remainder = BINARY[f"{type}.div_{suffix}"](a, b), BINARY[f"{type}.rem_{suffix}"](a, b)
        assert BINARY[f"{type}.add"](BINARY[f"{type}.mul"](quotient, b), remainder) == a


@pytest.mark.parametrize("type", WIDTHS)
def test_integer_traps(type: str) -> None:
    least, minus_one = 1 << (WIDTHS[type] - 1), (1 << WIDTHS[type]) - 1
    for name in ("div_s", "div_u", "rem_s", "rem_u"):
        with pytest.raises(Trap, match="integer divide by zero"):
            BINARY[f"{type}.{name}"](1, 0)
    with pytest.raises(Trap, match="integer overflow"):
        BINARY[f"{type}.div_s"](least, minus_one)
    assert BINARY[f"{type}.rem_s"](least, minus_one) == 0


@pytest.mark.parametrize("type", WIDTHS)
@given(a=st.integers(0, (1 << 64) - 1), count=st.integers(0, 200))
def test_rotations_and_shifts(type: str, a: int, count: int) -> None:
    bits = WIDTHS[type]
    a &= (1 << bits) - 1
    assert BINARY[f"{type}.rotr"](BINARY[f"{type}.rotl"](a, count), count) == a
    assert BINARY[f"{type}.shl"](a, count) == BINARY[f"{type}.shl"](a, count % bits)
    digits = f"{a:0{bits}b}"
    shifted = digits[0] * (count % bits) + digits[: bits - count % bits]
    assert BINARY[f"{type}.shr_s"](a, count) == int(shifted, 2)


@pytest.mark.parametrize(
    ("name", "a", "result"),
    [
        ("i32.clz", 0, 32),
        ("i64.clz", 1, 63),
        ("i32.ctz", 0, 32),
        ("i64.ctz", 1 << 40, 40),
        ("i32.popcnt", 0xF0F0, 8),
        ("i32.extend8_s", 0x180, 0xFFFF_FF80),
        ("i64.extend32_s", 0x8000_0000, 0xFFFF_FFFF_8000_0000),
        ("i64.extend_i32_s", 0x8000_0000, 0xFFFF_FFFF_8000_0000),
        ("i64.extend_i32_u", 0x8000_0000, 0x8000_0000),
        ("i32.wrap_i64", 0x1_2345_6789, 0x2345_6789),
    ],
)
def test_integers(name: str, a: int, result: int) -> None:
    assert UNARY[name](a) == result


@pytest.mark.parametrize(
    ("name", "a", "result"),
    [
        ("nearest", 2.5, 2.0),
        ("nearest", -0.5, -0.0),
        ("nearest", 4503599627370497.5, 4503599627370498.0),
        ("ceil", -0.5, -0.0),
        ("floor", -0.5, -1.0),
        ("trunc", -1.9, -1.0),
        ("trunc", 1e300, 1e300),
        ("ceil", -math.inf, -math.inf),
        ("sqrt", -0.0, -0.0),
    ],
)
def test_rounding_keeps_the_sign_of_zero(name: str, a: float, result: float) -> None:
    assert bits_of_f64(UNARY[f"f64.{name}"](a)) == bits_of_f64(result)


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("add", math.inf, -math.inf),
        ("sub", math.inf, math.inf),
        ("mul", 0.0, math.inf),
        ("div", 0.0, -0.0),
        ("div", math.nan, 0.0),
        ("min", 1.0, -math.nan),
        ("max", -math.nan, 1.0),
    ],
)
def test_results_that_are_no_numbers_are_canonical(name: str, a: float, b: float) -> None:
    assert bits_of_f64(BINARY[f"f64.{name}"](a, b)) == bits_of_f64(NAN64)


@pytest.mark.parametrize(
    ("name", "a", "b", "result"),
    [
        ("div", 1.0, -0.0, -math.inf),
        ("div", -math.inf, 0.0, -math.inf),
        ("min", 0.0, -0.0, -0.0),
        ("min", -0.0, 0.0, -0.0),
        ("max", 0.0, -0.0, 0.0),
        ("max", -0.0, 0.0, 0.0),
        ("mul", 1e300, -1e300, -math.inf),
    ],
)
def test_floats(name: str, a: float, b: float, result: float) -> None:
    assert bits_of_f64(BINARY[f"f64.{name}"](a, b)) == bits_of_f64(result)


def test_sign_operations_touch_bits_only() -> None:
    signalling = 0x7FF0_0000_0000_0001
    assert bits_of_f64(UNARY["f64.neg"](f64_of_bits(signalling))) == signalling | 1 << 63
    assert bits_of_f64(UNARY["f64.abs"](f64_of_bits(signalling | 1 << 63))) == signalling
    assert bits_of_f64(BINARY["f64.copysign"](f64_of_bits(signalling), -1.0)) == signalling | 1 << 63
    assert UNARY["f32.neg"](0x7F80_0001) == 0xFF80_0001
    assert BINARY["f32.copysign"](0x7F80_0001, 0x8000_0000) == 0xFF80_0001
    assert UNARY["f32.sqrt"](0x7F80_0001) == NAN32


@pytest.mark.parametrize(
    ("name", "a", "result"),
    [
        ("f32.convert_i64_u", 0x20_0000_2000_0001, 0x5A00_0001),  # rounding to f64 first makes a tie of it
        ("f32.convert_i64_s", 0xFFFF_FFFF_FFFF_FFFF, 0xBF80_0000),
        ("f64.convert_i64_u", (1 << 64) - 1, 18446744073709551616.0),
        ("f32.demote_f64", 1e300, 0x7F80_0000),
        ("f32.demote_f64", math.nan, NAN32),
        ("i32.trunc_sat_f64_s", -math.inf, 0x8000_0000),
        ("i32.trunc_sat_f64_u", -5.0, 0),
        ("i64.trunc_sat_f64_s", 1e30, (1 << 63) - 1),
        ("i64.trunc_sat_f64_u", math.nan, 0),
        ("i32.trunc_f64_s", -2147483648.9, 0x8000_0000),
        ("i32.trunc_f64_u", -0.9, 0),
    ],
)
def test_conversions(name: str, a: float, result: float) -> None:
    assert UNARY[name](a) == result


@pytest.mark.parametrize(
    ("name", "a", "reason"),
    [
        ("i32.trunc_f64_s", math.nan, "invalid conversion to integer"),
        ("i32.trunc_f64_s", 2147483648.0, "integer overflow"),
        ("i64.trunc_f64_u", -1.0, "integer overflow"),
        ("i64.trunc_f32_s", 0x7F80_0000, "integer overflow"),
    ],
)
def test_conversions_that_trap(name: str, a: float, reason: str) -> None:
    with pytest.raises(Trap, match=reason):
        UNARY[name](a)


@pytest.mark.parametrize("name", READS)
def test_reads(name: str) -> None:
    data = bytes(range(0xF0, 0x100))
    size, read = READS[name]
    number = int.from_bytes(data[3 : 3 + size], "little", signed=name.endswith("_s"))
    expected = number & (1 << WIDTHS.get(name[:3], 64)) - 1
    (value,) = read(data, 3)
    assert value == (f64_of_bits(expected) if name == "f64.load" else expected)


@pytest.mark.parametrize("name", WRITES)
def test_writes(name: str) -> None:
    size, write = WRITES[name]
    data = bytearray(16)
    bits = 0x8182_8384_8586_8788 & (1 << {"f32": 32, **WIDTHS}.get(name[:3], 64)) - 1
    write(data, 5, f64_of_bits(bits) if name == "f64.store" else bits)
    assert data == bytes(5) + bits.to_bytes(8, "little")[:size] + bytes(11 - size)


def test_the_test_for_zero() -> None:
    assert [UNARY["i32.eqz"](number) for number in (0, 1)] == [1, 0]


@given(*[st.integers(0, (1 << 64) - 1)] * 4)
def test_sums_of_128_bits(a: int, a_high: int, b: int, b_high: int) -> None:
    one, other = a | a_high << 64, b | b_high << 64
    for name, exact in (("add", one + other), ("sub", one - other)):
        low, high = OTHERS[f"i64.{name}128"](a, a_high, b, b_high)
        assert low | high << 64 == exact & (1 << 128) - 1


@given(*[st.integers(0, (1 << 64) - 1)] * 2)
def test_products_of_128_bits(a: int, b: int) -> None:
    low, high = OTHERS["i64.mul_wide_u"](a, b)
    assert low | high << 64 == a * b
    low, high = OTHERS["i64.mul_wide_s"](a, b)
    signed = [number - (1 << 64) if number >> 63 else number for number in (a, b)]
    assert low | high << 64 == signed[0] * signed[1] & (1 << 128) - 1
