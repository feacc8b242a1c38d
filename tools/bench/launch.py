"""Run one command as a child and say in JSON what it used: CPU seconds, wall-clock seconds, peak memory in bytes.

A process of its own, started for each measurement, and deliberately tiny: on Linux the peak memory of a child counts
what its parent held when it was started, so a big parent would be measured instead of the command. It imports nothing
that is not needed. Not here: what to measure and how often.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> int:
    """Run the command of our arguments, its standard output thrown away; return its exit code."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    started = time.perf_counter()
    child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[nowhere])
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - started
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f'{{"cpu": {used.ru_utime + used.ru_stime}, "wall": {wall}, "peak": {peak}}}')
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
