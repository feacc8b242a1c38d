"""The README's code and commands work as they stand there, and so does the example package."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.repo.tree import ROOT

README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = ROOT / "examples" / "own-passes"


def blocks(language: str) -> list[str]:
    """The code blocks of the README in one language, '' for plain ones."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the README speaks of."""
    (tmp_path / "app.wasm").write_bytes((ROOT / "corpus/built/two_i64s.1.96-O3.wasm").read_bytes())
    interface, config = blocks("toml")
    (tmp_path / "interface.toml").write_text(interface, "utf-8")
    (tmp_path / "configured").mkdir()
    (tmp_path / "configured" / "wasmrewrite.toml").write_text(config, "utf-8")
    (tmp_path / "configured" / "interface.toml").write_text(interface, "utf-8")
    return tmp_path


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder for the module search path where the example is, with the metadata that an installer would write."""
    site = tmp_path / "site"
    metadata = site / "own_passes-1.0.dist-info"
    metadata.mkdir(parents=True)
    (site / "own_passes.py").write_bytes((EXAMPLE / "own_passes.py").read_bytes())
    groups = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    lines = []
    for group, entries in groups.items():
        lines += [f"[{group}]", *(f"{name} = {place}" for name, place in entries.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: own-passes\nVersion: 1.0\n", "utf-8")
    return site


def python(folder: Path, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the interpreter in ``folder`` with the checkout, and ``path``, on its search path."""
    search = os.pathsep.join(str(each) for each in (ROOT, path) if each is not None)
    environment = {**os.environ, "PYTHONPATH": search}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_commands_of_the_first_screen_say_what_they_say_there(folder: Path) -> None:
    (story,) = [block for block in blocks("") if "$ wasmrewrite" in block]
    commands = story.replace("\\\n", " ").split("$ wasmrewrite ")[1:]
    assert len(commands) == 2
    for each in commands:
        line, _, expected = each.partition("\n")
        done = python(folder, "-m", "wasmrewrite", *shlex.split(line))
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[:1] == expected.splitlines()[:1]


def test_the_configuration_works(folder: Path) -> None:
    done = python(folder / "configured", "-m", "wasmrewrite", "rewrite", "../app.wasm", "-o", "new.wasm", "--verbose")
    assert done.returncode == 0, done.stderr
    assert "add-start: 'init' runs at instantiation" in done.stdout


def test_the_library_code_works(folder: Path) -> None:
    code = blocks("python")[0]
    assert len([line for line in code.splitlines() if line]) <= 10
    done = python(folder, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("same: ")
    assert done.stdout.splitlines()[-1] == "42 1"


def test_what_is_said_about_values_is_true(folder: Path) -> None:
    done = python(folder, "-c", blocks("python")[1])
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "js get_two_i64s [i32] -> []"
    assert done.stdout.splitlines()[-1].startswith("-3 b'")


def test_the_pass_is_the_one_in_the_example() -> None:
    assert blocks("python")[-1] == (EXAMPLE / "own_passes.py").read_text("utf-8")


def test_the_example_is_found_run_and_judged(folder: Path, installed: Path) -> None:
    def cli(*arguments: str) -> subprocess.CompletedProcess[str]:
        return python(folder, "-m", "wasmrewrite", *arguments, path=installed)

    assert "export-memory" in cli("passes").stdout
    assert "name of the export" in cli("passes", "export-memory").stdout
    rewrite = ("rewrite", "app.wasm", "-o", "new.wasm", "--write-contract", "c.json", "--pass", "export-memory")
    done = cli(*rewrite, "--set", "export-memory.name=mem", "--verbose")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "export-memory: memory 0 is exported as 'mem'")
    assert cli("verify", "app.wasm", "new.wasm", "--contract", "c.json").returncode == 0
    assert cli("verify", "app.wasm", "new.wasm").returncode == 1


def test_the_example_is_not_looked_at_unless_asked_for(folder: Path, installed: Path) -> None:
    (installed / "own_passes.py").write_text("raise RuntimeError('loaded')", "utf-8")
    done = python(folder, "-m", "wasmrewrite", "passes", path=installed)
    assert (done.returncode, done.stderr) == (0, "")
    rewrite = ("rewrite", "app.wasm", "-o", "new.wasm", "--no-plugins", "--pass", "export-memory")
    done = python(folder, "-m", "wasmrewrite", *rewrite, path=installed)
    assert (done.returncode, "unknown pass 'export-memory'" in done.stderr) == (2, True)
