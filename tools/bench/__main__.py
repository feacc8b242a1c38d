"""Measure ours beside our peers, in turn, in one run on one machine; print a table of ratios.

    python tools/bench [--row NAME]... [--runs N] [--json]

Seconds are CPU time (user and system) unless the row says otherwise, medians of the runs; MB are 10^6 bytes. Peers that
are not installed and modules that were not fetched are named and left out. Never part of the gate: a machine's figures
are no property of the code.
"""

from __future__ import annotations

import argparse
import compileall
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.bench import files, fuzzing, interpreter, judging, latency, startup, table, validation
from tools.bench.measure import BenchError, Skipped, in_turn
from tools.bench.row import Row
from tools.bench.table import Outcome

ROOT = Path(__file__).resolve().parents[2]
ROWS = (*files.ROWS, *startup.ROWS, *interpreter.ROWS, *latency.ROWS, *validation.ROWS, *judging.ROWS, *fuzzing.ROWS)


def chosen(wanted: Sequence[str]) -> list[Row]:
    """The rows of these names or families, in the order of the table; all rows if nothing is named."""
    return [row for row in ROWS if not wanted or row.name in wanted or row.family in wanted]


def measure(row: Row, runs: int) -> Outcome:
    """Prepare and run one row."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            contest = row.prepare(Path(folder))
        except Skipped as reason:
            return Outcome(row, None, {}, f"skipped: {reason}")
        return Outcome(row, contest, in_turn(contest.contestants, runs))


def compile_all() -> None:
    """Write bytecode, as pip does when it installs: an editable install may have none, and then compiles each time."""
    for package in ("wasmrewrite", "passes"):
        compileall.compile_dir(ROOT / package, quiet=1)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def _name(text: str) -> str:
    if not chosen([text]):
        raise argparse.ArgumentTypeError(f"no such row; there are: {', '.join(row.name for row in ROWS)}")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python tools/bench", description="Measure ours beside our peers.")
    parser.add_argument("--row", action="append", default=[], type=_name, metavar="NAME", help="a row or a family")
    parser.add_argument("--runs", type=_count, default=3, metavar="N", help="runs of each, in turn (default: 3)")
    parser.add_argument("--json", action="store_true", help="everything, as JSON, instead of the table")
    options = parser.parse_args(arguments)
    compile_all()
    outcomes = []
    if not options.json:
        print(*table.head(), sep="\n", flush=True)
    try:
        for row in chosen(options.row):
            outcomes.append(measure(row, options.runs))
            if not options.json:
                print(*table.lines(outcomes[-1]), sep="\n", flush=True)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(table.as_data(outcomes, options.runs), indent=2))
    else:
        print("", *table.notes(outcomes), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
