from __future__ import annotations

import pytest

from tests.unit.runtime.wasi.conftest import Calls
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.runtime.wasi import ProcExit
from wasmrewrite.runtime.wasi.abi import PREVIEW1, UNSTABLE, Edition, Errno
from wasmrewrite.runtime.wasi.system import EPOCH, TICK


def test_arguments(calls: Calls) -> None:
    assert calls.call("args_sizes_get", 0, 4) is Errno.SUCCESS
    assert (calls.number(0), calls.number(4)) == (2, 9)
    assert calls.call("args_get", 8, 101) is Errno.SUCCESS
    assert (calls.number(8), calls.number(12)) == (101, 106)
    assert calls.memory.read(101, 9) == b"name\0one\0"


def test_environment(calls: Calls) -> None:
    calls.call("environ_sizes_get", 0, 4)
    calls.call("environ_get", 8, 16)
    assert (calls.number(0), calls.number(4), calls.number(8), calls.memory.read(16, 4)) == (1, 4, 16, b"A=1\0")


def test_clocks_move_when_they_are_looked_at(calls: Calls) -> None:
    shown = []
    for clock in (1, 0, 2, 3):
        assert calls.call("clock_time_get", clock, 0, 8) is Errno.SUCCESS
        shown.append(calls.number(8, 8))
    assert shown == [TICK, EPOCH + 2 * TICK, 3 * TICK, 4 * TICK]
    assert calls.call("clock_time_get", 4, 0, 8) is Errno.INVAL
    assert calls.call("clock_res_get", 1, 8) is Errno.SUCCESS
    assert calls.number(8, 8) == TICK


def test_random_numbers_are_the_same_every_time(calls: Calls) -> None:
    other = Calls()
    for each in (calls, other):
        assert each.call("random_get", 3, 40_000) is Errno.SUCCESS
        assert each.call("random_get", 40_003, 10) is Errno.SUCCESS
    assert calls.memory.snapshot() == other.memory.snapshot()
    assert len(set(calls.memory.read(3, 40_010))) == 256


def test_random_numbers_cost_fuel(calls: Calls) -> None:
    calls.store.refuel(100)
    with pytest.raises(Exhaustion):
        calls.call("random_get", 0, 65536)


def test_the_end(calls: Calls) -> None:
    with pytest.raises(ProcExit) as end:
        calls.call("proc_exit", 7)
    assert end.value.code == 7


def test_what_there_is_not(calls: Calls) -> None:
    assert calls.call("sched_yield") is Errno.SUCCESS
    assert calls.call("proc_raise", 6) is Errno.NOTSUP
    assert calls.call("sock_accept", 1, 0, 0) is Errno.NOTSOCK
    assert calls.call("sock_send", 77, 0, 0, 0, 0) is Errno.BADF


def subscribe(calls: Calls, edition: Edition, at: int, *fields: int) -> int:
    """Write a subscription; where the next one goes."""
    layout = edition.on_fd if len(fields) == 3 else edition.on_clock
    calls.memory.write(at, layout.fields.pack(*fields))
    return at + layout.size


@pytest.mark.parametrize("edition", [PREVIEW1, UNSTABLE], ids=lambda edition: edition.module)
def test_waiting_takes_no_time_but_moves_the_clock(calls: Calls, edition: Edition) -> None:
    second = 10**9
    at = subscribe(calls, edition, 1024, 5, 0, 1, 3 * second, 0, 0)
    at = subscribe(calls, edition, at, 6, 0, 0, EPOCH + 2 * second, 0, 1)
    subscribe(calls, edition, at, 7, 0, 1, 2 * second, 0, 1)
    assert calls.call("poll_oneoff", 1024, 0, 3, 512, module=edition.module) is Errno.SUCCESS
    assert calls.number(512) == 2
    assert [calls.number(event, 8) for event in (0, 32)] == [6, 7]
    assert calls.wasi.time.passed == 2 * second


@pytest.mark.parametrize("edition", [PREVIEW1, UNSTABLE], ids=lambda edition: edition.module)
def test_descriptors_are_ready_at_once(calls: Calls, edition: Edition) -> None:
    at = subscribe(calls, edition, 1024, 5, 0, 1, 10**9, 0, 0)
    at = subscribe(calls, edition, at, 6, 1, 0)
    at = subscribe(calls, edition, at, 7, 2, 0)
    subscribe(calls, edition, at, 8, 2, 1)
    assert calls.call("poll_oneoff", 1024, 0, 4, 512, module=edition.module) is Errno.SUCCESS
    assert calls.number(512) == 3
    events = [(calls.number(at, 8), calls.number(at + 8, 2), calls.number(at + 16, 8)) for at in (0, 32, 64)]
    assert events == [(6, 0, 10), (7, Errno.BADF, 0), (8, 0, 0)]
    assert calls.wasi.time.passed == 0


def test_waiting_for_nothing_or_too_much(calls: Calls) -> None:
    assert calls.call("poll_oneoff", 0, 0, 0, 512) is Errno.INVAL
    with pytest.raises(Trap):
        calls.call("poll_oneoff", 0, 0, 0x1000_0000, 512)
    subscribe(calls, PREVIEW1, 1024, 5, 9, 0)
    assert calls.call("poll_oneoff", 1024, 0, 1, 512) is Errno.INVAL
    subscribe(calls, PREVIEW1, 1024, 5, 0, 9, 0, 0, 0)
    assert calls.call("poll_oneoff", 1024, 0, 1, 512) is Errno.SUCCESS
    assert calls.number(8, 2) == Errno.INVAL
