from __future__ import annotations

import pytest

from tests.helpers.binary import module, section
from tests.helpers.wat import wat
from wasmrewrite.analysis import Doubts, differing, layout
from wasmrewrite.contract import parse_type
from wasmrewrite.isa.types import I64
from wasmrewrite.model import Module

TWO = '(module (memory 1) (memory 1) (func (export "f") (param i64 i32) {}))'
"""A function whose pointer is its second parameter, in a module with two memories."""


def doubt(code: str, declared: str, pointer: int = 1, memory: int = 0) -> str:
    read = Module.from_bytes(wat(TWO.format(code)))
    return Doubts(read).of_export(read.exports[0], layout(parse_type(declared)), pointer, memory)


def test_the_pointer_may_be_any_parameter() -> None:
    code = "(i64.store offset=8 (local.get 1) (local.get 0))"
    assert doubt(code, "(u32, u32)") == "its code stores i64 at offset 8, and the declared result ends at 8"
    assert doubt(code, "(u32, u64)") == ""
    assert doubt(code, "(u32, u32)", pointer=0) == ""


def test_other_memories_do_not_count() -> None:
    code = "(i64.store 1 offset=8 (local.get 1) (local.get 0))"
    assert doubt(code, "(u32, u32)") == ""
    assert doubt(code, "(u32, u32)", memory=1) != ""
    copy = "(memory.fill 1 (local.get 1) (i32.const 0) (i32.const 64))"
    assert (doubt(copy, "(u32, u32)"), doubt(copy, "(u32, u32)", memory=1) != "") == ("", True)


def test_code_that_is_never_reached_does_not_count() -> None:
    assert doubt("(unreachable) (i64.store offset=8 (local.get 1) (local.get 0))", "(u32, u32)") == ""


def test_the_value_is_followed_through_locals() -> None:
    text = "(local i64 i64) (local.set 2 {}) (local.set 3 (local.get 2)) {}"
    store = "(i64.store offset=8 (local.get 1) (local.tee 2 (local.get 3)))"
    wide = "(u8; size 16, align 16)"
    assert doubt(text.format("(i64.load (i32.const 8))", store), wide) == ""
    assert doubt(text.format("(i64.const 0)", store), wide) == ""
    assert "nothing is declared" in doubt(text.format("(i64.clz (local.get 0))", store), wide)


def test_a_vector_may_be_written_in_parts() -> None:
    assert doubt("(i64.store offset=8 (local.get 1) (local.get 0))", "(v128, u32)") == ""
    assert doubt("(f64.store offset=8 (local.get 1) (f64.const 1))", "(v128, u32)") == ""


def test_who_hands_the_pointer_to_a_function_with_results_does_not_count() -> None:
    code = "(drop (call $copy (local.get 1)))"
    copy = "(func $copy (param i32) (result i32) (i64.store offset=8 (local.get 0) (i64.const 1)) (local.get 0))"
    read = Module.from_bytes(wat(TWO.format(code)[:-1] + copy + ")"))
    assert Doubts(read).of_export(read.exports[0], layout(parse_type("(u32, u32)")), 1, 0) == ""
    plain = "(func $copy (param i32) (i64.store offset=8 (local.get 0) (i64.const 1)))"
    read = Module.from_bytes(wat(TWO.format("(call $copy (local.get 1))")[:-1] + plain + ")"))
    assert Doubts(read).of_export(read.exports[0], layout(parse_type("(u32, u32)")), 1, 0) != ""


def test_functions_that_hand_it_round_in_a_circle() -> None:
    assert doubt("(call 0 (local.get 0) (local.get 1))", "(u32, u32)") == ""


def test_code_that_is_not_valid_tells_nothing() -> None:
    types = section(1, b"\x01\x60\x01\x7f\x00")
    body = b"\x20\x00\x42\x01\x37\x03\x08\x0b"  # i64.store without a memory
    code = section(10, b"\x01" + bytes([len(body) + 1]) + b"\x00" + body)
    read = Module.from_bytes(module(types, section(3, b"\x01\x00"), section(7, b"\x01\x01f\x00\x00"), code))
    assert Doubts(read).of_export(read.exports[0], layout(parse_type("(u32, u32)")), 0, 0) == ""


@pytest.mark.parametrize(
    ("declared", "described", "doubt"),
    [
        ("(u32, i8)", "(char, i8)", ""),
        ("(ptr, usize)", "(u64, i64)", ""),
        ("(u32, i8)", "(u32, u8)", "u8 at 4, declared is i8 at 4"),
        ("(u32)", "(u32, u32)", "2 scalars, declared are 1"),
        ("(u32)", "(u32; size 8, align 8)", "8 bytes, declared are 4"),
        ("(u32; size 8, align 8)", "(u32)", ""),
    ],
)
def test_layouts_that_differ(declared: str, described: str, doubt: str) -> None:
    assert differing(layout(parse_type(declared), I64), layout(parse_type(described), I64)) == doubt
