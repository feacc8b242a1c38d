from __future__ import annotations

import struct

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.cli.typed import parse
from wasmrewrite.isa.types import EXTERNREF, F32, F64, FUNCREF, I32, I64, V128, NumType, ValType
from wasmrewrite.runtime import HostRef
from wasmrewrite.runtime.shown import Shown, float_text

U64 = (1 << 64) - 1


@pytest.mark.parametrize(
    ("text", "type", "value"),
    [
        ("5", I32, 5),
        ("-1", I32, 0xFFFF_FFFF),
        ("4294967295", I32, 0xFFFF_FFFF),
        ("u32:2215051520", I32, 2215051520),
        ("i32:-2079915776", I32, 2215051520),
        ("s32:-1", I32, 0xFFFF_FFFF),
        ("0x1f", I32, 31),
        ("-0x80000000", I32, 0x8000_0000),
        ("1_000", I32, 1000),
        ("010", I32, 10),
        ("bool:true", I32, 1),
        ("char:a", I32, 97),
        ("char:0x1F600", I32, 0x1F600),
        ("u8:255", I32, 255),
        ("i8:-128", I32, 0xFFFF_FF80),
        ("i64:-1", I64, U64),
        ("u64:0xffffffffffffffff", I64, U64),
        ("ptr:16", I64, 16),
        ("1.5", F64, 0x3FF8 << 48),
        ("f64:-0", F64, 1 << 63),
        ("f64:nan", F64, 0x7FF8 << 48),
        ("-nan", F64, 0xFFF8 << 48),
        ("f64:nan:0x4000000000000", F64, 0x7FF4 << 48),
        ("f32:nan:0x200000", F32, 0x7FA0_0000),
        ("f64:0x7ff8000000000000", F64, 0x7FF8 << 48),
        ("f32:0x1p-149", F32, 1),
        ("inf", F32, 0x7F80_0000),
        ("1e39", F32, 0x7F80_0000),
        ("v128:0x0f", V128, b"\x0f" + bytes(15)),
        ("null", EXTERNREF, None),
        ("null", FUNCREF, None),
        ("extern:7", EXTERNREF, HostRef(7)),
    ],
)
def test_text_means_a_value(text: str, type: ValType, value: object) -> None:
    assert parse(text, type) == value


@pytest.mark.parametrize(
    ("text", "type", "said"),
    [
        ("u32:-1", I32, "'u32:-1' is out of range: u32 goes from 0 to 4294967295"),
        ("4294967296", I32, "'4294967296' is out of range: i32 goes from -2147483648 to 4294967295"),
        ("i64:5", I32, "'i64:5' is no i32"),
        ("five", I32, "'five' is no integer"),
        ("1.5", I32, "'1.5' is no integer"),
        ("", I32, "'' is no integer"),
        ("1" * 1000, I64, "is no integer"),
        ("f32:x", F32, "'x' is no number"),
        ("f64:nan:0x0", F64, "the payload of an f64 NaN has 52 bits"),
        ("f32:0x100000000", F32, "'0x100000000' has more than 32 bits"),
        ("u8:256", I32, "u8 goes from 0 to 255"),
        ("bool:2", I32, "bool goes from 0 to 1"),
        ("5", EXTERNREF, "'5' is no externref"),
        ("extern:1", FUNCREF, "'1' is no funcref"),
    ],
)
def test_other_text_is_refused(text: str, type: ValType, said: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        parse(text, type)
    assert said in caught.value.message


def test_a_declaration_is_what_text_without_a_type_means() -> None:
    assert parse("200", I32, "u8") == 200
    with pytest.raises(click.UsageError, match="i8 goes from -128 to 127"):
        parse("200", I32, "i8")
    assert parse("u32:200", I32, "i8") == 200


@pytest.mark.parametrize(
    ("type", "value", "declared", "text"),
    [
        (I32, 5, None, "i32 5"),
        (I32, 2215051520, None, "i32 -2079915776 / u32 2215051520"),
        (I32, 2215051520, "u32", "u32 2215051520"),
        (I32, 2215051520, "i32", "i32 -2079915776"),
        (I64, U64, None, f"i64 -1 / u64 {U64}"),
        (I32, 1, "bool", "bool true"),
        (I32, 2, "bool", "i32 2 (declared as bool, out of its range)"),
        (I32, 97, "char", 'char "a" (U+0061)'),
        (I32, 0x202E, "char", 'char "\\u{202e}" (U+202E)'),
        (I32, 0xFFFF_FF80, "i8", "i8 -128"),
        (I32, 0x10040, "ptr", "ptr 0x10040"),
        (F64, 0x3FF8 << 48, None, "f64 1.5"),
        (F64, 0xFFF8 << 48, None, "f64 -nan"),
        (F64, 0x7FF4 << 48, None, "f64 nan:0x4000000000000"),
        (F32, 0x3DCC_CCCD, None, "f32 0.1"),
        (V128, bytes(range(16)), None, "v128 0x0f0e0d0c0b0a09080706050403020100"),
        (EXTERNREF, None, None, "externref null"),
        (EXTERNREF, HostRef(3), None, "externref extern:3"),
    ],
)
def test_a_value_is_shown_with_its_type(type: ValType, value: object, declared: str | None, text: str) -> None:
    assert Shown(type, value, declared).text() == text


def test_wide_numbers_are_strings_in_data() -> None:
    assert Shown(I64, U64).data() == {"type": "i64", "signed": "-1", "unsigned": str(U64)}
    assert Shown(F32, 0x7FA0_0001).data() == {"type": "f32", "value": "nan:0x200001", "bits": "0x7fa00001"}
    assert Shown(I32, 0xFFFF_FFFF, "u32").data() == {
        "type": "i32",
        "declared": "u32",
        "signed": -1,
        "unsigned": 0xFFFF_FFFF,
    }


@given(bits=st.integers(0, 0xFFFF_FFFF))
def test_the_text_of_an_f32_gives_its_bits_back(bits: int) -> None:
    assert parse(float_text(bits, F32), F32) == bits


@given(bits=st.integers(0, U64))
def test_the_text_of_an_f64_gives_its_bits_back(bits: int) -> None:
    assert parse(float_text(bits, F64), F64) == bits


@given(number=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_the_text_of_an_f32_is_the_shortest(number: float) -> None:
    (bits,) = struct.unpack("<I", struct.pack("<f", number))
    digits = len(f"{float(float_text(bits, F32)):e}".partition("e")[0].rstrip("0"))
    assert digits <= len(f"{number:.8e}".partition("e")[0])


@given(value=st.integers(0, U64), type=st.sampled_from([I32, I64]))
def test_the_text_of_an_integer_gives_it_back(value: int, type: NumType) -> None:
    value &= (1 << 8 * type.size) - 1
    readings = [part.strip().replace(" ", ":") for part in Shown(type, value).text().split("/")]
    assert {parse(reading, type) for reading in readings} == {value}
