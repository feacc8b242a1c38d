"""Every module has its tests in a place that can be found, and the table that says so is true.

The marked test plants a fault in each module in turn and runs what the table names: a line that nobody would miss is
found that way.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.repo.mirrors import elsewhere, found_by, mirror, table
from tests.repo.tree import ROOT, functions, package_files, relative

MODULES = [relative(path) for path in package_files() if path.name != "__init__.py"]


def test_every_module_is_tested_somewhere() -> None:
    assert [path for path in MODULES if not found_by(path)] == []


def test_the_table_names_what_exists_and_what_needs_it() -> None:
    unmirrored = [path for path in MODULES if mirror(path) is None]
    for pattern, tests in table():
        assert [each for each in tests if not (ROOT / each).exists()] == []
        assert any(fnmatchcase(path, pattern) for path in unmirrored), f"{pattern}: every module has its own test file"


def test_a_module_is_looked_up_by_its_own_name_first() -> None:
    assert found_by("wasmrewrite/isa/types.py") == ("tests/unit/isa/test_types.py",)
    assert found_by("wasmrewrite/isa/ops/simd.py") == elsewhere("wasmrewrite/isa/ops/simd.py") != ()
    assert found_by("wasmrewrite/nowhere/at_all.py") == ()


def planted(path: Path) -> str | None:
    """The text of a module whose functions all raise; None if it has none that does anything."""
    lines = path.read_text("utf-8").splitlines()
    starts = []
    for function in functions(path):
        documented = ast.get_docstring(function) is not None
        body = function.body[1:] if documented else function.body
        if body and body[0].lineno > function.lineno:
            starts.append((body[0].lineno, body[0].col_offset))
    for line, column in sorted(starts, reverse=True):
        lines.insert(line - 1, f"{' ' * column}raise RuntimeError('planted')")
    return "\n".join(lines) + "\n" if starts else None


@pytest.mark.fuzz
@pytest.mark.parametrize("module", MODULES)
def test_the_found_by_a_module_notice_a_fault_in_it(module: str, tmp_path: Path) -> None:
    text = planted(ROOT / module)
    if text is None:
        pytest.skip("the module is data only: tests/repo/test_totality.py compares it")
    copy = tmp_path / "tree"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info"))
    (copy / module).write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not fuzz"]
    done = subprocess.run([*command, *found_by(module)], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2, 4), done.stdout[-2000:]
