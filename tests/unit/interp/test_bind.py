"""Fetching registers, constants, and what takes the place of opcodes."""

from __future__ import annotations

import pytest

from wasmrewrite.flat import code as flat
from wasmrewrite.flat.assembler import EMPTY, Assembler
from wasmrewrite.interp.bind import bind, constant, fetch
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.runtime.values import bits_of_f64


@pytest.mark.parametrize("registers", [(), (3,), (1, 2, 3), (3, 1), (2, 2)])
def test_fetch(registers: tuple[int, ...]) -> None:
    assert list(fetch(registers)([10, 11, 12, 13])) == [10 + register for register in registers]


def test_constants() -> None:
    assert constant(BY_NAME["i64.const"].code, 7) == 7
    nan = 0x7FF0_0000_0000_0001
    assert bits_of_f64(constant(BY_NAME["f64.const"].code, nan)) == nan
    assert constant(BY_NAME["v128.const"].code, 1) == b"\1" + bytes(15)
    assert constant(BY_NAME["ref.null"].code, 0) is None


def test_what_needs_no_function_stays_the_same_object() -> None:
    code = Assembler(1, [(2, *EMPTY)], 1, False)
    code.emit(flat.MOVE, 1, a=2)
    code.push_slots(1)
    code.produce(flat.UNARY, BY_NAME["f64.abs"].code, code.pop())
    made = code.code()
    bound = bind(made)
    assert bound.instrs[0] is made.instrs[0]
    assert bound.instrs[1][2](-1.5) == 1.5
    assert bound.template == [0, 0, 0]
