from __future__ import annotations

from itertools import pairwise

import pytest

from tests.helpers.binary import PREAMBLE, custom, module, section, text, vector
from wasmrewrite.codec.frame import Section, frame
from wasmrewrite.errors import MalformedError
from wasmrewrite.model.layout import SECTIONS

TYPES = section(1, vector(b"\x60\x00\x00"))
FUNCS = section(3, vector(b"\x00"))
CODE = section(10, vector(b"\x02\x00\x0b"))


def refusal(data: bytes, base: int = 0) -> tuple[str, int | None]:
    with pytest.raises(MalformedError) as caught:
        frame(data, base)
    return caught.value.message, caught.value.position.offset


def test_sections_lie_where_they_lie() -> None:
    data = module(custom("a", b"hello"), section(1, b"\x00", width=5), custom("", width=3))
    assert frame(data) == [
        Section(0, "a", 8, 12, 17, 1),
        Section(1, None, 17, 23, 24, 5),
        Section(0, "", 24, 29, 29, 3),
    ]
    assert [each.contents for each in frame(data)] == [10, 23, 28]


def test_an_empty_module_has_no_sections() -> None:
    assert frame(PREAMBLE) == []


def test_a_module_may_lie_inside_other_bytes() -> None:
    inner = module(TYPES, FUNCS, CODE)
    outer = b"x" * 50 + inner + b"y" * 50
    found = frame(outer, 50, 50 + len(inner))
    assert [each.start - 50 for each in found] == [each.start for each in frame(inner)]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_buffer_will_do(kind: type) -> None:
    assert [each.name for each in frame(kind(module(custom("é"))))] == ["é"]


@pytest.mark.parametrize("length", range(8))
def test_a_short_preamble_ends_unexpectedly(length: int) -> None:
    assert refusal(PREAMBLE[:length]) == ("unexpected end", length)


def test_other_preambles() -> None:
    assert refusal(b"\x7fELF\x01\x01\x01\x00") == ("magic header not detected", 0)
    assert refusal(b"\0asm\x02\x00\x00\x00") == ("unknown binary version: 2, layer 0", 4)
    message, offset = refusal(b"\0asm\x0d\x00\x01\x00")
    assert message == "unknown binary version: this is a component (version 13), not a core module"
    assert offset == 4


@pytest.mark.parametrize("number", [14, 127, 128, 255])
def test_unknown_section_ids(number: int) -> None:
    assert refusal(module(bytes((number, 0)))) == (f"malformed section id: {number}", 8)


def test_sections_come_once_and_in_order() -> None:
    order = [section(number, b"\x00") for number in SECTIONS if number != 8]
    assert [each.id for each in frame(module(*order))] == [number for number in SECTIONS if number != 8]
    for earlier, later in pairwise(order):
        assert refusal(module(later, earlier)) == ("unexpected content after last section", 11)
        assert refusal(module(later, later)) == ("unexpected content after last section", 11)


def test_custom_sections_may_stand_anywhere() -> None:
    data = module(custom("a"), TYPES, custom("a"), FUNCS, custom("b"), CODE, custom("c"))
    assert [each.name for each in frame(data)] == ["a", None, "a", None, "b", None, "c"]


def test_sizes_end_inside_the_module() -> None:
    assert refusal(module(b"\x01")) == ("unexpected end", 9)
    assert refusal(module(b"\x01\x05\x00")) == ("length out of bounds", 9)
    assert refusal(module(b"\x01\xff\xff\xff\xff\x0f")) == ("length out of bounds", 9)
    assert refusal(module(b"\x01\xff\xff\xff\xff\x1f")) == ("integer too large", 13)


def test_names_of_custom_sections_are_checked() -> None:
    assert refusal(module(section(0, b"\x02a\xff"))) == ("malformed UTF-8 encoding", 12)
    assert refusal(module(section(0, b"\x02a"), b"\x00\x01\x00")) == ("unexpected end of section or function", 12)
    assert refusal(module(section(0, b"")))[0].startswith("unexpected end")


def test_counts_of_function_and_code_section_agree() -> None:
    wording = "function and code section have inconsistent lengths"
    assert refusal(module(TYPES, FUNCS)) == (wording, 16)
    assert refusal(module(TYPES, CODE)) == (wording, 16)
    assert refusal(module(TYPES, FUNCS, section(10, b"\x00"))) == (wording, 20)
    assert frame(module(section(3, b"\x00")))
    assert frame(module(section(10, b"\x80\x00")))


def test_counts_of_data_count_and_data_section_agree() -> None:
    wording = "data count and data section have inconsistent lengths"
    assert refusal(module(section(12, b"\x01"))) == (wording, 10)
    assert refusal(module(section(12, b"\x02"), section(11, vector(b"\x01\x00")))) == (wording, 10)
    assert frame(module(section(12, b"\x00")))
    assert frame(module(section(11, vector(b"\x01\x00"))))


def test_what_is_malformed_first_is_reported_first() -> None:
    # The export's name is no UTF-8, and only behind it the frame goes wrong.
    broken = section(7, vector(b"\x01\xff\x00\x00"))
    assert refusal(module(TYPES, FUNCS, broken))[0] == "malformed UTF-8 encoding"
    assert refusal(module(broken, b"\x80\x00"))[0] == "malformed UTF-8 encoding"


def test_only_the_frame_is_read() -> None:
    assert len(frame(module(section(7, vector(b"\x01\xff\x00\x00")), custom("name", b"\xff")))) == 2


def test_offsets_are_absolute_behind_a_base() -> None:
    assert refusal(b"----" + module(b"\x0f\x00"), 4) == ("malformed section id: 15", 12)
    assert refusal(b"----" + text("no"), 4) == ("unexpected end", 7)
