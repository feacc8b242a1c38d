from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from wasmrewrite.errors import ConfigError, Position
from wasmrewrite.lint import Finding, Severity, apply_baseline, baseline_from_json, baseline_to_json

ONE = Finding("WR110", "env-compiler-rt", Severity.ERROR, "said", Position(7), "f")


def test_offsets_and_messages_may_change() -> None:
    accepted = baseline_from_json(baseline_to_json([ONE]))
    moved = replace(ONE, position=Position(70), message="said otherwise")
    marked, stale = apply_baseline([moved], accepted)
    assert ([each.suppressed for each in marked], stale) == ([True], 0)


def test_each_accepted_finding_counts_once() -> None:
    accepted = baseline_from_json(baseline_to_json([ONE, ONE]))
    assert sum(accepted.values()) == 2
    marked, stale = apply_baseline([ONE, ONE, ONE], accepted)
    assert ([each.suppressed for each in marked], stale) == ([True, True, False], 0)


@pytest.mark.parametrize("change", [{"code": "WR111"}, {"name": "g"}, {"detail": "x"}])
def test_another_finding_is_new(change: dict[str, str]) -> None:
    marked, stale = apply_baseline([replace(ONE, **change)], baseline_from_json(baseline_to_json([ONE])))  # type: ignore[arg-type]
    assert ([each.suppressed for each in marked], stale) == ([False], 1)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"schema": "wasmrewrite.lint-baseline/1"},
        {"schema": "wasmrewrite.lint-baseline/1", "findings": [1]},
        {"schema": "wasmrewrite.lint-baseline/1", "findings": [{"fingerprint": "x", "count": 0}]},
        {"schema": "wasmrewrite.lint-baseline/1", "findings": [{"fingerprint": "x", "count": True}]},
    ],
)
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(ConfigError, match="baseline"):
        baseline_from_json(data)


def test_an_empty_baseline_accepts_nothing() -> None:
    assert baseline_from_json(baseline_to_json([])) == Counter()
