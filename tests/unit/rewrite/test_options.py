"""Options: from fields to names and back from text, and every wrong value refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.rewrite import ModulePass, option
from wasmrewrite.rewrite.options import build, options_of


@dataclass(frozen=True, slots=True)
class Sample(ModulePass):
    """A pass with one option of each kind."""

    function: str = option(help="which function", show="NAME")
    import_: tuple[str, ...] = option(help="imports", default=())
    remove_export: bool = option(help="whether", default=False)
    limit: int = option(help="how many", default=7)
    memory: str | None = option(help="which memory", default=None)
    mode: Literal["hide", "keep"] = option(help="how", default="hide")


def made(**settings: object) -> Sample:
    return build(Sample, {name.replace("_", "-"): value for name, value in settings.items()}, "pass sample")


def test_options_have_names_for_users() -> None:
    assert [(each.name, each.required, each.repeatable, each.choices) for each in options_of(Sample)] == [
        ("function", True, False, ()),
        ("import", False, True, ()),
        ("remove-export", False, False, ()),
        ("limit", False, False, ()),
        ("memory", False, False, ()),
        ("mode", False, False, ("hide", "keep")),
    ]


def test_defaults() -> None:
    assert build(Sample, {"function": "f"}, "") == Sample("f")


def test_text_becomes_values() -> None:
    settings = {
        "function": "f",
        "import": ["a", "b"],
        "remove-export": "yes",
        "limit": "12",
        "memory": "m",
        "mode": "keep",
    }
    assert build(Sample, settings, "") == Sample("f", ("a", "b"), True, 12, "m", "keep")


def test_values_of_configuration_files_are_taken_as_they_are() -> None:
    settings = {"function": "f", "import": "one", "remove-export": True, "limit": 3, "memory": 1}
    assert build(Sample, settings, "") == Sample("f", ("one",), True, 3, "1")


@pytest.mark.parametrize("word", ["true", "Yes", "on", "1"])
def test_ways_to_say_yes(word: str) -> None:
    assert made(function="f", remove_export=word).remove_export is True


@pytest.mark.parametrize("word", ["false", "No", "off", "0"])
def test_ways_to_say_no(word: str) -> None:
    assert made(function="f", remove_export=word).remove_export is False


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "pass sample: option 'function' is missing (which function)"),
        ({"function": "f", "limti": "1"}, "pass sample: unknown option 'limti'; did you mean 'limit'?"),
        ({"function": ["f", "g"]}, "pass sample: option 'function' is given 2 times"),
        ({"function": True}, "pass sample: option 'function': expected text, not True"),
        ({"function": "f", "limit": "x"}, "pass sample: option 'limit': 'x' is no number"),
        ({"function": "f", "limit": "-1"}, "pass sample: option 'limit': '-1' is no number"),
        ({"function": "f", "limit": True}, "pass sample: option 'limit': True is no number"),
        (
            {"function": "f", "remove-export": "maybe"},
            "pass sample: option 'remove-export': 'maybe' is neither true nor false",
        ),
        ({"function": "f", "mode": "lose"}, "pass sample: option 'mode': 'lose' is not one of hide, keep"),
        ({"function": "f", "import": [1.5]}, "pass sample: option 'import': expected text, not 1.5"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build(Sample, settings, "pass sample")
    assert caught.value.message == message


def test_passes_know_their_names() -> None:
    assert Sample.pass_name() == "sample"
