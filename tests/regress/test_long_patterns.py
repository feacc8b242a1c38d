"""A pattern of 60,000 opening brackets took half a minute to translate, in ``keep-exports`` and in ``strip-custom``."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.lint.settings import parse_settings
from wasmrewrite.model import Module
from wasmrewrite.passes.strip_custom import StripCustom
from wasmrewrite.rewrite import Pipeline


@pytest.mark.parametrize("key", ["keep-exports", "env"])
def test_long_patterns_are_refused(key: str) -> None:
    with pytest.raises(ConfigError, match="more than 4096 characters"):
        parse_settings({key: ["[" * 60_000]})
    parse_settings({key: ["[" * 4096]})


@pytest.mark.parametrize("key", ["deny-imports", "allow-types", "deny-features"])
def test_long_patterns_of_a_policy_are_refused(key: str) -> None:
    with pytest.raises(ConfigError, match="more than 4096 characters"):
        parse_settings({"policy": {key: ["[" * 60_000]}})


@pytest.mark.parametrize("wrong", [StripCustom(pattern=("[" * 60_000,)), StripCustom(keep=("[" * 60_000,))])
def test_long_patterns_of_a_pass_are_refused(wrong: StripCustom) -> None:
    with pytest.raises(ConfigError, match="a pattern is longer than 4096 characters"):
        Pipeline([wrong]).run(Module.empty())
