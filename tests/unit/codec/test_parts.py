from __future__ import annotations

import pytest
from construct import Byte, Bytes, Terminated
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.binary import leb
from wasmrewrite.codec.parts import (
    F32,
    F64,
    MAX_ENTRIES,
    S32,
    S33,
    S64,
    U32,
    U64,
    Blob,
    Expression,
    Indices,
    Kernel,
    Name,
    PaddedList,
    PaddedSpan,
    PaddedStr,
    Record,
    Rest,
    Vector,
    read_indices,
    read_name,
    write_indices,
    write_name,
)
from wasmrewrite.codec.sections import build, parse
from wasmrewrite.codec.stream import Sink, Window
from wasmrewrite.errors import InternalError, LimitError, MalformedError
from wasmrewrite.isa.leb import Padded


def malformed(construct: object, data: bytes, end: int | None = None) -> tuple[str, int | None, tuple[str, ...]]:
    window = Window(data, 0, len(data) if end is None else end)
    with pytest.raises(MalformedError) as caught:
        parse(construct, window, "here")  # type: ignore[arg-type]
    return caught.value.message, caught.value.position.offset, caught.value.position.path


@pytest.mark.parametrize(
    ("construct", "data", "value"),
    [
        (U32, b"\xff\xff\xff\xff\x0f", 0xFFFFFFFF),
        (U32, b"\x85\x80\x80\x80\x00", 5),
        (U64, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 0xFFFFFFFFFFFFFFFF),
        (S32, b"\x80\x80\x80\x80\x78", -0x80000000),
        (S32, b"\xff\xff\x7f", -1),
        (S33, b"\xff\xff\xff\xff\x0f", 0xFFFFFFFF),
        (S64, b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", -0x8000000000000000),
        (F32, b"\x01\x00\xa0\x7f", 0x7FA00001),
        (F64, b"\x01\x00\x00\x00\x00\x00\xf4\x7f", 0x7FF4000000000001),
    ],
)
def test_numbers_read_and_write_the_same_bytes(construct: Kernel, data: bytes, value: int) -> None:
    window = Window(b"\xaa" + data + b"\xaa", 1, len(data) + 1)
    found = parse(construct, window, "here")
    assert found == value
    assert window.tell() == len(data) + 1
    assert build(construct, found, Sink(b""), "here") == data


def test_numbers_know_their_width_only_when_overlong() -> None:
    assert type(parse(U32, Window(b"\x80\x01", 0, 2), "here")) is int
    padded = parse(U32, Window(b"\x81\x80\x00", 0, 3), "here")
    assert isinstance(padded, Padded)
    assert padded.width == 3


def test_numbers_obey_the_limits_of_their_type() -> None:
    assert malformed(U32, b"\xff\xff\xff\xff\x10") == ("integer too large", 4, ("here",))
    assert malformed(U32, b"\x80\x80\x80\x80\x80\x00") == ("integer representation too long", 5, ("here",))
    assert malformed(S33, b"\xff\xff\xff\xff\x1f") == ("integer too large", 4, ("here",))
    assert malformed(F32, b"\0\0\0") == ("unexpected end of section or function", 3, ("here",))


@given(st.text(max_size=20), st.integers(1, 5))
def test_names_come_back(name: str, width: int) -> None:
    try:
        data = leb(len(name.encode()), width) + name.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate has no encoding
    found, after = read_name(b"\0" + data, 1, len(data) + 1)
    assert found == name
    assert after == len(data) + 1
    assert isinstance(found, PaddedStr) == (leb(len(name.encode()), width) != leb(len(name.encode())))
    assert write_name(found) == data


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"])
def test_names_must_be_utf8(bad: bytes) -> None:
    assert malformed(Name, leb(len(bad) + 1) + b"a" + bad) == ("malformed UTF-8 encoding", 2, ("here",))


def test_lengths_beyond_the_file_and_beyond_the_section_differ() -> None:
    assert malformed(Name, b"\x05abc") == ("length out of bounds", 0, ("here",))
    assert malformed(Name, b"\x05abc---", end=4) == ("unexpected end of section or function", 4, ("here",))


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 5)), max_size=40), st.integers(1, 5))
def test_vectors_of_indices_come_back(items: list[tuple[int, int]], width: int) -> None:
    data = leb(len(items), width) + b"".join(leb(*item) for item in items)
    found, after = read_indices(data, 0, len(data))
    assert found == [value for value, _ in items]
    assert after == len(data)
    assert write_indices(found) == data


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_new_indices_take_the_fewest_bytes(items: list[int]) -> None:
    assert write_indices(items) == leb(len(items)) + b"".join(map(leb, items))


