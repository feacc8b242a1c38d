"""Bodies under construction: locals are counted behind parameters, and grouped as the code section has them."""

from __future__ import annotations

import pytest

from wasmrewrite.isa.types import F32, I32, I64
from wasmrewrite.rewrite import Code


def test_locals_come_behind_parameters() -> None:
    code = Code((I32, F32))
    assert [code.local(I32), code.local(I32), code.local(I64), code.local(I32)] == [2, 3, 4, 5]
    assert code.local_runs == ((2, I32), (1, I64), (1, I32))


def test_instructions_are_appended() -> None:
    code = Code(()).add("i32.const", 3).add("drop")
    assert [str(each) for each in code.instrs] == ["i32.const 3", "drop"]


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match=r"i32\.const takes 1 operand"):
        Code(()).add("i32.const")
