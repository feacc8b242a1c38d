"""Which form of catching a module uses is told by its code alone."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import Catching
from wasmrewrite.isa.types import FuncType, TypeDef
from wasmrewrite.kernels.encode import encode
from wasmrewrite.model import Body, Expr, Func, Module, Tag, instr


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("(module)", None),
        ("(module (func))", None),
        ("(module (tag $t) (func throw $t))", None),
        ("(module (tag $t) (func) (func try_table (catch_all 0) end))", "try_table"),
        ("(module (tag $t) (func (param exnref) local.get 0 throw_ref))", "try_table"),
    ],
)
def test_by_code(text: str, form: str | None) -> None:
    assert Catching(Module.from_bytes(wat(text))).form == form


def test_the_form_before_3_0() -> None:
    module = Module.from_bytes(b"\0asm\1\0\0\0")
    typedef = TypeDef(FuncType())
    module.types.append(typedef)
    module.tags.append(Tag(typedef, None))
    code = [instr("try", None), instr("catch_all"), instr("rethrow", 0), instr("end")]
    module.funcs.append(Func(typedef, Body.of((), Expr.of(code))))
    assert encode([(each.op, each.args) for each in code]) == b"\x06\x40\x19\x09\x00\x0b"
    assert Catching(Module.from_bytes(module.to_bytes())).form == "try"
