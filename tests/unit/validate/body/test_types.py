"""Types as codes: distinct, told apart by range, and shown as the specification writes them."""

from __future__ import annotations

import pytest

from wasmrewrite.isa.types import HEAPS, NUMBERS, PACKED, AbsHeap, NumType, PackedType, RefType
from wasmrewrite.validate.body import types
from wasmrewrite.validate.body.types import (
    BOTTOM,
    BOTTOM_REF,
    code_of,
    defined,
    has_default,
    is_nullable,
    is_number,
    is_packed,
    is_ref,
    show,
    unpacked,
    with_null,
)

ALL: list[NumType | PackedType | RefType] = [
    *NUMBERS.values(),
    *PACKED.values(),
    *(RefType(nullable, heap) for heap in HEAPS.values() for nullable in (False, True)),
]


def test_codes_are_distinct_and_small() -> None:
    codes = [
        BOTTOM,
        *map(code_of, ALL),
        BOTTOM_REF,
        *(defined(index, null) for index in (0, 1) for null in (False, True)),
    ]
    assert len(set(codes)) == len(codes)
    assert max(codes) < 64


@pytest.mark.parametrize("value", ALL, ids=str)
def test_what_a_code_says(value: NumType | PackedType | RefType) -> None:
    code = code_of(value)
    assert show(code) == str(value)
    assert is_number(code) is isinstance(value, NumType)
    assert is_packed(code) is isinstance(value, PackedType)
    assert is_ref(code) is isinstance(value, RefType)
    assert is_nullable(code) is (isinstance(value, RefType) and value.nullable)
    assert has_default(code) is (not isinstance(value, RefType) or value.nullable)
    assert unpacked(code) == (types.I32 if isinstance(value, PackedType) else code)


@pytest.mark.parametrize("heap", HEAPS.values(), ids=str)
def test_null_is_put_in_and_taken_out(heap: AbsHeap) -> None:
    with_it, without = code_of(RefType(True, heap)), code_of(RefType(False, heap))
    assert with_null(with_it, nullable=False) == with_null(without, nullable=False) == without
    assert with_null(with_it, nullable=True) == with_null(without, nullable=True) == with_it


def test_the_rest_is_shown() -> None:
    assert [show(code) for code in (BOTTOM, BOTTOM_REF, defined(0, nullable=True), defined(7, nullable=False))] == [
        "bot", "(ref bot)", "(ref null 0)", "(ref 7)",
    ]  # fmt: skip
