"""Memory instances."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.isa.types import I64, Limits, MemoryType
from wasmrewrite.runtime.memory import PAGE, MemoryInst
from wasmrewrite.runtime.store import Store, StoreLimits


def memory(minimum: int, maximum: int | None = None, pages: int = 100) -> MemoryInst:
    """A memory in a store that allows so many pages in all."""
    return MemoryInst(Store(StoreLimits(memory_bytes=pages * PAGE)), MemoryType(Limits(minimum, maximum)))


def test_reading_and_writing() -> None:
    made = memory(1)
    made.write(PAGE - 2, b"ab")
    assert made.read(PAGE - 3, 3) == b"\0ab"
    assert made.snapshot() == bytes(PAGE - 2) + b"ab"
    assert made.read(PAGE, 0) == b""


@pytest.mark.parametrize(("address", "count"), [(PAGE, 1), (PAGE + 1, 0), (0, PAGE + 1), (-1, 1), (1 << 70, 1)])
def test_bounds(address: int, count: int) -> None:
    with pytest.raises(Trap, match="out of bounds memory access"):
        memory(1).read(address, count)


def test_a_write_is_done_whole_or_not_at_all() -> None:
    made = memory(1)
    with pytest.raises(Trap):
        made.write(PAGE - 1, b"ab")
    assert made.snapshot() == bytes(PAGE)


def test_growing_keeps_contents_and_views() -> None:
    made = memory(1)
    data = made.data
    made.write(0, b"x")
    assert made.grow(2) == 1
    assert made.grow(0) == made.pages == 3
    assert made.data is data
    assert made.read(0, 1) == b"x"
    assert made.type == MemoryType(Limits(3))


def test_growing_beyond_the_type_is_not_the_limits_fault() -> None:
    made = memory(1, 2)
    assert made.grow(2) == -1
    assert made.store.refusals == 0
    assert made.pages == 1


def test_growing_beyond_the_limit_is_counted() -> None:
    made = memory(1, pages=2)
    assert made.grow(1) == 1
    assert made.grow(1) == -1
    assert made.store.refusals == 1


def test_all_memories_of_a_store_share_its_limit() -> None:
    store = Store(StoreLimits(memory_bytes=3 * PAGE))
    first, second = (MemoryInst(store, MemoryType(Limits(1))) for _ in range(2))
    assert first.grow(1) == 1
    assert second.grow(1) == -1


def test_a_minimum_beyond_the_limit() -> None:
    with pytest.raises(Exhaustion, match="memory exceeds the limit of this store"):
        memory(101)


def test_memories_of_no_pages_and_of_absurd_maxima() -> None:
    assert memory(0).snapshot() == b""
    made = MemoryInst(Store(), MemoryType(Limits(0, 1 << 48, I64)))
    assert made.grow(1 << 40) == -1
    assert made.grow(1) == 0
