from __future__ import annotations

import json

from tests.helpers.binary import module, section, vector
from wasmrewrite.codec import frame
from wasmrewrite.errors import WasmError
from wasmrewrite.fuzz import RandomChoices, damaged, damaged_text

DATA = module(
    section(1, vector(b"\x60\x00\x00")), section(3, vector(b"\x00", b"\x00")),
    section(10, vector(b"\x05\x00\x41\x05\x1a\x0b", b"\x02\x00\x0b")),
)  # fmt: skip


def is_framed(data: bytes) -> bool:
    try:
        return len(frame(data)) >= 0
    except WasmError:
        return False


def test_most_damage_leaves_sizes_right() -> None:
    spoilt = [damaged(RandomChoices(number), DATA) for number in range(200)]
    assert sum(each != DATA for each in spoilt) > 180
    assert sum(map(is_framed, spoilt)) > 60
    assert not all(map(is_framed, spoilt))


def test_the_same_choices_do_the_same_damage() -> None:
    assert damaged(RandomChoices(5), DATA) == damaged(RandomChoices(5), DATA)


def test_what_is_no_module_is_spoilt_all_the_same() -> None:
    for data in (b"", b"\0", b"\0asm\1\0\0\0", b"\0asm\1\0\0\0\1\xff"):
        for number in range(50):
            damaged(RandomChoices(number), data)


def test_text_stays_text_now_and_then() -> None:
    text = json.dumps({"name": "f", "args": ["i32:1", None], "count": 3})
    read = 0
    for number in range(200):
        try:
            json.loads(damaged_text(RandomChoices(number), text))
            read += 1
        except (ValueError, RecursionError):
            continue
    assert 40 < read < 190
    assert damaged_text(RandomChoices(1), "") == b""
