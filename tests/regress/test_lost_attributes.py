"""Attributes that nothing reads could be set on modules and instances, and wrong types met errors of the inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite import Module, Store, instantiate
from wasmrewrite.isa.types import FUNCREF, I32, GlobalType
from wasmrewrite.runtime import GlobalInst, MemoryInst, TableInst

BINARY = wat('(module (global (export "g") (mut i32) (i32.const 1)))')


@pytest.mark.parametrize("name", ["name", "exported", "g"])
def test_nothing_can_be_set_that_nobody_reads(name: str) -> None:
    module = Module.from_bytes(BINARY)
    for item in (module, instantiate(module, {})):
        with pytest.raises(AttributeError, match=name):
            setattr(item, name, 5)


def test_what_can_be_set_is_written() -> None:
    module = Module.from_bytes(wat("(module (func $f) (start $f))"))
    module.start = None
    assert Module.from_bytes(module.to_bytes()).start is None


@pytest.mark.parametrize("given", [BINARY, bytearray(BINARY), "app.wasm"])
def test_modules_are_made_by_their_methods(given: Any) -> None:
    with pytest.raises(TypeError, match="is made by Module"):
        Module(given)


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda wrong: GlobalInst(wrong, 5), "expected a GlobalType for a global, found "),
        (lambda wrong: MemoryInst(Store(), wrong), "expected a MemoryType for a memory, found "),
        (lambda wrong: TableInst(Store(), wrong), "expected a TableType for a table, found "),
    ],
)
@pytest.mark.parametrize("wrong", [5, I32, FUNCREF, None])
def test_a_wrong_type_is_named(make: Callable[[Any], object], wanted: str, wrong: object) -> None:
    with pytest.raises(TypeError, match=f"^{wanted}"):
        make(wrong)
    assert GlobalInst(GlobalType(I32), 5).value == 5
