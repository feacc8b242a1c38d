"""What a program asks about itself: ``args_*``, ``environ_*``, ``clock_*``, ``random_get``, ``poll_oneoff``, the end.

Not here: files (``fd_calls``, ``path_calls``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .abi import ABSTIME, EVENT, U32, U64, Clock, Edition, Errno, EventType, ProcExit, Refused
from .guest import Guest
from .system import TICK, System

_CHUNK: Final = 1 << 16
_MOST_SUBSCRIPTIONS: Final = 4096


def args_get(system: System, guest: Guest, pointers: int, buffer: int) -> None:
    """Where each argument is, and all of them."""
    _put_strings(guest, system.args, pointers, buffer)


def args_sizes_get(system: System, guest: Guest, count: int, size: int) -> None:
    """How many arguments, and their bytes."""
    _put_sizes(guest, system.args, count, size)


def environ_get(system: System, guest: Guest, pointers: int, buffer: int) -> None:
    """Where each variable is, and all of them."""
    _put_strings(guest, system.env, pointers, buffer)


def environ_sizes_get(system: System, guest: Guest, count: int, size: int) -> None:
    """How many variables, and their bytes."""
    _put_sizes(guest, system.env, count, size)


def _put_sizes(guest: Guest, strings: Sequence[bytes], count: int, size: int) -> None:
    guest.check(U32, size)
    guest.pay(len(strings))
    guest.put(U32, count, len(strings))
    guest.put(U32, size, sum(len(string) + 1 for string in strings))


def _put_strings(guest: Guest, strings: Sequence[bytes], pointers: int, buffer: int) -> None:
    guest.check(U32, pointers, len(strings))
    guest.charge_records(len(strings))
    block = b"".join(string + b"\0" for string in strings)
    guest.memory.check(buffer, len(block))
    at = buffer
    for index, string in enumerate(strings):
        guest.put(U32, pointers + index * U32.size, at)
        at += len(string) + 1
    guest.put_bytes(buffer, block)


def clock_res_get(system: System, guest: Guest, clock: int, result: int) -> None:
    """How fine a clock is."""
    _clock(clock)
    guest.put(U64, result, TICK)


def clock_time_get(system: System, guest: Guest, clock: int, precision: int, result: int) -> None:
    """What a clock shows. Looking takes time, or programs that wait for it would never end."""
    guest.check(U64, result)
    _clock(clock)
    passed = system.time.tick()
    guest.put(U64, result, system.time.now if clock == Clock.REALTIME else passed)


def _clock(clock: int) -> None:
    if clock not in Clock._value2member_map_:
        raise Refused(Errno.INVAL)


def random_get(system: System, guest: Guest, buffer: int, length: int) -> None:
    """Bytes from a seeded stream."""
    guest.memory.check(buffer, length)
    for start in range(0, length, _CHUNK):
        guest.put_bytes(buffer + start, system.random.randbytes(min(_CHUNK, length - start)))


def sched_yield(system: System, guest: Guest) -> None:
    """There is nobody to yield to."""


def proc_exit(system: System, guest: Guest, code: int) -> None:
    """The end."""
    raise ProcExit(code)


def proc_raise(system: System, guest: Guest, signal: int) -> None:
    """There are no signals."""
    raise Refused(Errno.NOTSUP)


def poll_oneoff(
    system: System, guest: Guest, edition: Edition, subscriptions: int, events: int, count: int, result: int
) -> None:
    """Wait. Descriptors are always ready, and where only clocks are waited for, the earliest moment is now."""
    guest.check(edition.on_clock, subscriptions, count)
    guest.check(EVENT, events, count)
    guest.check(U32, result)
    if not 0 < count <= _MOST_SUBSCRIPTIONS:
        raise Refused(Errno.INVAL)
    guest.charge_records(2 * count)
    ready: list[tuple[int, ...]] = []
    waits: list[tuple[int, int]] = []  # nanoseconds from now, user data
    for index in range(count):
        at = subscriptions + index * edition.on_clock.size
        user_data, kind, *_ = guest.get(edition.on_fd, at)
        if kind not in EventType._value2member_map_:
            raise Refused(Errno.INVAL)
        if kind != EventType.CLOCK:
            ready.append(_fd_event(system, guest, edition, at))
            continue
        try:
            waits.append((_wait(system, guest, edition, at), user_data))
        except Refused as refused:
            ready.append((user_data, refused.errno, kind, 0, 0))
    if waits and not ready:
        system.time.passed += max(0, min(waits)[0])
    due = 0 if ready or not waits else max(0, min(waits)[0])
    ready += [(user_data, 0, EventType.CLOCK, 0, 0) for wait, user_data in waits if wait <= due]
    for index, event in enumerate(ready):
        guest.put(EVENT, events + index * EVENT.size, *event)
    guest.put(U32, result, len(ready))


def _wait(system: System, guest: Guest, edition: Edition, at: int) -> int:
    """How long a subscription to a clock waits from now."""
    _, _, clock, timeout, _, flags = guest.get(edition.on_clock, at)
    _clock(clock)
    if not flags & ABSTIME:
        return int(timeout)
    return int(timeout) - (system.time.now if clock == Clock.REALTIME else system.time.passed)


def _fd_event(system: System, guest: Guest, edition: Edition, at: int) -> tuple[int, ...]:
    user_data, kind, number = guest.get(edition.on_fd, at)
    try:
        found = system.descriptors.get(number)
        if kind == EventType.FD_READ:
            found.readable()
        else:
            found.writable()
    except Refused as refused:
        return user_data, refused.errno, kind, 0, 0
    return user_data, 0, kind, found.available() if kind == EventType.FD_READ else 0, 0


def no_socket(system: System, guest: Guest, number: int, *_: int) -> None:
    """``sock_*``: no descriptor is a socket."""
    system.descriptors.get(number)
    raise Refused(Errno.NOTSOCK)
