"""How things are measured: samples of processes and of calls, contestants in turn, medians.

Not here: what is measured (the files of rows), how it is shown (``table``).
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LAUNCH = Path(__file__).with_name("launch.py")


class BenchError(Exception):
    """Something that was to be measured failed."""


class Skipped(Exception):
    """A row cannot be measured here; the message says what would help."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: CPU seconds (user and system, all threads), seconds on the clock, peak memory in bytes of a process."""

    cpu: float
    wall: float
    peak: int | None = None


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody who does the work of a row. ``run`` does it once, all of it, and says what it took."""

    name: str
    run: Callable[[], Sample]


@dataclass(frozen=True, slots=True)
class Target:
    """What a row shall keep to; ``met`` is asked with the medians by name, and is None if a peer is missing."""

    said: str
    met: Callable[[Mapping[str, Sample]], bool | None]


def process(command: Sequence[str], cwd: Path | None = None) -> Sample:
    """Run a command as a process of its own. Raises ``BenchError`` with what it said if it fails."""
    launch = [sys.executable, "-I", "-S", str(LAUNCH), *command]
    done = subprocess.run(launch, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"exit code {done.returncode}: {' '.join(command)}\n{done.stderr}")
    return Sample(**json.loads(done.stdout))


def calls(run: Callable[[], object], times: int = 1) -> Sample:
    """Call ``run`` in this process; the sample is of one call, the mean of ``times``."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Sample(cpu / times, wall / times)


def in_turn(contestants: Sequence[Contestant], runs: int) -> dict[str, list[Sample]]:
    """Everybody's samples, by name. One run of each after the other, so that a busy minute hits them alike."""
    samples: dict[str, list[Sample]] = {each.name: [] for each in contestants}
    for _ in range(runs):
        for each in contestants:
            samples[each.name].append(each.run())
    return samples


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of each figure."""
    peaks = [each.peak for each in samples if each.peak is not None]
    cpu, wall = median(each.cpu for each in samples), median(each.wall for each in samples)
    return Sample(cpu, wall, int(median(peaks)) if peaks else None)


def at_most_share(ours: str, peer: str, parts: float) -> Target:
    """Our CPU time is at most the ``parts``-th part of a peer's."""

    def met(by_name: Mapping[str, Sample]) -> bool | None:
        return by_name[ours].cpu * parts <= by_name[peer].cpu if peer in by_name else None

    return Target(f"at most {show_share(1 / parts)} of {peer}'s time", met)


def at_most_seconds(ours: str, seconds: float) -> Target:
    """Our CPU time in absolute terms."""
    return Target(f"at most {seconds:g} s", lambda by_name: by_name[ours].cpu <= seconds)


def at_most_peak(ours: str, peak: float) -> Target:
    """Our peak memory, in bytes."""
    return Target(f"peak at most {peak / 1e6:.1f} MB", lambda by_name: (by_name[ours].peak or 0) <= peak)


def show_share(share: float) -> str:
    """``1/10`` rather than ``0.1``; ``1.5`` stays."""
    digits = 3
    return f"1/{1 / share:.{digits}g}" if share < 1 else f"{share:.{digits}g}"
