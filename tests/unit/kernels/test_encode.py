"""Raw instructions to bytes."""

from __future__ import annotations

from typing import Any

import pytest

from wasmrewrite.isa.immediates import MemArg
from wasmrewrite.isa.leb import Padded, PaddedTuple
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.kernels.encode import encode, encode_instr


@pytest.mark.parametrize(
    ("name", "operands", "text"),
    [
        ("nop", (), "01"),
        ("call", (127,), "10 7f"),
        ("call", (128,), "10 80 01"),
        ("call", (Padded(1, 5),), "10 81 80 80 80 00"),
        ("i32.const", (-65,), "41 bf 7f"),
        ("i32.const", (Padded(0, 2),), "41 80 00"),
        ("i32.load", (MemArg(2, 0),), "28 02 00"),
        ("i32.load", (MemArg(2, 0, 0),), "28 42 00 00"),
        ("i32.load", (MemArg(Padded(2, 2), Padded(5, 3)),), "28 82 00 85 80 00"),
        ("v128.and", (), "fd 4e"),
        ("v128.and", PaddedTuple((), 4), "fd ce 80 80 00"),
        ("memory.copy", PaddedTuple((1, Padded(2, 2)), 2), "fc 8a 00 01 82 00"),
        ("br_table", (((0, 1), 2),), "0e 02 00 01 02"),
    ],
)
def test_one(name: str, operands: tuple[Any, ...], text: str) -> None:
    assert encode([(BY_NAME[name], operands)]) == bytes.fromhex(text)
    assert encode_instr(BY_NAME[name], operands) == bytes.fromhex(text)


def test_several() -> None:
    assert encode(iter([(BY_NAME["nop"], ()), (BY_NAME["end"], ())])) == b"\x01\x0b"
    assert encode([]) == b""


def test_missing_operands_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        encode_instr(BY_NAME["call"], ())
