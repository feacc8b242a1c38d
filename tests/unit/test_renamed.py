"""Whoever types an earlier name is answered with the new one, and nothing accepts an earlier name."""

from __future__ import annotations

import pytest

from wasmrewrite.cli.__main__ import call
from wasmrewrite.cli.verbs import wasmrewrite
from wasmrewrite.errors import ConfigError
from wasmrewrite.renamed import OPTIONS, PASS_OPTIONS
from wasmrewrite.rewrite import registry
from wasmrewrite.rewrite.config import PassEntry, build_passes
from wasmrewrite.rewrite.options import options_of


def options_of_command(name: str) -> set[str]:
    command = wasmrewrite.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    return {word for parameter in command.params for word in parameter.opts}


@pytest.mark.parametrize(
    ("command", "earlier", "name"), [(command, *pair) for command, pairs in OPTIONS.items() for pair in pairs.items()]
)
def test_options_of_commands(command: str, earlier: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert earlier not in options_of_command(command)
    assert name in options_of_command(command)
    assert call([command, earlier]) == (125 if command == "run" else 2)
    assert capsys.readouterr().err.splitlines()[0] == f'error: unknown option \'{earlier}\'; did you mean "{name}"?'


@pytest.mark.parametrize(
    ("pass_name", "earlier", "name"), [(kind, *pair) for kind, pairs in PASS_OPTIONS.items() for pair in pairs.items()]
)
def test_options_of_passes(pass_name: str, earlier: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = {option.name for option in options_of(registry.find(pass_name))}
    assert earlier not in names
    assert name in names
    with pytest.raises(ConfigError) as refused:
        build_passes([PassEntry(pass_name, {earlier: "x"})])
    assert refused.value.message == f"pass {pass_name}: unknown option {earlier!r}; did you mean {name!r}?"
    assert call(["fuzz", "--set", f"{pass_name}.{earlier}=x"]) == 2
    assert f'did you mean "{name}"?' in capsys.readouterr().err
