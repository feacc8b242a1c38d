from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.binary import leb, text, vector
from wasmrewrite.codec.sections import build_section, parse_section
from wasmrewrite.errors import InternalError, MalformedError
from wasmrewrite.isa.types import (
    EXTERNREF,
    FUNC,
    FUNCREF,
    I32,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RefType,
    TableType,
)

ZERO = b"\x41\x00\x0b"
REF_FUNC = RefType(False, FUNC)

# Section id, contents (which start at offset 3 of the buffer), record.
EXAMPLES: list[tuple[int, bytes, Any]] = [
    (0, text("abc") + b"data", {"name": "abc", "data": (7, 11)}),
    (
        1,
        vector(b"\x60\x01\x7f\x00", b"\x4e\x02\x60\x00\x00\x50\x01\x01\x60\x00\x00"),
        {
            "groups": [
                {"explicit": False, "types": [{"form": None, "supers": (), "composite": FuncType((I32,))}]},
                {
                    "explicit": True,
                    "types": [
                        {"form": None, "supers": (), "composite": FuncType()},
                        {"form": "sub", "supers": [1], "composite": FuncType()},
                    ],
                },
            ]
        },
    ),
    (
        2,
        vector(
            text("m") + text("f") + b"\x00\x05",
            text("m") + text("t") + b"\x01\x70\x00\x01",
            text("m") + text("m") + b"\x02\x00\x01",
            text("m") + text("g") + b"\x03\x7f\x01",
            text("m") + text("") + b"\x04\x00\x02",
        ),
        [
            {"module": "m", "name": "f", "kind": "function", "desc": 5},
            {"module": "m", "name": "t", "kind": "table", "desc": TableType(FUNCREF, Limits(1))},
            {"module": "m", "name": "m", "kind": "memory", "desc": MemoryType(Limits(1))},
            {"module": "m", "name": "g", "kind": "global", "desc": GlobalType(I32, True)},
            {"module": "m", "name": "", "kind": "tag", "desc": {"attribute": 0, "type": 2}},
        ],
    ),
    (3, vector(b"\x00", b"\x80\x01"), [0, 128]),
    (
        4,
        vector(b"\x70\x00\x01", b"\x40\x00\x64\x70\x00\x01\xd2\x00\x0b"),
        [
            {"type": TableType(FUNCREF, Limits(1)), "init": None},
            {"type": TableType(REF_FUNC, Limits(1)), "init": (13, 16)},
        ],
    ),
    (5, vector(b"\x00\x01", b"\x01\x01\x02"), [MemoryType(Limits(1)), MemoryType(Limits(1, 2))]),
    (13, vector(b"\x00\x01"), [{"attribute": 0, "type": 1}]),
    (6, vector(b"\x7f\x00" + ZERO), [{"type": GlobalType(I32), "init": (6, 9)}]),
    (
        7,
        vector(text("f") + b"\x00\x01", text("t") + b"\x04\x02"),
        [{"name": "f", "kind": "function", "index": 1}, {"name": "t", "kind": "tag", "index": 2}],
    ),
    (8, b"\x07", 7),
    (12, b"\x07", 7),
    (10, vector(b"\x02\x00\x0b", b"\x03\x00\x01\x0b"), [{"size": 2, "span": (5, 7)}, {"size": 3, "span": (8, 11)}]),
    (
        11,
        vector(b"\x00" + ZERO + b"\x02hi", b"\x01\x01x", b"\x02\x05" + ZERO + b"\x00"),
        [
            {"flags": 0, "mode": "active", "memory": None, "offset": (5, 8), "data": (9, 11)},
            {"flags": 1, "mode": "passive", "memory": None, "offset": None, "data": (13, 14)},
            {"flags": 2, "mode": "active", "memory": 5, "offset": (16, 19), "data": (20, 20)},
        ],
    ),
]
NULL = b"\xd0\x70\x0b"


def elem(flags: int, mode: str, **parts: Any) -> dict[str, Any]:
    default = {"table": None, "offset": None, "kind": None, "type": FUNCREF if flags & 4 else REF_FUNC}
    return {"flags": flags, "mode": mode, **default, **parts}


