"""One function's body out of a module."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import Condition, InvalidError
from wasmrewrite.isa.types import FuncType, TypeDef
from wasmrewrite.model import Body, Expr, Func, Module
from wasmrewrite.validate import context, validate_func


def test_the_side_table_of_a_function() -> None:
    module = Module.from_bytes(
        wat('(module (import "a" "b" (func)) (func (param i32) (local i64 i64) (if (local.get 0) (then (call 0)))))')
    )
    table = validate_func(module, context(module), 1)
    assert [op.name for _, op, _ in table.instrs()] == ["local.get", "if", "call", "end", "end"]
    assert list(table.heights) == [0, 1, 0, 0, 0]
    assert list(table.ends) == [0, 3, 0, 0, 0]
    body = module.funcs[1].origin
    assert isinstance(body, Body)
    assert body.span is not None
    assert body.span[0] < table.offsets[0] < table.offsets[-2] == table.offsets[-1] - 1 == body.span[1] - 1


def test_a_bad_body_is_named() -> None:
    module = Module.from_bytes(wat("(module (func) (func i32.add))"))
    made = context(module)
    validate_func(module, made, 0)
    with pytest.raises(InvalidError) as caught:
        validate_func(module, made, 1)
    position, condition = caught.value.position, caught.value.condition
    assert (position.path, position.function) == (("code section", "func[1]"), 1)
    assert condition == Condition("type-mismatch.operands", ("i32", "i32"), ())


def test_functions_without_bytes() -> None:
    module = Module.from_bytes(wat('(module (import "a" "b" (func)))'))
    made = context(module)
    module.funcs.append(Func(TypeDef(FuncType()), Body.of((), Expr.of(()))))
    for index in (0, 1):
        with pytest.raises(ValueError, match=f"function {index} has no body"):
            validate_func(module, made, index)
