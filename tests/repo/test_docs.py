"""What the documents say is true: files exist, commands are real, and the project speaks of itself only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repo.tree import PACKAGE, ROOT, relative, tracked_files

DOCUMENTS = sorted(ROOT.glob("*.md"))

MACHINE_PATH = re.compile(r"(^|[^\w.~$}/])/(work|root|farm|home|opt)/[\w.]", re.MULTILINE)
REGISTRY_HOST = re.compile(r"(pypi|pythonhosted|npmjs|debian)[.](org|com|net)|(static|index)[.]crates")
WORKPLACE = re.compile(
    r"\bissue [0-9]+\b|\bthis session\b|before[-]stop|/[.]library|\bclosing[ ]note\b|shared[/]DESIGN", re.IGNORECASE
)


def text(path: Path) -> str | None:
    """The text of a file, or None if it is not text."""
    data = path.read_bytes()
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def in_code(document: Path) -> list[str]:
    """Everything between backticks, code blocks included, one line each."""
    blocks = re.findall(r"```\w*\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    prose = re.sub(r"```\w*\n.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", prose)


def make_targets() -> set[str]:
    """The targets that the Makefile declares as commands."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_named_files_exist(document: Path) -> None:
    folders = r"(?:wasmrewrite|passes|tests|tools|corpus|typings|\.ci)"
    named = {match for code in in_code(document) for match in re.findall(rf"(?<![\w./-]){folders}/[\w./-]*", code)}
    missing = {name for name in named if not (ROOT / name.rstrip(".")).exists()}
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_make_commands_exist(document: Path) -> None:
    used = {match for code in in_code(document) for match in re.findall(r"\bmake ([a-z]+)", code)}
    assert used <= make_targets()


def test_make_targets_run_files_that_exist() -> None:
    run = set(re.findall(r"\btools/[\w.]+", (ROOT / "Makefile").read_text("utf-8")))
    assert {name for name in run if not (ROOT / name).exists()} == set()


def test_the_first_screen_names_the_two_commands() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:40])
    assert "make demo" in first_screen
    assert "make test" in first_screen


def test_the_gate_runs_the_documented_test_command() -> None:
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


def test_the_map_names_every_package() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    named = set(re.findall(r"\b(\w+)/", (ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert packages - named == set()


def test_the_map_names_every_module_beside_the_packages() -> None:
    modules = {path.name for path in PACKAGE.glob("*.py")}
    map_of_it = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert {name for name in modules if name not in map_of_it} == set()


def test_changes_are_written_down() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST, WORKPLACE], ids=["machine", "registry", "workplace"])
def test_the_project_speaks_of_itself(pattern: re.Pattern[str]) -> None:
    if not tracked_files():
        pytest.skip("not a git checkout: nothing says which files are ours")
    faults = []
    for path in tracked_files():
        for match in pattern.finditer(text(path) or ""):
            faults.append(f"{relative(path)}: {match.group(0).strip()}")
    assert faults == []
