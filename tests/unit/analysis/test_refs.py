"""Every place that can mention an item is found, and what nothing mentions is free."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import References
from wasmrewrite.isa.types import I32
from wasmrewrite.model import Body, Expr, Func, MemArg, Module, instr
from wasmrewrite.rewrite import Editor

TEXT = """(module
  (import "env" "g" (global $g funcref))
  (memory $m 1) (memory $free_memory 1)
  (table $t 4 funcref) (table $free_table 1 funcref)
  (tag $caught) (tag $thrown) (tag $free_tag)
  (global $of_f funcref (ref.func $in_global))
  (global $free_global (mut i32) (i32.const 0))
  (func $exported (export "e"))
  (func $started)
  (start $started)
  (func $in_elem) (func $in_expr) (func $declared) (func $in_global) (func $called) (func $free)
  (elem (table $t) (i32.const 0) func $in_elem)
  (elem funcref (ref.func $in_expr))
  (elem declare func $declared)
  (data $d (memory $m) (i32.const 0) "x")
  (func (export "code")
    call $called
    block try_table (catch $caught 0) throw $thrown end end
    i32.const 0 i32.load8_u $m drop))"""


def module() -> Module:
    return Module.from_bytes(wat(TEXT))


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("exported", "export 'e'"),
        ("started", "the start function"),
        ("in_elem", "elem segment 0"),
        ("in_expr", "elem segment 1"),
        ("declared", "elem segment 2"),
        ("in_global", "the initial value of <Global 1>"),
        ("called", "function 8"),
        ("free", None),
    ],
)
def test_uses_of_functions(name: str, where: str | None) -> None:
    read = module()
    (func,) = [each for each in read.funcs if each.name == name]
    use = References(read).first(func)
    assert (None if use is None else use.where) == where


def test_uses_in_code_have_offsets() -> None:
    read = module()
    (func,) = [each for each in read.funcs if each.name == "called"]
    use = References(read).first(func)
    assert use is not None
    assert use.offset is not None
    assert read.source.data[use.offset] == func.index0
    assert str(use) == f"function 8 (at 0x{use.offset:x})"


def test_uses_of_other_items() -> None:
    read = module()
    refs = References(read)
    used = [[use.where for use in refs.uses(each)] for each in (*read.memories, *read.tables, *read.tags)]
    assert used == [["data segment 0", "function 8"], [], ["elem segment 0"], [], ["function 8"], ["function 8"], []]


def test_redirected_uses_are_uses_of_the_target() -> None:
    read = module()
    edit = Editor(read)
    (old,) = [each for each in read.funcs if each.name == "called"]
    new = edit.add_func(old.type, (), [instr("call", old)])
    edit.redirect(old, new)
    refs = References(read)
    assert [use.where for use in refs.uses(new)] == ["function 8"]
    assert [use.where for use in refs.uses(old)] == ["function 9"]


def test_uses_in_new_code() -> None:
    read = module()
    edit = Editor(read)
    memory = read.memories[1]
    code = [instr("i32.const", 0), instr("i32.load", MemArg(2, 0, memory))]
    edit.add_func(edit.type((), (I32,)), (), code)
    assert [use.where for use in References(read).uses(memory)] == ["function 9"]


def test_new_items_are_not_looked_for_in_old_bytes() -> None:
    read = module()
    func = Func(read.types[0], Body.of((), Expr.of([])))
    read.funcs.append(func)
    assert References(read).first(func) is None
