"""A declared layout that the code or the debug information contradicts was accepted without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.dwarf import base, die, record, sections
from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Declaration, Interface, parse_type
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import ModulePass, Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes

BUILT = ROOT / "corpus" / "built"
TUPLE = """
(module (memory (export "memory") 1) (global $__stack_pointer (mut i32) (i32.const 65536))
  (func (export "t") (param i32 i32)
    (i32.store16 (local.get 0) (i32.shr_u (local.get 1) (i32.const 3)))
    (i32.store8 offset=2 (local.get 0) (local.get 1))
    (i32.store offset=4 (local.get 0) (i32.xor (local.get 1) (i32.const 85)))))
"""


EMPTY = """
(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 64)) (func (export "t") (param i32) unreachable))
"""


def warnings(module: bytes, declared: str, name: str = "t", *before: ModulePass, **options: object) -> list[str]:
    interface = Interface((Declaration(name, result=parse_type(declared)),))
    multi_value = MultiValue(**options)  # type: ignore[arg-type]
    done = Pipeline([*before, multi_value], interface).run(Module.from_bytes(module))
    start = f"multi-value: export {name!r} is declared to return {declared}, but "
    return [str(note).removeprefix(start) for note in done.notes if note.warning]


def body(code: str, more: str = "") -> bytes:
    return wat(f"""(module (memory (export "memory") 1) (global $__stack_pointer (mut i32) (i32.const 65536)) {more}
        (func (export "t") (param $p i32) (param $i i32) (param $l i64) (param $f f32) (local $x i64) {code}))""")


def test_a_tuple_in_the_order_of_c() -> None:
    assert warnings(wat(TUPLE), "(u8, u16, u32)") == [
        "its code stores u16 at offset 0, where u8 at 0 is declared",
    ]
    assert warnings(wat(TUPLE), "(u8 @2, u16 @0, u32 @4)") == []


def test_it_is_said_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.wasm").write_bytes(wat(TUPLE))
    words = ["--pass", "multi-value", "--set", "multi-value.export=t=(u8, u16, u32)"]
    assert call(["rewrite", str(tmp_path / "a.wasm"), "-o", str(tmp_path / "b.wasm"), *words]) == 0
    assert capsys.readouterr().err.startswith(
        "multi-value: warning: export 't' is declared to return (u8, u16, u32), but"
    )


PIECE = "(i64.load (i32.const 8))"


@pytest.mark.parametrize(
    ("code", "declared", "doubt"),
    [
        ("i64.store offset=8 = $l", "(u32, u32)", "i64 at offset 8, and the declared result ends at 8"),
        ("f32.store = $f", "(u32, u32)", "f32 at offset 0, where u32 at 0 is declared"),
        ("f32.store = $f", "(f32, u32)", ""),
        ("i32.store = $i", "(f32, u32)", ""),
        ("i32.store offset=4 = $i", "(u64, u32)", "i32 at offset 4, where u64 at 0 is declared"),
        ("i32.store offset=4 = (i32.load (i32.const 64))", "(u8 @0, u32 @8)", ""),
        ("i32.store8 offset=1 = $i", "(u8, u32)", "u8 at offset 1, where nothing is declared"),
        ("i64.store align=4 = $l", "(u32, u32)", ""),
        ("i64.store = $l", "(u32, u32)", "i64 at offset 0, aligned to 8, and the declared result is aligned to 4"),
        ("i64.store offset=1 align=1 = $l", "(u32, u32, u32)", "across u32 at 0 and u32 at 4"),
        (f"i64.store offset=1 align=1 = {PIECE}", "(u32, u32, u32)", ""),
        (f"local $x = {PIECE}; i64.store offset=8 align=4 = $x", "(u32; size 16, align 16)", ""),
        # An enum with payload: what lies there is the user's choice.
        ("f64.store = (f64.const 1); i32.store = $i", "(u64, u32)", ""),
        ("i32.store = $i; i32.store offset=4 = $i", "(u64, u32)", ""),
        ("i32.store = $i; i32.store offset=4 = $i", "(u32, u64)", "i32 at offset 4, where nothing is declared"),
        # A member that is patched after it was written.
        ("i64.store = $l; i32.store8 offset=1 = $i", "(u64, u32)", ""),
    ],
)
def test_what_counts(code: str, declared: str, doubt: str) -> None:
    found = warnings(body(" ".join(map(written, code.split("; ")))), declared)
    assert len(found) == bool(doubt)
    assert doubt in "".join(found)


def written(assignment: str) -> str:
    """``i32.store offset=4 = $i`` as code that stores through the pointer."""
    left, value = assignment.split(" = ")
    value = value if value.startswith("(") else f"(local.get {value})"
    return f"(local.set {left.split()[1]} {value})" if left.startswith("local") else f"({left} (local.get 0) {value})"


@pytest.mark.parametrize(
    ("code", "doubt"),
    [
        ("(memory.copy (local.get 0) (i32.const 64) (i32.const 24))", "its code writes 24 bytes, and"),
        ("(memory.copy (local.get 0) (i32.const 64) (i32.const 16))", ""),
        ("(memory.fill (local.get 0) (i32.const 0) (i32.const 17))", "its code writes 17 bytes, and"),
    ],
)
def test_many_bytes_at_once(code: str, doubt: str) -> None:
    found = warnings(body(code), "(u64, u64)")
    assert len(found) == bool(doubt)
    assert doubt in "".join(found)


def test_who_only_hands_the_pointer_on() -> None:
    stores = "(f64.store (local.get 1) (f64.const 1)) (i32.store offset=8 (local.get 1) (local.get 0))"
    inner = f"(func $g (param i32 i32) {stores})"
    code = "(call $g (local.get $i) (local.get $p))"
    assert warnings(body(code, inner), "(f64, u32)") == []
    assert warnings(body(code, inner), "(f64, u64)") == ["its code stores i32 at offset 8, where u64 at 8 is declared"]


def test_the_code_is_that_of_the_input() -> None:
    text = TUPLE.replace('(func (export "t")', '(func (export "init")) (func (export "t")')
    before = build_passes([PassEntry("add-start", {"function": "init"})])
    assert len(warnings(wat(text), "(u8, u16, u32)", "t", *before)) == 1
    assert warnings(wat(text), "(u8 @2, u16 @0, u32 @4)", "t", *before) == []


@pytest.mark.parametrize("layouts", ["declared", "dwarf"])
@pytest.mark.parametrize(
    ("declared", "doubt"),
    [
        ("(u8, u64)", ""),
        ("(a: bool, u64)", ""),
        ("(i8, u64)", "debug information describes (a: u8, b: u64) (u8 at 0, declared is i8 at 0)"),
        ("(u8)", "debug information describes (a: u8, b: u64) (2 scalars, declared are 1)"),
        ("(u8 @0, u64 @16)", "debug information describes (a: u8, b: u64) (u64 at 8, declared is u64 at 16)"),
    ],
)
def test_debug_information_is_asked(layouts: str, declared: str, doubt: str) -> None:
    types = (record("pair", 16, ("a", "u8", 0), ("b", "u64", 8)), base("u8", 7, 1), base("u64", 7, 8))
    data = wat(EMPTY) + sections(die("subprogram", name="t", low_pc=2, type="@pair"), *types)
    assert warnings(data, declared, layouts=layouts) == ([doubt] if doubt else [])


def test_debug_information_that_describes_no_result() -> None:
    parameter = die("formal_parameter", name="p", type="@u32")
    data = wat(EMPTY) + sections(die("subprogram", parameter, name="t", low_pc=2), base("u32", 7, 4))
    assert warnings(data, "(u32, u32)") == ["debug information describes no result"]


def test_a_described_build_of_rustc() -> None:
    data = (BUILT / "returns.1.96-O3-g.wasm").read_bytes()
    assert warnings(data, "(u8, u64, i8)", "tuple_u8_u64") == [
        "debug information describes (u8 @8, u64 @0, i8 @9; size 16, align 8) (u8 at 8, declared is u8 at 0)"
    ]
    assert warnings(data, "(u8 @8, u64 @0, i8 @9)", "tuple_u8_u64") == []


def test_large_debug_information_is_no_reason_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wasmrewrite.analysis.dwarf._GLANCE", 5)
    data = (BUILT / "returns.1.96-O3-g.wasm").read_bytes()
    interface = Interface((Declaration("tuple_u8_u64", result=parse_type("(u8, u64, i8)")),))
    done = Pipeline([MultiValue()], interface).run(Module.from_bytes(data))
    notes = [str(note) for note in done.notes]
    assert any("debug information was not compared" in note and "more than 5 reads" in note for note in notes)
    assert [note for note in notes if "its code stores" in note] != []


def test_less_alignment_than_debug_information_describes() -> None:
    module = (BUILT / "returns.1.96-O3-g.wasm").read_bytes()
    wrong = "(value: u64, more: i16; size 32, align 8)"
    assert warnings(module, wrong, "struct_align32") == [
        "debug information describes (value: u64, more: i16; size 32, align 32) (aligned to 32, declared is 8)"
    ]
    assert warnings(module, "(value: u64, more: i16; size 32, align 32)", "struct_align32") == []