# An element segment (at offset 4 of the buffer) in each of its eight forms.
ELEMENTS = [
    (b"\x00" + ZERO + b"\x02\x01\x02", elem(0, "active", offset=(5, 8), items=[1, 2])),
    (b"\x01\x00\x01\x03", elem(1, "passive", kind=0, items=[3])),
    (b"\x02\x05" + ZERO + b"\x00\x01\x03", elem(2, "active", table=5, offset=(6, 9), kind=0, items=[3])),
    (b"\x03\x00\x00", elem(3, "declarative", kind=0, items=[])),
    (b"\x04" + ZERO + b"\x01" + NULL, elem(4, "active", offset=(5, 8), items=[(9, 12)])),
    (b"\x05\x6f\x00", elem(5, "passive", type=EXTERNREF, items=[])),
    (
        b"\x06\x05" + ZERO + b"\x64\x70\x01" + NULL,
        elem(6, "active", table=5, offset=(6, 9), type=REF_FUNC, items=[(12, 15)]),
    ),
    (b"\x07\x70\x02" + NULL + NULL, elem(7, "declarative", items=[(7, 10), (10, 13)])),
]


@pytest.mark.parametrize(("number", "contents", "record"), EXAMPLES, ids=lambda value: str(value)[:12])
def test_sections_are_read_and_written(number: int, contents: bytes, record: Any) -> None:
    buf = b"???" + contents + b"???"
    found = parse_section(number, buf, 3, 3 + len(contents))
    assert found == record
    assert build_section(number, found, buf) == contents


@pytest.mark.parametrize(("contents", "record"), ELEMENTS, ids=lambda value: str(value)[:12])
def test_element_segments_have_eight_forms(contents: bytes, record: Any) -> None:
    buf = b"???\x01" + contents
    (found,) = parse_section(9, buf, 3, len(buf))
    assert found == record
    assert build_section(9, [found], buf) == buf[3:]


# Everything that has a width, written too wide.
OVERLONG = [
    (0, text("abc", 4)),
    (1, vector(b"\x60\x81\x80\x00\x7f\x80\x00", b"\x4e\x81\x00\x50\x80\x00\x5f\x81\x80\x00\x7f\x00", width=5)),
    (1, vector(b"\x50\x81\x00\x85\x80\x80\x80\x00\x60\x00\x00")),
    (2, vector(text("m", 2) + text("f", 3) + b"\x00" + leb(5, 5), width=2)),
    (2, vector(text("m") + text("t") + b"\x01\x63\x70\x01" + leb(1, 5) + leb(2, 4), width=3)),
    (2, vector(text("m") + text("t") + b"\x04\x00" + leb(1, 5))),
    (3, vector(leb(1, 5), leb(300, 3), width=4)),
    (4, vector(b"\x40\x00\x63\x70\x00" + leb(1, 5) + b"\xd2\x80\x00\x0b", width=2)),
    (5, vector(b"\x05" + leb(1, 10) + leb(5, 9), width=5)),
    (6, vector(b"\x7f\x00\x41\x80\x80\x00\x0b", width=3)),
    (7, vector(text("f", 5) + b"\x00" + leb(1, 5), width=5)),
    (8, leb(1, 5)),
    (9, vector(leb(0, 3) + ZERO + vector(leb(1, 5), leb(200, 5), width=5), width=5)),
    (9, vector(leb(6, 2) + leb(1, 5) + ZERO + b"\x63\x70" + vector(b"\xd2\x81\x00\x0b", width=5), width=5)),
    (12, leb(3, 5)),
    (10, vector(leb(2, 5) + b"\x00\x0b", width=5)),
    (11, vector(leb(2, 2) + leb(1, 5) + ZERO + leb(2, 5) + b"hi", leb(1, 5) + leb(0, 5), width=5)),
    (13, vector(b"\x00" + leb(4, 5), width=5)),
]


@pytest.mark.parametrize(("number", "contents"), OVERLONG, ids=lambda value: str(value)[:16])
def test_every_overlong_number_comes_back(number: int, contents: bytes) -> None:
    assert build_section(number, parse_section(number, contents, 0, len(contents)), contents) == contents


