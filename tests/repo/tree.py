"""The project's own files as the convention tests see them: paths, syntax trees, functions."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "wasmrewrite"

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def relative(path: Path) -> str:
    """The path from the project root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def package_files() -> list[Path]:
    """Python files of the package; the passes are reached through their own folder, once."""
    found = [path for path in PACKAGE.rglob("*.py") if "passes" not in path.relative_to(PACKAGE).parts]
    return sorted(found) + sorted((ROOT / "passes").rglob("*.py"))


def python_files() -> list[Path]:
    """All Python files we write: package, passes, tools and tests."""
    other = [path for folder in ("tools", "tests") for path in (ROOT / folder).rglob("*.py")]
    return package_files() + sorted(other)


@cache
def syntax(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner functions included."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, FUNCTION):
            yield node


def tracked_files() -> list[Path]:
    """What is committed or about to be; empty outside a git checkout."""
    if not (ROOT / ".git").exists():
        return []
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]
