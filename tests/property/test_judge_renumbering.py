"""An index that was not renumbered is found, whatever kind of operand, segment or export holds it."""

from __future__ import annotations

import pytest

from tests.helpers.rewrites import IMPORT_FIRST, Pair
from wasmrewrite.codec import frame
from wasmrewrite.contract import Added, Contract, CustomChanged, IndexMap, Run
from wasmrewrite.equiv import Different, Same, verify

SPACES_BEFORE = """(module
  (type $t (func (result i32))) (type $u (func (param i32) (result i32)))
  {import}
  (import "env" "log" (func $log (type $u)))
  {memory} (memory $m (export "m") 1) (memory $n (export "n") 1)
  {table} (table $a (export "a") 4 funcref) (table $b (export "b") 4 funcref)
  {global} (global $g (mut i32) (i32.const 1)) (global $h (mut i32) (i32.const 2))
  (global $r funcref (ref.func $two)) (export "r" (global $r))
  (elem (table $a) (i32.const 0) func $one $two)
  (elem $passive func $one)
  (elem (table $b) (i32.const 1) funcref (ref.func $two) (ref.null func))
  (data (memory $n) (i32.const 8) "data") (data $later "later")
  (func $one (type $t) i32.const 1)
  (func $two (type $t) i32.const 2)
  (func (export "call") (type $u) local.get 0 call $log drop call $two)
  (func (export "indirect") (type $u) local.get 0 i32.const 3 i32.and call_indirect $a (type $t))
  (func (export "grow") (result i32) i32.const 1 memory.grow $n)
  (func (export "size") (result i32) memory.size $n memory.size $m i32.const 100 i32.mul i32.add)
  (func (export "load") (type $u) local.get 0 i32.const 15 i32.and i32.load $n)
  (func (export "copy") i32.const 3 i32.const 8 i32.const 4 memory.copy $m $n)
  (func (export "fill") i32.const 30 i32.const 9 i32.const 2 memory.fill $n)
  (func (export "init") i32.const 20 i32.const 1 i32.const 3 memory.init $n $later)
  (func (export "set") (param i32) local.get 0 global.set $h)
  (func (export "get") (result i32) global.get $h)
  (func (export "table") (type $u) local.get 0 i32.const 3 i32.and i32.const 1 table.get $a table.set $b i32.const 0)
  (func (export "tables") i32.const 0 i32.const 0 i32.const 1 table.copy $b $a)
  (func (export "table_init") i32.const 3 i32.const 0 i32.const 1 table.init $b $passive)
  (func (export "blocks") (type $u) local.get 0 block (type $u) i32.const 1 i32.add end)
  (func (export "ref") (result funcref) ref.func $two))
"""
EMPTY = {"{import}": "", "{memory}": "", "{table}": "", "{global}": ""}
FIRST = {
    "{import}": '(import "env" "new" (func $new (type $t)))',
    "{memory}": "(memory $m0 1)",
    "{table}": "(table $t0 1 funcref)",
    "{global}": "(global $g0 (mut i32) (i32.const 1))",
}


def filled(template: str, places: dict[str, str]) -> str:
    for place, text in places.items():
        template = template.replace(place, text)
    return template


RENUMBERED = Pair(
    filled(SPACES_BEFORE, EMPTY),
    filled(SPACES_BEFORE, FIRST),
    Contract(
        maps=(
            IndexMap("function", (Run(0, 1, 18),)),
            IndexMap("memory", (Run(0, 1, 2),)),
            IndexMap("table", (Run(0, 1, 2),)),
            IndexMap("global", (Run(0, 1, 3),)),
        ),
        claims=(Added("import", "new", module="env", type="function [] -> [i32]"), CustomChanged("name", "renumbered")),
    ),
)

NOT_RENUMBERED = {
    "call": ("drop call $two", "drop call $one"),
    "call of an import": ("call $log drop", "drop call $new drop i32.const 0 drop"),
    "call_indirect": ("call_indirect $a", "call_indirect $t0"),
    "memory.grow": ("memory.grow $n", "memory.grow $m"),
    "memory.size": ("memory.size $n", "memory.size $m"),
    "load": ("i32.load $n", "i32.load $m"),
    "memory.copy to": ("memory.copy $m $n", "memory.copy $m0 $n"),
    "memory.copy from": ("memory.copy $m $n", "memory.copy $m $m"),
    "memory.fill": ("memory.fill $n", "memory.fill $m"),
    "memory.init": ("memory.init $n", "memory.init $m"),
    "global.set": ("global.set $h", "global.set $g"),
    "global.get": ("global.get $h", "global.get $g"),
    "table.get": ("table.get $a", "table.get $t0"),
    "table.set": ("table.set $b", "table.set $a"),
    "table.copy": ("table.copy $b $a", "table.copy $a $a"),
    "table.init": ("table.init $b", "table.init $a"),
    "ref.func in code": ("ref.func $two))", "ref.func $one))"),
    "ref.func in a global": ("funcref (ref.func $two))", "funcref (ref.func $one))"),
    "ref.func in a segment": ("(ref.func $two) (ref.null func)", "(ref.func $one) (ref.null func)"),
    "function in a segment": ("func $one $two", "func $new $one"),
    "function in a passive segment": ("$passive func $one", "$passive func $new"),
    "table of a segment": ("(elem (table $b)", "(elem (table $a)"),
    "memory of a segment": ("(data (memory $n)", "(data (memory $m)"),
    "exported function": (
        '(func (export "get") (result i32) global.get $h)',
        '(func (result i32) global.get $h) (export "get" (func $two))',
    ),
    "exported memory": ('(memory $n (export "n") 1)', '(memory $n 1) (export "n" (memory $m))'),
    "exported table": ('(table $b (export "b") 4 funcref)', '(table $b 4 funcref) (export "b" (table $a))'),
    "exported global": ('(export "r" (global $r))', '(export "r" (global $h))'),
}


def test_a_renumbered_module_is_the_same() -> None:
    verdict = verify(*RENUMBERED.modules(), RENUMBERED.contract, calls=200)
    assert isinstance(verdict, Same), verdict.text()


@pytest.mark.parametrize("kind", NOT_RENUMBERED)
def test_an_index_left_behind_differs(kind: str) -> None:
    verdict = verify(*RENUMBERED.changed(NOT_RENUMBERED[kind]).modules(), RENUMBERED.contract, calls=200)
    assert isinstance(verdict, Different), verdict.text()


def test_stale_names_differ() -> None:
    """The name section of the input in a module whose functions moved: every name is off by one."""
    before, after = IMPORT_FIRST.modules()
    stale = after.replace(name_section(after), name_section(before))
    verdict = verify(before, stale, IMPORT_FIRST.contract)
    assert isinstance(verdict, Different)
    assert any(sentence.startswith("stale names: ") for sentence in verdict.structure.unexplained)


def name_section(data: bytes) -> bytes:
    return next(data[section.header : section.end] for section in frame(data) if section.name == "name")
