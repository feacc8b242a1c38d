"""Running a user's command that says yes or no, so that nothing of it stays: neither its output nor its children.

Not here: what it is asked about (``reduce``).
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

_FIRST_LOOK: Final = 0.001
_LONGEST_PAUSE: Final = 0.05
"""Seconds between two looks at whether the command has ended."""


def agrees(words: Sequence[str], timeout: float) -> bool:
    """Whether the command exits with 0 within ``timeout`` seconds. Raises ``OSError`` if it cannot be run.

    Nobody reads what it prints. It gets a session of its own: when it has ended, or its time is over, or this process
    is interrupted, whatever it started and did not take elsewhere is killed.
    """
    process: subprocess.Popen[bytes] | None = None
    try:
        with _held_back():  # or a process could be started that nobody knows
            process = _started(words)
        return _wait(process, timeout) and _killed(process) == 0
    finally:
        if process is not None:
            _killed(process)


def _started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(words, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


@contextmanager
def _held_back() -> Iterator[None]:
    """Signals that end this process come when what is inside is over; those that are ignored stay so."""
    came: list[int] = []
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        kept = [number for number in numbers if signal.getsignal(number) not in (signal.SIG_IGN, None)]
        before = {number: signal.signal(number, lambda came_now, _: came.append(came_now)) for number in kept}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Whether it ended in time. It is not reaped, for as long its number, and that of its group, belong to it."""
    end, pause = time.monotonic() + timeout, _FIRST_LOOK
    while not _has_ended(process):
        left = end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST_PAUSE)
    return True


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    if os.name == "nt":
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _killed(process: subprocess.Popen[bytes]) -> int:
    """Kill its group, once; its exit code."""
    if process.returncode is None:
        _kill_all(process)
    return process.wait()


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
