from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Declaration, parse_type
from wasmrewrite.isa.types import F64, I32, I64
from wasmrewrite.lint import Expected, Settings, lint
from wasmrewrite.lint.against import Offer, core_types, leaves
from wasmrewrite.model import Module
from wasmrewrite.rewrite import parse_interface

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
INTERFACES = sorted((CORPUS / "interfaces").glob("*.toml"), key=lambda path: path.name)


def misfits(offered: str, wanted: str) -> list[str]:
    """Why the imports of one module do not fit the exports of another."""
    other, own = Module.from_bytes(wat(offered)), Module.from_bytes(wat(wanted))
    offer = Offer(Expected("other.wasm", module=other), own)
    found = [offer.misfit("o", "x", each) for each in own.imports]
    return [each.why for each in found if each is not None]


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        ('(func (export "x") (param i32))', "(func (param i32))"),
        ('(memory (export "x") 2 3)', "(memory 1 4)"),
        ('(memory (export "x") 2)', "(memory 1)"),
        ('(table (export "x") 2 funcref)', "(table 1 funcref)"),
        ('(global (export "x") i32 (i32.const 0))', "(global i32)"),
        ('(global (export "x") (mut i32) (i32.const 0))', "(global (mut i32))"),
        ('(tag (export "x") (param i32))', "(tag (param i32))"),
        ('(memory (export "x") i64 2 3)', "(memory i64 1 4)"),
        ('(memory (export "x") 1 2 shared)', "(memory 1 2 shared)"),
        ('(table (export "x") 2 9 funcref)', "(table 1 9 funcref)"),
        ('(func $f) (elem declare func $f) (global (export "x") (ref func) (ref.func $f))', "(global funcref)"),
    ],
)
def test_what_fits(offered: str, wanted: str) -> None:
    assert misfits(f"(module {offered})", f'(module (import "o" "x" {wanted}))') == []


@pytest.mark.parametrize(
    ("offered", "wanted", "why"),
    [
        ("", "(func)", "other.wasm does not export it"),
        ('(func (export "x"))', "(memory 1)", "other.wasm exports a func"),
        ('(func (export "x") (param i32))', "(func (param i64))", "other.wasm exports func [i32] -> []"),
        ('(memory (export "x") 1)', "(memory 2)", "other.wasm exports memory 1"),
        ('(memory (export "x") 1)', "(memory 1 2)", "other.wasm exports memory 1"),
        ('(table (export "x") 1 externref)', "(table 1 funcref)", "other.wasm exports table 1 externref"),
        ('(global (export "x") i32 (i32.const 0))', "(global (mut i32))", "other.wasm exports global i32"),
        ('(global (export "x") i32 (i32.const 0))', "(global i64)", "other.wasm exports global i32"),
        ('(tag (export "x") (param i32))', "(tag (param i64))", "other.wasm exports tag [i32] -> []"),
        ('(memory (export "x") i64 1)', "(memory 1)", "other.wasm exports memory i64 1"),
        ('(memory (export "x") 1 2)', "(memory 1 2 shared)", "other.wasm exports memory 1 2"),
        ('(memory (export "x") 1 5)', "(memory 1 4)", "other.wasm exports memory 1 5"),
        ('(table (export "x") 1 funcref)', "(table 1 9 funcref)", "other.wasm exports table 1 funcref"),
        (
            '(func $f) (elem declare func $f) (global (export "x") (mut (ref func)) (ref.func $f))',
            "(global (mut funcref))",
            "other.wasm exports global (mut (ref func))",
        ),
    ],
)
def test_what_does_not_fit(offered: str, wanted: str, why: str) -> None:
    assert misfits(f"(module {offered})", f'(module (import "o" "x" {wanted}))') == [why]


def test_types_are_compared_across_modules() -> None:
    offered = '(module (rec (type $a (func)) (type $b (struct))) (func (export "x") (type $a)))'
    alike = '(module (rec (type $a (func)) (type $b (struct))) (import "o" "x" (func (type $a))))'
    other = '(module (type $a (func)) (import "o" "x" (func (type $a))))'
    assert misfits(offered, alike) == []
    assert misfits(offered, other) == ["other.wasm exports func [] -> []"]


def test_a_subtype_will_do_and_a_supertype_will_not() -> None:
    types = "(type $up (sub (func))) (type $down (sub $up (func)))"
    assert misfits(
        f'(module {types} (func (export "x") (type $down)))', f'(module {types} (import "o" "x" (func (type $up))))'
    ) == []
    assert misfits(
        f'(module {types} (func (export "x") (type $up)))', f'(module {types} (import "o" "x" (func (type $down))))'
    ) == ["other.wasm exports func [] -> []"]


def test_a_result_may_come_either_way() -> None:
    declared = Declaration("f", "js", (parse_type("u32"),), parse_type("(i64, f64)"), pointer=1)
    assert [str(each) for each in core_types(declared, I32)] == ["[i32] -> [i64 f64]", "[i32 i32] -> []"]


def test_a_struct_as_a_parameter_may_come_either_way() -> None:
    declared = Declaration("f", "js", (parse_type("(i64, i64)"),), None)
    assert [str(each) for each in core_types(declared, I32)] == ["[i64 i64] -> []", "[i32] -> []"]


def test_leaves_are_in_declared_order_and_bounded() -> None:
    assert list(leaves(parse_type("(u8, [u64; 2], (f64, u128), ptr)"), I32)) == [I32, I64, I64, F64, I64, I64, I32]
    nothing = "[" * 20 + "()" + "; 1000000]" * 20
    assert list(leaves(parse_type(nothing), I32)) == []
    assert len(list(leaves(parse_type("[[u8; 1000000]; 1000000]"), I32))) == 1000


@pytest.mark.parametrize("path", INTERFACES, ids=lambda path: path.stem)
def test_corpus_modules_fit_their_interfaces(path: Path) -> None:
    """Compilers of three generations made them, with results through pointers and by value."""
    import tomllib

    entries = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    expected = Expected(path.name, interface=parse_interface(path.read_text("utf-8")))
    mine = [each["file"] for each in entries if each.get("interface") == f"interfaces/{path.name}"]
    assert mine
    for file in mine:
        module = Module.from_file(CORPUS / file)
        found = lint(module, Settings(select=("WR150", "WR250"), expected=(expected,)))
        declared = {f"{each.module}.{each.name}" for each in (expected.interface.imports if expected.interface else ())}
        # An interface need not declare every import of a test module; what it declares has to fit.
        assert [each.message for each in found if each.rule == "unmet-export" or each.name in declared] == []
