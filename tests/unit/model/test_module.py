"""What a module knows about itself, and what a fork takes along."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import FuncType, TypeDef
from wasmrewrite.model import Body, Expr, Func, Module

TEXT = """
(module $m (memory (export "mem") 1)
  (func $twice (export "a") (export "b"))
  (func $hidden)
  (@custom "note" "x"))
"""


def module() -> Module:
    return Module.from_bytes(wat(TEXT))


def test_reading_is_no_edit() -> None:
    loaded = module()
    assert loaded.funcs
    assert loaded.exports
    assert loaded.customs
    assert loaded.start is None
    assert loaded.as_read


def test_an_added_function_is_an_edit_that_forks_take_along() -> None:
    edited = module()
    typedef = TypeDef(FuncType())
    edited.types.append(typedef)
    edited.funcs.append(Func(typedef, Body.of((), Expr.of(()))))
    assert not edited.as_read
    assert len(edited.fork().funcs) == 3


def test_forks_share_bytes_and_no_items() -> None:
    first = module()
    second = first.fork()
    assert second.source.data is first.source.data
    assert second.funcs[0] is not first.funcs[0]
    second.exports.pop()
    assert len(first.exports) == 3


def test_a_changed_custom_section_is_an_edit() -> None:
    edited = module()
    custom = next(each for each in edited.customs if each.name == "note")
    custom.replace(b"y")
    assert not edited.as_read
    assert b"notey" in edited.fork().to_bytes()


def test_functions_are_found_by_export_then_by_name() -> None:
    found = module()
    assert found.find_func("a") is found.find_func("b") is found.funcs[0]
    assert found.find_func("hidden") is found.funcs[1]
    with pytest.raises(RewriteError, match="export 'mem' is no function"):
        found.find_func("mem")
    with pytest.raises(RewriteError, match="no export and no function is called 'nobody'"):
        found.find_func("nobody")


def test_text_is_a_way_in_and_out() -> None:
    loaded = Module.from_wat(TEXT, check="validate")
    assert [func.name for func in loaded.funcs] == ["twice", "hidden"]
    assert Module.from_wat(loaded.to_wat()).to_bytes() == loaded.to_bytes()
    typedef = TypeDef(FuncType())
    loaded.types.append(typedef)
    loaded.funcs.append(Func(typedef, Body.of((), Expr.of(()))))
    assert loaded.to_wat().count("(func ") == 3 + 2
