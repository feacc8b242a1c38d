"""A pattern of 60,000 opening brackets in ``keep-exports`` took half a minute to translate."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.lint.settings import parse_settings


@pytest.mark.parametrize("key", ["keep-exports", "env"])
def test_long_patterns_are_refused(key: str) -> None:
    with pytest.raises(ConfigError, match="more than 4096 characters"):
        parse_settings({key: ["[" * 60_000]})
    parse_settings({key: ["[" * 4096]})
