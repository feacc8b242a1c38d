"""``usize``, ``isize`` and ``v128`` could not be declared, and debug information with vectors was refused unnamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.dwarf import base, die, record, sections
from tests.helpers.wat import wat
from wasmrewrite.analysis import DebugLayouts
from wasmrewrite.analysis import layout as rewriters
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import ADDRESSES, Declaration, Interface, parse_type
from wasmrewrite.equiv import Same, verify
from wasmrewrite.equiv.by_value.layouts import layout as judges
from wasmrewrite.isa.types import I32, I64, NumType, func_type
from wasmrewrite.lint.against import leaves
from wasmrewrite.model import Func, Module
from wasmrewrite.rewrite import Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes

TEXT = "(tag: u8, word: usize, back: isize)"
CODE = """
(module (memory (export "memory") {kind} 1) (global $__stack_pointer (mut {kind}) ({kind}.const 4096))
  (func (export "f") (param {kind} {kind})
    (i32.store8 (local.get 0) (i32.const 7))
    ({kind}.store offset={word} (local.get 0) (local.get 1))
    ({kind}.store offset={back} (local.get 0) ({kind}.sub ({kind}.const 0) (local.get 1)))))
"""


@pytest.mark.parametrize(("address", "size"), [(I32, 4), (I64, 8)])
def test_words_are_as_wide_as_addresses(address: NumType, size: int) -> None:
    declared = parse_type(TEXT)
    mine, yours = rewriters(declared, address), judges(declared, size)
    assert [slot.offset for slot in mine.slots] == [leaf.offset for leaf in yours.leaves] == [0, size, 2 * size]
    assert mine.types == yours.types == tuple(leaves(declared, address)) == (I32, address, address)
    assert (mine.size, mine.align) == (yours.size, yours.align) == (3 * size, size)


@pytest.mark.parametrize("scalar", [*ADDRESSES, "v128"])
def test_rewriter_and_judge_agree(scalar: str) -> None:
    for text in (scalar, f"(u8, {scalar})", f"[(u8, {scalar}); 2]"):
        mine, yours = rewriters(parse_type(text)), judges(parse_type(text))
        assert (mine.types, mine.size, mine.align) == (yours.types, yours.size, yours.align)
        assert [slot.offset for slot in mine.slots] == [leaf.offset for leaf in yours.leaves]


@pytest.mark.parametrize(("kind", "word", "back"), [("i32", 4, 8), ("i64", 8, 16)])
def test_words_are_returned_by_value(kind: str, word: int, back: int) -> None:
    before = wat(CODE.format(kind=kind, word=word, back=back))
    interface = Interface((Declaration("f", None, (parse_type("usize"),), parse_type(TEXT)),))
    result = Pipeline(build_passes([PassEntry("multi-value")]), interface).run(Module.from_bytes(before))
    verdict = verify(before, result.data, result.contract, interface=interface)
    assert isinstance(verdict, Same), verdict.text()
    [export] = [each for each in result.module.exports if each.name == "f"]
    assert isinstance(export.item, Func)
    assert str(func_type(export.item.type)) == f"[{kind}] -> [i32 {kind} {kind}]"


def test_run_shows_words_with_their_sign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.wasm").write_bytes(wat(CODE.format(kind="i32", word=4, back=8)))
    (tmp_path / "i.toml").write_text(f'[[export]]\nname = "f"\nparams = ["isize"]\nresult = "{TEXT}"\n')
    words = ["run", str(tmp_path / "a.wasm"), "--invoke", "f", "5", "--declarations", str(tmp_path / "i.toml")]
    assert call(words) == 0
    assert capsys.readouterr().out.split("\n")[:3] == ["tag: u8 7", "word: usize 5", "back: isize -5"]


def test_vectors_have_one_result_each() -> None:
    declared = parse_type("(u8, v128)")
    shape = judges(declared)
    data = bytearray(32)
    data[16:] = bytes(range(16))
    values = shape.read(bytes(data))
    assert values == [0, int.from_bytes(bytes(range(16)), "little")]
    assert shape.held(values) == [0, bytes(range(16))]
    assert shape.write([5, bytes(range(16))]) == shape.write([5, values[1]]) == [(0, b"\5"), (16, bytes(range(16)))]
    assert [slot.access.load for slot in rewriters(declared).slots] == ["i32.load8_u", "v128.load"]


def test_debug_information_with_vectors() -> None:
    lanes = die("array_type", die("subrange_type", count=4), label="lanes", type="@i32")
    clang = die("array_type", die("subrange_type", count=4), label="c", type="@i32", GNU_vector=1)
    rust = record("v128", 16, ("__0", "lanes", 0))
    rust.attributes["alignment"] = 16
    pair = record("pair", 32, ("first", "c", 0), ("second", "v128", 16))
    function = die("subprogram", name="f", low_pc=2, type="@pair")
    data = wat('(module (memory 1) (func (export "f") (param i32) unreachable))')
    debug = DebugLayouts(Module.from_bytes(data + sections(function, pair, clang, rust, lanes, base("i32", 5, 4))))
    results = [str(each.declaration and each.declaration.result) for each in debug.exports]
    assert results == ["(first: v128, second: v128)"]
