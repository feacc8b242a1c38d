"""The fixture works in a project that knows nothing but one line about it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wasmrewrite.fuzz import Case

ROOT = Path(__file__).resolve().parents[3]
TESTS = """
from tests.unit.fuzz.planted import Nops, OtherConstant

def test_good(fuzz_pass):
    assert fuzz_pass(Nops(), cases=5) == 5

def test_bad(fuzz_pass):
    fuzz_pass(OtherConstant(), cases=300, shrinks=0)
"""


def test_one_line_brings_it_and_a_failure_names_its_folder(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["wasmrewrite.fuzz.fixture"]\n')
    (tmp_path / "test_them.py").write_text(TESTS)
    folder = tmp_path / "kept"
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={folder}", f"--rootdir={tmp_path}"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    environment = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    case = folder / "test_bad0" / "case"
    assert f"wasmrewrite verify --case {case}" in done.stdout
    found = Case.from_files({each.name: each.read_bytes() for each in case.iterdir()})
    assert found.kind == "differs"
