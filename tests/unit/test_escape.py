from __future__ import annotations

import json

import pytest

from wasmrewrite.escape import as_json, for_terminal, quoted


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain name", "plain name"),
        ("naïve 名前", "naïve 名前"),
        ("\x1b[31mred", "\\u{1b}[31mred"),
        ("a\nb\r\tc\0", "a\\u{a}b\\u{d}\\u{9}c\\u{0}"),
        ("\x9b2J", "\\u{9b}2J"),
        ("safe\u202eexe.", "safe\\u{202e}exe."),
        ("\u2066x\u2069\u200f\u061c", "\\u{2066}x\\u{2069}\\u{200f}\\u{61c}"),
        ("zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"),
        ("line\u2028end\u2029", "line\\u{2028}end\\u{2029}"),
        ("lone\udcff", "lone\\u{dcff}"),
        ("tag\U000e0041", "tag\\u{e0041}"),
    ],
)
def test_what_does_not_print_as_itself_is_shown(name: str, shown: str) -> None:
    assert for_terminal(name) == shown


def test_quotes_leave_no_doubt_where_a_name_ends() -> None:
    assert quoted('a" b') == '"a\\" b"'
    assert quoted("back\\slash") == '"back\\\\slash"'
    assert quoted("") == '""'
    assert quoted("\x1b") == '"\\u{1b}"'


def test_every_character_of_a_terminal_text_prints() -> None:
    everything = "".join(map(chr, range(0x3000)))
    assert for_terminal(everything).isprintable()


def test_json_is_ascii_and_exact() -> None:
    name = "\x1b[2J\u202e\x7f\u2028名"
    written = as_json({"name": name})
    assert written.isascii()
    assert not any(ord(char) < 32 and char != "\n" for char in written)
    assert json.loads(written) == {"name": name}
