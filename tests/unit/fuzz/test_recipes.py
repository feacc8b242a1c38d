"""Whatever a built-in pass can be asked, a campaign asks: a new pass, option or value without a recipe fails here."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from wasmrewrite.fuzz import RandomChoices, subject
from wasmrewrite.fuzz.modules import Subject
from wasmrewrite.fuzz.recipes import RECIPES, entries
from wasmrewrite.rewrite import registry
from wasmrewrite.rewrite.config import build_passes
from wasmrewrite.rewrite.options import Option, options_of

PASSES = tuple(registry.names(plugins=False))
DESCRIBED = Path(__file__).resolve().parents[3] / "corpus" / "built" / "two_i64s.1.96-O3-g.wasm"
"""A module with debug information."""
OPTIONS = [(name, option) for name in PASSES for option in options_of(registry.find(name, plugins=False))]


@cache
def drawn() -> dict[tuple[str, str], list[object]]:
    """All that is asked over some hundreds of modules: values by pass and option, None where it is left out."""
    found = defaultdict[tuple[str, str], list[object]](list)
    for number in range(600):
        choices = RandomChoices(f"recipes/{number}")
        made = subject(choices) if number % 5 else Subject(DESCRIBED.read_bytes())
        for entry in entries(choices, PASSES, {}, made):
            for option in options_of(registry.find(entry.name)):
                found[entry.name, option.name].append(entry.settings.get(option.name))
    return found


def test_every_pass_has_a_recipe() -> None:
    assert set(RECIPES) == set(PASSES)


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=lambda each: each if isinstance(each, str) else each.name)
def test_every_option_is_set_and_left_out(name: str, option: Option) -> None:
    values = {str(value) for value in drawn()[name, option.name]}
    assert values - {"None"}, f"no recipe sets {name}.{option.name}"
    assert option.required or "None" in values or option.choices, f"{name}.{option.name} is never left to its default"
    if option.choices:
        assert values >= set(option.choices)
    if option.kind is bool:
        assert str(not option.default) in values


def test_recipes_fit_their_passes() -> None:
    """What is drawn can be built, and mostly does something."""
    empty = 0
    for number in range(100):
        choices = RandomChoices(f"fit/{number}")
        found = entries(choices, PASSES, {}, subject(choices))
        build_passes(found)
        empty += not found
    assert empty < 5


def test_what_is_given_is_always_set() -> None:
    for number in range(40):
        choices = RandomChoices(f"given/{number}")
        given = {"multi-value": {"original-export": ["keep"]}}
        for entry in entries(choices, ("multi-value",), given, subject(choices)):
            assert entry.settings["original-export"] == ["keep"]
