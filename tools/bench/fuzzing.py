"""The row about fuzzing: one case from nothing to its outcome, so that one second over this is cases per second.

Ours makes a module up, runs passes over it, validates, and compares calls before and after. wasm-opt makes a module of
random bytes, optimizes it, and compares calls before and after; it is a process for each case.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random

from tools.bench.measure import Contestant, Sample, calls, process
from tools.bench.peers import programs
from tools.bench.row import OURS, Contest, Row
from wasmrewrite.fuzz import Plan, run_one

CASES = 40
"""In one run: cases are very unlike each other."""
BYTES = 1_500
"""Random bytes that wasm-opt makes a module of."""


def _ours() -> Contestant:
    plan, numbers = Plan(seed="bench", outside=False), count()
    run_one(plan, next(numbers))  # imports everything
    return Contestant(OURS, lambda: calls(lambda: run_one(plan, next(numbers)), CASES))


def _wasm_opt(folder: Path) -> Sample:
    """The mean of so many processes."""
    samples = []
    for number in range(CASES):
        source = folder / "random"
        source.write_bytes(Random(number).randbytes(BYTES))
        command = ["wasm-opt", "-all", "-ttf", str(source), "-O1", "--fuzz-exec", "-o", str(folder / "fuzzed.wasm")]
        samples.append(process(command))
    peaks = [each.peak for each in samples if each.peak is not None]
    cpu, wall = (sum(getattr(each, name) for each in samples) / CASES for name in ("cpu", "wall"))
    return Sample(cpu, wall, max(peaks, default=None))


def _fuzz(folder: Path) -> Contest:
    found, missing = programs(("wasm-opt", "-ttf"))
    return Contest([_ours(), *(Contestant(each.name, lambda: _wasm_opt(folder)) for each in found)], missing)


ROWS = (Row("fuzz", "one case: make a module, rewrite or optimize it, compare calls before and after", _fuzz),)
"""Seconds per case."""
