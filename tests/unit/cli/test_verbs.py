from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Cli
from wasmrewrite.cli.verbs import VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_and_the_verb_say_the_same(cli: Cli, verb: str) -> None:
    listed = next(line for line in cli("--help").text.splitlines() if line.startswith(f"  {verb} "))
    own = cli(verb, "--help").text
    assert listed.split(maxsplit=1)[1] == VERBS[verb] == own.splitlines()[2].strip()


@pytest.mark.parametrize("verb", VERBS)
def test_every_help_has_an_example_that_calls_the_verb(cli: Cli, verb: str) -> None:
    _, example, rest = cli(verb, "--help").text.partition("  Example:\n")
    assert example
    assert rest.lstrip().startswith(f"wasmrewrite {verb}")


def test_short_help_works_everywhere(cli: Cli) -> None:
    assert cli("-h").out == cli("--help").out
    assert cli("info", "-h").out == cli("info", "--help").out
