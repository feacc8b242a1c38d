"""Calls, limits, traps and their places, the host."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.interp import Instance, Program, instantiate
from wasmrewrite.isa.types import F64, I32, FuncType
from wasmrewrite.runtime import Caller, HostFunc, HostRef, Store, StoreLimits
from wasmrewrite.runtime.values import bits_of_f64


def make(text: str, imports: Any = None, **limits: int) -> Instance:
    """Instantiate the text of a module in a store of its own."""
    return instantiate(wat(f"(module {text})"), imports, Store(StoreLimits(**limits)))


def call(instance: Instance, name: str, *args: object) -> Any:
    """Call an export with Python's values."""
    return instance.exports[name](*args)  # type: ignore[operator]


def test_calls_do_not_recurse_in_python() -> None:
    text = """(func $f (export "f") (param i32) (result i32)
      (if (result i32) (local.get 0)
        (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
        (else (i32.const 0))))"""
    assert call(make(text, depth=10_001), "f", 10_000) == 10_000


def test_the_depth_limit_is_exact_and_given_back() -> None:
    text = """(func $f (export "f") (param i32)
      (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))"""
    instance = make(text, depth=10)
    for _ in range(3):
        call(instance, "f", 9)
        with pytest.raises(Exhaustion, match="call stack exhausted"):
            call(instance, "f", 10)
    assert instance.store.depth_left == 10


def test_many_locals_weigh_more() -> None:
    locals_ = "i32 " * 3000
    with pytest.raises(Exhaustion, match="call stack exhausted"):
        call(make(f'(func (export "f") (local {locals_}))', depth=2), "f")


def test_tail_calls_take_no_depth() -> None:
    text = """(func $f (export "f") (param i32 i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $g (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 2))))
    (func $g (param i32 i32) (result i32) (return_call $f (local.get 0) (local.get 1)))"""
    assert call(make(text, depth=2), "f", 5000, 1) == 10_001


@pytest.mark.parametrize(
    "text",
    [
        '(func (export "f") (loop (br 0)))',
        '(func $f (export "f") (return_call $f))',
        '(func $g) (func (export "f") (loop (call $g) (br 0)))',
        '(func $f (export "f") (param i32) (call $f (i32.const 1)) (call $f (i32.const 1)))',
    ],
)
def test_nothing_runs_for_ever(text: str) -> None:
    instance = make(text, fuel=1000, depth=50)
    with pytest.raises(Exhaustion):
        instance.invoke(instance.exports["f"], [1] if "param" in text else [])  # type: ignore[arg-type]


def test_recursion_without_loops_runs_out_of_fuel() -> None:
    text = """(func $f (export "f") (param i32) (if (local.get 0) (then
      (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 1))))))"""
    instance = make(text, fuel=10_000)
    with pytest.raises(Exhaustion, match="fuel exhausted"):
        call(instance, "f", 40)
    instance.store.refuel(10_000)
    call(instance, "f", 5)


def test_fuel_is_the_same_every_time() -> None:
    text = '(func (export "f") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))'
    instance = make(text, fuel=501)
    for _ in range(2):
        instance.store.refuel(501)
        call(instance, "f", 100)
        assert instance.store.executed == 501


def test_a_trap_says_where() -> None:
    data = wat("""(module (memory 1)
      (func $inner (param i32) (result i32) (i32.add (i32.const 1) (i32.load offset=65533 (local.get 0))))
      (func (export "f") (result i32) (nop) (call $inner (i32.const 0))))""")
    instance = instantiate(data)
    with pytest.raises(Trap) as caught:
        call(instance, "f")
    assert caught.value.message == "out of bounds memory access"
    assert caught.value.position.path == ("func[0] 'inner'",)
    assert caught.value.position.offset is not None
    assert data[caught.value.position.offset] == 0x28
    # nop, const, call, const, get, load
    assert instance.store.executed == 6


def test_memory_bounds() -> None:
    instance = make('(memory 1) (func (export "f") (param i32) (result i64) (i64.load offset=8 (local.get 0)))')
    assert call(instance, "f", 65536 - 16) == 0
    for address in (65536 - 15, 0xFFFF_FFFF, -8):
        with pytest.raises(Trap, match="out of bounds memory access"):
            call(instance, "f", address)


def test_host_functions_may_call_back_and_touch_memory() -> None:
    text = """(import "m" "h" (func $h (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "f") (param i32) (result i32) (i32.add (call $h (local.get 0)) (i32.load8_u (i32.const 5))))
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))"""

    def host(caller: Caller, number: int) -> int:
        caller.memory.write(5, b"\x64")
        return int(caller.call("twice", number))

    imports = {"m": {"h": HostFunc(FuncType((I32,), (I32,)), host, caller=True, name="h")}}
    instance = make(text, imports)
    assert call(instance, "f", 21) == 142
    assert instance.store.executed == 5 + 3  # both calls, the one from inside included


