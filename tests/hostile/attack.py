"""Many spoilt files, each handed to one surface, and what came of it. What fails is kept as a file.

    python -m tests.hostile.attack [--inputs N] [--seed S] [--only NAME] [-o DIR]

Nothing but ``WasmError`` may escape; whatever is malformed or invalid is refused with a place. Also looked at: CPU time
and memory of a case, against ``SECONDS`` and ``BYTES``. Not here: where files come in (``surfaces``).
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.hostile import bombs, sources
from tests.hostile.surfaces import MODULE, Surface, World, levels
from wasmrewrite.fuzz import RandomChoices, damaged, damaged_text
from wasmrewrite.fuzz.choices import Choices

SECONDS = 1.0
"""CPU time that a file under 64 KB may take, each time it is worked through."""
BYTES = 200 << 20
"""Memory that it may take."""
FOREVER = 30.0
"""CPU time after which a case is ended."""
BOMB = 200
"""One in so many files is made to be expensive."""


class Hangs(BaseException):
    """A case that does not end; nothing on the way catches it."""


@dataclass(frozen=True)
class Finding:
    """One input that did what it may not: ``kind`` is "escape", "slow", "memory" or "hang"."""

    kind: str
    surface: str
    number: str
    data: bytes
    said: str

    def __str__(self) -> str:
        return f"{self.kind}, {self.surface}, {self.number}: {self.said}"


@dataclass
class Tally:
    """What came of a campaign."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    slowest: tuple[float, str, str] = (0.0, "", "")
    cpu: float = 0.0

    def summary(self) -> str:
        """How much there was, and what was slowest."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(each.kind for each in self.findings).items())
        return (
            f"{sum(self.counts.values())} inputs for {len(self.counts)} surfaces, {self.cpu:.0f} s CPU; findings: "
            f"{kinds or 'none'}; slowest {self.slowest[0]:.2f} s ({self.slowest[1]}, {self.slowest[2]})"
        )

    def of(self, *kinds: str) -> list[str]:
        """The findings of some kinds, as text."""
        return [str(each) for each in self.findings if each.kind in kinds]


def world(folder: Path) -> World:
    """A folder with one good file of each sort."""
    after, contract = sources.rewritten()
    files = {
        MODULE: sources.plain(),
        "plain.wasm": sources.plain(),
        "after.wasm": after,
        "contract.json": contract.encode(),
        "interface.toml": sources.interface().encode(),
        "wasmrewrite.toml": sources.CONFIG.encode(),
        "in.wat": sources.text().encode(),
        "none.toml": b"",
        "script.json": sources.script().encode(),
        "baseline.json": sources.baseline().encode(),
        "corpus/a.wasm": sources.plain(),
        "corpus/b.wasm": sources.plain(),
        **{f"case/{name}": data for name, data in sources.case().items()},
    }
    made = World(folder, files)
    made.restore()
    return made


def spoilt(choices: Choices, surface: Surface, files: World) -> bytes:
    """A file for a surface."""
    if not surface.source.endswith(".wasm"):
        return damaged_text(choices, files.files[surface.source].decode())
    if choices.chance(BOMB):
        found = bombs.bomb(choices)
        return damaged(choices, found) if choices.chance(3) else found
    return damaged(choices, choices.pick((*sources.modules(), files.files[surface.source])))


@contextmanager
def ended(seconds: float) -> Iterator[None]:
    """Raises ``Hangs`` inside after so much CPU time."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Hangs

    old = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)


def tried(surface: Surface, data: bytes) -> tuple[str, str, float]:
    """Kind of a finding, or nothing, what to say about it, and CPU time."""
    started = time.process_time()
    kind = said = ""
    try:
        with ended(FOREVER):
            said = surface.run(data)
            kind = "escape" if said else ""
    except Hangs:
        where = traceback.extract_tb(sys.exc_info()[2])[-1]
        kind, said = "hang", f"{where.filename}:{where.lineno}"
    except BaseException as error:  # noqa: BLE001 - whatever escapes is what this looks for
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind, said = "escape", f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
    return kind, said, time.process_time() - started


def attack(folder: Path, seed: str, inputs: int, only: str = "", tell: int = 0, every: bool = False) -> Tally:
    """Try ``inputs`` spoilt files on surfaces drawn by weight, or with ``every`` on one after the other.

    The same seed gives the same files.
    """
    files = world(folder)
    chosen = [each for each in (*levels(), *files.surfaces()) if only in each.name]
    wheel = [each for each in chosen for _ in range(each.weight)]
    tally, begun = Tally(), time.process_time()
    base = _peak()
    for number in range(inputs):
        choices = RandomChoices(f"{seed}/{number}")
        surface = chosen[number % len(chosen)] if every else choices.pick(wheel)
        data = spoilt(choices, surface, files)
        kind, said, taken = tried(surface, data)
        tally.counts[surface.name] += 1
        tally.slowest = max(tally.slowest, (taken, surface.name, f"{seed}/{number}"))
        if not kind and taken > SECONDS * surface.rounds and len(data) < 1 << 16:
            kind, said = "slow", f"{taken:.2f} s"
        if not kind and _peak() - base > BYTES:
            kind, said = "memory", f"{(_peak() - base) >> 20} MB"
            base = _peak()
        if kind:
            tally.findings.append(Finding(kind, surface.name, f"{seed}/{number}", data, said))
        if tell and number % tell == tell - 1:
            taken = time.process_time() - begun
            print(f"{number + 1} inputs, {taken:.0f} s, {len(tally.findings)} findings", file=sys.stderr, flush=True)
    tally.cpu = time.process_time() - begun
    return tally


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _keep(tally: Tally, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for at, each in enumerate(tally.findings):
        (folder / f"{at:03}-{each.kind}").write_bytes(each.data)
    (folder / "findings.txt").write_text("".join(f"{at:03} {each}\n" for at, each in enumerate(tally.findings)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign and say what it found."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.attack", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", default="hostile", metavar="S")
    parser.add_argument("--only", default="", metavar="NAME", help="surfaces with NAME in their names")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="keep findings here")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tally = attack(Path(folder), options.seed, options.inputs, options.only, tell=max(options.inputs // 50, 1))
    for name, count in sorted(tally.counts.items()):
        print(f"{count:8} {name}")
    print(*map(str, tally.findings), sep="\n")
    print(f"{tally.summary()}; peak {_peak() >> 20} MB")
    if options.output is not None:
        _keep(tally, options.output)
    return bool(tally.findings)


if __name__ == "__main__":
    sys.exit(main())
