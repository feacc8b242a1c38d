from __future__ import annotations

from typing import Any

import pytest

from wasmrewrite.codec.sections import build, parse
from wasmrewrite.codec.stream import Sink, Window
from wasmrewrite.codec.types import (
    GLOBAL_TYPE,
    MEMORY_TYPE,
    REC_TYPE,
    SUB_TYPE,
    TABLE_TYPE,
    TAG_TYPE,
    read_composite,
    read_global_type,
    read_limits,
    read_table_type,
    write_composite,
    write_limits,
)
from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.leb import Padded
from wasmrewrite.isa.types import (
    ANY,
    EXTERNREF,
    F64,
    FUNC,
    FUNCREF,
    I8,
    I16,
    I32,
    I64,
    ArrayType,
    FieldType,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RefType,
    StructType,
    TableType,
)


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"\x00\x05", Limits(5)),
        (b"\x01\x05\x06", Limits(5, 6)),
        (b"\x02\x05", Limits(5, shared=True)),
        (b"\x03\x05\x06", Limits(5, 6, shared=True)),
        (b"\x04\x05", Limits(5, address=I64)),
        (b"\x05\x05\x06", Limits(5, 6, I64)),
        (b"\x06\x05", Limits(5, address=I64, shared=True)),
        (b"\x07\x05\x06", Limits(5, 6, I64, shared=True)),
        (b"\x00\x80\x80\x80\x80\x10", Limits(1 << 32)),
        (b"\x05\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", Limits(0, (1 << 64) - 1, I64)),
    ],
)
def test_limits(data: bytes, limits: Limits) -> None:
    assert read_limits(data, 0, len(data)) == (limits, len(data))
    assert write_limits(limits) == data


def test_limits_remember_padding() -> None:
    data = b"\x01\x85\x80\x00\x86\x00"
    limits, _ = read_limits(data, 0, len(data))
    assert isinstance(limits.minimum, Padded)
    assert write_limits(limits) == data


@pytest.mark.parametrize("flags", [0x08, 0x10, 0x80, 0x81, 0xFF])
def test_other_limits_flags_are_malformed(flags: int) -> None:
    with pytest.raises(MalformedError, match="malformed limits flags") as caught:
        read_limits(bytes((0, flags, 0, 0)), 1, 4)
    assert caught.value.position.offset == 1


@pytest.mark.parametrize(
    ("data", "composite"),
    [
        (b"\x60\x00\x00", FuncType()),
        (b"\x60\x02\x7f\x7c\x01\x7e", FuncType((I32, F64), (I64,))),
        (b"\x60\x01\x63\x00\x01\x64\x6e", FuncType((RefType(True, 0),), (RefType(False, ANY),))),
        (b"\x5f\x00", StructType()),
        (b"\x5f\x02\x78\x00\x77\x01", StructType((FieldType(I8), FieldType(I16, True)))),
        (b"\x5e\x70\x01", ArrayType(FieldType(FUNCREF, True))),
    ],
)
def test_composite_types(data: bytes, composite: Any) -> None:
    assert read_composite(data, 0, len(data)) == (composite, len(data))
    assert write_composite(composite) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\x60\x80\x00\x80\x80\x00",
        b"\x60\x81\x80\x00\x7f\x81\x00\x63\x70",
        b"\x5f\x81\x00\x7f\x00",
        b"\x5e\x63\x85\x80\x00\x00",
    ],
)
def test_overlong_composite_types_come_back(data: bytes) -> None:
    composite, after = read_composite(data, 0, len(data))
    assert after == len(data)
    assert write_composite(composite) == data


@pytest.mark.parametrize(
    ("data", "message", "offset"),
    [
        (b"\x5c", "malformed definition type", 0),
        (b"\xe0\x7f", "integer representation too long", 0),
        (b"\x60\x01\x78\x00", "malformed value type", 2),
        (b"\x5e\x7f\x02", "malformed mutability", 2),
        (b"\x60\x05\x7f", "unexpected end of section or function", 3),
    ],
)
def test_malformed_composite_types(data: bytes, message: str, offset: int) -> None:
    with pytest.raises(MalformedError) as caught:
        read_composite(data, 0, len(data))
    assert (caught.value.message, caught.value.position.offset) == (message, offset)


@pytest.mark.parametrize(
    ("construct", "data", "value"),
    [
        (TABLE_TYPE, b"\x70\x00\x01", TableType(FUNCREF, Limits(1))),
        (TABLE_TYPE, b"\x63\x70\x01\x01\x02", TableType(FUNCREF, Limits(1, 2))),
        (TABLE_TYPE, b"\x64\x03\x04\x01", TableType(RefType(False, 3), Limits(1, address=I64))),
        (MEMORY_TYPE, b"\x03\x01\x02", MemoryType(Limits(1, 2, shared=True))),
        (GLOBAL_TYPE, b"\x6f\x01", GlobalType(EXTERNREF, True)),
        (TAG_TYPE, b"\x00\x05", {"attribute": 0, "type": 5}),
        (SUB_TYPE, b"\x60\x00\x00", {"form": None, "supers": (), "composite": FuncType()}),
        (SUB_TYPE, b"\x50\x00\x5f\x00", {"form": "sub", "supers": [], "composite": StructType()}),
        (SUB_TYPE, b"\x4f\x01\x07\x5f\x00", {"form": "sub final", "supers": [7], "composite": StructType()}),
    ],
)
def test_types_of_items(construct: Any, data: bytes, value: Any) -> None:
    found = parse(construct, Window(data, 0, len(data)), "here")
    assert found == value
    assert build(construct, found, Sink(b""), "here") == data


def test_a_type_alone_and_a_group_of_one_differ() -> None:
    alone, group = b"\x60\x00\x00", b"\x4e\x01\x60\x00\x00"
    for data, explicit in ((alone, False), (group, True)):
        found = parse(REC_TYPE, Window(data, 0, len(data)), "here")
        assert found.explicit is explicit
        assert [entry.composite for entry in found.types] == [FuncType()]
        assert build(REC_TYPE, found, Sink(b""), "here") == data


def test_a_table_of_numbers_and_a_tag_with_an_attribute_are_malformed() -> None:
    with pytest.raises(MalformedError, match="malformed reference type"):
        read_table_type(b"\x7f\x00\x01", 0, 3)
    with pytest.raises(MalformedError, match="malformed mutability"):
        read_global_type(b"\x7f\x02", 0, 2)
    with pytest.raises(MalformedError, match="malformed tag attribute"):
        parse(TAG_TYPE, Window(b"\x01\x00", 0, 2), "here")


def test_long_and_short_references_are_equal_but_written_as_they_were() -> None:
    short, long = (read_table_type(data, 0, len(data))[0] for data in (b"\x70\x00\x01", b"\x63\x70\x00\x01"))
    assert short == long
    assert short.element.heap is FUNC
    assert build(TABLE_TYPE, long, Sink(b""), "here") == b"\x63\x70\x00\x01"
