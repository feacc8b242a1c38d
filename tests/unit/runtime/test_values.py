"""Values at the border: bits, floats, and Python's numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.isa.types import EXTERNREF, F32, F64, I32, I64, V128
from wasmrewrite.runtime.values import (
    NAN32,
    NAN64,
    HostRef,
    bits_of_f64,
    f32_of_float,
    f64_of_bits,
    float_of_f32,
    from_python,
    inward,
    outward,
    to_python,
    zero,
)


@given(st.integers(0, (1 << 64) - 1))
def test_an_f64_keeps_all_its_bits(bits: int) -> None:
    assert bits_of_f64(f64_of_bits(bits)) == bits
    assert outward([F64], inward([F64], [bits])) == [bits]


@pytest.mark.parametrize("bits", [0x7FF0_0000_0000_0001, 0xFFF8_0000_0000_0005, 0x8000_0000_0000_0000])
def test_signalling_nans_and_signed_zero_survive(bits: int) -> None:
    assert bits_of_f64(f64_of_bits(bits)) == bits


@given(st.integers(0, (1 << 32) - 1).filter(lambda bits: bits & 0x7F80_0000 != 0x7F80_0000))
def test_an_f32_number_is_a_float(bits: int) -> None:
    assert f32_of_float(float_of_f32(bits)) == bits


@pytest.mark.parametrize(
    ("number", "bits"),
    [
        (3.4028235677973366e38, 0x7F80_0000),  # half way between the largest f32 and what would follow it
        (3.4028235677973362e38, 0x7F7F_FFFF),
        (-1e300, 0xFF80_0000),
        (1e-46, 0),
        (-1e-46, 0x8000_0000),
        (16777217.0, 0x4B80_0000),
    ],
)
def test_rounding_to_f32(number: float, bits: int) -> None:
    assert f32_of_float(number) == bits


def test_canonical_nans() -> None:
    assert bits_of_f64(NAN64) == 0x7FF8_0000_0000_0000
    assert NAN32 == 0x7FC0_0000


def test_defaults() -> None:
    assert [zero(type) for type in (I32, I64, F32, F64, V128, EXTERNREF)] == [0, 0, 0, 0.0, bytes(16), None]


def test_integers_of_python_may_have_a_sign() -> None:
    assert from_python(I32, -1) == from_python(I32, 0xFFFF_FFFF) == 0xFFFF_FFFF
    assert from_python(I64, -1) == 0xFFFF_FFFF_FFFF_FFFF


@pytest.mark.parametrize(("type", "value"), [(I32, 1 << 32), (I32, -(1 << 31) - 1), (I64, 1 << 64)])
def test_integers_out_of_range(type: object, value: int) -> None:
    with pytest.raises(ValueError, match=f"{value} is outside the range of {type}"):
        from_python(type, value)  # type: ignore[arg-type]


def test_a_float_is_no_integer() -> None:
    with pytest.raises(TypeError, match=r"expected an int for i32, found 1\.0"):
        from_python(I32, 1.0)


def test_floats_of_python() -> None:
    assert from_python(F32, 1) == 0x3F80_0000
    assert from_python(F32, math.nan) == NAN32
    assert from_python(F64, -0.0) == 1 << 63
    assert to_python(F32, 0x3FC0_0000) == 1.5
    assert to_python(F64, bits_of_f64(2.5)) == 2.5


def test_integers_are_signed_for_people() -> None:
    assert (to_python(I32, 0xFFFF_FFFF), to_python(I32, 0x7FFF_FFFF)) == (-1, 0x7FFF_FFFF)
    assert (to_python(I64, 1 << 63), to_python(I64, 5)) == (-1 << 63, 5)


def test_references_are_passed_on() -> None:
    assert from_python(EXTERNREF, HostRef(3)) == HostRef(3) == to_python(EXTERNREF, HostRef(3))
