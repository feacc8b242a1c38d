"""Folded expressions: what is nested, what stands alone, and how lines are broken."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.helpers.every import every
from tests.helpers.external import ROOT
from wasmrewrite import Module
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.printer import Style, print_module

CORPUS: Final = sorted((ROOT / "corpus" / "built").glob("*.wasm"))
FOLDED: Final = Style(fold=True)


def folded(body: str, *, types: str = "", locals: str = "(local $a i32) (local $b i32)") -> list[str]:
    """The printed lines of a function with that body, indentation of the function taken off."""
    data = assemble(f"(module {types} (func $two (result i32 i32) unreachable) (func $f {locals} {body}))")
    text = print_module(data, FOLDED)
    assert assemble(text) == data
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if "$f" in line)
    return [line[4:] for line in lines[start + 2 : -2]]


def test_operands_are_inside() -> None:
    found = folded("local.get $a local.get $b i32.add i32.eqz local.set $a")
    assert found == ["(local.set $a (i32.eqz (i32.add (local.get $a) (local.get $b))))"]


def test_what_leaves_several_values_is_an_operand_of_what_takes_all() -> None:
    assert folded("call $two i32.add drop") == ["(drop (i32.add (call $two)))"]
    assert folded("call $two drop drop") == ["(call $two)", "(drop)", "(drop)"]


def test_a_statement_between_operands_keeps_them_apart() -> None:
    found = folded("local.get $a nop local.get $b i32.add drop")
    assert found == ["(local.get $a)", "(nop)", "(local.get $b)", "(drop (i32.add))"]


def test_blocks_are_broken_into_lines() -> None:
    found = folded("local.get $a if $l local.get $b br_if $l else block $m br $l end end")
    assert found == [
        "(if $l",
        "  (local.get $a)",
        "  (then",
        "    (br_if $l (local.get $b)))",
        "  (else",
        "    (block $m",
        "      (br $l))))",
    ]


def test_a_block_that_takes_operands_has_them_before_it() -> None:
    found = folded("i32.const 1 i32.const 2 if (param i32) drop else drop end")
    assert found[:3] == ["(i32.const 1)", "(if (type 2)", "  (i32.const 2)"]


def test_legacy_handlers_stay_flat() -> None:
    found = folded(
        "try nop catch $t drop catch_all rethrow 0 end try nop delegate 0 nop try_table (catch_all 0) nop end",
        types="(tag $t (param i32))",
    )
    assert found == [
        "try", "  (nop)", "catch $t", "  (drop)", "catch_all", "  (rethrow 0)", "end",
        "try", "  (nop)", "delegate 0", "nop",
        "(try_table (catch_all 0)", "  (nop))",
    ]  # fmt: skip


def test_code_that_is_not_reached_takes_what_its_row_says() -> None:
    found = folded("unreachable i32.const 1 i32.eqz drop")
    assert found == ["(unreachable)", "(i32.eqz (i32.const 1))", "(drop)"]


def test_long_expressions_are_broken() -> None:
    found = folded("i64.const 12345678901234567 " * 4 + "i64.add i64.add i64.add drop")
    assert found == [
        "(drop",
        "  (i64.add",
        "    (i64.const 12345678901234567)",
        "    (i64.add",
        "      (i64.const 12345678901234567)",
        "      (i64.add (i64.const 12345678901234567) (i64.const 12345678901234567)))))",
    ]


def test_hints_and_offsets_stand_before_the_expression() -> None:
    data = assemble(r'(func (param i32) (@metadata.code.branch_hint "\01") (if (local.get 0) (then (nop))))')
    text = print_module(data, Style(fold=True, offsets=True))
    lines = [line.strip() for line in text.splitlines()[3:-2]]
    assert lines[0] == r'(@metadata.code.branch_hint "\01")'
    assert [re.sub(r"^\(;@[0-9a-f]+;\) ", "@ ", line) for line in lines[1:]] == [
        "@ (if", "@ (local.get 0)", "(then", "@ (nop)))",
    ]  # fmt: skip
    assert assemble(text) == data


def test_initializers_are_folded() -> None:
    data = assemble('(global i32 i32.const 1 i32.const 2 i32.add) (memory 1) (data (offset i32.const 4) "a")')
    text = print_module(data, FOLDED)
    assert "i32 (i32.add (i32.const 1) (i32.const 2)))" in text
    assert '(offset (i32.const 4)) "a")' in text
    assert assemble(text) == data


def test_a_function_that_is_not_valid_stays_flat() -> None:
    data = assemble("(func $bad i32.add drop) (func $good i32.const 1 drop)")
    text = print_module(data, FOLDED)
    assert "i32.add\n    drop" in text
    assert "(drop (i32.const 1))" in text
    assert assemble(text) == data


def test_a_module_that_is_not_valid_outside_its_functions_stays_flat() -> None:
    data = assemble('(import "" "" (func (type 7))) (func $f i32.const 1 drop)')
    assert assemble(print_module(data, FOLDED)) == data


@pytest.mark.parametrize(
    "body",
    ["i32.const 1 " * 5000 + "i32.add " * 4999 + "drop", "i32.const 1 " + "i32.eqz " * 5000 + "drop",
     "block " * 3000 + "end " * 3000],
    ids=["operands", "chain", "blocks"],
)  # fmt: skip
def test_depth_is_bounded(body: str) -> None:
    data = assemble(f"(func {body})")
    text = print_module(data, FOLDED)
    assert assemble(text) == data
    if "block" not in body:
        assert max(map(len, text.splitlines())) < 200


@every("path", CORPUS, ids=lambda path: path.name)
def test_the_corpus_comes_back(path: Path) -> None:
    data = path.read_bytes()
    module = Module.from_bytes(data)
    text = module.to_wat(fold=True)
    assert assemble(text) == assemble(module.to_wat())
    assert Module.from_wat(text).to_wat(fold=True) == text
