"""Declared types are written and read in one form; mistakes are shown by column."""

from __future__ import annotations

import pytest

from wasmrewrite.contract import Array, Declaration, Field, Scalar, Struct, parse_type
from wasmrewrite.contract.interface import SCALARS
from wasmrewrite.errors import ConfigError

U8, U32 = Scalar("u8"), Scalar("u32")


@pytest.mark.parametrize("name", SCALARS)
def test_scalars(name: str) -> None:
    assert parse_type(f" {name} ") == Scalar(name)


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("()", Struct(())),
        ("(u8)", Struct((Field(U8),))),
        ("(u8, u32)", Struct((Field(U8), Field(U32)))),
        ("(a: u8 @4, b: u32 @0)", Struct((Field(U8, "a", 4), Field(U32, "b", 0)))),
        ("(u8, u32; size 8, align 4)", Struct((Field(U8), Field(U32)), 8, 4)),
        ("[u8; 3]", Array(U8, 3)),
        ("([[u8; 2]; 0], (u32))", Struct((Field(Array(Array(U8, 2), 0)), Field(Struct((Field(U32),)))))),
    ],
)
def test_types_are_read_and_written(text: str, type: object) -> None:
    assert parse_type(text) == type
    assert str(type) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expected a type at column 1"),
        ("u9", "unknown type 'u9'"),
        ("(u8", "expected ')' at column 4"),
        ("(u8 u8)", "expected ')' at column 5"),
        ("(u8) u8", "expected the end at column 6"),
        ("[u8; x]", "expected a number at column 6"),
        ("[u8; 99999999]", "array of more than 1048576 elements"),
        ("(u8 @0, u32)", "either all fields have an offset or none"),
        ("(u8 !)", "unexpected character at column 5"),
        ("(u8; size 1, size 2)", "expected ')' at column 14"),
        ("(" * 70, "nested more than 64 deep"),
    ],
)
def test_mistakes_are_shown(text: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_type(text)
    assert why in caught.value.message


@pytest.mark.parametrize(
    ("text", "by_value"), [("u64", False), ("u128", True), ("i128", True), ("(u8)", True), ("[u8; 2]", True)]
)
def test_what_returns_through_a_pointer(text: str, by_value: bool) -> None:
    assert Declaration("f", result=parse_type(text)).by_value is by_value


def test_nothing_returned_is_no_pointer() -> None:
    assert not Declaration("f").by_value
