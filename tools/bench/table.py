"""What was measured, as a table in Markdown and as JSON. Not here: measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import geometric_mean
from typing import Any

from tools.bench.measure import Sample, middle, show_share
from tools.bench.row import OURS, Contest, Row

SCHEMA = "wasmrewrite.bench/1"
COLUMNS = (("row", 28), ("who", 14), ("seconds", -9), ("peak MB", -8), ("ours takes", -11))
_FIGURES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row with everybody's samples, or with the reason why there are none."""

    row: Row
    contest: Contest | None
    samples: dict[str, list[Sample]]
    skipped: str = ""

    def medians(self) -> dict[str, Sample]:
        """Everybody's median, by name."""
        return {name: middle(samples) for name, samples in self.samples.items()}

    def seconds(self, sample: Sample) -> float:
        """The figure that this row compares."""
        return sample.wall if self.row.clock == "wall" else sample.cpu

    def shares(self) -> dict[str, float]:
        """Our time as a share of each peer's."""
        medians = self.medians()
        return {
            name: self.seconds(medians[OURS]) / self.seconds(sample) for name, sample in medians.items() if name != OURS
        }

    def targets(self) -> list[tuple[str, bool]]:
        """What the row shall keep to, and whether it does; without those that need a peer who is not here."""
        judged = [(each.said, each.met(self.medians())) for each in (self.contest.targets if self.contest else ())]
        return [(said, met) for said, met in judged if met is not None]


def head() -> list[str]:
    """The first two lines of the table."""
    names = _line([name for name, _ in COLUMNS])
    return [names, "|" + "|".join("-" * (abs(width) + 1) + ("-" if width > 0 else ":") for _, width in COLUMNS) + "|"]


def lines(outcome: Outcome) -> list[str]:
    """The lines of one row, one for each contestant."""
    if not outcome.samples:
        return [_line([outcome.row.name, outcome.skipped, "", "", ""])]
    shares = outcome.shares()
    return [
        _line(
            [
                outcome.row.name if name == OURS else "",
                name,
                _significant(outcome.seconds(sample)),
                "" if sample.peak is None else f"{sample.peak / 1e6:.1f}",
                show_share(shares[name]) if name in shares else "",
            ]
        )
        for name, sample in outcome.medians().items()
    ]


def notes(outcomes: Sequence[Outcome]) -> list[str]:
    """What the table has no columns for: what each row is, targets, means of families, missing peers."""
    said = []
    for outcome in outcomes:
        contest = outcome.contest
        said.append(f"- {outcome.row.name}: {outcome.row.what}")
        said += [f"  - {target}: {'yes' if met else 'NO'}" for target, met in outcome.targets()]
        if contest is not None and contest.instructions:
            rate = contest.instructions / outcome.seconds(outcome.medians()[OURS]) / 1e6
            said.append(f"  - {contest.instructions / 1e6:.2f} million instructions, ours {rate:.1f} million a second")
        said += [f"  - {missing}" for missing in (contest.missing if contest is not None else ())]
    means = [
        f"- {family}, geometric mean: ours takes {show_share(mean)} of {peer}"
        for family, peer, mean in _means(outcomes)
    ]
    return [*said, *means]


def as_data(outcomes: Sequence[Outcome], runs: int) -> dict[str, Any]:
    """Everything, samples included: seconds and bytes."""
    return {
        "schema": SCHEMA,
        "runs": runs,
        "rows": [_row_data(outcome) for outcome in outcomes],
        "means": [{"family": family, "peer": peer, "share": mean} for family, peer, mean in _means(outcomes)],
    }


def _row_data(outcome: Outcome) -> dict[str, Any]:
    shares = outcome.shares() if outcome.samples else {}
    return {
        "name": outcome.row.name,
        "what": outcome.row.what,
        "clock": outcome.row.clock,
        "skipped": outcome.skipped or None,
        "missing": list(outcome.contest.missing) if outcome.contest else [],
        "instructions": outcome.contest.instructions if outcome.contest else None,
        "measured": [
            {
                "who": name,
                "median": _sample_data(middle(samples)),
                "samples": [_sample_data(each) for each in samples],
                "ours_as_share": shares.get(name),
            }
            for name, samples in outcome.samples.items()
        ],
        "targets": [{"said": said, "met": met} for said, met in outcome.targets()],
    }


def _sample_data(sample: Sample) -> dict[str, float | int | None]:
    return {"cpu": sample.cpu, "wall": sample.wall, "peak": sample.peak}


def _means(outcomes: Sequence[Outcome]) -> list[tuple[str, str, float]]:
    """Family, peer, geometric mean of shares: of families with several rows."""
    shares: dict[tuple[str, str], list[float]] = {}
    for outcome in outcomes:
        for peer, share in outcome.shares().items() if outcome.samples else ():
            shares.setdefault((outcome.row.family, peer), []).append(share)
    return [(family, peer, geometric_mean(each)) for (family, peer), each in shares.items() if len(each) > 1]


def _significant(seconds: float) -> str:
    return f"{seconds:.{_FIGURES}g}" if seconds >= 1e-3 else f"{seconds * 1e6:.{_FIGURES}g} µs"


def _line(cells: Sequence[str]) -> str:
    padded = [
        cell.ljust(width) if width > 0 else cell.rjust(-width) for cell, (_, width) in zip(cells, COLUMNS, strict=True)
    ]
    return "| " + " | ".join(padded) + " |"
