"""The examples of every rule are its tests: good ones give nothing, bad ones exactly what they say, at a true place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

import pytest

from tests.helpers.wat import wat
from wasmrewrite.lint import Example, Expected, Finding, Rule, Settings, built_in, lint, parse_settings
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Pipeline, parse_interface
from wasmrewrite.rewrite.config import PassEntry, build_passes

RULES = built_in()
GOOD = [(rule, example) for rule in RULES for example in rule.good]
BAD = [(rule, example) for rule in RULES for example in rule.bad]


def settings_of(example: Example) -> Settings:
    """The settings that an example states."""
    settings = parse_settings(tomllib.loads(example.config))
    if example.interface:
        expected = Expected("interface.toml", interface=parse_interface(example.interface))
        settings = replace(settings, expected=(expected,))
    return settings


def found(rule: type[Rule], example: Example) -> list[Finding]:
    """What one rule says of an example."""
    return lint(Module.from_bytes(wat(example.wat)), settings_of(example), [rule])


def named(pair: object) -> str:
    """A test's name."""
    return pair.rule_name() if isinstance(pair, type) and issubclass(pair, Rule) else ""


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=named)
def test_good_examples_are_good(rule: type[Rule], example: Example) -> None:
    assert found(rule, example) == []
    assert example.names == ()


@pytest.mark.parametrize(("rule", "example"), BAD, ids=named)
def test_bad_examples_are_found(rule: type[Rule], example: Example) -> None:
    findings = found(rule, example)
    assert tuple(each.name for each in findings) == example.names != ()
    assert {(each.code, each.rule) for each in findings} == {(rule.code, rule.rule_name())}


@pytest.mark.parametrize(("rule", "example"), BAD, ids=named)
def test_findings_have_a_place_in_the_file(rule: type[Rule], example: Example) -> None:
    size = len(wat(example.wat))
    for each in found(rule, example):
        assert each.position.offset is not None
        assert 0 <= each.position.offset < size


@pytest.mark.parametrize(("rule", "example"), BAD, ids=named)
def test_fixes_mend(rule: type[Rule], example: Example) -> None:
    module = Module.from_bytes(wat(example.wat))
    settings = settings_of(example)
    findings = lint(module, settings, [rule])
    fixes = [each.fix for each in findings if each.fix is not None]
    if fixes:
        passes = build_passes([PassEntry(fix.pass_name, fix.options) for fix in fixes])
        mended = lint(Pipeline(passes).run(module).module, settings, [rule])
        assert len(mended) == len(findings) - len(fixes)


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_rules_are_complete(rule: type[Rule]) -> None:
    assert re.fullmatch(r"WR[1-9]\d\d", rule.code)
    assert rule.__doc__
    assert rule.good
    assert rule.bad
    first, _, rest = rule.__doc__.partition("\n\n")
    assert first.endswith((".", ":"))
    assert rest.strip(), "what it is, then why and what to do"


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.rule_name() for rule in RULES}) == len(RULES)
