"""Measure whole processes, ours beside our peers', in one run on one machine, and print a table.

    python tools/bench.py [CASE...]

Each row is the best of several runs: seconds of wall-clock time, and peak memory of the process. Needs the fetched
modules (``make modules``); rows of peers that are not installed are left out and named. Never part of the gate: a
machine's figures are no property of the code.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWC = ROOT / ".cache" / "modules" / "swc.wasm"
RUNS = 3

OURS = str(Path(sys.executable).with_name("wasmrewrite"))
START = ["--pass", "add-start", "--set", "add-start.function=START"]
# The four exports of swc that return through a pointer, each with three words: value, error, is it an error.
BY_VALUE = [
    word
    for name in ("minifySync", "parseSync", "printSync", "transformSync")
    for word in ("--set", f"multi-value.export={name}=(i32, i32, i32)")
]
REENCODE = "import sys; from wasmrewrite import Module; Module.from_file(sys.argv[1]).to_bytes(reencode=True)"


@dataclass(frozen=True, slots=True)
class Case:
    """One command to measure; ``{in}`` and ``{out}`` stand for the module and a file to write."""

    name: str
    what: str
    command: Sequence[str]
    module: Path | None = None


CASES = [
    Case("import-click", "python -c 'import click'", [sys.executable, "-c", "import click"]),
    Case("help", "wasmrewrite --help", [OURS, "--help"]),
    Case("wasm-opt", "wasm-opt: read and write swc unchanged", ["wasm-opt", "-all", "{in}", "-o", "{out}"], SWC),
    Case(
        "rewrite",
        "wasmrewrite: add-start and four multi-value exports of swc",
        [OURS, "rewrite", "{in}", "-o", "{out}", *START, "--pass", "multi-value", *BY_VALUE],
        SWC,
    ),
    Case("reencode", "every section and operand of swc written anew", [sys.executable, "-c", REENCODE, "{in}"], SWC),
]


def measure(command: Sequence[str]) -> tuple[float, float]:
    """Run a command once; return seconds and peak memory in MB. Exits when the command fails."""
    started = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        list(command),
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"bench: failed: {' '.join(command)}")
    return seconds, usage.ru_maxrss / 1000


def best(case: Case, folder: Path) -> tuple[float, float]:
    """The shortest time and the lowest peak of several runs."""
    places = {"{in}": str(case.module), "{out}": str(folder / "out.wasm")}
    runs = [measure([places.get(word, word) for word in case.command]) for _ in range(RUNS)]
    return min(seconds for seconds, _ in runs), min(peak for _, peak in runs)


def why_not(case: Case) -> str | None:
    """Why a case cannot be measured here, or None."""
    if shutil.which(case.command[0]) is None:
        return f"{case.command[0]} is not installed"
    if case.module is not None and not case.module.exists():
        return f"{case.module.name} is not there; run: make modules"
    return None


def main() -> None:
    """Measure the named cases, or all."""
    parser = argparse.ArgumentParser(description="Measure whole processes, ours beside our peers'.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"any of: {', '.join(case.name for case in CASES)}")
    wanted = parser.parse_args().cases
    print(f"| {'case':58} | seconds | peak MB |\n|{'-' * 60}|--------:|--------:|")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if wanted and case.name not in wanted:
                continue
            reason = why_not(case)
            if reason:
                print(f"| {case.what:58} | {reason} |", flush=True)
                continue
            seconds, peak = best(case, Path(folder))
            print(f"| {case.what:58} | {seconds:7.2f} | {peak:7.0f} |", flush=True)


if __name__ == "__main__":
    main()
