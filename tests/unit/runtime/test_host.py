"""Host modules that need nothing from outside, and callers."""

from __future__ import annotations

from wasmrewrite.isa.types import EXTERNREF, F64, I32, V128, FuncType, TypeDef
from wasmrewrite.model import Func, Import
from wasmrewrite.runtime.host import HostCall, RecordingHost, spectest
from wasmrewrite.runtime.instances import GlobalInst
from wasmrewrite.runtime.store import Store
from wasmrewrite.runtime.values import HostRef


def test_answers_depend_on_the_seed_and_the_name_only() -> None:
    one, two, other = RecordingHost(1), RecordingHost(1), RecordingHost(2)
    two.answer("m", "elsewhere", [I32] * 9)
    expected = [one.answer("m", "f", [I32, F64]) for _ in range(20)]
    assert [two.answer("m", "f", [I32, F64]) for _ in range(20)] == expected
    assert [other.answer("m", "f", [I32, F64]) for _ in range(20)] != expected


def test_answers_are_values_of_their_types() -> None:
    host = RecordingHost()
    for _ in range(100):
        number, float_bits, reference, vector = host.answer("m", "f", [I32, F64, EXTERNREF, V128])
        assert 0 <= number < 1 << 32
        assert 0 <= float_bits < 1 << 64
        assert isinstance(reference, HostRef)
        assert len(vector) == 16


def test_calls_are_logged() -> None:
    host = RecordingHost()
    item = Func(TypeDef(FuncType((I32,), (I32,))), Import("m", "f"))
    imports = host.imports([item])
    assert imports.keys() == {"m"}
    imports["m"]["f"].invoke([7])
    assert host.log == [HostCall("m", "f", (7,))]


def test_spectest() -> None:
    items = spectest(Store())
    number = items["global_i32"]
    assert isinstance(number, GlobalInst)
    assert number.value == 666
    assert {"print", "print_f64_f64", "memory", "table", "table64"} <= items.keys()
