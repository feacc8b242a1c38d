"""No false alarm: what the passes make of the corpus is Same, and of generated modules too."""

from __future__ import annotations

import pytest

from tests.wrong.published import published_rights
from tests.wrong.rights import ENTRIES, Right, pipelines, right
from wasmrewrite.equiv import Different, Inconclusive, Same, Verdict, verify
from wasmrewrite.fuzz import Plan, campaign

UNDECIDED = {
    "exceptions.wat": "exceptions are not executed here",
    "gc.wat": "aggregates are not executed here",
    "paths.1.96-O3-simd": "vectors are not executed here",
    "simd.wat": "vectors are not executed here",
    "threads.1.96-O3-threads": "shared memories are not executed here",
    "threads.wat": "shared memories are not executed here",
}
"""Corpus modules of which some rewrites cannot be compared, and why."""
LONG = {"hello.1.96-wasip1-Os-stripped", "report.1.96-O3", "report.1.96-Os-stripped"}
"""Large, and little is done to them."""
CALLS = 30
GENERATED = 5_000


def judged(each: Right) -> Verdict:
    return verify(each.before, each.after, each.contract, calls=CALLS, interface=each.interface)


def check(name: str, pipeline: str) -> bool:
    """Whether a rewrite was judged; fails unless rightly."""
    each = right(name, pipeline)
    if each is None:
        return False
    verdict = judged(each)
    if name in UNDECIDED and isinstance(verdict, Inconclusive):
        return True
    assert isinstance(verdict, Same), f"{each.name}: {verdict.text()}"
    return True


NAMES = sorted(ENTRIES)


@pytest.mark.parametrize("part", range(4))
def test_every_module_through_one_pipeline(part: int) -> None:
    judged_rewrites = 0
    for number, name in enumerate(NAMES):
        if number % 4 == part and name not in LONG:
            chosen = [pipeline for pipeline, _ in pipelines(ENTRIES[name])]
            # First what makes most of a module, then one after the other.
            judged_rewrites += check(name, chosen[0] if number % 12 < 4 else chosen[number // 12 % len(chosen)])
    assert judged_rewrites >= 20


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_every_module_through_every_pipeline(part: int) -> None:
    chosen = [(name, pipeline) for name in NAMES[part::6] for pipeline, _ in pipelines(ENTRIES[name])]
    # Both names of an export are the same work twice: a few modules are enough.
    done = sum(check(*each) for each in chosen if each[1] != "mv-suffix" or "1.96-O3" in each[0] or ".wat" in each[0])
    assert done >= 85


def test_hand_made_rewrites() -> None:
    for each in published_rights():
        verdict = judged(each)
        assert isinstance(verdict, Same), f"{each.name}: {verdict.text()}"


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_cannot_be_decided_is_still_so(name: str) -> None:
    each = right(name, "mv")
    assert each is not None
    assert isinstance(judged(each), Inconclusive), f"{name} can be decided now: {UNDECIDED[name]!r} is no reason any more"


def _raise_no_alarm(cases: int, seed: str) -> int:
    """Generated modules through built-in passes; how many verdicts were Same."""
    same = 0
    for outcome in campaign(Plan(seed=seed, calls=CALLS, outside=False), cases=cases):
        assert not outcome.failed, f"{outcome.case.seed}: {outcome.why}"
        same += outcome.kind == "same"
    return same


def test_generated_modules_raise_no_alarm() -> None:
    assert _raise_no_alarm(60, "right/few") >= 30


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(4))
def test_many_generated_modules_raise_no_alarm(part: int) -> None:
    same = 0
    for batch in range(100):
        if same >= GENERATED // 4:
            break
        same += _raise_no_alarm(100, f"right/{part}/{batch}")
    assert same >= GENERATED // 4


def test_an_alarm_would_be_noticed() -> None:
    each = right("two_i64s.1.96-O3", "mv")
    assert each is not None
    assert isinstance(verify(each.before, each.after, None), Different)
