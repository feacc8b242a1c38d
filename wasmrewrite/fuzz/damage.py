"""Files that somebody spoiled: ``damaged`` spoils modules, ``damaged_text`` configuration, JSON, and the like.

Bytes changed anywhere are mostly refused by the first length that no longer fits. So most damage is done inside one
section or one body, and the sizes around it are mended. Not here: valid modules (``mutate``, ``modules``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from ..isa.leb import write_u
from .choices import Choices

Sections: TypeAlias = list[tuple[int, bytearray]]

_PREAMBLE: Final = 8
_CODE: Final = 10
_INTERESTING: Final = (0x00, 0x01, 0x7F, 0x80, 0xFF, 0x0B, 0x40, 0x41, 0x70, 0x6F, 0x60, 0xFC, 0xFD, 0xFB, 0xFE)
_PREFIXES: Final = (0xFC, 0xFD, 0xFE, 0xFB)


def damaged(choices: Choices, data: bytes) -> bytes:
    """Bytes that are mostly no valid module any more, after one to four changes."""
    sections = None if choices.chance(4) else _sections(data)
    if not sections:
        found = bytearray(data)
        _spoil(choices, found, _few(choices))
        return bytes(found)
    for _ in range(_few(choices)):
        if sections:
            choices.pick(_TO_SECTIONS)(choices, sections)
    return data[:_PREAMBLE] + b"".join(bytes((number,)) + _sized(contents) for number, contents in sections)


def _few(choices: Choices) -> int:
    """How many changes: mostly one, or nothing would get far."""
    return 1 + (choices.below(4) if choices.chance(3) else 0)


# --- sections ---------------------------------------------------------------------------------------------------------


def _leb(data: bytes | bytearray, at: int) -> tuple[int, int] | None:
    """An unsigned number and where it ends; None where there is none."""
    value = shift = 0
    while at < len(data) and shift < 35:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    return None


def _sections(data: bytes) -> Sections | None:
    """Number and contents of each section; None for what is no sequence of sections."""
    found: Sections = []
    at = _PREAMBLE
    while at < len(data):
        size = _leb(data, at + 1)
        if size is None or size[1] + size[0] > len(data):
            return None
        found.append((data[at], bytearray(data[size[1] : size[1] + size[0]])))
        at = size[1] + size[0]
    return found


def _sized(contents: bytes | bytearray) -> bytes:
    return write_u(len(contents)) + contents


def _contents(choices: Choices, sections: Sections) -> None:
    """Spoil what is in a section, its first number perhaps left alone: mostly that is a count."""
    number, contents = choices.pick(sections)
    if number == _CODE and not choices.chance(4):
        _body(choices, contents)
        return
    first = _leb(contents, 0)
    kept = first[1] if first is not None and not choices.chance(3) else 0
    rest = contents[kept:]
    _spoil(choices, rest, _few(choices))
    contents[kept:] = rest


def _body(choices: Choices, contents: bytearray) -> None:
    """Spoil a body, and write its size anew."""
    count = _leb(contents, 0)
    if count is None or not count[0]:
        return
    at = count[1]
    for _ in range(choices.below(min(count[0], 64))):
        size = _leb(contents, at)
        at = len(contents) if size is None else size[1] + size[0]
    size = _leb(contents, at)
    if size is None:
        return
    body = contents[size[1] : size[1] + size[0]]
    _spoil(choices, body, _few(choices))
    contents[at : size[1] + size[0]] = _sized(body)


def _count(choices: Choices, sections: Sections) -> None:
    """Another number of entries than there are."""
    _, contents = choices.pick(sections)
    count = _leb(contents, 0)
    if count is not None:
        others = (count[0] + 1, max(count[0] - 1, 0), 0, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF)
        contents[: count[1]] = write_u(choices.pick(others))


def _without(choices: Choices, sections: Sections) -> None:
    del sections[choices.below(len(sections))]


def _twice(choices: Choices, sections: Sections) -> None:
    number, contents = choices.pick(sections)
    sections.insert(choices.below(len(sections) + 1), (number, bytearray(contents)))


def _exchanged(choices: Choices, sections: Sections) -> None:
    first, second = choices.below(len(sections)), choices.below(len(sections))
    sections[first], sections[second] = sections[second], sections[first]


def _renumbered(choices: Choices, sections: Sections) -> None:
    at = choices.below(len(sections))
    sections[at] = choices.below(16), sections[at][1]


_TO_SECTIONS: Final[tuple[Callable[[Choices, Sections], None], ...]] = (
    *(_contents,) * 8, _count, _without, _twice, _exchanged, _renumbered,
)  # fmt: skip


# --- bytes ------------------------------------------------------------------------------------------------------------


def _spoil(choices: Choices, data: bytearray, changes: int) -> None:
    for _ in range(changes):
        if data:
            choices.pick(_TO_BYTES)(choices, data)


def _flip(choices: Choices, data: bytearray) -> None:
    data[choices.below(len(data))] ^= 1 << choices.below(8)


def _set(choices: Choices, data: bytearray) -> None:
    data[choices.below(len(data))] = choices.pick(_INTERESTING)


def _any(choices: Choices, data: bytearray) -> None:
    data[choices.below(len(data))] = choices.below(256)


def _more(choices: Choices, data: bytearray) -> None:
    """Another number, close to the one that is there."""
    at = choices.below(len(data))
    data[at] = data[at] + (1 if choices.chance(2) else -1) & 0xFF


def _prefixed(choices: Choices, data: bytearray) -> None:
    """An instruction of two bytes."""
    at = choices.below(len(data))
    data[at : at + choices.below(3)] = bytes((choices.pick(_PREFIXES), choices.below(256)))


def _cut(choices: Choices, data: bytearray) -> None:
    at = choices.below(len(data))
    del data[at : at + 1 + choices.below(8)]


def _truncate(choices: Choices, data: bytearray) -> None:
    del data[choices.below(len(data)) :]


def _insert(choices: Choices, data: bytearray) -> None:
    at = choices.below(len(data))
    data[at:at] = bytes(choices.pick(_INTERESTING) for _ in range(1 + choices.below(4)))


def _repeat(choices: Choices, data: bytearray) -> None:
    at = choices.below(len(data))
    data[at:at] = data[at : at + 1 + choices.below(64)]


def _length(choices: Choices, data: bytearray) -> None:
    """A huge number where a small one was, in as many bytes as a count may have."""
    at = choices.below(len(data))
    data[at : at + 1] = b"\xff\xff\xff\xff\x0f" if choices.chance(2) else b"\x80\x80\x80\x80\x00"


_TO_BYTES: Final[tuple[Callable[[Choices, bytearray], None], ...]] = (
    _flip, _set, _any, _any, _more, _prefixed, _cut, _insert, _repeat, _length, _truncate,
)  # fmt: skip


# --- text -------------------------------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w.+-]+|\s+|[^\w\s]')
_WORDS: Final = (
    "0", "1", "-1", "4294967295", "4294967296", "18446744073709551616", "9" * 5000, "1e999", "-0.0", "nan", "inf",
    "0x10", "true", "null", "[]", "{}", '""', '"\\u0000"', '"\\ud800"', '"\\u202e\\u001b[2J"', '"i32"', '"*"', '"a.b"',
    '"(u8, i64)"', '"' + "x" * 5000 + '"', '"' + "(" * 5000 + '"', '"[i8; 4294967296]"', "2020-01-01", "'", "false",
    "[" * 500 + "]" * 500, "[" * 100_000, '{"a":' * 500 + "1" + "}" * 500, "\ufeff", "\x00", "#",
)  # fmt: skip


def damaged_text(choices: Choices, text: str) -> bytes:
    """Bytes that once were text, in JSON or TOML mostly, after one to four changes to its words."""
    tokens = _TOKEN.findall(text)
    for _ in range(_few(choices)):
        if tokens:
            choices.pick(_TO_TOKENS)(choices, tokens)
    found = bytearray("".join(tokens).encode())
    if choices.chance(6):
        _spoil(choices, found, _few(choices))
    return bytes(found)


def _word(choices: Choices, tokens: Sequence[str]) -> int:
    """Where a word or a string is, if there is one."""
    return choices.pick([at for at, each in enumerate(tokens) if each[0] == '"' or each[0].isalnum()] or [0])


def _other_word(choices: Choices, tokens: list[str]) -> None:
    tokens[_word(choices, tokens)] = choices.pick(_WORDS)


def _known_word(choices: Choices, tokens: list[str]) -> None:
    tokens[_word(choices, tokens)] = tokens[_word(choices, tokens)]


def _without_token(choices: Choices, tokens: list[str]) -> None:
    del tokens[choices.below(len(tokens))]


def _tokens_again(choices: Choices, tokens: list[str]) -> None:
    at = choices.below(len(tokens))
    tokens[at:at] = tokens[at : at + 1 + choices.below(40)]


def _without_tokens(choices: Choices, tokens: list[str]) -> None:
    at = choices.below(len(tokens))
    del tokens[at : at + 1 + choices.below(40)]


_TO_TOKENS: Final[tuple[Callable[[Choices, list[str]], None], ...]] = (
    *(_other_word,) * 4, *(_known_word,) * 3, _without_token, _tokens_again, _without_tokens,
)  # fmt: skip
