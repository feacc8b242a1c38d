"""Instantiation: the order of things, what a trap leaves behind, and constant expressions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import Exhaustion, InvalidError, LimitError, LinkError, MalformedError, Trap
from wasmrewrite.interp import instantiate
from wasmrewrite.isa.types import FUNCREF, I32, FuncType, GlobalType, Limits, MemoryType, TableType
from wasmrewrite.model import Module
from wasmrewrite.runtime import GlobalInst, HostFunc, MemoryInst, Store, StoreLimits, TableInst


def test_what_is_refused_before_anything_runs() -> None:
    with pytest.raises(MalformedError):
        instantiate(b"\0asm\1\0\0")
    with pytest.raises(InvalidError):
        instantiate(wat("(module (func i32.add))"))
    with pytest.raises(LinkError, match="unknown import"):
        instantiate(wat('(module (import "a" "b" (func)))'))


def test_an_edited_module_is_read_anew() -> None:
    module = Module.from_bytes(wat('(module (func (export "f") (result i32) (i32.const 4)))'))
    assert instantiate(module).exports["f"]() == 4  # type: ignore[operator]


def test_the_start_function_runs_last() -> None:
    log: list[int] = []
    text = """(module (import "m" "log" (func $log (param i32))) (memory 1) (data (i32.const 0) "\\07")
      (func $start (call $log (i32.load8_u (i32.const 0)))) (start $start))"""
    instantiate(wat(text), {"m": {"log": log.append}})
    assert log == [7]


def test_imported_start_functions_run_too() -> None:
    log: list[str] = []
    func = HostFunc(FuncType(), lambda: log.append("ran"))
    instantiate(wat('(module (import "m" "f" (func $f)) (start $f))'), {"m": {"f": func}})
    assert log == ["ran"]


def test_a_trap_leaves_what_was_written() -> None:
    store = Store()
    memory = MemoryInst(store, MemoryType(Limits(1)))
    table = TableInst(store, TableType(FUNCREF, Limits(2)))
    imports: dict[str, dict[str, object]] = {"m": {"memory": memory, "table": table}}
    text = """(module (import "m" "memory" (memory 1)) (import "m" "table" (table 2 funcref)) (func $f)
      (elem (i32.const 1) $f) (data (i32.const 0) "ab") (data (i32.const 65535) "cd"))"""
    with pytest.raises(Trap) as caught:
        instantiate(wat(text), imports, store)
    assert caught.value.message == "out of bounds memory access"
    assert caught.value.position.path == ("data[1]",)
    assert memory.read(0, 2) == b"ab"
    assert memory.read(65535, 1) == b"\0"
    assert table.elements[0] is None
    assert table.elements[1].index == 0


def test_elements_come_before_data() -> None:
    store = Store()
    memory = MemoryInst(store, MemoryType(Limits(1)))
    text = """(module (import "m" "memory" (memory 1)) (table 0 funcref) (func $f)
      (data (i32.const 0) "ab") (elem (i32.const 0) $f))"""
    with pytest.raises(Trap, match="out of bounds table access"):
        instantiate(wat(text), {"m": {"memory": memory}}, store)
    assert memory.read(0, 2) == bytes(2)


def test_constant_expressions() -> None:
    text = """(module (import "m" "g" (global $g i32)) (func $f)
      (global (export "a") i32 (i32.add (global.get $g) (i32.mul (i32.const 3) (i32.const -1))))
      (global (export "b") f64 (f64.const -0.5)) (global (export "c") f32 (f32.const nan:0x200000))
      (global (export "d") funcref (ref.func $f)) (global (export "e") externref (ref.null extern))
      (global (export "h") i64 (i64.sub (i64.const 0) (i64.const 1)))
      (table (export "t") 2 funcref (ref.func $f)))"""
    instance = instantiate(wat(text), {"m": {"g": GlobalInst(GlobalType(I32), 10)}})
    values = {name: item.bits for name, item in instance.exports.items() if isinstance(item, GlobalInst)}
    assert values == {
        "a": 7,
        "b": 0xBFE0_0000_0000_0000,
        "c": 0x7FA0_0000,
        "d": instance.funcs[0],
        "e": None,
        "h": (1 << 64) - 1,
    }
    assert instance.tables[0].elements == [instance.funcs[0]] * 2


def test_constant_expressions_that_are_not_executed() -> None:
    with pytest.raises(LimitError, match=r"does not execute v128\.const"):
        instantiate(wat("(module (global v128 (v128.const i32x4 0 0 0 0)))"))


def test_segments_are_dropped_when_used() -> None:
    text = """(module (memory 1) (table 1 funcref) (func $f)
      (data (i32.const 0) "active") (data "passive") (elem (i32.const 0) $f) (elem func $f) (elem declare func $f))"""
    made = instantiate(wat(text)).module_inst
    assert [segment.contents for segment in made.datas] == [b"", b"passive"]
    assert [len(segment.contents) for segment in made.elems] == [0, 1, 0]


def test_memory_that_the_limits_do_not_allow() -> None:
    with pytest.raises(Exhaustion, match="memory exceeds the limit"):
        instantiate(wat("(module (memory 2))"), store=Store(StoreLimits(memory_bytes=65536)))


def test_instances_give_each_other_what_they_export() -> None:
    store = Store()
    one = instantiate(
        wat('(module (memory (export "m") 1) (global (export "g") (mut i32) (i32.const 1)))'), store=store
    )
    text = """(module (import "one" "m" (memory 1)) (import "one" "g" (global $g (mut i32)))
      (func (export "f") (i32.store (i32.const 0) (i32.const 9)) (global.set $g (i32.const 2))))"""
    imports: Any = {"one": one.exports}
    instantiate(wat(text), imports, store).exports["f"]()  # type: ignore[operator]
    assert one.memories[0].read(0, 1) == b"\x09"
    assert one.globals[0].value == 2
