"""Doubts about declared results of imports: what callers load, and what compilers may load whatever is declared."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import ImportDoubts, layout
from wasmrewrite.contract import parse_type
from wasmrewrite.model import Module


def doubt(module: bytes, declared: str, index: int = 0) -> str:
    read = Module.from_bytes(module)
    found = ImportDoubts(read).of_import(read.funcs[index], layout(parse_type(declared)), 0, 0)
    return found.removeprefix("its callers load ")


def caller(code: str) -> bytes:
    return wat(f"""(module (import "a" "get" (func $get (param i32))) (import "a" "log" (func $log (param i32)))
        (memory 1) (global $sp (mut i32) (i32.const 65536))
        (func (export "t") (local $p i32) (local $x i64) (local $y i32)
          (global.set $sp (local.tee $p (i32.sub (global.get $sp) (i32.const 16))))
          (call $get (local.get $p)) {code}
          (global.set $sp (i32.add (local.get $p) (i32.const 16)))))""")


@pytest.mark.parametrize(
    ("code", "declared"),
    [
        # Two members copied at once, and padding with them.
        ("(i64.store (i32.const 8) (i64.load (local.get $p)))", "(u32, u16)"),
        ("(local.set $x (i64.load (local.get $p))) (i64.store (i32.const 8) (local.get $x))", "(u8, u32)"),
        # Two members compared at once.
        ("(drop (i64.eq (i64.load (local.get $p)) (i64.const 5)))", "(u32, u32)"),
        # A float as bits, for its sign; a long word in halves, and a part of one.
        ("(drop (i64.lt_s (i64.load (local.get $p)) (i64.const 0)))", "(f64, f64)"),
        ("(drop (i32.add (i32.load (local.get $p)) (i32.load offset=4 (local.get $p))))", "(u64, u64)"),
        ("(drop (i32.add (i32.load8_u offset=1 (local.get $p)) (i32.const 1)))", "(u64, u64)"),
        # Another object in the same place: stored to first, or lent to another call.
        ("(i64.store (local.get $p) (i64.const 1)) (drop (f32.load (local.get $p)))", "(i64, i64)"),
        ("(call $log (local.get $p)) (drop (f32.load (local.get $p)))", "(i64, i64)"),
    ],
)
def test_what_compilers_do_is_no_reason(code: str, declared: str) -> None:
    assert doubt(caller(code), declared) == ""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("(drop (f32.load (local.get $p)))", "f32 at offset 0, where i64 at 0 is declared"),
        ("(drop (i64.load offset=16 (i32.sub (local.get $p) (i32.const 8))))", ""),
        ("(drop (f32.load offset=12 (local.get $p)))", "f32 at offset 12, where i64 at 8 is declared"),
    ],
)
def test_floats_are_never_integers(code: str, said: str) -> None:
    assert doubt(caller(code), "(i64, i64)") == said


def test_a_value_is_followed_through_locals() -> None:
    code = "(local.set $x (i64.load (local.get $p))) (drop (i64.add (local.get $x) (i64.const 1)))"
    assert doubt(caller(code), "(u32, i64)") == "i64 at offset 0, where u32 at 0 is declared"


def test_invalid_code_teaches_nothing() -> None:
    module = caller("(drop (f32.load (local.get $p)))")
    kept = module.replace(b"\x2a\x02\x00\x1a", b"\x2a\x02\x00\x01")  # a nop instead of the drop
    assert kept != module
    assert doubt(module, "(i64, i64)")
    assert doubt(kept, "(i64, i64)") == ""


def test_only_calls_of_that_import_count() -> None:
    assert doubt(caller("(drop (f32.load (local.get $p)))"), "(i64, i64)", index=1) == ""
