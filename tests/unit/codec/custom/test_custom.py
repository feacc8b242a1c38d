from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.binary import leb, text, vector
from wasmrewrite.codec.custom import construct_of, read, write

EXAMPLES: list[tuple[str, bytes, Any]] = [
    (
        "producers",
        vector(
            text("language") + vector(text("Rust") + text("")),
            text("processed-by") + vector(text("rustc") + text("1.85.0"), text("walrus") + text("0.23")),
        ),
        [
            {"name": "language", "values": [{"name": "Rust", "version": ""}]},
            {
                "name": "processed-by",
                "values": [{"name": "rustc", "version": "1.85.0"}, {"name": "walrus", "version": "0.23"}],
            },
        ],
    ),
    (
        "target_features",
        vector(b"+" + text("simd128"), b"-" + text("atomics")),
        [{"prefix": "+", "name": "simd128"}, {"prefix": "-", "name": "atomics"}],
    ),
    (
        "metadata.code.branch_hint",
        vector(b"\x05" + vector(b"\x03\x01\x01", b"\x09\x01\x00")),
        [{"function": 5, "notes": [{"offset": 3, "data": (5, 6)}, {"offset": 9, "data": (8, 9)}]}],
    ),
]


@pytest.mark.parametrize(("name", "data", "record"), EXAMPLES, ids=lambda value: str(value)[:12])
def test_known_sections(name: str, data: bytes, record: Any) -> None:
    reading = read(name, data, 0, len(data))
    assert reading.problems == ()
    assert reading.record == record
    assert write(name, reading.record, data) == data


def test_dylink() -> None:
    parts = [
        (1, leb(16) + leb(4) + leb(300) + leb(0)),
        (2, vector(text("libc.so"))),
        (3, vector(text("f") + leb(0x100))),
        (4, vector(text("env") + text("g") + b"\x01")),
        (5, vector(text("$ORIGIN"))),
        (6, b"later"),
    ]
    data = b"".join(bytes((number,)) + leb(len(contents)) + contents for number, contents in parts)
    reading = read("dylink.0", data, 0, len(data))
    assert reading.problems == ()
    contents = [part.contents for part in reading.record]
    needs = {"memory_size": 16, "memory_alignment": 4, "table_size": 300, "table_alignment": 0}
    assert contents[:5] == [
        needs,
        ["libc.so"],
        [{"name": "f", "flags": 0x100}],
        [{"module": "env", "name": "g", "flags": 1}],
        ["$ORIGIN"],
    ]
    assert write("dylink.0", reading.record, data) == data


@pytest.mark.parametrize("name", [name for name, _, _ in EXAMPLES])
def test_overlong_sections_come_back(name: str) -> None:
    data = {
        "producers": vector(text("sdk", 5) + vector(text("a", 2) + text("b", 3), width=4), width=5),
        "target_features": vector(b"=" + text("atomics", 5), width=5),
        "metadata.code.branch_hint": vector(leb(5, 5) + vector(leb(3, 4) + leb(1, 3) + b"\x01", width=2), width=5),
    }[name]
    assert write(name, read(name, data, 0, len(data)).record, data) == data


@pytest.mark.parametrize(
    ("name", "data", "message", "offset"),
    [
        ("producers", b"\x01", "unexpected end of section or function", 1),
        ("producers", b"\x00\x00", "section size mismatch", 1),
        ("target_features", b"\x01?\x01a", "malformed feature prefix", 1),
        ("target_features", b"\x01+\x01\xff", "malformed UTF-8 encoding", 3),
        ("metadata.code.other", b"\x01\x80\x80\x80\x80\x80\x00", "integer representation too long", 6),
        ("dylink.0", b"\x01\x05\x00", "length out of bounds", 1),
    ],
)
def test_broken_sections_are_reported_and_never_raise(name: str, data: bytes, message: str, offset: int) -> None:
    reading = read(name, data, 0, len(data))
    assert reading.record is None
    (problem,) = reading.problems
    assert (problem.message, problem.position.offset) == (message, offset)
    assert problem.position.path[0] == f"custom section {name!r}"


def test_unknown_sections() -> None:
    assert read("somebody's", b"abc", 0, 3) == (None, ())
    assert construct_of("somebody's") is None
    with pytest.raises(KeyError):
        write("somebody's", [])
