"""Bytes to raw instructions."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.immediates import MemArg
from wasmrewrite.isa.leb import Padded, PaddedTuple
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.isa.types import I32
from wasmrewrite.kernels.decode import decode
from wasmrewrite.kernels.encode import encode


def test_offsets_rows_and_operands() -> None:
    data = b"\xaa\xaa" + bytes.fromhex("02 7f 20 00 20 ac 02 28 02 08 28 42 01 08 41 7f 0c 80 00 fd 4e 0b 0b")
    assert decode(data, 2, len(data)) == [
        (2, BY_NAME["block"], (I32,)),
        (4, BY_NAME["local.get"], (0,)),
        (6, BY_NAME["local.get"], (300,)),
        (9, BY_NAME["i32.load"], (MemArg(2, 8),)),
        (12, BY_NAME["i32.load"], (MemArg(2, 8, 1),)),
        (16, BY_NAME["i32.const"], (-1,)),
        (18, BY_NAME["br"], (0,)),
        (21, BY_NAME["v128.and"], ()),
        (23, BY_NAME["end"], ()),
        (24, BY_NAME["end"], ()),
    ]


def test_over_long_forms_are_remembered() -> None:
    data = bytes.fromhex("20 80 00 fd ce 80 00 41 ff 7f 28 82 00 80 00 0b")
    _, local, vector, const, load, _ = [(), *((op, operands) for _, op, operands in decode(data, 0, len(data)))]
    assert isinstance(local[1][0], Padded)
    assert isinstance(vector[1], PaddedTuple)
    assert (vector[1], vector[1].width) == ((), 3)
    assert isinstance(const[1][0], Padded)
    assert (load[1][0], load[1][0].align.width, load[1][0].offset.width) == ((2, 0, None), 2, 2)
    assert encode((op, operands) for _, op, operands in decode(data, 0, len(data))) == data


@pytest.mark.parametrize(
    ("text", "after", "message", "offset"),
    [
        ("", "", "unexpected end of section or function", 0),
        ("01", "", "unexpected end of section or function", 1),
        ("01", "0b", "section size mismatch", 1),
        ("01", "05", "END opcode expected", 1),
        ("0b 01", "", "section size mismatch", 1),
        ("20", "", "unexpected end of section or function", 1),
        ("20", "00 0b", "unexpected end of section or function", 1),
        ("20 80", "00 0b", "unexpected end of section or function", 2),
        ("28 02", "00 0b", "unexpected end of section or function", 2),
        ("02", "40 0b 0b", "unexpected end of section or function", 1),
        ("41", "00 0b", "unexpected end of section or function", 1),
        ("43 00 00", "00 00 0b", "unexpected end of section or function", 3),
        ("02 40 0b", "", "unexpected end of section or function", 3),
        ("05 0b", "", "END opcode expected", 0),
        ("02 40 05 0b 0b", "", "END opcode expected", 2),
        ("04 40 05 05 0b 0b", "", "END opcode expected", 3),
        ("06 40 19 18 00", "", "END opcode expected", 3),
        ("28 80 01 00 0b", "", "malformed memop flags", 1),
        ("00 ff 00 00 0b", "", "illegal opcode ff", 1),
        ("0c ff ff ff ff 7f 0b", "", "integer too large", 5),
        ("41 80 80 80 80 80 00 0b", "", "integer representation too long", 6),
    ],
)
def test_refused(text: str, after: str, message: str, offset: int) -> None:
    body = bytes.fromhex(text)
    with pytest.raises(MalformedError) as caught:
        decode(b"\x0b" + body + bytes.fromhex(after), 1, len(body) + 1)
    assert caught.value.message == message
    assert caught.value.position.offset == offset + 1


def test_deep_nesting_needs_no_stack() -> None:
    data = b"\x03\x40" * 50_000 + b"\x0b" * 50_001
    assert len(decode(data, 0, len(data))) == 100_001


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_buffers(make: type[bytes] | type[bytearray] | type[memoryview]) -> None:
    data = bytes.fromhex("41 2a 43 00 00 80 3f fd 0c" + " 01" * 16 + "0b")
    assert decode(make(data), 0, len(data)) == decode(data, 0, len(data))
