"""The same imports and types work from the checkout, from an editable install and from a wheel.

``wasmrewrite/passes`` is a symlink in the checkout and a real folder in the wheel. The installs are made by the build
backend itself and unpacked as an installer would, so that no test needs the network.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.repo.tree import PACKAGE, ROOT, relative

SOURCES = ["pyproject.toml", "setup.py", "README.md", "LICENSE-APACHE", "LICENSE-MIT", "wasmrewrite", "passes"]
MODES = ["checkout", "editable", "wheel"]

PASSES = sorted(path.stem for path in (ROOT / "passes").glob("*.py") if path.stem != "__init__")


def build(kind: str, source: Path, out: Path) -> Path:
    """Let the backend build a ``wheel`` or an ``editable`` wheel of ``source``."""
    code = f"from setuptools import build_meta; print(build_meta.build_{kind}({str(out)!r}))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.splitlines()[-1]


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources that building may write beside; symlinks stay symlinks."""
    copy = tmp_path_factory.mktemp("source")
    ignore = shutil.ignore_patterns("__pycache__")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=ignore)
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the sources."""
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(source: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each way to install, the interpreter of an environment that has the project in this way and no other."""
    editable = build("editable", source, tmp_path_factory.mktemp("editable"))
    return {
        mode: environment(tmp_path_factory.mktemp(f"env-{mode}"), unpacked)
        for mode, unpacked in (("checkout", None), ("editable", editable), ("wheel", wheel))
    }


def environment(folder: Path, wheel: Path | None) -> Path:
    """Make a virtual environment with what ``wheel`` holds; return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    # The libraries are those of the running interpreter. Its own path files are not read from there, so an editable
    # install of the project in it cannot leak in.
    (packages / "zz_libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    if wheel is not None:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
    return folder / "bin" / "python"


def run(interpreter: Path, arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run an interpreter in ``cwd`` without any of this run's Python settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY", "VIRTUAL_"))}
    return subprocess.run([interpreter, *arguments], cwd=cwd, env=clean, capture_output=True, text=True, check=False)


def user_file() -> str:
    """What a user writes: it imports the package and every pass, and asks for types."""
    lines = ["import wasmrewrite", "import wasmrewrite.passes", "reveal_type(wasmrewrite.__version__)"]
    for stem in PASSES:
        name = "".join(word.capitalize() for word in stem.split("_"))
        lines += [f"from wasmrewrite.passes.{stem} import {name}", f"reveal_type({name})"]
    return "\n".join([*lines, ""])


def test_the_symlink_is_committed() -> None:
    assert (PACKAGE / "passes").is_symlink()
    assert (PACKAGE / "passes").readlink() == Path("..") / "passes"
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        modes = {line.split("\t")[1]: line.split()[0] for line in listed.splitlines()}
        if relative(PACKAGE / "__init__.py") in modes:
            assert modes.get("wasmrewrite/passes") == "120000"


def test_the_wheel_holds_the_package_as_real_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    expected = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py") if "passes" not in path.parts}
    expected |= {f"wasmrewrite/passes/{path.name}" for path in (ROOT / "passes").glob("*.py")}
    expected.add("wasmrewrite/py.typed")
    assert {name for name in members if ".dist-info/" not in name} == expected
    assert not any(stat.S_ISLNK(mode) for mode in members.values())
    assert {"LICENSE-APACHE", "LICENSE-MIT"} <= {Path(name).name for name in members}


@pytest.mark.parametrize("mode", MODES)
def test_imports_work(mode: str, installed: dict[str, Path], tmp_path: Path) -> None:
    folder = ROOT if mode == "checkout" else tmp_path
    code = "import importlib, wasmrewrite\nprint(wasmrewrite.__file__)\n" + "\n".join(
        f"print(importlib.import_module('wasmrewrite.passes.{stem}').__file__)" for stem in PASSES
    )
    done = run(installed[mode], ["-c", code], folder)
    assert done.returncode == 0, done.stderr
    inside_checkout = [line.startswith(f"{ROOT}{os.sep}") for line in done.stdout.splitlines()]
    assert inside_checkout == [mode == "checkout"] * (1 + len(PASSES))


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_a_users_file_is_strictly_typed(mode: str, installed: dict[str, Path], tmp_path: Path) -> None:
    user = tmp_path / "user.py"
    user.write_text(user_file())
    # In the checkout the project's own configuration leads to the stubs; elsewhere nothing of it may be needed.
    found_by = [] if mode == "checkout" else ["--config-file=", f"--python-executable={installed[mode]}"]
    arguments = ["-m", "mypy", "--strict", f"--cache-dir={tmp_path / 'cache'}", *found_by, str(user)]
    done = run(Path(sys.executable), arguments, ROOT if mode == "checkout" else tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    notes = [line for line in done.stdout.splitlines() if "note:" in line]
    revealed = [note.partition("Revealed type is ")[2].strip('"') for note in notes]
    assert len(revealed) == 1 + len(PASSES)
    assert revealed[0] in ("builtins.str", "str")
    assert all(type_of.startswith("def (") for type_of in revealed[1:])
