"""The sessions and examples of docs/text.md go as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.cli.test_sessions import PROMPT, run
from tests.repo.tree import ROOT
from wasmrewrite import Module

DOCUMENT = ROOT / "docs" / "text.md"
TEXTS = ROOT / "tests" / "golden" / "cli" / "texts"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    """The code blocks of the page in one language, "" for sessions."""
    return [text for name, text in _BLOCK.findall(DOCUMENT.read_text("utf-8")) if name == language]


def replayed(block: str, monkeypatch: pytest.MonkeyPatch) -> str:
    lines = [line for line in block.splitlines() if line.startswith(PROMPT)]
    return "".join(f"{line}\n{run(line, monkeypatch)}" for line in lines)


def test_the_sessions_go_as_they_went(tmp_path: Path, bless: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in TEXTS.glob("*.wat"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    before = DOCUMENT.read_text("utf-8")
    sessions = blocks("")
    after = before
    for block in sessions:
        after = after.replace(f"```\n{block}```", f"```\n{replayed(block, monkeypatch)}```")
    assert len(sessions) >= 4
    if bless:
        DOCUMENT.write_text(after, "utf-8")
    else:
        assert after == before


def test_the_texts_are_those_of_the_sessions() -> None:
    first, second, third = blocks("wat")
    assert first == (TEXTS / "stats.wat").read_text("utf-8")
    assert second == (TEXTS / "parens.wat").read_text("utf-8")
    assert [custom.name for custom in Module.from_wat(third, check="validate").customs] == [
        "metadata.code.branch_hint", "build-id",
    ]  # fmt: skip


def test_the_example_in_python_works() -> None:
    for block in blocks("python"):
        exec(block, {})
