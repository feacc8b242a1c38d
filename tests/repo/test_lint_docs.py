"""What docs/lint.md says is so: its commands, and a configuration with every key there is."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.repo.tree import ROOT
from wasmrewrite.cli.__main__ import call
from wasmrewrite.lint import parse_settings
from wasmrewrite.lint.settings import KEYS, LIMITS, POLICY

PAGE = (ROOT / "docs" / "lint.md").read_text("utf-8")
PROMPT = "$ wasmrewrite "


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for kind, text in found if kind == language]


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (ROOT / "corpus" / "built").glob("*.wasm"):
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    commands = "\n".join(blocks("")).split(PROMPT)[1:]
    for each in commands:
        line, _, expected = each.partition("\n")
        assert call(shlex.split(line)) == 1
        assert capsys.readouterr().out == expected.rstrip("\n") + "\n"
    assert len(commands) == 3


def test_the_configuration_has_every_key() -> None:
    (text,) = blocks("toml")
    table = tomllib.loads(text)["lint"]
    assert set(table) == set(KEYS)
    assert set(table["policy"]) == set(POLICY)
    assert set(table["limits"]) == set(LIMITS)
    assert parse_settings(table).namespaces == ("sensor.v2",)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []
