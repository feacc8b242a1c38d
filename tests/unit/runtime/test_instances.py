"""Globals, segments and the friendly way to call."""

from __future__ import annotations

import pytest

from wasmrewrite.isa.types import EXTERNREF, F64, I32, I64, FuncType, GlobalType
from wasmrewrite.runtime.instances import GlobalInst, HostFunc, Segment, WatchedGlobal
from wasmrewrite.runtime.values import bits_of_f64


def test_a_global_of_type_f64_has_three_forms() -> None:
    made = GlobalInst(GlobalType(F64, True), 1.5)
    assert (made.raw, made.bits, made.value) == (1.5, bits_of_f64(1.5), 1.5)
    made.value = -2
    assert (made.raw, made.bits, made.value) == (-2.0, bits_of_f64(-2.0), -2.0)
    made.bits = bits_of_f64(0.5)
    assert (made.raw, made.value) == (0.5, 0.5)


def test_a_watched_global_knows_its_lowest_value() -> None:
    made = WatchedGlobal(GlobalType(I32, True), 100)
    for value in (80, 120, 0xFFFF_FFF0, 90):
        made.raw = value
    assert (made.low, made.value) == (80, 90)
    made.reset()
    assert made.low == 90
    made.value = 10
    assert (made.low, made.raw) == (10, 10)


def test_segments_drop() -> None:
    data, elem = Segment(b"ab"), Segment([None])
    data.drop()
    elem.drop()
    assert (data.contents, elem.contents) == (b"", [])


def test_calling_a_host_function() -> None:
    assert (
        HostFunc(FuncType((I32, F64), (I64,)), lambda a, b: a if b == bits_of_f64(0.5) else None)(-1, 0.5)
        == 0xFFFF_FFFF
    )
    assert HostFunc(FuncType(), lambda: None)() is None
    assert HostFunc(FuncType((), (I32, F64)), lambda: [1, bits_of_f64(2.0)])() == (1, 2.0)


@pytest.mark.parametrize(("given", "results"), [([1], ()), ([1, 2], (I32,)), (1, ())])
def test_a_host_function_must_keep_its_type(given: object, results: tuple[object, ...]) -> None:
    func = HostFunc(FuncType((), results), lambda: given, name="f")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"host function 'f' returned \d value\(s\), its type has \d"):
        func.invoke([])


def test_none_is_a_null_where_one_value_is_wanted() -> None:
    assert HostFunc(FuncType((), (EXTERNREF,)), lambda: None).invoke([]) == [None]
    with pytest.raises(TypeError, match=r"^result 1 of host function 'f': expected an int for i32, found None$"):
        HostFunc(FuncType((), (I32,)), lambda: None, name="f").invoke([])


def test_a_wrong_number_of_arguments() -> None:
    with pytest.raises(TypeError, match=r"host function 'f' takes 1 argument\(s\), not 2"):
        HostFunc(FuncType((I32,)), lambda _: None, name="f")(1, 2)
