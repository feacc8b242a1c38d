"""Layouts: offsets, sizes and alignments as measured of compilers, loads and stores as wide as the field."""

from __future__ import annotations

import pytest

from wasmrewrite.analysis import layout
from wasmrewrite.contract import parse_type
from wasmrewrite.errors import ConfigError
from wasmrewrite.isa.types import I64


def offsets(text: str) -> list[int]:
    return [slot.offset for slot in layout(parse_type(text)).slots]


@pytest.mark.parametrize(
    ("text", "where", "size", "align"),
    [
        ("(i64, i64)", [0, 8], 16, 8),
        ("(u8, u32, u16)", [0, 4, 8], 12, 4),
        ("(u8 @4, u32 @0, u16 @6)", [4, 0, 6], 8, 4),
        ("((u8, u64), u16)", [0, 8, 16], 24, 8),
        ("(bool, u8)", [0, 1], 2, 1),
        ("(f64, (u32, u32), f32)", [0, 8, 12, 16], 24, 8),
        ("(u8 @0, u32 @1; size 5, align 1)", [0, 1], 5, 1),
        ("(u32; size 32, align 32)", [0], 32, 32),
        ("(u32; align 16)", [0], 16, 16),
        ("(u8, i128)", [0, 16, 24], 32, 16),
        ("(i32 @8, i64 @0, f32 @12, f64 @16)", [8, 0, 12, 16], 24, 8),
        ("[(u8, u32); 2]", [0, 4, 8, 12], 16, 4),
        ("(u32, [u16; 5])", [0, 4, 6, 8, 10, 12], 16, 4),
        ("(u8 @8, (u16 @0, u32 @4; size 8, align 4) @0, bool @9; size 12, align 4)", [8, 0, 4, 9], 12, 4),
        ("(u32, (), [u64; 0])", [0], 8, 8),
        ("()", [], 0, 1),
        ("u128", [0, 8], 16, 16),
        ("char", [0], 4, 4),
    ],
)
def test_layouts(text: str, where: list[int], size: int, align: int) -> None:
    found = layout(parse_type(text))
    assert ([slot.offset for slot in found.slots], found.size, found.align) == (where, size, align)


@pytest.mark.parametrize(
    ("scalar", "load", "store", "types"),
    [
        ("bool", "i32.load8_u", "i32.store8", "i32"),
        ("u8", "i32.load8_u", "i32.store8", "i32"),
        ("i8", "i32.load8_s", "i32.store8", "i32"),
        ("u16", "i32.load16_u", "i32.store16", "i32"),
        ("i16", "i32.load16_s", "i32.store16", "i32"),
        ("u32", "i32.load", "i32.store", "i32"),
        ("i32", "i32.load", "i32.store", "i32"),
        ("char", "i32.load", "i32.store", "i32"),
        ("ptr", "i32.load", "i32.store", "i32"),
        ("u64", "i64.load", "i64.store", "i64"),
        ("i64", "i64.load", "i64.store", "i64"),
        ("f32", "f32.load", "f32.store", "f32"),
        ("f64", "f64.load", "f64.store", "f64"),
        ("u128", "i64.load", "i64.store", "i64 i64"),
        ("i128", "i64.load", "i64.store", "i64 i64"),
    ],
)
def test_accesses(scalar: str, load: str, store: str, types: str) -> None:
    found = layout(parse_type(scalar))
    assert {slot.access.load for slot in found.slots} == {load}
    assert {slot.access.store for slot in found.slots} == {store}
    assert " ".join(map(str, found.types)) == types


def test_pointers_are_as_wide_as_addresses() -> None:
    found = layout(parse_type("(u8, ptr)"), I64)
    assert ([slot.offset for slot in found.slots], found.size) == ([0, 8], 16)
    assert found.types[1] is I64


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(u32 @0, u8 @3)", "fields overlap at offset 3"),
        ("(u32 @2, u8 @0)", "field u32 @2 is not aligned to 4"),
        ("(u8 @0, u16 @1; align 1)", None),
        ("(u8, u16; align 1)", "alignment 1 is less than that of its fields; give their offsets"),
        ("(u32, u8; size 4)", "size 4 does not fit: fields end at 5, alignment is 4"),
        ("(u32, u8; size 6)", "size 6 does not fit: fields end at 5, alignment is 4"),
        ("(u32; align 3)", "alignment 3 is no power of two"),
        ("(u32; align 0)", "alignment 0 is no power of two"),
        ("[u8; 1001]", "has more than 1000 scalars"),
        ("[[[u8; 1048576]; 1048576]; 1048576]", "has more than 1000 scalars"),
    ],
)
def test_what_cannot_be_is_refused(text: str, why: str | None) -> None:
    if why is None:
        assert offsets(text) == [0, 1]
        return
    with pytest.raises(ConfigError) as caught:
        layout(parse_type(text))
    assert why in caught.value.message


def test_a_million_nothings_cost_nothing() -> None:
    found = layout(parse_type("[(); 1048576]"))
    assert (found.slots, found.size) == ((), 0)
