from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.fuzz import Plan, campaign, run_one

ROOT = Path(__file__).resolve().parents[3]


def test_cases_depend_on_the_plan_and_their_number_only() -> None:
    plan = Plan(seed="9", outside=False)
    outcomes = list(campaign(plan, cases=6))
    assert outcomes == [run_one(plan, number) for number in range(6)]


def test_an_executor_gives_the_same_in_the_same_order() -> None:
    plan = Plan(seed="9", outside=False)
    with ThreadPoolExecutor(2) as executor:
        assert list(campaign(plan, cases=25, executor=executor)) == list(campaign(plan, cases=25))


def test_it_stops_when_told() -> None:
    answers = iter([True, True, False])
    assert len(list(campaign(Plan(outside=False), go_on=lambda: next(answers)))) == 2


def test_it_starts_from_a_corpus_too() -> None:
    known = (ROOT / "corpus" / "built" / "multimemory.wat.wasm").read_bytes()
    plan = Plan(corpus=(known,), outside=False)
    outcomes = list(campaign(plan, cases=8))
    assert [each.why for each in outcomes if each.failed] == []
    assert any(len(each.case.before) > 50 for each in outcomes)


def test_unknown_passes_are_refused() -> None:
    with pytest.raises(ConfigError):
        run_one(Plan(("no-such-pass",), outside=False), 0)