def test_calls_back_and_forth_end() -> None:
    text = '(import "m" "h" (func $h)) (func (export "f") (call $h))'
    imports = {"m": {"h": HostFunc(FuncType(), lambda caller: caller.call("f"), caller=True)}}
    instance = make(text, imports)
    with pytest.raises(Exhaustion, match="call stack exhausted"):
        call(instance, "f")
    assert instance.store.nesting_left == instance.store.limits.nesting
    assert instance.store.depth_left == instance.store.limits.depth


def test_what_a_host_function_raises_comes_out() -> None:
    def host() -> None:
        raise LookupError("no")

    instance = make('(import "m" "h" (func $h)) (func (export "f") (call $h))', {"m": {"h": host}})
    with pytest.raises(LookupError, match="no"):
        call(instance, "f")
    assert instance.store.depth_left == instance.store.limits.depth


def test_host_functions_get_values_of_the_border() -> None:
    seen: list[object] = []

    def host(*args: object) -> int:
        seen.append(args)
        return bits_of_f64(2.5)

    func = HostFunc(FuncType((I32, F64), (F64,)), host)
    text = """(import "m" "h" (func $h (param i32 f64) (result f64)))
    (func (export "f") (result f64) (f64.add (f64.const 1) (call $h (i32.const -1) (f64.const 0.5))))
    (func (export "tail") (result f64) (return_call $h (i32.const 1) (f64.const nan:0x4)))"""
    instance = make(text, {"m": {"h": func}})
    assert call(instance, "f") == 3.5
    assert instance.invoke(2) == [bits_of_f64(2.5)]
    assert seen == [(0xFFFF_FFFF, bits_of_f64(0.5)), (1, 0x7FF0_0000_0000_0004)]


def test_indirect_calls() -> None:
    text = """(type $t (func (result i32))) (table (export "t") 4 funcref) (elem (i32.const 0) $a $b)
    (func $a (type $t) (i32.const 10)) (func $b (param i32))
    (func (export "f") (param i32) (result i32) (call_indirect (type $t) (local.get 0)))
    (func (export "tail") (param i32) (result i32) (return_call_indirect (type $t) (local.get 0)))"""
    instance = make(text)
    for name in ("f", "tail"):
        assert call(instance, name, 0) == 10
        for index, reason in (
            (1, "indirect call type mismatch"),
            (2, "uninitialized element 2"),
            (4, "undefined element 4"),
        ):
            with pytest.raises(Trap) as caught:
                call(instance, name, index)
            assert caught.value.message == reason


def test_calls_between_instances_use_each_ones_own_memory() -> None:
    store = Store()
    inner = instantiate(
        wat("""(module (memory 1) (data (i32.const 0) "A") (global (mut i32) (i32.const 1))
          (func (export "g") (result i32) (i32.add (i32.load8_u (i32.const 0)) (global.get 0)))
          (func (export "trap") (unreachable)))"""),
        store=store,
    )
    outer = instantiate(
        wat("""(module (import "in" "g" (func $g (result i32))) (import "in" "trap" (func $trap))
          (memory 1) (data (i32.const 0) "a") (global (mut i32) (i32.const 2))
          (func (export "f") (result i32) (i32.add (i32.mul (call $g) (i32.const 1000))
            (i32.add (i32.load8_u (i32.const 0)) (global.get 0))))
          (func (export "tail") (result i32) (return_call $g)) (func (export "trap") (call $trap)))"""),
        {"in": inner.exports},
        store,
    )
    assert call(outer, "f") == 66 * 1000 + 99
    assert call(outer, "tail") == 66
    with pytest.raises(Trap) as caught:
        call(outer, "trap")
    assert caught.value.position.path == ("func[1]",)


def test_references_pass_through() -> None:
    text = """(table 1 externref) (func (export "f") (param externref) (result externref i32)
      (table.set (i32.const 0) (local.get 0)) (table.get (i32.const 0)) (ref.is_null (local.get 0)))"""
    instance = make(text)
    assert call(instance, "f", HostRef(3)) == (HostRef(3), 0)
    assert call(instance, "f", None) == (None, 1)


def test_one_program_serves_many_instances() -> None:
    program = Program(wat('(module (global (export "g") (mut i32) (i32.const 0)) (func (global.set 0 (i32.const 5))))'))
    first, second = instantiate(program), instantiate(program)
    first.invoke(0)
    assert [instance.globals[0].value for instance in (first, second)] == [5, 0]
    assert first.funcs[0].code is program.code(0)


def test_arguments_must_be_as_many_as_parameters() -> None:
    instance = make("(func (param i32))")
    with pytest.raises(ValueError, match=r"func\[0\] takes 1 argument\(s\), not 0"):
        instance.invoke(0, [])
