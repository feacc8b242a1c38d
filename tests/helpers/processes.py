"""Whether processes that somebody else started have ended."""

from __future__ import annotations

import time
from pathlib import Path


def is_running(process: int) -> bool:
    """Whether there is such a process, zombies aside."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(process: int) -> bool:
    """Whether it ends soon."""
    for _ in range(100):
        if not is_running(process):
            return True
        time.sleep(0.05)
    return False
