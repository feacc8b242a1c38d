"""The protocol of engines: both of ours fulfil it, and do the same where both can."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite.equiv.engines.wasmtime_engine import Wasmtime
from wasmrewrite.equiv.engines.wasmtime_module import Refused
from wasmrewrite.errors import Exhaustion, LimitError, LinkError, Trap
from wasmrewrite.interp import Interpreter
from wasmrewrite.isa.immediates import Space
from wasmrewrite.isa.types import F64, I32, I64, FuncType, GlobalType, Limits, MemoryType
from wasmrewrite.kernels.decode import decode
from wasmrewrite.model import Body, Module
from wasmrewrite.runtime import Caller, GlobalInst, HostFunc, MemoryInst, StoreLimits
from wasmrewrite.runtime.engine import Engine, Instance

ENGINES: list[Engine] = [Interpreter(), Wasmtime()]
each_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)

TEXT = """(module
  (memory (export "memory") 1 2) (global $g (mut f64) (f64.const 1.5)) (global $sp (mut i32) (i32.const 100))
  (data $d "abc")
  (func $hidden (param i32 i64) (result i64) (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1)))
  (func $branch (export "branch") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 7)) (else (unreachable))))
  (func (export "deep") (param i32) (result i32) (i32.add (i32.const 1) (call $branch (local.get 0))))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "loop") (loop (br 0)))
  (func (export "set") (global.set $sp (i32.const 50)) (global.set $sp (i32.const 80)) (data.drop $d)))"""
HIDDEN, BRANCH, DEEP, GROW, LOOP, SET = range(6)


def make(engine: Engine, text: str = TEXT, imports: Any = None, **limits: int) -> Instance:
    """An instance in a store of its own; all functions may be called."""
    module = Module.from_bytes(wat(text))
    loaded = engine.load(module, cover=[BRANCH] if text is TEXT else [], calls=range(len(module.funcs)))
    store = loaded.store(StoreLimits(**limits))
    return loaded.instantiate({} if imports is None else imports(store), store, watch=[1] if text is TEXT else [])


@each_engine
def test_functions_are_called_by_index_exported_or_not(engine: Engine) -> None:
    instance = make(engine)
    assert instance.funcs[HIDDEN].invoke([0xFFFF_FFFF, 1 << 63]) == [0xFFFF_FFFF + (1 << 63)]
    assert len(instance.funcs) == 6
    assert instance.exports["branch"].invoke([1]) == [7]


@each_engine
def test_memories_are_read_and_written(engine: Engine) -> None:
    instance = make(engine)
    memory = instance.memories[0]
    assert (len(instance.memories), memory.size) == (1, 65536)
    memory.write(10, b"hello")
    assert memory.read(9, 7) == b"\0hello\0"
    assert bytes(memoryview(memory.data)[10:12]) == b"he"
    assert memory.snapshot() == bytes(10) + b"hello" + bytes(65536 - 15)
    with pytest.raises(Trap, match="out of bounds memory access"):
        memory.write(65534, b"abc")
    with pytest.raises(Trap, match="out of bounds memory access"):
        memory.check(-1, 1)
    assert instance.funcs[GROW].invoke([]) == [1]
    assert instance.memories[0].size == 2 * 65536


@each_engine
def test_globals_are_read_and_set_as_bits(engine: Engine) -> None:
    instance = make(engine)
    assert [each.bits for each in instance.globals] == [0x3FF8 << 48, 100]
    assert [each.type.value for each in instance.globals] == [F64, I32]
    instance.globals[0].bits = 0x4000 << 48
    assert instance.globals[0].bits == 0x4000 << 48


@each_engine
def test_covered_functions_note_what_they_execute(engine: Engine) -> None:
    instance = make(engine)
    body = Module.from_bytes(wat(TEXT)).funcs[BRANCH].origin
    assert isinstance(body, Body)
    assert body.expr.span is not None
    names = {offset: op.name for offset, op, _ in decode(wat(TEXT), *body.expr.span)}
    assert instance.reached() == set()
    instance.funcs[BRANCH].invoke([1])
    assert [names[at] for at in sorted(instance.reached())] == ["local.get", "if", "i32.const"]


@each_engine
def test_traps_say_what_and_which_calls_were_open(engine: Engine) -> None:
    instance = make(engine)
    with pytest.raises(Trap) as caught:
        instance.funcs[DEEP].invoke([0])
    assert caught.value.message == "unreachable"
    assert [(frame.func, frame.name) for frame in caught.value.frames] == [(BRANCH, "branch"), (DEEP, None)]


@each_engine
def test_fuel_ends_what_does_not_end(engine: Engine) -> None:
    instance = make(engine, fuel=1000)
    with pytest.raises(Exhaustion, match="fuel exhausted"):
        instance.funcs[LOOP].invoke([])
    instance.store.refuel(1000)
    assert instance.store.executed == 0
    instance.funcs[BRANCH].invoke([1])
    assert instance.store.executed >= 0


@each_engine
def test_what_is_imported_are_our_objects(engine: Engine) -> None:
    text = """(module (import "m" "h" (func $h (param i32) (result f64))) (import "m" "mem" (memory 1 3))
      (import "m" "g" (global i64)) (import "m" "g" (global i64))
      (func (export "f") (result f64) (call $h (i32.const -1)))
      (func (export "g") (result i64) (global.get 0)))"""
    seen: list[Any] = []

    def host(caller: Caller, number: int) -> int:
        seen.append((number, caller.instance.memories[0].size))
        return 0x4000 << 48

    def imports(store: Any) -> Any:
        func = HostFunc(FuncType((I32,), (F64,)), host, caller=True)
        memory = MemoryInst(store, MemoryType(Limits(1, 3)))
        return {"m": {"h": func, "mem": memory, "g": GlobalInst.from_bits(GlobalType(I64), 1 << 63, store)}}

    instance = make(engine, text, imports)
    assert instance.exports["f"].invoke([]) == [0x4000 << 48]
    assert instance.exports["g"].invoke([]) == [1 << 63]
    assert seen == [(0xFFFF_FFFF, 65536)]
    with pytest.raises(LinkError, match="unknown import"):
        make(engine, text, lambda store: {})


@each_engine
def test_an_instance_is_looked_at_while_it_is_made(engine: Engine) -> None:
    text = """(module (import "m" "h" (func $h)) (memory 1) (data (i32.const 3) "x") (global (mut i32) (i32.const 9))
      (start $h))"""
    seen: list[Any] = []

    def host(caller: Caller) -> None:
        seen.append((caller.instance.memories[0].read(3, 1), caller.instance.globals[0].bits))
        caller.instance.globals[0].bits = 4

    instance = make(engine, text, lambda store: {"m": {"h": HostFunc(FuncType(), host, caller=True)}})
    assert seen == [(b"x", 9)]
    assert instance.globals[0].bits == 4


def test_the_interpreter_shows_more() -> None:
    instance = make(Interpreter())
    assert not instance.dropped(Space.DATA, 0)
    instance.funcs[SET].invoke([])
    assert instance.dropped(Space.DATA, 0)
    assert (instance.lowest(1), instance.globals[1].bits) == (50, 80)
    instance.forget_lowest(1)
    assert instance.lowest(1) == 80
    instance.substitute(BRANCH, HostFunc(FuncType((I32,), (I32,)), lambda number: number + 30))
    assert instance.funcs[DEEP].invoke([5]) == [36]
    with pytest.raises(Trap) as caught:
        make(Interpreter()).funcs[DEEP].invoke([0])
    assert caught.value.frames[0].offset == caught.value.position.offset


def test_wasmtime_says_what_it_does_not_show() -> None:
    instance = make(Wasmtime())
    assert instance.lowest(1) is None
    for look in (lambda: instance.tables, lambda: instance.dropped(Space.DATA, 0)):
        with pytest.raises(LimitError, match="not looked at in wasmtime"):
            look()
    with pytest.raises(LimitError, match="not replaced"):
        instance.substitute(BRANCH, HostFunc(FuncType(), lambda: None))
    with pytest.raises(Refused):
        make(Wasmtime(), "(module (func (result i32) (i64.const 1)))")
    other = Interpreter().load(Module.from_bytes(wat("(module)"))).store(StoreLimits())
    with pytest.raises(TypeError, match="expected a store of wasmtime"):
        Wasmtime().load(Module.from_bytes(wat("(module)"))).instantiate({}, other)
