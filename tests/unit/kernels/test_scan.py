"""Finding instructions and indices."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.immediates import Space
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.kernels.scan import find_operands, find_ops

CODE = bytes.fromhex(
    "41 10 10 05 43 10 10 10 10 0e 02 10 10 10 10 80 01 fc 0a 01 02 fd 0c" + " 10" * 16 + "10 90 80 80 80 00 0b"
)


def test_find_ops() -> None:
    data = b"\x10" + CODE + b"\x10\x00"
    found = find_ops(data, 1, len(data) - 2, frozenset({"call", "memory.copy"}))
    assert [(offset - 1, op.name) for offset, op in found] == [
        (2, "call"),
        (14, "call"),
        (17, "memory.copy"),
        (39, "call"),
    ]


def test_find_nothing() -> None:
    assert find_ops(CODE, 0, len(CODE), frozenset()) == []
    assert find_operands(CODE, 0, len(CODE), frozenset()) == []
    assert find_ops(CODE, 5, 5, frozenset({"call"})) == []


def test_unknown_name() -> None:
    with pytest.raises(KeyError):
        find_ops(CODE, 0, len(CODE), frozenset({"no.such"}))


def test_find_operands() -> None:
    data = b"\x10" + CODE + b"\x10\x00"
    call, copy = BY_NAME["call"], BY_NAME["memory.copy"]
    assert find_operands(data, 1, len(data) - 2, frozenset({Space.FUNC, Space.MEMORY})) == [
        (Space.FUNC, 4, 1, 5, call),
        (Space.FUNC, 16, 2, 128, call),
        (Space.MEMORY, 20, 1, 1, copy),
        (Space.MEMORY, 21, 1, 2, copy),
        (Space.FUNC, 41, 5, 16, call),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("28 02 04", [(Space.MEMORY, 1, 0, 0)]),
        ("28 c2 00 83 00 04", [(Space.MEMORY, 3, 2, 3)]),
        ("fd 54 40 07 00 03", [(Space.MEMORY, 3, 1, 7)]),
        ("02 05", [(Space.TYPE, 1, 1, 5)]),
        ("02 85 00", [(Space.TYPE, 1, 2, 5)]),
        ("02 64 c0 00", [(Space.TYPE, 2, 2, 64)]),
        ("02 7f", []),
        ("1c 03 7f 63 01 64 6e", [(Space.TYPE, 4, 1, 1)]),
        ("d0 09", [(Space.TYPE, 1, 1, 9)]),
        ("d0 6e", []),
        ("fb 16 03", [(Space.TYPE, 2, 1, 3)]),
        ("fb 18 00 02 01 6e", [(Space.LABEL, 3, 1, 2), (Space.TYPE, 4, 1, 1)]),
        (
            "1f 04 03 00 01 02 03 05 01 87 00 06",
            [
                (Space.TYPE, 1, 1, 4), (Space.TAG, 4, 1, 1), (Space.LABEL, 5, 1, 2), (Space.LABEL, 7, 1, 5),
                (Space.TAG, 9, 2, 7), (Space.LABEL, 11, 1, 6),
            ],
        ),
        ("0e 02 00 81 00 02", [(Space.LABEL, 2, 1, 0), (Space.LABEL, 3, 2, 1), (Space.LABEL, 5, 1, 2)]),
        ("11 03 01", [(Space.TYPE, 1, 1, 3), (Space.TABLE, 2, 1, 1)]),
        ("fb 02 01 02", [(Space.TYPE, 2, 1, 1), (Space.FIELD, 3, 1, 2)]),
        ("fb 08 01 02", [(Space.TYPE, 2, 1, 1)]),
        ("20 04", [(Space.LOCAL, 1, 1, 4)]),
        ("23 ff ff ff ff 0f", [(Space.GLOBAL, 1, 5, 2**32 - 1)]),
        ("fe 1e 02 00", [(Space.MEMORY, 2, 0, 0)]),
        ("41 00", []),
    ],
)  # fmt: skip
def test_places(text: str, places: list[tuple[Space, int, int, int]]) -> None:
    data = bytes.fromhex(text) + b"\x0b"
    op = find_ops(data, 0, len(data), frozenset(BY_NAME) - {"end"})[0][1]
    assert find_operands(data, 0, len(data), frozenset(Space)) == [(*place, op) for place in places]
    for space in Space:
        expected = [(*place, op) for place in places if place[0] is space]
        assert find_operands(data, 0, len(data), frozenset({space})) == expected


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("10", "unexpected end of section or function", 1),
        ("01 28 00", "unexpected end of section or function", 3),
        ("ff", "illegal opcode ff", 0),
        ("01 01 10 80 80 80 80 80", "integer representation too long", 8),
        ("20 ff ff ff ff 10", "integer too large", 5),
        ("41 ff ff ff ff 3f", "integer too large", 5),
        ("fe 03 01", "zero byte expected", 2),
    ],
)
def test_refused(text: str, message: str, offset: int) -> None:
    body = bytes.fromhex(text)
    data = b"\x00" + body + bytes(20)
    for find in (
        lambda: find_ops(data, 1, 1 + len(body), frozenset({"call"})),
        lambda: find_operands(data, 1, 1 + len(body), frozenset({Space.FUNC})),
    ):
        with pytest.raises(MalformedError) as caught:
            find()
        assert (caught.value.message, caught.value.position.offset) == (message, offset + 1)
