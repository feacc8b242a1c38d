"""``wasmrewrite fuzz``: run passes over modules nobody wrote, and judge every result. Not here: doing it (``fuzz``)."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ..escape import for_terminal
from ..renamed import PASS_OPTIONS
from ..spelling import natural
from . import completion, exits
from .options import FILE, Whole
from .report import Format, Report, emit
from .streams import STANDARD, write_all
from .suggest import did_you_mean

if TYPE_CHECKING:
    from ..fuzz import Outcome, Plan

SCHEMA: Final = "wasmrewrite.fuzz/1"
_EVERY: Final = 0.2
"""Seconds between two looks at how far it is."""
_WIDTH: Final = 24
"""Of the bar."""
_LARGEST: Final = 1 << 18
"""Bytes beyond which a module of the corpus is left out: one case would take longer than a hundred others."""
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


class _Duration(click.ParamType[float]):
    """``60``, ``60s``, ``5m``, ``1h``, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it."""
        text = str(value)
        number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
        count = natural(number, 9)
        if count is None:
            self.fail(f"{text!r} is no time, such as 60s or 5m", param, ctx)
        return float(count * _UNITS[unit])


@click.command
@click.option(
    "--passes",
    metavar="NAMES",
    shell_complete=completion.pass_lists,
    help="Passes to try, separated by commas; all built-in ones by default.",
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="PASS.OPTION=VALUE",
    shell_complete=completion.pass_options,
    help="Option that a pass always gets.",
)
@click.option("--max-time", "seconds", type=_Duration(), metavar="TIME", help="Stop after this long: 60s, 5m, 1h.")
@click.option("--max-cases", "cases", type=Whole(min=1), metavar="N", help="Stop after so many cases.")
@click.option("--jobs", type=Whole(min=1), metavar="N", default=1, show_default=True, help="Processes.")
@click.option("--seed", metavar="N", default="0", show_default=True, help="The same seed gives the same cases.")
@click.option("--corpus", type=FILE, metavar="DIR", help="Start from the modules in this folder now and then.")
@click.option("-o", "--output", type=FILE, metavar="DIR", help="Write a folder for each failing case here.")
@click.option("--coverage", is_flag=True, help="Tell which lines of the passes were never executed.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the report."
)
def command(passes: str | None, sets: tuple[str, ...], form: Format, **settings: Any) -> int:
    """Look for modules that a pass breaks.

    Generates modules, runs passes over each, validates what comes out and judges that it does what it did. Where
    wasmtime is installed it has to agree. A failing case is made small and can be looked at again with
    'verify --case'. Without --max-time and --max-cases it stops after 60 seconds.

    Exit codes: 0 nothing found, 1 a failing case.

    \b
    Example:
      wasmrewrite fuzz --max-time 5m --jobs 4 -o cases
      wasmrewrite fuzz --passes add-start,multi-value --max-cases 500 --seed 7
    """
    if settings["cases"] is None and settings["seconds"] is None:
        settings["seconds"] = 60.0
    plan = _plan(passes, sets, settings)
    progress = Progress(sys.stderr.isatty(), settings["cases"], settings["seconds"], plan.names)
    _run(plan, settings, progress)
    emit(progress.report(plan.coverage), form, STANDARD)
    return exits.FOUND if progress.failures else exits.FINE


def _plan(passes: str | None, sets: tuple[str, ...], settings: dict[str, Any]) -> Plan:
    from ..fuzz import Plan
    from ..rewrite import registry
    from ..rewrite.config import parse_set

    names = tuple(filter(None, (name.strip() for name in (passes or "").split(","))))
    options: dict[str, dict[str, list[object]]] = {}
    for text in sets:
        name, wanted, value = parse_set(text)
        options.setdefault(name, {}).setdefault(wanted, []).append(value)
    for name in names:
        registry.find(name)
    for name, given in options.items():
        _refuse_idle(name, given, names)
    corpus = _corpus(settings["corpus"])
    return Plan(names, options, str(settings["seed"]), corpus, coverage=settings["coverage"])


def _refuse_idle(name: str, given: Iterable[str], names: Sequence[str]) -> None:
    """Raise ``ConfigError``, ``click.UsageError`` for options that no case would use."""
    from ..rewrite import registry
    from ..rewrite.options import options_of

    known = [each.name for each in options_of(registry.find(name))]
    for option in given:
        if option not in known:
            meant = did_you_mean(option, known, PASS_OPTIONS.get(name))
            raise click.UsageError(f"--set: {name} has no option {option!r}{meant}")
    if names and name not in names:
        raise click.UsageError(f"--set: {name} is not among --passes")


def _corpus(folder: str | None) -> tuple[bytes, ...]:
    """The valid modules in a folder, by name."""
    from ..errors import WasmError
    from ..model import Module

    if folder is None:
        return ()
    found = []
    for path in sorted(Path(folder).glob("*.wasm")):
        data = path.read_bytes()
        try:
            Module.from_bytes(data, check="validate")
        except WasmError:
            continue
        if len(data) <= _LARGEST:
            found.append(data)
    if not found:
        raise click.UsageError(f"no valid modules (*.wasm) in {for_terminal(folder)}")
    return tuple(found)


def _run(plan: Plan, settings: dict[str, Any], progress: Progress) -> None:
    from ..fuzz import campaign

    jobs, cases, seconds = settings["jobs"], settings["cases"], settings["seconds"]

    def go_on() -> bool:
        return seconds is None or progress.elapsed() < seconds

    with _executor(jobs) as executor:
        for outcome in campaign(plan, cases=cases, executor=executor, ahead=2 * jobs, go_on=go_on):
            progress.add(outcome, settings["output"])
    progress.clear()


@contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
    """Processes, None for one job. An interrupt ends them without a word: what waits is not begun any more."""
    if jobs == 1:
        yield None
        return
    executor = ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


@dataclass(slots=True)
class Progress:
    """What has come of the cases so far. ``shown``: on a terminal, tell now and then; ``cases`` and ``seconds``: of how
    many. ``names``: the passes."""

    shown: bool
    cases: int | None = None
    seconds: float | None = None
    names: Sequence[str] = ()
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, object]] = field(default_factory=list)
    lines: set[tuple[str, int]] = field(default_factory=set)
    started: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.started

    def add(self, outcome: Outcome, folder: str | None) -> None:
        """Count an outcome; write a failing case."""
        self.counts[outcome.kind] += 1
        self.lines |= outcome.lines
        if outcome.failed:
            place = None if folder is None else _save(outcome, folder)
            case = outcome.case
            passes = [each.name for each in case.passes]
            self.failures.append(
                {"seed": case.seed, "kind": case.kind, "passes": passes, "message": case.message, "folder": place}
            )
        if self.shown and self.elapsed() - self.told >= _EVERY:
            self.told = self.elapsed()
            print(f"\r{self.bar()} {self.line()}\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def bar(self) -> str:
        """How much of what was asked for is done, by whichever limit is nearer."""
        by_cases = sum(self.counts.values()) / self.cases if self.cases else 0.0
        by_time = self.elapsed() / self.seconds if self.seconds else 0.0
        done = min(int(_WIDTH * max(by_cases, by_time)), _WIDTH)
        return f"[{'#' * done}{'.' * (_WIDTH - done)}]"

    def line(self) -> str:
        """How far it is."""
        total, failed = sum(self.counts.values()), len(self.failures)
        return f"{total} cases, {total / max(self.elapsed(), 0.001):.1f}/s, {failed} failed"

    def report(self, coverage: bool) -> Report:
        """What came of it all."""
        counts = {kind: self.counts[kind] for kind in ("same", "inconclusive", "refused", "failed")}
        lines = [f"{self.line()} (" + ", ".join(f"{each} {kind}" for kind, each in counts.items()) + ")"]
        for each in self.failures:
            passes = ", ".join(map(str, _names(each["passes"])))
            lines.append(for_terminal(f"  {each['kind']}, seed {each['seed']}, {passes}: {each['message']}"))
            if each["folder"] is not None:
                lines.append(f"    wasmrewrite verify --case {for_terminal(str(each['folder']))}")
        data = {"schema": SCHEMA, **counts, "failures": self.failures}
        if coverage:
            data["coverage"] = found = self.coverage()
            lines += [f"  {name}: {_told(each)}" for name, each in found.items()]
        return Report(data, [*lines])

    def coverage(self) -> dict[str, dict[str, Any]]:
        """By pass: how many lines of its functions there are, and which were never executed."""
        from ..fuzz.covered import lines_of

        found = {}
        for name in self.names:
            path, lines = lines_of(name)
            found[name] = {"lines": len(lines), "missed": sorted(at for at in lines if (path, at) not in self.lines)}
        return found


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers as runs: 3, 5-9."""
    first = last = numbers[0]
    for each in (*numbers[1:], None):
        if each == last + 1:
            last = each
            continue
        yield str(first) if first == last else f"{first}-{last}"
        if each is not None:
            first = last = each


def _told(covered: dict[str, Any]) -> str:
    lines, missed = covered["lines"], covered["missed"]
    rest = f"; never: line {', '.join(_runs(missed))}" if missed else ""
    return f"{lines - len(missed)} of {lines} lines of the pass executed{rest}"


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _save(outcome: Outcome, folder: str) -> str:
    """Write the files of a case into a folder of its own; its path."""
    place = Path(folder) / f"{outcome.case.kind}-{outcome.case.seed.replace('/', '-')}"
    place.mkdir(parents=True, exist_ok=True)
    write_all([(str(place / name), data) for name, data in outcome.case.files().items()])
    return str(place)
