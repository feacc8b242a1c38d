"""Whole command lines and all they say: each file of ``sessions`` holds commands and, after each, its exact output.

A line that begins with ``$ wasmrewrite`` is run, in a folder with the corpus's modules and interface files; ``< FILE``
at its end is standard input. What follows up to the next command is what it printed, on both streams, and its exit
code in brackets unless that is 0. Text before the first command says why the session is there.
"""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path

import pytest

from wasmrewrite.cli.__main__ import call

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SESSIONS = sorted((Path(__file__).parent / "sessions").glob("*.txt"))
PROMPT = "$ wasmrewrite"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with links to the corpus, and a terminal of a known width."""
    wanted = ("corpus/built/*.wasm", "corpus/interfaces/*.toml", "tests/golden/cli/texts/*.wat")
    for path in (path for pattern in wanted for path in ROOT.glob(pattern)):
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def run(line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What one command line prints, and its exit code."""
    arguments = shlex.split(line.removeprefix(PROMPT))
    if "<" in arguments:
        at = arguments.index("<")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(arguments[at + 1]).read_bytes())))
        arguments = arguments[:at]
    printed = io.BytesIO()
    both = io.TextIOWrapper(printed, "utf-8", write_through=True)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", both)
        patched.setattr(sys, "stderr", both)
        code = call(arguments)
    return printed.getvalue().decode() + (f"[{code}]\n" if code else "")


def replay(session: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The session as it goes now."""
    why, *commands = session.split(f"\n{PROMPT}")
    again = [why]
    for each in commands:
        line = PROMPT + each.partition("\n")[0]
        again.append(f"\n{line}\n{run(line, monkeypatch)}")
    return "".join(again)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_goes_as_it_went(path: Path, bless: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_text("utf-8")
    after = replay(before, monkeypatch)
    if bless:
        path.write_text(after, "utf-8")
    else:
        assert after == before


def test_sessions_are_found_and_run_something() -> None:
    assert len(SESSIONS) >= 5
    assert all(f"\n{PROMPT}" in path.read_text("utf-8") for path in SESSIONS)
