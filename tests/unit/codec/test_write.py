"""Edits change what they name and nothing else; undone, they leave the very same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.codec import write
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.leb import write_u
from wasmrewrite.isa.types import I32, FuncType, TypeDef
from wasmrewrite.model import Body, Export, Expr, Func, Import, Module, instr
from wasmrewrite.model.edit import set_body, set_name

BUILT = sorted((ROOT / "corpus" / "built").glob("*.wasm"))

EVERYTHING = """
(module
  (type $pair (func (param i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (import "env" "mem" (memory 1))
  (import "env" "base" (global $base i32))
  (func $f (type $pair) local.get 0 call $log local.get 0 call $g)
  (func $g (export "g") (type $pair) ref.func $f drop local.get 0 i32.const 0 call_indirect (type $pair))
  (func $main call $f2)
  (func $f2)
  (table $t 4 funcref)
  (global $fn funcref (ref.func $g))
  (global $count (mut i32) (i32.const 7))
  (export "fn" (global $fn))
  (start $main)
  (elem (i32.const 0) func $f $g $log)
  (elem declare func $f2)
  (elem (table $t) (i32.const 3) funcref (item (ref.func $main)) )
  (data (global.get $base) "hello")
)
"""


def add_func(module: Module, results: int = 7) -> Func:
    """Append a function, its type and an export."""
    typedef = TypeDef(FuncType((), (I32,)))
    func = Func(typedef, Body.of((), Expr.of([instr("i32.const", results)])))
    module.types.append(typedef)
    module.funcs.append(func)
    module.exports.append(Export("added", func))
    return func


def add_import(module: Module) -> Func:
    """Import a function in front of all others."""
    typedef = TypeDef(FuncType((I32, I32), ()))
    func = Func(typedef, Import("env", "first"))
    module.types.append(typedef)
    module.imports.insert(0, func)
    module.funcs.insert(0, func)
    return func


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_untouched_modules_come_back_identical(path: Path) -> None:
    data = path.read_bytes()
    module = Module.from_bytes(data)
    assert module.to_bytes() == data
    for part in ("imports", "funcs", "exports", "elems", "datas", "globals", "customs", "start"):
        getattr(module, part)
    assert module.to_bytes() == data


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_an_edit_and_its_inverse_leave_the_same_bytes(path: Path) -> None:
    data = path.read_bytes()
    module = Module.from_bytes(data)
    imported, added = add_import(module), add_func(module)
    edited = module.to_bytes()
    assert edited != data
    module.imports.remove(imported)
    module.funcs.remove(imported)
    module.types.remove(imported.type)
    module.funcs.remove(added)
    module.types.remove(added.type)
    module.exports.pop()
    assert module.to_bytes() == data


def test_appending_copies_every_old_entry() -> None:
    data = wat(EVERYTHING)
    module = Module.from_bytes(data)
    add_func(module)
    out = module.to_bytes()
    assert_valid(out)
    for func in Module.from_bytes(data).funcs:
        if isinstance(func.origin, Body) and func.origin.span:
            start, end = func.origin.span
            assert data[start:end] in out
    again = Module.from_bytes(out)
    assert [export.name for export in again.exports] == ["g", "fn", "added"]
    assert [str(each) for each in again.export("added").item.origin.expr] == ["i32.const 7"]  # type: ignore[union-attr]


def names_called(module: Module) -> dict[str | None, list[tuple[str, str | None]]]:
    """For every function by name, the functions its code names."""
    return {
        func.name: [
            (each.op.name, arg.name) for each in func.origin.expr for arg in each.args if isinstance(arg, Func)
        ]
        for func in module.funcs
        if isinstance(func.origin, Body)
    }


def test_an_import_in_front_renumbers_every_use() -> None:
    data = wat(EVERYTHING)
    before = Module.from_bytes(data)
    module = Module.from_bytes(data)
    set_name(add_import(module), "first")
    out = module.to_bytes()
    assert_valid(out)
    after = Module.from_bytes(out)
    assert names_called(after) == names_called(before)
    assert [[getattr(each, "name", None) for each in elem.items] for elem in after.elems[:2]] == [
        [getattr(each, "name", None) for each in elem.items] for elem in before.elems[:2]
    ]
    assert after.start is not None
    assert after.start.name == "main"
    assert after.exports[0].item.name == "g"
    assert after.globals[1].origin.instrs[0].args[0].name == "g"  # type: ignore[union-attr]
    assert after.elems[2].items[0].instrs[0].args[0].name == "main"  # type: ignore[union-attr]
    assert after.funcs[0].name == "first"


def test_operands_keep_their_width_when_indices_move() -> None:
    call, padded = bytes((0x10, 0x00)), b"\x10\x80\x80\x80\x80\x00"
    body = b"\x00" + padded + call + b"\x0b"
    code = b"\x01" + write_u(len(body)) + body
    data = b"\0asm\1\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\x00" + b"\x0a" + write_u(len(code)) + code
    module = Module.from_bytes(data)
    typedef = module.types[0]
    imported = Func(typedef, Import("a", "b"))
    module.imports.insert(0, imported)
    module.funcs.insert(0, imported)
    out = module.to_bytes()
    assert b"\x10\x81\x80\x80\x80\x00\x10\x01\x0b" in out
    assert_valid(out)


def test_redirection_reaches_old_code_only() -> None:
    data = wat(EVERYTHING)
    module = Module.from_bytes(data)
    log = module.funcs[0]
    wrapper = Func(log.type, Body.of((), Expr.of([instr("local.get", 0), instr("call", log)])))
    set_name(wrapper, "wrapper")
    module.funcs.append(wrapper)
    module.edits.redirected[log] = wrapper
    out = module.to_bytes()
    assert_valid(out)
    after = Module.from_bytes(out)
    called = names_called(after)
    assert called["f"] == [("call", "wrapper"), ("call", "g")]
    assert called["wrapper"] == [("call", "log")]
    assert [getattr(each, "name", None) for each in after.elems[0].items] == ["f", "g", "wrapper"]


def test_bodies_that_stay_are_told_where_they_went() -> None:
    data = wat(EVERYTHING)
    module = Module.from_bytes(data)
    add_func(module)
    written = write(module)
    for moved in written.offsets:
        assert data[moved.old : moved.old + moved.size] == written.data[moved.new : moved.new + moved.size]
    assert sum(moved.size for moved in written.offsets) > 20


def test_a_dangling_reference_is_refused() -> None:
    module = Module.from_bytes(wat(EVERYTHING))
    module.exports.append(Export("ghost", Func(module.types[0], Body.of((), Expr.of(())))))
    with pytest.raises(RewriteError, match=r"function <Func new> is used but not in the module"):
        module.to_bytes()


def test_an_edited_body_keeps_the_bytes_of_instructions_still_in_place() -> None:
    body = b"\x00\x41\x80\x00\x1a\x01\x0b"  # i32.const 0 (padded); drop; nop
    code = b"\x01" + write_u(len(body)) + body
    data = b"\0asm\1\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\x00" + b"\x0a" + write_u(len(code)) + code
    module = Module.from_bytes(data)
    func = module.funcs[0]
    assert isinstance(func.origin, Body)
    old = func.origin.expr
    set_body(module, func, Body.of(func.origin.locals, Expr.of([each for each in old if each.op.name != "nop"], old)))
    assert b"\x00\x41\x80\x00\x1a\x0b" in module.to_bytes()
