"""Which instructions nest, and how."""

from __future__ import annotations

from wasmrewrite.isa.structure import CLOSERS, DIVIDERS, END, OPENERS, STRUCTURAL
from wasmrewrite.isa.table import BY_NAME


def test_openers_are_those_with_a_block_type() -> None:
    assert {op.name for op in OPENERS} == {"block", "loop", "if", "try", "try_table"}


def test_dividers() -> None:
    assert {op.name: {part.name for part in parts} for op, parts in DIVIDERS.items()} == {
        "else": {"if"},
        "catch": {"try", "catch"},
        "catch_all": {"try", "catch"},
    }


def test_closers() -> None:
    assert set(CLOSERS) == {END, BY_NAME["delegate"]}
    assert CLOSERS[END] == OPENERS | set(DIVIDERS)
    assert CLOSERS[BY_NAME["delegate"]] == {BY_NAME["try"]}
    assert len(STRUCTURAL) == 10
