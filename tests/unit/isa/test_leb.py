"""LEB128 integers: limits as in the specification, widths kept."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmrewrite.errors import MalformedError
from wasmrewrite.isa import leb
from wasmrewrite.isa.leb import Padded, PaddedTuple, keep_width, write_padded, write_s, write_u

U32 = 2**32 - 1


@pytest.mark.parametrize(
    ("text", "value", "width"),
    [
        ("00", 0, 1),
        ("7f", 127, 1),
        ("80 01", 128, 2),
        ("80 00", 0, 2),
        ("ff 80 80 80 00", 127, 5),
        ("ff ff ff ff 0f", U32, 5),
    ],
)
def test_u32(text: str, value: int, width: int) -> None:
    data = b"\xaa" + bytes.fromhex(text) + b"\x01"
    read, after = leb.read_u32(data, 1, len(data))
    assert (read, after) == (value, 1 + width)
    assert write_u(read) == bytes.fromhex(text)


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("", "unexpected end", 0),
        ("80 80", "unexpected end", 2),
        ("ff ff ff ff 1f", "integer too large", 4),
        ("ff ff ff ff 10", "integer too large", 4),
        ("80 80 80 80 80", "integer representation too long", 5),
        ("80 80 80 80 80 00", "integer representation too long", 5),
        ("80 80 80 80 f0", "integer too large", 4),
    ],
)
def test_u32_refused(text: str, message: str, offset: int) -> None:
    data = b"\0\0\0" + bytes.fromhex(text)
    with pytest.raises(MalformedError) as caught:
        leb.read_u32(data, 3, len(data))
    assert caught.value.message.startswith(message)
    assert caught.value.position.offset == 3 + offset


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (leb.read_s32, "40", -64),
        (leb.read_s32, "80 7f", -128),
        (leb.read_s32, "ff 7f", -1),
        (leb.read_s32, "ff ff ff ff 07", 2**31 - 1),
        (leb.read_s32, "80 80 80 80 78", -(2**31)),
        (leb.read_s33, "ff ff ff ff 0f", 2**32 - 1),
        (leb.read_s33, "80 80 80 80 70", -(2**32)),
        (leb.read_s64, "80 80 80 80 80 80 80 80 80 7f", -(2**63)),
        (leb.read_s64, "ff ff ff ff ff ff ff ff ff 00", 2**63 - 1),
        (leb.read_u64, "ff ff ff ff ff ff ff ff ff 01", 2**64 - 1),
    ],
)
def test_widest_values(read: leb.Reader, text: str, value: int) -> None:
    data = bytes.fromhex(text)
    got, after = read(data, 0, len(data))
    assert (got, after) == (value, len(data))
    assert (write_u if read is leb.read_u64 else write_s)(got) == data


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (leb.read_s32, "ff ff ff ff 0f"),
        (leb.read_s32, "80 80 80 80 70"),
        (leb.read_s33, "ff ff ff ff 1f"),
        (leb.read_s64, "80 80 80 80 80 80 80 80 80 7e"),
        (leb.read_u64, "ff ff ff ff ff ff ff ff ff 02"),
    ],
)
def test_too_large(read: leb.Reader, text: str) -> None:
    data = bytes.fromhex(text)
    with pytest.raises(MalformedError, match="integer too large"):
        read(data, 0, len(data))


@given(st.integers(0, U32), st.integers(0, 5))
def test_unsigned_any_width(value: int, width: int) -> None:
    data = write_u(Padded(value, width))
    assert len(data) == max(width, leb.u_width(value))
    read, after = leb.read_u32(data, 0, len(data))
    assert (read, after) == (value, len(data))
    assert isinstance(read, Padded) is (len(data) > leb.u_width(value))
    assert write_u(read) == data


@given(st.integers(-(2**31), 2**31 - 1), st.integers(0, 5))
def test_signed_any_width(value: int, width: int) -> None:
    data = write_s(Padded(value, width))
    assert len(data) == max(width, leb.s_width(value))
    read, after = leb.read_s32(data, 0, len(data))
    assert (read, after) == (value, len(data))
    assert isinstance(read, Padded) is (len(data) > leb.s_width(value))
    assert write_s(read) == data


@given(st.binary(max_size=12), st.sampled_from([leb.read_u32, leb.read_u64, leb.read_s32, leb.read_s33, leb.read_s64]))
def test_any_bytes(data: bytes, read: leb.Reader) -> None:
    """What is read is written back, and anything else is malformed inside the bytes given."""
    write = write_u if read in (leb.read_u32, leb.read_u64) else write_s
    place: int | None
    try:
        value, place = read(data, 0, len(data))
    except MalformedError as error:
        place = error.position.offset
    else:
        assert write(value) == data[:place]
    assert place is not None
    assert 0 <= place <= len(data)


def test_end_is_respected() -> None:
    with pytest.raises(MalformedError, match="unexpected end") as caught:
        leb.read_u32(b"\x80\x01", 0, 1)
    assert caught.value.position.offset == 1


def test_keep_width() -> None:
    assert write_u(keep_width(Padded(3, 5), 4)) == write_padded(4, 5)
    assert write_u(keep_width(300, 4)) == b"\x84\x00"
    assert write_u(keep_width(4, 300)) == b"\xac\x02"
    assert type(keep_width(4, 5)) is int


def test_copies_keep_widths() -> None:
    for value in (Padded(7, 3), PaddedTuple((1, 2), 4)):
        for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
            assert twin == value
            assert twin.width == value.width
            assert repr(twin) == repr(value)
