"""Fetching registers, and the numbers of kinds."""

from __future__ import annotations

import pytest

from wasmrewrite.interp import flat
from wasmrewrite.interp.flat import fetch


@pytest.mark.parametrize("registers", [[], [3], [1, 2, 3], [3, 1], [2, 2]])
def test_fetch(registers: list[int]) -> None:
    assert list(fetch(registers)([10, 11, 12, 13])) == [10 + register for register in registers]


def test_kinds_are_numbered_in_order() -> None:
    assert [getattr(flat, name) for name in flat.KINDS] == list(range(len(flat.KINDS)))