MALFORMED = [
    (1, b"\x02\x60\x00\x00", "unexpected end of section or function", 4, ("type section", "group[1]")),
    (1, b"\x02\x60\x00\x00\x4e\x01\x00", "malformed definition type", 6, ("type section", "group[1]", "type[0]")),
    (2, vector(text("m") + text("f") + b"\x05"), "malformed import kind", 5, ("import section", "import[0]")),
    (2, vector(b"\x01\xff\x00\x00\x00"), "malformed UTF-8 encoding", 2, ("import section", "import[0]")),
    (3, b"\x01\x00\x00", "section size mismatch", 2, ("function section",)),
    (4, vector(b"\x7f\x00\x00"), "malformed reference type", 1, ("table section", "table[0]")),
    (5, vector(b"\x08\x00"), "malformed limits flags", 1, ("memory section", "memory[0]")),
    (6, vector(b"\x7f\x02\x0b"), "malformed mutability", 2, ("global section", "global[0]")),
    (7, vector(text("f") + b"\x05\x00"), "malformed export kind", 3, ("export section", "export[0]")),
    (8, b"", "unexpected end of section or function", 0, ("start section",)),
    (9, vector(b"\x08"), "malformed element segment flags", 1, ("element section", "elem[0]")),
    (9, vector(b"\x01\x01\x00"), "malformed element kind", 2, ("element section", "elem[0]")),
    (9, vector(b"\x05\x7f\x00"), "malformed reference type", 2, ("element section", "elem[0]")),
    (9, vector(b"\x05\x70\x01\xf3\x0b"), "illegal opcode f3", 4, ("element section", "elem[0]", "item[0]")),
    (10, b"\x02\x02\x00\x0b\x05\x00", "length out of bounds", 4, ("code section", "func[1]")),
    (11, vector(b"\x03"), "malformed data segment flags", 1, ("data section", "data[0]")),
    (11, b"\x01\x01\x01ab", "section size mismatch", 4, ("data section",)),
    (12, b"\x80\x80\x80\x80\x80\x00", "integer representation too long", 5, ("data count section",)),
    (13, vector(b"\x01\x00"), "malformed tag attribute", 1, ("tag section", "tag[0]")),
]


@pytest.mark.parametrize(("number", "contents", "message", "offset", "path"), MALFORMED)
def test_malformed_sections(number: int, contents: bytes, message: str, offset: int, path: tuple[str, ...]) -> None:
    before = b"?" * 100
    with pytest.raises(MalformedError) as caught:
        parse_section(number, before + contents, 100, 100 + len(contents))
    error = caught.value
    assert (error.message, error.position.path) == (message, path)
    assert error.position.offset == 100 + offset


def test_what_lies_beyond_a_section_that_is_too_short_explains_it() -> None:
    # A memory's minimum of eleven bytes, of which the section's size covers three.
    contents = b"\x01\x00" + b"\x80" * 10 + b"\x00"
    with pytest.raises(MalformedError, match="integer representation too long"):
        parse_section(5, contents, 0, 5)
    with pytest.raises(MalformedError, match="unexpected end of section or function"):
        parse_section(5, b"\x01\x00\x80\x80\x00", 0, 4)


def test_records_of_the_wrong_shape_are_our_mistake() -> None:
    with pytest.raises(InternalError, match="import section"):
        build_section(2, [{"module": "m", "name": "f", "kind": "banana", "desc": 0}], b"")
    with pytest.raises(InternalError, match="type section"):
        build_section(1, {"groups": [{"explicit": False, "types": []}]}, b"")


def test_new_bytes_may_stand_for_spans() -> None:
    assert build_section(6, [{"type": GlobalType(I32), "init": ZERO}], b"") == b"\x01\x7f\x00" + ZERO
    assert build_section(10, [{"size": 1, "span": b"\x00\x0b"}], b"") == b"\x01\x02\x00\x0b"
    new = {"flags": 1, "mode": "passive", "memory": None, "offset": None, "data": b"abc"}
    assert build_section(11, [new], b"") == b"\x01\x01\x03abc"


def test_a_code_entry_keeps_the_width_of_its_size() -> None:
    contents = vector(leb(2, 5) + b"\x00\x0b")
    (entry,) = parse_section(10, contents, 0, len(contents))
    assert build_section(10, [{**entry, "span": b"\x00\x01\x0b"}], contents) == vector(leb(3, 5) + b"\x00\x01\x0b")


def test_only_expressions_are_rewritten() -> None:
    contents = vector(b"\x00" + ZERO + b"\x02hi")
    record = parse_section(11, contents, 0, len(contents))
    built = build_section(11, record, contents, lambda span: b"\x41\x07\x0b")
    assert built == vector(b"\x00\x41\x07\x0b\x02hi")
