"""Operand kinds: bytes and text of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.helpers.every import every
from tests.unit.isa.samples import SAMPLES, PlainNames
from wasmrewrite.errors import MalformedError
from wasmrewrite.isa import immediates as im
from wasmrewrite.isa.immediates import BlockType, Catch, MemArg, OperandKind, Space
from wasmrewrite.isa.types import HEAPS, NUMBERS, SHORT_REFS, HeapType, RefType, ValType

CASES = [(kind, *sample) for kind, samples in SAMPLES.items() for sample in samples]


@every(("kind", "value", "data", "text"), CASES, ids=str)
def test_bytes(kind: OperandKind, value: Any, data: str, text: str) -> None:
    encoded = bytes.fromhex(data)
    assert kind.write(value) == encoded
    read, after = kind.read(b"\xee" + encoded + b"\xee", 1, len(encoded) + 1)
    assert read == value
    assert after == len(encoded) + 1
    assert kind.write(read) == encoded


@every(("kind", "value", "data", "text"), CASES, ids=str)
def test_cut_short(kind: OperandKind, value: Any, data: str, text: str) -> None:
    encoded = bytes.fromhex(data)
    for end in range(len(encoded)):
        with pytest.raises(MalformedError, match="unexpected end of section or function") as caught:
            kind.read(encoded, 0, end)
        assert caught.value.position.offset is not None
        assert caught.value.position.offset <= end


class ListWords:
    """A parser of words split at blanks and brackets: enough for the samples."""

    def __init__(self, text: str) -> None:
        self.words = re.findall(r"\(|\)|[^\s()]+", text)

    def take(self, *expected: str) -> str:
        word: str = self.words.pop(0)
        assert not expected or word in expected
        return word

    def at_number(self) -> bool:
        return bool(self.words) and self.words[0].isdigit()

    def index(self, _space: Space) -> int:
        return int(self.take())

    def optional_index(self, space: Space) -> int | None:
        return self.index(space) if self.at_number() else None

    def indices(self, space: Space) -> tuple[int, ...]:
        return tuple(iter(lambda: self.optional_index(space), None))

    def integer(self, _bits: int) -> int:
        return int(self.take(), 0)

    def lanes(self) -> tuple[int, ...]:
        return tuple(self.unsigned(8) for _ in range(16))

    def unsigned(self, _bits: int) -> int:
        return int(self.take())

    def float_bits(self, width: int) -> int:
        return int(self.take().removeprefix(f"bits{width}:"), 16)

    def v128(self) -> bytes:
        self.take("i32x4")
        return b"".join(self.integer(32).to_bytes(4, "little") for _ in range(4))

    def setting(self, key: str, default: int) -> int:
        return int(self.take().removeprefix(key)) if self.words and self.words[0].startswith(key) else default

    def offset(self) -> int:
        return self.setting("offset=", 0)

    def alignment(self, natural: int) -> int:
        return self.setting("align=", 1 << natural).bit_length() - 1

    def heap_type(self) -> HeapType:
        word = self.take()
        return HEAPS[word] if word in HEAPS else int(word)

    def ref_type(self) -> RefType:
        if self.words[0] != "(":
            return SHORT_REFS[self.take()]
        self.take("(")
        self.take("ref")
        nullable = self.words[0] == "null" and bool(self.take())
        heap = self.heap_type()
        self.take(")")
        return RefType(nullable, heap)

    def val_type(self) -> ValType:
        return NUMBERS[self.take()] if self.words[0] in NUMBERS else self.ref_type()

    def clause(self, keyword: str) -> Iterator[None]:
        """The inside of ``(keyword ...)`` clauses: once per element in them."""
        while self.words[:2] == ["(", keyword]:
            del self.words[:2]
            while self.words[0] != ")":
                yield
            self.take(")")

    def result_types(self) -> tuple[ValType, ...]:
        return tuple(self.val_type() for _ in self.clause("result"))

    def type_use(self) -> int:
        (index,) = [self.index(Space.TYPE) for _ in self.clause("type")]
        return index

    def block_type(self) -> BlockType:
        if self.words[:2] == ["(", "type"]:
            return self.type_use()
        return next(iter(self.result_types()), None)

    def catches(self) -> tuple[Catch, ...]:
        found = []
        while self.words:
            self.take("(")
            kind = im.CATCH_NAMES.index(self.take())
            found.append(Catch(kind, self.index(Space.TAG) if kind < 2 else None, self.index(Space.LABEL)))
            self.take(")")
        return tuple(found)


@every(("kind", "value", "data", "text"), CASES, ids=str)
def test_text(kind: OperandKind, value: Any, data: str, text: str) -> None:
    assert kind.show(value, PlainNames()) == text
    words = ListWords(text)
    assert kind.parse(words) == value
    assert words.words == []


@every("kind", im.KINDS, ids=str)
def test_every_kind_has_samples(kind: OperandKind) -> None:
    assert SAMPLES[kind]


def test_kinds_have_unique_names() -> None:
    names = [str(kind) for kind in im.KINDS]
    assert len(set(names)) == len(names) == len(SAMPLES)


@pytest.mark.parametrize(
    ("kind", "data", "message", "offset"),
    [
        (im.memarg(4), "80 01 00", "malformed memop flags", 0),
        (im.memarg(4), "02 ff ff ff ff ff ff ff ff ff 02", "integer too large", 10),
        (im.BLOCKTYPE, "41", "malformed value type", 0),
        (im.BLOCKTYPE, "ff 7f", "malformed block type", 0),
        (im.BLOCKTYPE, "64 40", "malformed heap type", 1),
        (im.HEAP, "7f", "malformed heap type", 0),
        (im.HEAP, "f0 7f", "malformed heap type", 0),
        (im.RESULTS, "01 05", "malformed value type", 1),
        (im.CATCHES, "01 04 00", "malformed catch clause", 1),
        (im.CAST, "04 00 6e 6e", "malformed cast flags", 0),
        (im.ORDER, "01", "zero byte expected", 0),
        (im.LABELS, "ff ff ff ff 0f 00", "unexpected end", 6),
        (im.CATCHES, "ff ff ff ff 0f 00", "unexpected end", 6),
    ],
    ids=str,
)
def test_malformed(kind: OperandKind, data: str, message: str, offset: int) -> None:
    encoded = bytes.fromhex(data)
    with pytest.raises(MalformedError) as caught:
        kind.read(encoded, 0, len(encoded))
    assert caught.value.message.startswith(message)
    assert caught.value.position.offset == offset


def test_long_reference_types_stay_long() -> None:
    value, _ = im.BLOCKTYPE.read(bytes.fromhex("63 70"), 0, 2)
    assert value == SHORT_REFS["funcref"]
    assert im.BLOCKTYPE.write(value) == bytes.fromhex("63 70")


def test_natural_alignments_and_lanes() -> None:
    assert [im.memarg(size).natural for size in (1, 2, 4, 8, 16)] == [0, 1, 2, 3, 4]
    assert [im.lane(count).lanes for count in (2, 4, 8, 16)] == [2, 4, 8, 16]
    assert im.LANES.lanes == 32
    assert MemArg(2, 0) == (2, 0, None)


def test_spaces() -> None:
    assert {space.name for space in im.Space if not space.is_module} == {"LOCAL", "LABEL", "FIELD"}
    assert {space for space in im.Space if space.is_module} == im.MODULE_SPACES
    assert Space.FUNC.value == "function"