def test_an_absurd_count_allocates_nothing() -> None:
    assert malformed(Indices, b"\xff\xff\xff\xff\x0f\0") == ("length out of bounds", 0, ("here",))
    assert malformed(Vector("item", U32), b"\xff\xff\xff\xff\x0f\0") == ("length out of bounds", 0, ("here",))


def test_more_records_than_any_engine_takes_are_refused() -> None:
    data = leb(MAX_ENTRIES + 1) + bytes(MAX_ENTRIES + 1)
    with pytest.raises(LimitError) as caught:
        parse(Vector("item", U32), Window(data, 0, len(data)), "here")
    assert caught.value.position.offset == 0


def test_nested_records_count_too() -> None:
    inner = leb(MAX_ENTRIES // 2) + bytes(MAX_ENTRIES // 2)
    data = leb(2) + inner * 2
    with pytest.raises(LimitError) as caught:
        parse(Vector("outer", Vector("inner", U32)), Window(data, 0, len(data)), "here")
    assert caught.value.position.offset == 1 + len(inner)
    assert caught.value.position.path == ("here", "outer[1]")


def test_an_error_in_a_vector_names_the_item() -> None:
    assert malformed(Vector("item", Name), b"\x02\x01a\x01\xff") == ("malformed UTF-8 encoding", 4, ("here", "item[1]"))


def test_complaints_of_construct_become_malformed() -> None:
    assert malformed(Vector("item", Bytes(4)), b"\x01\0\0") == (
        "unexpected end of section or function",
        3,
        ("here", "item[0]"),
    )
    assert malformed(Record("first" / Byte, "rest" / Terminated), b"\x01\x02") == (
        "section size mismatch",
        1,
        ("here",),
    )


def test_records_hold_their_parts_and_nothing_else() -> None:
    record = Record("name" / Name, "index" / U32)
    found = parse(record, Window(b"\x01a\x05", 0, 3), "here")
    assert dict(found) == {"name": "a", "index": 5}
    assert build(record, {"name": "a", "index": 5}, Sink(b""), "here") == b"\x01a\x05"


def test_a_record_of_the_wrong_shape_is_our_mistake() -> None:
    with pytest.raises(InternalError):
        build(Record("name" / Name), {}, Sink(b""), "here")
    with pytest.raises(InternalError):
        build(U32, "five", Sink(b""), "here")


def test_byte_strings_and_expressions_are_spans() -> None:
    data = b"\xaa\x82\x00hi\x41\x00\x0brest"
    record = Record("data" / Blob(), "expr" / Expression(), "rest" / Rest())
    found = parse(record, Window(data, 1, len(data)), "here")
    assert dict(found) == {"data": (3, 5), "expr": (5, 8), "rest": (8, 12)}
    assert isinstance(found.data, PaddedSpan)
    assert build(record, found, Sink(data), "here") == data[1:]


def test_new_bytes_may_stand_for_spans() -> None:
    record = Record("data" / Blob(), "expr" / Expression(), "rest" / Rest())
    new = {"data": b"abc", "expr": b"\x0b", "rest": b"!"}
    assert build(record, new, Sink(b""), "here") == b"\x03abc\x0b!"


def test_expressions_can_be_rewritten_on_the_way_out() -> None:
    data = b"\x41\x00\x0b"
    sink = Sink(data, lambda span: data[span[0] : span[1]][::-1])
    assert build(Expression(), (0, 3), sink, "here") == b"\x0b\x00\x41"


def test_padded_vectors_keep_the_width_of_their_count() -> None:
    items = PaddedList([1, 2], 5)
    assert build(Vector("item", U32), items, Sink(b""), "here") == b"\x82\x80\x80\x80\x00\x01\x02"
    items.extend(range(200))
    assert build(Vector("item", Byte), items, Sink(b""), "here")[:5] == b"\xca\x81\x80\x80\x00"
