"""The commands in docs/callgraph.md say what they say there, and its Python runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.repo.tree import ROOT
from wasmrewrite.cli.__main__ import call

PAGE = (ROOT / "docs" / "callgraph.md").read_text("utf-8")
PROMPT = "$ wasmrewrite "


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for kind, text in found if kind == language]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (ROOT / "corpus" / "built").glob("*.wasm"):
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)


def test_commands(capsys: pytest.CaptureFixture[str]) -> None:
    compared = 0
    for each in "\n".join(blocks("")).split(PROMPT)[1:]:
        line, _, expected = each.partition("\n")
        command, _, target = line.partition(" > ")
        assert call(shlex.split(command)) == 0
        printed = capsys.readouterr().out
        if target:
            assert printed.startswith("{" if target.endswith("json") else "digraph")
        else:
            assert printed == expected.rstrip("\n") + "\n"
            compared += 1
    assert compared == 3


def test_python(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("python")
    exec(compile(code, "callgraph.md", "exec"), {})
    assert capsys.readouterr().out == "env.env_pair 1\n28\n"
