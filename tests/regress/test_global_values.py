"""Setting a global from Python put anything into it: the interpreter then computed wrongly, and constants changed."""

from __future__ import annotations

import math
import re

import pytest

from tests.helpers.wat import wat
from wasmrewrite import LinkError, Store, instantiate
from wasmrewrite.interp import Instance
from wasmrewrite.isa.types import EXTERNREF, F32, F64, FUNCREF, I32, I64, V128, FuncType, GlobalType, ValType
from wasmrewrite.runtime import GlobalInst, HostFunc, HostRef

TEXT = """
(module (global $g (export "g") (mut i32) (i32.const -7)) (global $d (export "d") (mut f64) (f64.const 1.5))
 (global (export "f") (mut f32) (f32.const 0.25)) (global (export "l") (mut i64) (i64.const -1))
 (global (export "i") i32 (i32.const 1)) (global (export "r") (mut funcref) (ref.null func))
 (func (export "isneg7") (result i32) global.get $g i32.const -7 i32.eq)
 (func (export "ltu") (result i32) global.get $g i32.const 1 i32.lt_u)
 (func (export "getd") (result f64) global.get $d)
 (func (export "ext") (result i64) global.get $g i64.extend_i32_u))
"""


@pytest.fixture
def instance() -> Instance:
    return instantiate(wat(TEXT))


def test_values_are_pythons_own(instance: Instance) -> None:
    assert [instance.global_(name).value for name in "gdfli"] == [-7, 1.5, 0.25, -1, 1]


def test_what_is_set_is_converted(instance: Instance) -> None:
    number = instance.global_("g")
    for given in (-7, 0xFFFF_FFF9):
        number.value = given
        assert number.value == -7
        assert [instance.func(name)() for name in ("isneg7", "ltu", "ext")] == [1, 0, 4294967289]
    instance.global_("d").value = 2
    assert instance.func("getd")() == 2.0
    instance.global_("d").value = math.inf
    assert instance.global_("d").value == math.inf


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("g", "x", "TypeError: global of type (mut i32): expected an int for i32, found 'x'"),
        ("g", 1.5, "TypeError: global of type (mut i32): expected an int for i32, found 1.5"),
        ("g", None, "TypeError: global of type (mut i32): expected an int for i32, found None"),
        ("g", 1 << 32, "ValueError: global of type (mut i32): 4294967296 is outside the range of i32"),
        ("l", -1 << 64, "ValueError: global of type (mut i64): -18446744073709551616 is outside the range of i64"),
        ("d", "1.5", "TypeError: global of type (mut f64): expected a number for f64, found '1.5'"),
        ("d", 10**400, "ValueError: global of type (mut f64): an int of 1329 bits is outside the range of f64"),
        ("f", b"", "TypeError: global of type (mut f32): expected a number for f32, found bytes"),
        ("r", 5, "TypeError: global of type (mut funcref): expected a reference for funcref, found 5"),
        ("i", 5, "TypeError: cannot set an immutable global of type i32"),
    ],
)
def test_what_does_not_fit_is_refused(instance: Instance, name: str, value: object, error: str) -> None:
    item = instance.global_(name)
    before = item.value
    with pytest.raises((TypeError, ValueError)) as caught:
        item.value = value
    assert f"{type(caught.value).__name__}: {caught.value}" == error
    assert item.value == before


@pytest.mark.parametrize(
    ("type", "value", "bits"),
    [
        (I32, -1, 0xFFFF_FFFF), (I64, -1, (1 << 64) - 1), (F32, 1.5, 0x3FC0_0000), (F64, 1, 0x3FF0_0000_0000_0000),
        (V128, bytes(range(16)), bytes(range(16))), (EXTERNREF, "anything", "anything"), (FUNCREF, None, None),
    ],
)  # fmt: skip
def test_globals_of_the_host_are_made_of_pythons_values(type: ValType, value: object, bits: object) -> None:
    made = GlobalInst(GlobalType(type, True), value)
    assert (made.bits, made.value) == (bits, value)


@pytest.mark.parametrize(
    ("type", "value"), [(I32, 1.0), (I32, 1 << 32), (F64, "1"), (V128, 5), (V128, bytes(5)), (FUNCREF, HostRef(1))]
)
def test_globals_of_the_host_are_checked(type: ValType, value: object) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^global of type {re.escape(str(type))}: "):
        GlobalInst(GlobalType(type), value)


def test_a_variable_of_the_host_belongs_to_the_store_that_uses_it_first() -> None:
    importing = wat('(module (import "m" "g" (global (mut i32))) (func (export "set") (global.set 0 (i32.const 9))))')
    shared = GlobalInst(GlobalType(I32, True), 5)
    first = instantiate(importing, {"m": {"g": shared}})
    instantiate(importing, {"m": {"g": shared}})  # joins the store of its import
    first.func("set")()
    assert shared.value == 9
    with pytest.raises(LinkError, match="import 'm' 'g': global belongs to another store"):
        instantiate(importing, {"m": {"g": shared}}, Store())


def test_a_constant_of_the_host_fits_every_store() -> None:
    importing = wat('(module (import "m" "g" (global i32)) (func (export "get") (result i32) global.get 0))')
    constant = GlobalInst(GlobalType(I32), -5)
    assert [instantiate(importing, {"m": {"g": constant}}, Store()).func("get")() for _ in range(2)] == [-5, -5]


def test_a_host_function_in_a_global_can_be_called() -> None:
    text = """(module (type $t (func (result i32))) (global (import "m" "g") funcref) (table 1 funcref)
      (func (export "f") (result i32) (table.set 0 (i32.const 0) (global.get 0))
        (call_indirect (type $t) (i32.const 0))))"""
    held = GlobalInst(GlobalType(FUNCREF), HostFunc(FuncType((), (I32,)), lambda: -3))
    assert instantiate(wat(text), {"m": {"g": held}}).func("f")() == -3
