from __future__ import annotations

from wasmrewrite.cli.suggest import did_you_mean


def test_close_names_are_suggested() -> None:
    assert did_you_mean("ad-start", ["add-start", "multi-value"]) == '; did you mean "add-start"?'
    assert did_you_mean("ADD", ["add", "sub"]) == '; did you mean "add"?'


def test_nothing_close_means_no_suggestion() -> None:
    assert did_you_mean("zebra", ["add-start", "multi-value"]) == ""
    assert did_you_mean("x", []) == ""


def test_suggestions_are_harmless() -> None:
    assert did_you_mean("red\x1b", ["red\x1b["]) == '; did you mean "red\\u{1b}["?'


def test_long_names_are_not_compared() -> None:
    assert did_you_mean("a" * 100_000, ["a" * 100_000]) == ""
