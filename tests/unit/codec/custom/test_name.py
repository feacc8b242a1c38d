from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.binary import leb, text, vector
from wasmrewrite.codec.custom import read, write
from wasmrewrite.codec.custom.name import INDIRECT_MAPS, MAPS, read_name_map, write_name_map


def sub(number: int, contents: bytes, width: int = 1) -> bytes:
    return bytes((number,)) + leb(len(contents), width) + contents


def test_every_subsection_is_read_and_written() -> None:
    names = vector(b"\x00" + text("a"), leb(300) + text("é"))
    indirect = vector(b"\x02" + names)
    data = sub(0, text("module")) + b"".join(
        sub(number, indirect if number in INDIRECT_MAPS else names) for number in range(1, 12)
    )
    reading = read("name", b"--" + data, 2, 2 + len(data))
    assert reading.problems == ()
    assert [part.id for part in reading.record] == list(range(12))
    assert reading.record[0].contents == "module"
    for part in reading.record[1:]:
        expected = [(0, "a"), (300, "é")]
        assert part.contents == ([(2, expected)] if part.id in INDIRECT_MAPS else expected)
    assert set(MAPS) | set(INDIRECT_MAPS) | {0} == set(range(12))
    assert write("name", reading.record) == data


def test_unknown_subsections_stay_bytes() -> None:
    data = sub(1, vector(b"\x00" + text("f"))) + sub(99, b"what?")
    reading = read("name", data, 0, len(data))
    assert reading.problems == ()
    assert reading.record[1].contents == (len(data) - 5, len(data))
    assert write("name", reading.record, data) == data


@pytest.mark.parametrize(
    ("contents", "message", "rel_offset"),
    [
        (b"\x01\x00\x01\xff", "malformed UTF-8 encoding", 3),
        (b"\x02\x00\x01a", "unexpected end of section or function", 4),
        (b"\x01\x00\x01a\x00", "section size mismatch", 4),
        (b"\xff\xff\xff\xff\x0f\x00", "length out of bounds", 0),
    ],
)
def test_a_broken_subsection_is_kept_and_reported(contents: bytes, message: str, rel_offset: int) -> None:
    data = sub(1, contents) + sub(7, vector(b"\x00" + text("g")))
    reading = read("name", data, 0, len(data))
    (problem,) = reading.problems
    assert problem.message == message
    assert problem.position.offset == 2 + rel_offset
    assert problem.position.path == ("custom section 'name'", "subsection 1")
    assert reading.record[0].contents == (2, 2 + len(contents))
    assert reading.record[1].contents == [(0, "g")]
    assert write("name", reading.record, data) == data


def test_a_broken_section_is_reported_whole() -> None:
    data = sub(1, vector(b"\x00" + text("f"))) + b"\x02\x50"
    reading = read("name", data, 0, len(data))
    assert reading.record is None
    assert [problem.message for problem in reading.problems] == ["length out of bounds"]


def test_no_section_has_more_subsections_than_there_are_ids() -> None:
    data = sub(99, b"") * 256
    assert len(read("name", data, 0, len(data)).record) == 256
    reading = read("name", data * 2, 0, len(data) * 2)
    assert reading.record is None
    assert [problem.message for problem in reading.problems] == ["more than 256 subsections"]


def test_overlong_numbers_come_back() -> None:
    names = vector(leb(3, 5) + text("a", 4), leb(1, 2) + text("b"), width=5)
    data = sub(0, text("m", 5), 5) + sub(1, names, 5) + sub(2, vector(leb(9, 5) + names, width=3), 2) + sub(200, b"", 5)
    reading = read("name", data, 0, len(data))
    assert reading.record[1].contents == [(3, "a"), (1, "b")]
    assert write("name", reading.record, data) == data


def test_a_new_section_is_written_from_plain_lists() -> None:
    record = [{"id": 1, "contents": [(0, "f")]}, {"id": 2, "contents": [(0, [(1, "x")])]}]
    assert write("name", record) == sub(1, vector(b"\x00" + text("f"))) + sub(
        2, vector(b"\x00" + vector(b"\x01" + text("x")))
    )


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))))
def test_name_maps_come_back(names: list[tuple[int, str]]) -> None:
    data = vector(*(leb(index) + text(name) for index, name in names))
    assert read_name_map(data, 0, len(data)) == (names, len(data))
    assert write_name_map(names) == data
