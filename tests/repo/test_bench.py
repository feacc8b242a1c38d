"""The benchmark measures in turn, compares medians, and says what it leaves out. What it measures is not tested."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools.bench import __main__ as bench
from tools.bench import files, interpreter, measure, peers, table
from tools.bench.measure import BenchError, Contestant, Sample
from tools.bench.row import OURS, Contest, Row


def test_contestants_run_in_turn() -> None:
    order: list[str] = []

    def contestant(name: str) -> Contestant:
        def run() -> Sample:
            order.append(name)
            return Sample(float(len(order)), 0.0)

        return Contestant(name, run)

    samples = measure.in_turn([contestant("a"), contestant("b")], 3)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert [each.cpu for each in samples["b"]] == [2.0, 4.0, 6.0]


def test_the_median_is_of_each_figure() -> None:
    samples = [Sample(3.0, 1.0, 50), Sample(1.0, 9.0, 70), Sample(2.0, 2.0, 60)]
    assert measure.middle(samples) == Sample(2.0, 2.0, 60)


def test_a_process_is_measured_without_what_its_parent_holds() -> None:
    held = bytearray(b"x" * (200 << 20))
    peak = measure.process([sys.executable, "-S", "-c", "pass"]).peak
    assert peak is not None
    assert 0 < peak < len(held) // 2


def test_a_failing_process_is_told_with_what_it_said() -> None:
    with pytest.raises(BenchError, match=r"exit code 3: .*\n(?s:.)*no luck"):
        measure.process([sys.executable, "-c", "import sys; print('no luck', file=sys.stderr); sys.exit(3)"])


def test_names_are_unique_and_kernels_are_there() -> None:
    names = [row.name for row in bench.ROWS]
    assert len(set(names)) == len(names)
    assert {path.stem for path in peers.KERNELS.glob("*.wat")} == {*interpreter.SIZES, "small"}


def test_a_family_is_chosen_by_its_name() -> None:
    assert [row.name for row in bench.chosen(["interpreter"])] == [f"interpreter/{name}" for name in interpreter.SIZES]
    assert bench.chosen([]) == list(bench.ROWS)


def test_an_unknown_row_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--row", "rewriting"])
    assert "no such row; there are: rewrite, rewrite-far, round-trip" in capsys.readouterr().err


def test_a_row_without_its_module_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(peers, "ROOT", tmp_path)
    outcome = bench.measure(files.ROWS[0], 1)
    assert outcome.skipped == "skipped: needs swc.wasm; fetch it with: python tools/fetch_modules.py swc"
    assert outcome.skipped in table.lines(outcome)[0]


def test_a_missing_program_is_named() -> None:
    assert peers.programs(("no-such-program", "--all")) == ([], ["no-such-program is not installed"])


def outcome(name: str, ours: float, theirs: float) -> table.Outcome:
    samples = {OURS: Sample(ours, 0.0, 5_000_000), "peer": Sample(theirs, 0.0)}
    contestants = [Contestant(who, lambda sample=sample: sample) for who, sample in samples.items()]  # type: ignore[misc]
    targets = [measure.at_most_share(OURS, "peer", 8), measure.at_most_share(OURS, "absent", 8)]
    targets.append(measure.at_most_peak(OURS, 4e6))
    contest = Contest(contestants, ["absent is not installed"], targets)
    row = Row(name, "nothing", lambda _: contest)
    return table.Outcome(row, contest, {who: [sample] for who, sample in samples.items()})


def test_the_table_shows_shares_and_targets() -> None:
    outcomes = [outcome("some/one", 1.0, 10.0), outcome("some/two", 1.0, 2.5)]
    first = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.lines(outcomes[0])]
    assert first == [["some/one", OURS, "1", "5.0", ""], ["", "peer", "10", "", "1/10"]]
    assert table.notes(outcomes) == [
        "- some/one: nothing",
        "  - at most 1/8 of peer's time: yes",
        "  - peak at most 4.0 MB: NO",
        "  - absent is not installed",
        "- some/two: nothing",
        "  - at most 1/8 of peer's time: NO",
        "  - peak at most 4.0 MB: NO",
        "  - absent is not installed",
        "- some, geometric mean: ours takes 1/5 of peer",
    ]


def test_json_has_everything() -> None:
    data = json.loads(json.dumps(table.as_data([outcome("one", 1.0, 10.0)], 1)))
    assert data["schema"] == "wasmrewrite.bench/1"
    (row,) = data["rows"]
    assert [(each["who"], each["median"]["cpu"], each["ours_as_share"]) for each in row["measured"]] == [
        (OURS, 1.0, None),
        ("peer", 10.0, 0.1),
    ]
    assert row["targets"] == [
        {"said": "at most 1/8 of peer's time", "met": True},
        {"said": "peak at most 4.0 MB", "met": False},
    ]
