"""Constants in text: every way to write one, one form to keep it in, and nothing out of range."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import EXTERNREF, F32, F64, FUNC, FUNCREF, I32, I64, V128, RefType, ValType
from wasmrewrite.rewrite import constant


@pytest.mark.parametrize(
    ("text", "type", "operand", "kept"),
    [
        ("5", I32, 5, "i32:5"),
        ("i32:-1", I32, -1, "i32:4294967295"),
        ("u32:4294967295", I32, -1, "i32:4294967295"),
        ("0x80000000", I32, -(1 << 31), "i32:2147483648"),
        ("u64: 18446744073709551615", I64, -1, "i64:18446744073709551615"),
        ("f32:1.5", F32, 0x3FC00000, "f32:0x3fc00000"),
        ("f32:0x7fc00001", F32, 0x7FC00001, "f32:0x7fc00001"),
        ("-inf", F64, 0xFFF0000000000000, "f64:0xfff0000000000000"),
        ("v128:0x0100", V128, b"\0\1" + bytes(14), "v128:0x100"),
        ("null", FUNCREF, FUNC, "func:null"),
        ("extern:null", EXTERNREF, EXTERNREF.heap, "extern:null"),
    ],
)
def test_constants(text: str, type: ValType, operand: object, kept: str) -> None:
    instr, found = constant(text, type)
    assert instr.op.name == ("ref.null" if isinstance(type, RefType) else f"{type}.const")
    assert (instr.args, found) == ((operand,), kept)


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("4294967296", I32),
        ("-2147483649", I32),
        ("1.5", I32),
        ("i64:5", I32),
        ("u32:5", I64),
        ("", I32),
        ("f64:1", F32),
        ("1e999999x", F64),
        ("1e39", F32),
        ("0x1ffffffff", F32),
        ("v128:0x1" + "0" * 32, V128),
        ("5", FUNCREF),
        ("null", RefType(False, FUNC)),
    ],
)
def test_what_does_not_fit_is_refused(text: str, type: ValType) -> None:
    with pytest.raises(RewriteError) as caught:
        constant(text, type)
    assert caught.value.message.startswith(f"{text!r} is no {type}")
