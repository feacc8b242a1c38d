"""Numbers of thousands of digits in TOML, and thousands of brackets in a script, were called internal errors."""

from __future__ import annotations

import pytest

from wasmrewrite.equiv import Script
from wasmrewrite.errors import ConfigError
from wasmrewrite.rewrite import parse_interface


def test_a_long_number_in_an_interface_file() -> None:
    with pytest.raises(ConfigError, match=r"interface\.toml: "):
        parse_interface(f'[[export]]\nname = "f"\npointer = {"9" * 5000}\n')


def test_a_script_of_brackets() -> None:
    with pytest.raises(ConfigError, match="not a reproducer: "):
        Script.loads("[" * 100_000)
