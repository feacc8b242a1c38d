"""Whatever a program passes to WASI, it gets an answer, an end or a trap, and no more than the limits allow."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest

from tests.unit.runtime.wasi.conftest import LIMITS, Calls
from wasmrewrite.errors import WasmError
from wasmrewrite.isa.types import I32
from wasmrewrite.runtime.wasi import BY_NAME, Guest

CALLS = 400
FUEL = 1_000_000
PAGE = 65536
PATHS = 4096


def argument(random: Random, is_i32: bool) -> int:
    """A descriptor, a pointer, a length, or anything."""
    if not is_i32:
        return random.choice((random.randrange(99), random.getrandbits(64), (1 << 64) - 1, 1 << 63, 0x1FFF_FFFF))
    pointers = PATHS + random.randrange(40), 8 * random.randrange(PAGE // 8), PAGE - 8 * random.randrange(4)
    return random.choice((random.randrange(12), random.getrandbits(32), (1 << 32) - 1, *pointers))


@pytest.mark.parametrize("seed", range(20))
def test_anything_can_be_called_with_anything(seed: int) -> None:
    random, calls = Random(seed), Calls()
    calls.memory.write(0, random.randbytes(PATHS))
    calls.memory.write(PATHS, b"d/../a./b" * 40)
    answers = set()
    for _ in range(CALLS):
        function = random.choice(list(BY_NAME.values()))
        args = tuple(argument(random, param is I32) for param in function.type.params)
        calls.store.refuel(FUEL)
        with suppress(WasmError):
            answers.update(calls.wasi.perform(function, Guest(calls.memory, calls.store), args))
        assert 0 <= calls.wasi.tree.bytes_left <= LIMITS.file_bytes
        assert 0 <= calls.wasi.tree.entries_left <= LIMITS.entries
        assert len(calls.wasi.output) + len(calls.wasi.errors) <= LIMITS.output_bytes
    assert len(answers) > 5
