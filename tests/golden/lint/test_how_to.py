"""The how-to about imports from env is true: its commands are run in order, with its files, and say what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to-env-imports.md"
MODULE = """
(module
  (@producers (language "Rust" ""))
  (import "env" "greet" (func $greet (param i32)))
  (func (@name "_ZN3app3run17h0123456789abcdefE") (export "run") call $report)
  (func (@name "_ZN3app4idle17h0123456789abcdefE"))
  (func $report (@name "_ZN3app6report17h0123456789abcdefE") i32.const 7  call $greet))
"""
FILES = {"[lint]": "wasmrewrite.toml", "[[import]]": "interface.toml"}
PROMPT = "$ wasmrewrite "


def blocks() -> list[tuple[str, str]]:
    """Language and contents of the code blocks, in order."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_commands_say_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.wasm").write_bytes(wat(MODULE))
    compared = 0
    for language, contents in blocks():
        if language == "toml":
            (tmp_path / FILES[contents.partition("\n")[0]]).write_text(contents)
        for command in contents.split(PROMPT)[1:]:
            line, _, expected = command.partition("\n")
            call(shlex.split(line))
            printed = capsys.readouterr()
            assert printed.err == ""
            assert expected in ("", printed.out)
            compared += expected != ""
    assert compared == 5


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text("utf-8"))
    assert len(links) >= 5
    assert [link for link in links if not (PAGE.parent / link).is_file()] == []
