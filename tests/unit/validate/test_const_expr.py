"""Constant expressions: what may stand in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.validate.body.contexts import context_of
from wasmrewrite.errors import InvalidError, MalformedError
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.isa.types import EXTERN, FUNC, FUNCREF, I32, I64, V128, FuncType, GlobalType, RefType, ValType
from wasmrewrite.kernels.encode import encode
from wasmrewrite.validate.body.types import code_of
from wasmrewrite.validate.const_expr import validate_const

CONTEXT = context_of(
    types=[FuncType()],
    funcs=[0],
    globals=[GlobalType(I32), GlobalType(I32, True), GlobalType(I64)],
    refs=frozenset({0}),
)


def check(wanted: ValType, *lines: tuple[Any, ...], known: int | None = None) -> None:
    data = b"\0\0\0" + encode((BY_NAME[name], tuple(rest)) for name, *rest in (*lines, ("end",)))
    validate_const(data, 3, len(data), CONTEXT, code_of(wanted), known)


def test_accepted() -> None:
    check(I32, ("i32.const", 1))
    check(I64, ("i64.const", 1), ("global.get", 2), ("i64.sub",))
    check(V128, ("v128.const", bytes(16)))
    check(FUNCREF, ("ref.func", 0))
    check(RefType(True, EXTERN), ("ref.null", EXTERN))
    check(I32, ("global.get", 0), known=1)


@pytest.mark.parametrize(
    ("wanted", "lines", "known", "message", "offset"),
    [
        (I32, [("i32.const", 1), ("i32.eqz",)], None, "constant expression required: i32.eqz", 5),
        (I32, [("nop",), ("i32.const", 1)], None, "constant expression required: nop", 3),
        (I32, [("global.get", 1)], None, "constant expression required: the global is mutable", 3),
        (I32, [("global.get", 3)], None, "unknown global 3", 3),
        (I32, [("global.get", 0)], 0, "unknown global 0", 3),
        (I32, [("i64.const", 1)], None, "type mismatch: block requires [i32] but stack has [i64]", 5),
        (I32, [], None, "type mismatch: block requires [i32] but stack has []", 3),
        (
            I32,
            [("i32.const", 1), ("i32.const", 1)],
            None,
            "type mismatch: block requires [i32] but stack has [i32 i32]",
            7,
        ),
        (FUNCREF, [("ref.func", 1)], None, "unknown function 1", 3),
        (
            RefType(False, FUNC),
            [("ref.null", FUNC)],
            None,
            "type mismatch: block requires [(ref func)] but stack has [funcref]",
            5,
        ),
    ],
)
def test_refused(wanted: ValType, lines: list[tuple[Any, ...]], known: int | None, message: str, offset: int) -> None:
    with pytest.raises(InvalidError) as caught:
        check(wanted, *lines, known=known)
    assert (caught.value.message, caught.value.position.offset) == (message, offset)


def test_malformed() -> None:
    with pytest.raises(MalformedError, match="section size mismatch"):
        validate_const(b"\x41\0\x0b\0", 0, 4, CONTEXT, code_of(I32))
