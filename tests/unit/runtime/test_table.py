"""Table instances."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.isa.types import EXTERNREF, Limits, TableType
from wasmrewrite.runtime.store import Store, StoreLimits
from wasmrewrite.runtime.table import TableInst


def table(minimum: int, maximum: int | None = None) -> TableInst:
    """A table in a store that allows ten elements."""
    return TableInst(Store(StoreLimits(table_elements=10)), TableType(EXTERNREF, Limits(minimum, maximum)), "x")


def test_elements() -> None:
    made = table(2)
    made.set(1, "y")
    assert made.snapshot() == ("x", "y")
    assert made.get(1) == "y"


@pytest.mark.parametrize("index", [-1, 2, 1 << 64])
def test_bounds(index: int) -> None:
    with pytest.raises(Trap, match="out of bounds table access"):
        table(2).get(index)
    with pytest.raises(Trap, match="out of bounds table access"):
        table(2).set(index, None)


def test_growing() -> None:
    made = table(1, 3)
    assert made.grow(2, "z") == 1
    assert made.snapshot() == ("x", "z", "z")
    assert made.grow(1, None) == -1
    assert made.type == TableType(EXTERNREF, Limits(3, 3))
    assert made.store.refusals == 0


def test_limits_of_the_store() -> None:
    made = table(9)
    assert made.grow(2, None) == -1
    assert made.store.refusals == 1
    with pytest.raises(Exhaustion, match="table exceeds the limit of this store"):
        table((1 << 32) - 1)
