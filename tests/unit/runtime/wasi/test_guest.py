from __future__ import annotations

import pytest

from tests.unit.runtime.wasi.conftest import Calls
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.runtime.instances import ModuleInst
from wasmrewrite.runtime.store import Store
from wasmrewrite.runtime.wasi import Refused
from wasmrewrite.runtime.wasi.abi import IOVEC, U32, U64
from wasmrewrite.runtime.wasi.guest import MOST_BYTES, MOST_VECTORS, memory_of

PAGE = 65536


def test_records_come_back_as_they_were_put(calls: Calls) -> None:
    calls.guest.put(IOVEC, 8, 3, 4)
    assert calls.guest.get(IOVEC, 8) == (3, 4)
    assert calls.memory.read(8, 8) == bytes((3, 0, 0, 0, 4, 0, 0, 0))


@pytest.mark.parametrize("address", [PAGE - 7, PAGE, 0xFFFF_FFFF])
def test_pointers_outside_trap(calls: Calls, address: int) -> None:
    with pytest.raises(Trap, match="out of bounds memory access"):
        calls.guest.get(U64, address)
    with pytest.raises(Trap, match="out of bounds memory access"):
        calls.guest.put_bytes(address, bytes(8))
    with pytest.raises(Trap, match="out of bounds memory access"):
        calls.guest.path(address, 8)
    with pytest.raises(Trap, match="out of bounds memory access"):
        calls.guest.vectors(address, 1)


def test_pointers_are_aligned(calls: Calls) -> None:
    with pytest.raises(Trap, match="unaligned pointer"):
        calls.guest.put(U32, 6, 0)


@pytest.mark.parametrize(
    ("data", "errno"),
    [(b"\xff", "ILSEQ"), (b"\xed\xa0\x80", "ILSEQ"), (b"a\0b", "INVAL"), (b"a" * 4097, "NAMETOOLONG")],
)
def test_what_cannot_be_a_path(calls: Calls, data: bytes, errno: str) -> None:
    calls.memory.write(0, data)
    with pytest.raises(Refused, match=errno):
        calls.guest.path(0, len(data))


def test_vectors_are_limited_in_number_and_size(calls: Calls) -> None:
    with pytest.raises(Refused, match="INVAL"):
        calls.guest.vectors(0, MOST_VECTORS + 1)
    count = MOST_VECTORS
    for index in range(count):
        calls.guest.put(IOVEC, index * 8, 0, PAGE)
    found = calls.guest.vectors(0, count)
    assert sum(length for _, length in found) == MOST_BYTES
    calls.guest.put(IOVEC, (count - 1) * 8, 1, PAGE)
    with pytest.raises(Trap):
        calls.guest.vectors(0, count)


def test_data_cost_fuel(calls: Calls) -> None:
    before = calls.store.fuel_left
    calls.guest.gather([(0, 6400)])
    assert before - calls.store.fuel_left == 100
    calls.store.refuel(10)
    with pytest.raises(Exhaustion):
        calls.guest.put_bytes(0, bytes(6400))


def test_what_was_told_is_known(calls: Calls) -> None:
    calls.memory.write(0, b"path and data")
    calls.guest.path(0, 4)
    calls.guest.gather([(5, 3), (9, 0), (9, 4)])
    assert calls.guest.heard == [b"path", b"and", b"data"]


def test_pointers_are_meant_for_the_exported_memory(calls: Calls) -> None:
    class Engine:
        call = prepare = None

    instance = ModuleInst(Store(), Engine())  # type: ignore[arg-type]
    with pytest.raises(Trap, match="without memory"):
        memory_of(instance)
    other = Calls().memory
    instance.memories = [other, calls.memory]
    assert memory_of(instance) is other
    instance.exports = {"memory": calls.memory}
    assert memory_of(instance) is calls.memory
