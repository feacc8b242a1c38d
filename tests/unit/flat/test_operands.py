"""Short operands are what the table reads, however they are written."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite.flat.operands import BLOCK_TYPES, BLOCKTYPE, NONE, form_of, read
from wasmrewrite.interp import Program
from wasmrewrite.isa.leb import write_s, write_u
from wasmrewrite.isa.table import BY_NAME, ROWS
from wasmrewrite.validate import SideTable, validate_func

BODY = """(module (memory 1) (memory 1) (func $f (param i32) (local i64)
  (drop (i32.const 63)) (drop (i32.const 64)) (drop (i32.const -64)) (drop (i32.const -65)) (drop (i32.const 8191))
  (drop (i32.const 8192)) (drop (i32.const -8192)) (drop (i32.const -8193)) (drop (i64.const -9223372036854775808))
  (drop (i32.load (i32.const 0))) (drop (i32.load offset=127 (i32.const 0))) (drop (i32.load offset=128 (i32.const 0)))
  (drop (i32.load 1 offset=3 (i32.const 0))) (drop (f64.const 1.5))
  (memory.copy 0 1 (i32.const 0) (local.get 0) (i32.const 3))
  (block) (drop (block (result i64) (local.get 1))) (block (br_table 0 0 (local.get 0))) (call $f (local.get 0))))"""


def found(side: SideTable, at: int) -> tuple[Any, ...]:
    """As the compiler gets them."""
    form, place = form_of(side.op(at)), side.offsets[at] + side.heads[at]
    if form == NONE:
        return ()
    byte = side.code[place]
    if byte < form:
        return (byte,)
    if form == BLOCKTYPE and byte in BLOCK_TYPES:
        return (BLOCK_TYPES[byte],)
    return read(side, at, form, place)


def without_alignment(operands: tuple[Any, ...]) -> list[Any]:
    """Operands, of memory arguments the offset and the memory only."""
    return [(each.offset, each.memory or 0) if hasattr(each, "offset") else each for each in operands]


def test_operands_are_those_of_the_table() -> None:
    program = Program(wat(BODY))
    side = validate_func(program.module, program.context, 0)
    for at in range(len(side)):
        assert without_alignment(found(side, at)) == without_alignment(side.values(at)), side.op(at)


def padded(data: bytes, width: int, negative: bool) -> bytes:
    """A LEB128 number written longer than it need be."""
    missing = width - len(data)
    if missing <= 0:
        return data
    filler, last = (b"\xff", b"\x7f") if negative else (b"\x80", b"\0")
    return bytes(byte | 0x80 for byte in data) + filler * (missing - 1) + last


I32_NUMBERS = (0, 63, 64, -1, -64, -65, 8191, -8192, 8192, -(1 << 31))
I64_NUMBERS = (*I32_NUMBERS, 1 << 40, -(1 << 62))
INDICES = (0, 127, 128, 16383, 16384)
CONST_32, CONST_64, BRANCH = 0, 2, 4  # instructions of the function below


@pytest.mark.parametrize("width", [0, 2, 5])
def test_numbers_of_every_length_and_padding(width: int) -> None:
    program = Program(wat("(module (func (drop (i32.const 0)) (drop (i64.const 0)) (br 0)))"))
    side = validate_func(program.module, program.context, 0)
    cases = [(CONST_32, number, write_s(number)) for number in I32_NUMBERS]
    cases += [(CONST_64, number, write_s(number)) for number in I64_NUMBERS]
    cases += [(BRANCH, number, write_u(number)) for number in INDICES]
    for at, number, data in cases:
        place = side.offsets[at] + side.heads[at]
        code = bytes(side.code[:place]) + padded(data, width, number < 0) + b"\x0b"
        offsets = array("Q", [*side.offsets[:-1], len(code)])
        assert found(replace(side, code=code, offsets=offsets), at) == (number,), (number, data)


def test_most_rows_have_a_form() -> None:
    assert form_of(BY_NAME["i32.add"]) == NONE
    assert sum(form_of(op) != -3 for op in ROWS) > 400
