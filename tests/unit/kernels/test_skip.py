"""Where instructions and expressions end."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import MalformedError
from wasmrewrite.kernels.skip import missing_end, skip_expr, skip_instr


@pytest.mark.parametrize(
    "text",
    [
        "01",
        "20 80 80 80 80 00",
        "41 7f",
        "42 80 80 80 80 80 80 80 80 80 7f",
        "43 0b 0b 0b 0b",
        "28 42 01 ff 00",
        "0e 02 00 01 02",
        "1c 01 64 03",
        "1f 40 01 00 05 00",
        "fb 18 03 00 6e 6b",
        "fc 0a 00 00",
        "fd 8c 80 00 " + "0b " * 16,
        "fe 03 00",
        "06 40",
    ],
)
def test_instruction(text: str) -> None:
    data = bytes.fromhex(text)
    assert skip_instr(b"\xff" + data + b"\xff", 1, len(data) + 1) == len(data) + 1
    for end in range(len(data)):
        with pytest.raises(MalformedError):
            skip_instr(data, 0, end)


@pytest.mark.parametrize(
    "text",
    [
        "0b",
        "41 0b 0b",
        "02 40 0b 0b",
        "04 40 05 0b 0b",
        "06 40 07 00 07 00 19 0b 0b",
        "06 40 18 00 0b",
        "1f 40 00 0b 0b",
    ],
)
def test_expression(text: str) -> None:
    data = bytes.fromhex(text)
    assert skip_expr(data + b"\x0b\x0b", 0, len(data) + 2) == len(data)


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("", "unexpected end of section or function", 0),
        ("41", "unexpected end of section or function", 1),
        ("02 40 0b", "unexpected end of section or function", 3),
        ("05 0b", "END opcode expected", 0),
        ("02 40 05", "END opcode expected", 2),
        ("04 40 05 05", "END opcode expected", 3),
        ("06 40 19 19", "END opcode expected", 3),
        ("06 40 19 07 00", "END opcode expected", 3),
        ("06 40 19 18 00", "END opcode expected", 3),
        ("18 00", "END opcode expected", 0),
        ("ff 00", "illegal opcode ff", 0),
        ("27", "illegal opcode 27", 0),
        ("fc 20", "illegal opcode fc 20", 0),
        ("fd ff ff ff ff 0f", "illegal opcode fd ffffffff", 0),
        ("fd ff ff ff ff 1f", "integer too large", 5),
        ("0e ff ff ff ff 0f 00", "unexpected end of section or function", 7),
    ],
)
def test_refused(text: str, message: str, offset: int) -> None:
    data = b"\x01" + bytes.fromhex(text)
    with pytest.raises(MalformedError) as caught:
        skip_expr(data, 1, len(data))
    assert caught.value.message == message
    assert caught.value.position.offset == offset + 1


def test_deep_nesting_needs_no_stack() -> None:
    data = b"\x02\x40" * 100_000 + b"\x0b" * 100_001
    assert skip_expr(data, 0, len(data)) == len(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x01", "unexpected end of section or function"),
        (b"\x01\x0b", "section size mismatch"),
        (b"\x01\x05", "END opcode expected"),
    ],
)
def test_missing_end(data: bytes, message: str) -> None:
    error = missing_end(data, 1)
    assert (error.message, error.position.offset) == (message, 1)
