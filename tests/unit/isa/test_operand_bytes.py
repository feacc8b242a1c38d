"""Readers that sections share with instructions."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import MalformedError
from wasmrewrite.isa import types as t
from wasmrewrite.isa.operand_bytes import read_count, read_reftype, read_valtype, write_heaptype, write_valtype


@pytest.mark.parametrize("value", [*t.NUMBERS.values(), *t.SHORT_REFS.values(), t.RefType(False, t.EQ)], ids=str)
def test_value_types(value: t.ValType) -> None:
    data = write_valtype(value)
    assert read_valtype(data, 0, len(data)) == (value, len(data))


@pytest.mark.parametrize("data", ["7f", "40", "00", "78", "f3"])
def test_no_reference_type(data: str) -> None:
    with pytest.raises(MalformedError, match="malformed reference type"):
        read_reftype(bytes.fromhex(data), 0, 1)


def test_reference_types() -> None:
    assert read_reftype(b"\x70", 0, 1) == (t.FUNCREF, 1)
    assert read_reftype(b"\x64\x6c", 0, 2) == (t.RefType(False, t.I31), 2)
    with pytest.raises(MalformedError, match="unexpected end"):
        read_reftype(b"\x64", 0, 1)


def test_counts_are_bounded_by_what_is_left() -> None:
    assert read_count(b"\x02\x00\x00", 0, 3) == (2, 1)
    with pytest.raises(MalformedError, match="unexpected end of section or function"):
        read_count(b"\x03\x00\x00", 0, 3)


def test_a_definition_has_no_bytes() -> None:
    with pytest.raises(TypeError):
        write_heaptype(t.TypeDef(t.FuncType()))
