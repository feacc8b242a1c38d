"""The examples in docs/verify.md work as they stand there, and its tables are complete."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.spoilt import second_load_misplaced
from tests.repo.tree import ROOT
from wasmrewrite.cli import exits
from wasmrewrite.contract.json_form import _CLAIMS

PAGE = (ROOT / "docs" / "verify.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks of the page in one language, '' for sessions."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == language]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the page speaks of, but for those that its commands make."""
    (tmp_path / "app.wasm").write_bytes((ROOT / "corpus/built/two_i64s.1.96-O3.wasm").read_bytes())
    (tmp_path / "interface.toml").write_bytes((ROOT / "corpus/interfaces/two_i64s.toml").read_bytes())
    (tmp_path / "by-hand.json").write_text(blocks("json")[0], "utf-8")
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the interpreter in ``folder`` with the checkout on its search path."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def commands() -> list[tuple[str, str]]:
    """Every command of the page with what it prints, in order."""
    found = []
    for block in blocks(""):
        for each in block.replace("\\\n", " ").split("$ wasmrewrite ")[1:]:
            line, _, expected = each.partition("\n")
            found.append((line, expected))
    return found


def test_the_sessions_go_as_they_went(folder: Path) -> None:
    assert len(commands()) == 7
    for line, expected in commands():
        if "wrong.wasm" in line:
            (folder / "wrong.wasm").write_bytes(second_load_misplaced((folder / "new.wasm").read_bytes()))
        done = python(folder, "-m", "wasmrewrite", *shlex.split(line))
        assert done.returncode == (exits.FOUND if "wrong.wasm" in line else exits.FINE), done.stderr
        # A session may leave out what follows the first line, but then all of it.
        shown = expected.splitlines()
        assert done.stdout.splitlines()[: len(shown)] == shown


def test_the_host_of_the_page_works(folder: Path) -> None:
    assert python(folder, "-m", "wasmrewrite", *shlex.split(commands()[0][0])).returncode == 0
    (code,) = blocks("python")
    done = python(folder, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("same: ")
    assert "1 of 1 imported functions are the user's" in done.stdout


def test_every_claim_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)) == set(_CLAIMS)


def test_exit_codes_are_those() -> None:
    codes = dict(re.findall(r"^\| (same|different|inconclusive) \| (\d+) \|", PAGE, re.MULTILINE))
    assert codes == {"same": str(exits.FINE), "different": str(exits.FOUND), "inconclusive": str(exits.INCONCLUSIVE)}
