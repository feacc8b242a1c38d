from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.lint.symbols import is_compiler_rt, is_libc, is_libm, mangled
from wasmrewrite.model import Item, Module


def imported(type_text: str) -> Item:
    """An imported function of a type."""
    return Module.from_bytes(wat(f'(module (import "env" "f" (func {type_text})))')).imports[0]


@pytest.mark.parametrize(
    "name",
    [
        "__multi3",
        "__divti3",
        "__udivti3",
        "__umodti3",
        "__udivmodti4",
        "__ashlti3",
        "__muloti4",
        "__addtf3",
        "__netf2",
        "__unordtf2",
        "__extenddftf2",
        "__trunctfsf2",
        "__fixunsdfti",
        "__floatuntidf",
        "__powidf2",
        "__mulsc3",
        "__clzti2",
    ],
)
def test_compiler_rt(name: str) -> None:
    assert is_compiler_rt(name)


@pytest.mark.parametrize("name", ["multi3", "__multi4", "__divide", "__heap_base", "__fixdf", ""])
def test_not_compiler_rt(name: str) -> None:
    assert not is_compiler_rt(name)


@pytest.mark.parametrize(
    ("name", "type_text", "wanted"),
    [
        ("pow", "(param f64 f64) (result f64)", True),
        ("sinf", "(param f32) (result f32)", True),
        ("log", "(param f64) (result f64)", True),
        ("log", "(param i32 i32)", False),
        ("power", "(param f64) (result f64)", False),
    ],
)
def test_libm_takes_floating_point(name: str, type_text: str, wanted: bool) -> None:
    assert is_libm(name, imported(type_text)) is wanted


@pytest.mark.parametrize(
    "name", ["malloc", "memcpy", "vsnprintf", "printf", "__cxa_throw", "__rust_alloc", "pthread_create"]
)
def test_libc(name: str) -> None:
    assert is_libc(name, imported(""))


@pytest.mark.parametrize("name", ["print", "mem", "mallocs", "log", "greet"])
def test_not_libc(name: str) -> None:
    assert not is_libc(name, imported(""))


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "Rust"),
        ("_RNvC6mycrate3foo", "Rust"),
        ("_Z3foov", "C++"),
        ("_ZN3foo3barEv", "C++"),
        ("$s4main3fooyyF", "Swift"),
        ("_zoom", None),
        ("_Zoom", None),
        ("_Rust", None),
        ("run", None),
    ],
)
def test_mangled(name: str, language: str | None) -> None:
    assert mangled(name) == language
