"""Integers were unsigned where people meet them: ``-1`` came back as 4294967295, and nothing could say otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite import (
    ConfigError,
    Contract,
    Interface,
    Same,
    Store,
    StoreLimits,
    Trap,
    instantiate,
    parse_type,
    verify,
    with_caller,
)
from wasmrewrite.contract import Declaration
from wasmrewrite.contract.interface import SCALARS
from wasmrewrite.equiv.behavior.script import Call
from wasmrewrite.equiv.behavior.values import Value, parse_value
from wasmrewrite.interp import Instance
from wasmrewrite.runtime import Caller, HostFunc
from wasmrewrite.runtime.readings import _CARRIERS, _TWO_WORDS

TEXT = """
(module (import "h" "f" (func $f (param i32 i64) (result i32)))
  (memory (export "memory") 1 2)
  (func (export "same") (param i32) (result i32) local.get 0)
  (func (export "long") (param i64) (result i64) local.get 0)
  (func (export "both") (param i32 i64) (result i32 i64) local.get 0 local.get 1)
  (func (export "ask") (param i32 i64) (result i32) local.get 0 local.get 1 call $f))
"""


def made(host: Any = lambda a, b: a, interface: Interface | None = None) -> Instance:
    return instantiate(wat(TEXT), {"h": {"f": host}}, interface=interface)


def declared(name: str, params: str = "", result: str | None = None, module: str | None = None) -> Declaration:
    types = tuple(map(parse_type, params.split())) if params else None
    return Declaration(name, module, types, None if result is None else parse_type(result))


def test_results_are_signed_and_arguments_have_either_sign() -> None:
    instance = made()
    assert instance.func("same")(-1) == instance.func("same")(0xFFFF_FFFF) == -1
    assert instance.func("same")(0x7FFF_FFFF) == 0x7FFF_FFFF
    assert instance.func("long")(1 << 63) == -1 << 63
    assert instance.func("both")(0x8000_0000, -1) == (-0x8000_0000, -1)


def test_what_a_host_function_is_given_is_signed() -> None:
    seen: list[tuple[int, int]] = []

    def host(a: int, b: int) -> int:
        seen.append((a, b))
        return 0xFFFF_FFFE

    assert made(host).func("ask")(-5, (1 << 64) - 6) == -2
    assert seen == [(-5, -6)]


def test_engines_keep_bits() -> None:
    seen: list[Any] = []

    def noted(*args: int) -> int:
        seen.append(args)
        return -2

    instance = made(HostFunc(made().func("ask").type, noted))
    assert instance.func("ask").invoke([0xFFFF_FFFB, 7]) == [0xFFFF_FFFE]
    assert seen == [(0xFFFF_FFFB, 7)]
    assert instance.func("same").invoke([-1]) == [0xFFFF_FFFF]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ([1 << 32], "ValueError: argument 1 of func[1]: 4294967296 is outside the range of i32"),
        ([1.0], "TypeError: argument 1 of func[1]: expected an int for i32, found 1.0"),
        (["1"], "TypeError: argument 1 of func[1]: expected an int for i32, found '1'"),
    ],
)
@pytest.mark.parametrize("friendly", [True, False])
def test_what_does_not_fit_never_reaches_the_engine(args: list[object], error: str, friendly: bool) -> None:
    func = made().func("same")
    with pytest.raises((TypeError, ValueError)) as caught:
        func(*args) if friendly else func.invoke(args)
    assert f"{type(caught.value).__name__}: {caught.value}" == error


def test_declared_types_decide() -> None:
    seen: list[object] = []

    def host(a: int, b: int) -> int:
        seen.extend((a, b))
        return 300

    interface = Interface(
        exports=(
            declared("same", "u32", "u32"), declared("long", "i64", "u64"), declared("both", "bool u64", "(bool, u64)"),
            declared("nothing", "u32"),
        ),
        imports=(declared("f", "u32 u64", "u16", module="h"),),
    )  # fmt: skip
    instance = made(host, interface)
    assert instance.func("same")(0xFFFF_FFFF) == 0xFFFF_FFFF
    assert instance.func("long")(-1) == (1 << 64) - 1
    assert instance.func("both")(True, 1 << 63) == (True, 1 << 63)
    assert instance.func("ask")(-1, -2) == 300
    assert seen == [0xFFFF_FFFF, (1 << 64) - 2]
    with pytest.raises(ValueError, match=r"^argument 1 of func\[1\]: -1 is outside the range of u32$"):
        instance.func("same")(-1)


@pytest.mark.parametrize(
    ("scalar", "given", "back"),
    [("bool", 1, True), ("u8", 200, 200), ("i8", -7, -7), ("char", "\u00e4", "\u00e4"), ("char", 65, "A"),
     ("ptr", 0xFFFF_0000, 0xFFFF_0000), ("i32", -1, -1), ("u32", 1 << 31, 1 << 31), ("i16", -300, -300)],
)  # fmt: skip
def test_every_scalar_of_32_bits(scalar: str, given: object, back: object) -> None:
    result = made(interface=Interface(exports=(declared("same", scalar, scalar),))).func("same")(given)
    assert (result, type(result)) == (back, type(back))


@pytest.mark.parametrize(
    ("scalar", "given"), [("bool", 2), ("u8", 256), ("u8", -1), ("i8", 128), ("char", 0x110000), ("ptr", -1)]
)
def test_scalars_out_of_range(scalar: str, given: int) -> None:
    func = made(interface=Interface(exports=(declared("same", scalar),))).func("same")
    with pytest.raises(ValueError, match=rf"{given} is outside the range of {scalar}$"):
        func(given)


def test_a_result_that_does_not_fit_what_was_declared_is_shown_all_the_same() -> None:
    instance = made(interface=Interface(exports=(declared("same", "", "bool"), declared("long", "", "i64"))))
    assert instance.func("same")(-5) == -5
    assert made(interface=Interface(exports=(declared("same", "", "char"),))).func("same")(0x110000) == 0x110000


@pytest.mark.parametrize(
    ("given", "what"),
    [(declared("same", "u32 u32"), "other parameters"), (declared("same", "u64"), "other parameters"),
     (declared("same", "", "u64"), "another result"), (declared("same", "", "(u32, u32)"), "another result"),
     (declared("both", "", "(u32)"), "another result"), (declared("both", "", "[u32; 1000000]"), "another result")],
)  # fmt: skip
def test_declarations_that_contradict_the_module(given: Declaration, what: str) -> None:
    with pytest.raises(ConfigError, match=f"the interface declares {what} of '{given.name}' than"):
        made(interface=Interface(exports=(given,)))


def test_structures_are_passed_as_compilers_like() -> None:
    one = Declaration("same", None, (parse_type("(u32, u32)"),))
    assert made(interface=Interface(exports=(one,))).func("same")(-1) == -1


def test_every_declared_scalar_has_a_reading() -> None:
    assert set(SCALARS) == {*_CARRIERS, *_TWO_WORDS}


def test_the_judge_shows_hosts_the_same_numbers() -> None:
    text = """(module (import "h" "f" (func $f (param i32 i64) (result i32))) (memory 1)
      (func (export "ask") (param i32 i64) (result i32) %s local.get 0 local.get 1 call $f))"""
    seen: list[tuple[int, int]] = []

    @with_caller
    def host(caller: Caller, a: int, b: int) -> int:
        seen.append((a, b))
        return 0xFFFF_FFFF

    before, after = wat(text % ""), wat(text % "nop")
    interface = Interface(imports=(declared("f", "u32 i64", "u32", module="h"),))
    contract = Contract()
    assert isinstance(verify(before, after, contract, host={"h": {"f": host}}, interface=interface, calls=50), Same)
    assert min(a for a, _ in seen) >= 0 > min(b for _, b in seen)
    assert max(a for a, _ in seen) > 0x7FFF_FFFF
    seen.clear()
    assert isinstance(verify(before, after, contract, host={"h": {"f": host}}, calls=50), Same)
    assert min(a for a, _ in seen) < 0


def test_scripts_keep_bits_and_text_is_signed() -> None:
    call = Call("f", 0, 0, (Value("i32", 0xFFFF_FFFF), Value("i64", 1 << 63), Value("i32", 5)))
    assert call.to_json()["args"] == ["i32:4294967295", "i64:9223372036854775808", "i32:5"]
    assert str(call) == "f(i32:-1, i64:-9223372036854775808, i32:5)"
    assert Call.from_json(call.to_json()) == call
    assert tuple(parse_value(str(each)) for each in call.args) == call.args


def test_what_returns_through_a_pointer_keeps_its_pointer() -> None:
    text = '(module (memory 1) (func (export "f") (param i32 i32) (i32.store (local.get 0) (local.get 1))))'
    interface = Interface(exports=(declared("f", "u32", "(u32, u32)"),))
    func = instantiate(wat(text), interface=interface).func("f")
    assert func(8, 0xFFFF_FFFF) is None
    with pytest.raises(ValueError, match=r"argument 2 of .* outside the range of u32"):
        func(8, -1)


def test_memories_take_the_addresses_that_hosts_are_given() -> None:
    memory = made().memory("memory")
    for attempt in (lambda: memory.read(-4, 4), lambda: memory.write(-4, b"1234"), lambda: memory.read(0, -1)):
        with pytest.raises(Trap, match="out of bounds memory access"):
            attempt()
    assert memory.at(-4) == 0xFFFF_FFFC
    assert (memory.grow(-1), memory.pages, memory.grow(1), memory.pages) == (-1, 1, 1, 2)
    memory.write(3, memoryview(b"abc")[1:])
    assert memory.read(3, 2) == b"bc"


def test_a_negative_address_is_above_two_gigabytes() -> None:
    text = """(module (import "h" "f" (func $f (param i32))) (memory 32769)
      (func (export "f") (call $f (i32.const -0x80000000))))"""
    seen: list[tuple[int, bytes]] = []

    def host(caller: Caller, address: int) -> None:
        caller.memory.write(address, b"far")
        seen.append((address, caller.memory.read(address, 3)))

    store = Store(StoreLimits(memory_bytes=1 << 32))
    instance = instantiate(wat(text), {"h": {"f": with_caller(host)}}, store)
    instance.func("f")()
    assert seen == [(-0x8000_0000, b"far")]
    assert instance.memories[0].read(0x8000_0000, 3) == b"far"


@pytest.mark.parametrize(
    ("name", "args", "error"),
    [
        ("read", ("0", 1), "TypeError: expected an int for an address or a size, found '0'"),
        ("read", (0, 1.0), "TypeError: expected an int for an address or a size, found 1.0"),
        ("read", (-1 << 40, 1), "ValueError: -1099511627776 is outside the range of i32 addresses"),
        ("write", (0, "text"), "TypeError: expected bytes for a memory, found str"),
        ("write", (0, [1, 2]), "TypeError: expected bytes for a memory, found list"),
        ("grow", (None,), "TypeError: expected an int for an address or a size, found None"),
    ],
)
def test_memory_helpers_say_what_they_want(name: str, args: tuple[Any, ...], error: str) -> None:
    memory = made().memory("memory")
    with pytest.raises((TypeError, ValueError)) as caught:
        getattr(memory, name)(*args)
    assert f"{type(caught.value).__name__}: {caught.value}" == error
