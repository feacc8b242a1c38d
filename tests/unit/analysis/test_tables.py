from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import CallGraph
from wasmrewrite.analysis import tables as tables_module
from wasmrewrite.analysis.tables import FunctionReferences
from wasmrewrite.model import Module

FUNCS = "(func $a) (func $b) (func $c (param i32)) (func $d)"


def references(fields: str) -> FunctionReferences:
    """Of a module with functions ``$a`` to ``$d``, 0 to 3, and ``fields``."""
    return CallGraph(Module.from_bytes(wat(f"(module {FUNCS} {fields})"))).references


def facts(fields: str, at: int = 0) -> tuple[tuple[int, ...], bool, tuple[str, ...]]:
    table = references(fields).tables[at]
    return table.pool.funcs, table.complete, table.reasons


SEGMENT = "(elem (table $t) (i32.const 0) func $a $c)"
TABLE = f"(table $t 4 funcref) {SEGMENT}"


@pytest.mark.parametrize(
    ("fields", "funcs", "complete", "reasons"),
    [
        (TABLE, (0, 2), True, ()),
        (TABLE + "(elem declare func $d) (func ref.func $d drop)", (0, 2), True, ()),
        (
            TABLE + "(elem $p func $d) (func (table.init $t $p (i32.const 0) (i32.const 0) (i32.const 1)))",
            (0, 2, 3), True, (),
        ),
        (TABLE + "(elem $p func $d) (func elem.drop $p)", (0, 2), True, ()),
        (
            TABLE + "(elem declare func $d) (func (table.set $t (i32.const 0) (ref.func $d)))",
            (0, 2, 3), True, ("table.set in code",),
        ),
        (
            TABLE + "(table $u 1 funcref) (elem (table $u) (i32.const 0) func $b)"
            "(func (table.copy $t $u (i32.const 0) (i32.const 0) (i32.const 1)))",
            (0, 1, 2), True, ("table.copy in code",),
        ),
        (TABLE + "(func (table.copy $t $t (i32.const 0) (i32.const 0) (i32.const 1)))", (0, 2), True, ()),
        (
            TABLE + "(table $u 1 funcref) (elem (table $u) (i32.const 0) func $b)"
            "(func (drop (table.grow $t (table.get $u (i32.const 0)) (i32.const 1))))",
            (0, 1, 2), True, ("table.grow in code",),
        ),
        (
            TABLE + "(func (table.fill $t (i32.const 0) (ref.null func) (i32.const 1)))",
            (0, 2), True, ("table.fill in code",),
        ),
        ('(table $t (export "t") 4 funcref)' + SEGMENT, (0, 2), False, ("exported as 't'",)),
        ('(table $t (export "t") 4 funcref) (export "d" (func $d))' + SEGMENT, (0, 2, 3), False, ("exported as 't'",)),
        (TABLE + '(export "d" (func $d))', (0, 2), True, ()),
        (
            TABLE + '(global $g (export "g") funcref (ref.func $d))'
            "(func (table.set $t (i32.const 0) (global.get $g)))",
            (0, 2, 3), False, ("table.set in code",),
        ),
        ("(table $t 2 funcref (ref.func $b))", (1,), True, ()),
        ("(table $t funcref (elem (ref.func $b) (ref.null func)))", (1,), True, ()),
    ],
)  # fmt: skip
def test_what_a_table_may_hold(fields: str, funcs: tuple[int, ...], complete: bool, reasons: tuple[str, ...]) -> None:
    assert facts(fields) == (funcs, complete, reasons)


def test_an_imported_global_in_a_segment_can_be_anything() -> None:
    fields = '(import "m" "g" (global $g funcref)) (table $t 1 funcref) (elem (i32.const 0) funcref (global.get $g))'
    table = CallGraph(Module.from_bytes(wat(f"(module {fields})"))).references.tables[0]
    assert (table.complete, table.reasons) == (False, ("a global in its segments",))


def test_a_table_of_other_references_holds_no_functions() -> None:
    fields = '(table $t (export "t") 4 externref) (func (table.set $t (i32.const 0) (ref.null extern)))'
    assert facts(fields) == ((), True, ())


def test_references_float_through_arrays_of_segments() -> None:
    fields = """
      (type $array (array (mut funcref))) (elem $p func $d)
      (func (drop (array.new_elem $array $p (i32.const 0) (i32.const 1))))"""
    assert references(fields).floating.funcs == (3,)


@pytest.mark.parametrize(
    ("fields", "foreign"),
    [
        ("", False),
        ('(export "a" (func $a))', False),
        ('(func (export "f") (param funcref))', True),
        ('(func (export "f") (result externref) ref.null extern)', True),
        ('(global (export "g") i32 (i32.const 0))', False),
        ('(global (export "g") funcref (ref.null func))', True),
        ('(tag (export "e") (param i32))', False),
        ('(tag (export "e") (param externref))', True),
        ('(table (export "t") 0 externref)', True),
        ('(memory (export "m") 0)', False),
    ],
)
def test_whether_references_of_others_come_in(fields: str, foreign: bool) -> None:
    assert references(fields).foreign is foreign


def test_what_the_host_can_call_without_a_name() -> None:
    assert references(TABLE).host_callable() == []
    assert references('(table $t (export "t") 4 funcref)' + SEGMENT).host_callable() == [0, 2]
    fields = '(func (export "f") (result funcref) ref.func $d) (elem declare func $d)'
    assert references(fields).host_callable() == [3, 4]


def test_more_than_can_be_told_apart_is_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = TABLE + "(table $u 1 funcref) (elem (table $u) (i32.const 0) func $b)"
    assert [table.pool.funcs for table in references(fields).tables] == [(0, 2), (1,)]
    monkeypatch.setattr(tables_module, "MAX_ENTRIES", 2)
    assert [table.pool.funcs for table in references(fields).tables] == [(0, 1, 2), (0, 1, 2)]
