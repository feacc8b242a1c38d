from __future__ import annotations

import pytest

from tests.helpers.binary import custom, leb, module, section, vector
from wasmrewrite.codec.anew import body_anew, contents_anew
from wasmrewrite.codec.reencode import reencode
from wasmrewrite.errors import MalformedError

TYPES = section(1, vector(b"\x60\x00\x00"))
FUNCS = section(3, vector(b"\x00"))


def with_body(body: bytes) -> bytes:
    return module(TYPES, FUNCS, section(10, vector(leb(len(body)) + body)))


def test_a_body_is_written_from_its_values() -> None:
    body = b"\x81\x00\x82\x00\x7f\x41\x80\x80\x00\x1a\x0b"
    assert body_anew(b"-" + body, (1, 1 + len(body))) == body


@pytest.mark.parametrize("instr", [b"\xfc\x09\x00", b"\xfc\x08\x00\x00", b"\xfb\x09\x00\x00"])
def test_data_segments_in_code_need_a_data_count(instr: bytes) -> None:
    data = with_body(b"\x00\x41\x00" + instr + b"\x0b")
    with pytest.raises(MalformedError, match="data count section required") as caught:
        reencode(data)
    assert caught.value.position.path == ("code section", "func[0]")
    assert caught.value.position.offset == data.index(instr)
    counted = module(TYPES, FUNCS, section(12, b"\x00"), data[18:])
    assert reencode(counted) == counted


def test_an_error_in_a_body_names_the_function() -> None:
    with pytest.raises(MalformedError, match="illegal opcode") as caught:
        reencode(with_body(b"\x00\xff\x0b"))
    assert caught.value.position.path == ("code section", "func[0]")
    assert caught.value.position.offset == 23


def test_a_body_fills_its_size() -> None:
    with pytest.raises(MalformedError, match="section size mismatch"):
        reencode(with_body(b"\x00\x0b\x0b"))
    with pytest.raises(MalformedError, match="unexpected end of section or function"):
        reencode(with_body(b"\x00\x41\x00"))


@pytest.mark.parametrize(
    "data",
    [
        custom("name", b"\x00\x02\x01a\x01\x03\x01\x05\x00"),
        custom("name", b"\x01\xff"),
        custom("name", b"\x00\x05\x01a\xff\xff\xff\x63\x02ab"),
        custom("producers", b"\x01\x08language\x01\x04Rust\x00"),
        custom("producers", b"\x05"),
        custom("target_features", b"\x81\x00+\x04simd"),
        custom("target_features", b"\x01?\x04simd"),
        custom("dylink.0", b"\x01\x04\x80\x01\x02\x00"),
        custom("dylink.0", b"\x01\x04\x80\x01\x02\x00\x00"),
        custom("metadata.code.branch_hint", b"\x01\x05\x01\x03\x01\x01"),
        custom("nobody knows", bytes(range(256))),
    ],
)
def test_custom_sections_come_back_sound_or_broken(data: bytes) -> None:
    assert reencode(module(data)) == module(data)


def test_contents_of_one_section() -> None:
    contents = vector(b"\x02\x00\x0b")
    assert contents_anew(contents, 10, 0, len(contents)) == contents
