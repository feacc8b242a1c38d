"""The context of a module's code, made from its items."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.model import Module
from wasmrewrite.validate import context
from wasmrewrite.validate.body.context import NO_TYPE, Kind
from wasmrewrite.validate.body.types import F32, FUNCREF, I8, I32, I64, defined, with_null
from wasmrewrite.validate.context import data_count

MODULE = """(module
  (type $a (func (param i32)))
  (type $b (func (param i32)))
  (type $c (func (param (ref null $b)) (result f32)))
  (import "m" "f" (func (type $b)))
  (import "m" "g" (global (mut i64)))
  (table 1 2 (ref null $b))
  (memory i64 3)
  (tag (type $a))
  (global (ref null $b) (ref.func 1))
  (func $exported (export "e") (type $a))
  (func $listed (type $a))
  (func $unmentioned (type $c) (f32.const 0))
  (elem (table 0) (i32.const 0) (ref null $b) (ref.func $listed))
  (elem declare func $exported)
  (data "one") (data "two")
  (func (data.drop 1)))"""


def ref(index: int) -> int:
    """The code of a reference to a type of the module, perhaps null."""
    return defined(index, nullable=True)


def test_items_in_index_form() -> None:
    made = context(Module.from_bytes(wat(MODULE)))
    assert made.type_signatures[:3] == [([I32], []), ([I32], []), ([ref(0)], [F32])]
    assert list(made.canon[:3]) == [0, 0, 2]
    assert list(made.funcs[:4]) == [1, 0, 0, 2]
    assert (list(made.tables), list(made.table_addresses)) == ([ref(0)], [I32])
    assert list(made.memories) == [I64]
    assert (list(made.globals), list(made.mutable)) == ([I64, ref(0)], [True, False])
    assert list(made.tags) == [0]
    assert list(made.elems) == [ref(0), with_null(FUNCREF, nullable=False)]
    assert made.data_count == 2
    assert [index for index in range(4) if index in made.refs] == [1, 2]
    assert made.signatures[1] == ([I32], [])


def test_equal_recursion_groups_are_one_type() -> None:
    group = "(rec (type (sub (func (result (ref null {0}))))) (type (struct (field (ref {0})))))"
    made = context(Module.from_bytes(wat(f"(module {group.format(0)} {group.format(2)})")))
    assert list(made.canon) == [0, 1, 0, 1]
    assert made.type_signatures[2] == made.type_signatures[0] == ([], [ref(0)])


def test_declared_supertypes() -> None:
    made = context(Module.from_bytes(wat("(module (type (sub (func))) (type (sub (func))) (type (sub 1 (func))))")))
    assert list(made.canon) == [0, 0, 2]
    assert list(made.supers) == [NO_TYPE, NO_TYPE, 0]


def test_fields() -> None:
    text = "(module (type (struct (field i8) (field (mut i64)))) (type (array (mut (ref null 0)))) (type (func)))"
    made = context(Module.from_bytes(wat(text)))
    assert list(made.kinds) == [Kind.STRUCT, Kind.ARRAY, Kind.FUNC]
    assert list(made.starts) == [0, 2, 3, 3]
    assert list(made.members) == [I8, I64, ref(0)]
    assert list(made.writable) == [False, True, True]


def test_no_data_count_section() -> None:
    assert data_count(b"\0asm\1\0\0\0") is None
    assert data_count(b"\0asm\1\0\0\0" + b"\0\3\1ab" + b"\x0c\x01\x00") == 0
