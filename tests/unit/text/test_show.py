"""Values as text."""

from __future__ import annotations

from tests.helpers.every import every
from wasmrewrite.text import show


@every(
    ("bits", "width", "text"),
    [
        (0x3DCCCCCD, 32, "0.1"), (0x3FB999999999999A, 64, "0.1"), (0x3F800000, 32, "1"), (0x80000000, 32, "-0"),
        (0x8000000000000000, 64, "-0"), (0x7FC00000, 32, "nan"), (0xFFC00000, 32, "-nan"),
        (0x7F800001, 32, "nan:0x1"), (0xFF800000, 32, "-inf"), (0x00000001, 32, "1e-45"),
        (0x7F7FFFFF, 32, "3.4028235e+38"),
    ],
)  # fmt: skip
def test_floats_are_as_short_as_they_can_be(bits: int, width: int, text: str) -> None:
    assert show.float_text(bits, width) == text


def test_strings_are_printable() -> None:
    assert show.string(bytes([0, 9, 34, 65, 92, 127, 255])) == r'"\00\09\22A\5c\7f\ff"'


def test_names_keep_what_can_be_seen() -> None:
    assert show.name('é"\u202e\n') == r'"é\22\u{202e}\0a"'


def test_identifiers_are_quoted_where_they_must_be() -> None:
    assert show.identifier("a-b.c") == "$a-b.c"
    assert show.identifier("core::fmt") == "$core::fmt"
    assert show.identifier("a b") == '$"a b"'
    assert show.identifier("(é)") == '$"(é)"'
