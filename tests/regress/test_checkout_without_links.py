"""A checkout without symbolic links, as Git makes it on Windows, had no passes: installing it succeeded, ``rewrite``
died. There ``wasmrewrite/passes`` is a file that holds ``../passes``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSES = sorted(path.stem for path in (ROOT / "passes").glob("*.py"))
REWRITE = ["-m", "wasmrewrite", "rewrite", "in.wasm", "-o", "out.wasm", "--pass", "strip-custom"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="a checkout is made by git"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="these sources are not in a repository"),
]


def python(interpreter: Path | str, *arguments: str, cwd: Path) -> str:
    """Run an interpreter without any of this run's settings; what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_"))}
    done = subprocess.run([interpreter, *arguments], cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources as they are committed, without links; what has been changed since is copied over."""
    folder = tmp_path_factory.mktemp("clone") / "wasmrewrite"
    git = ["git", "-c", "core.symlinks=false", "-c", "advice.detachedHead=false"]
    subprocess.run([*git, "clone", "--quiet", "--config", "core.symlinks=false", str(ROOT), str(folder)], check=True)
    for name in ("setup.py", "pyproject.toml", "wasmrewrite/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    assert (folder / "wasmrewrite" / "passes").is_file()
    assert not (folder / "wasmrewrite" / "passes").is_symlink()
    return folder


def environment(folder: Path) -> tuple[Path, Path]:
    """A virtual environment with the libraries of this one, but not the project: interpreter, folder of packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    (packages / "zz_libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin" / "python", packages


def built(kind: str, source: Path, out: Path) -> Path:
    """Let the build backend make a wheel, an editable one, or an archive of the sources, as installers do."""
    out.mkdir(parents=True, exist_ok=True)
    code = f"from setuptools import build_meta; print(build_meta.build_{kind}({str(out)!r}))"
    return out / python(sys.executable, "-c", code, cwd=source).splitlines()[-1]


def assert_rewrites(interpreter: Path | str, cwd: Path, home: Path) -> None:
    """All passes are there, under ``home``, and one of them works."""
    listed = python(interpreter, "-m", "wasmrewrite", "passes", cwd=cwd)
    assert all(stem.replace("_", "-") in listed for stem in PASSES if stem != "__init__")
    code = "import wasmrewrite.passes.add_start as found; print(found.__name__, found.__file__)"
    name, file = python(interpreter, "-c", code, cwd=cwd).split()
    assert name == "wasmrewrite.passes.add_start"
    assert Path(file).resolve().is_relative_to(home.resolve())
    shutil.copy(ROOT / "corpus" / "built" / "two_i64s.1.96-O3-g.wasm", cwd / "in.wasm")
    python(interpreter, *REWRITE, "--set", "strip-custom.pattern=.debug_*", cwd=cwd)
    assert (cwd / "out.wasm").stat().st_size < (cwd / "in.wasm").stat().st_size


def test_it_runs_where_it_is(checkout: Path) -> None:
    assert_rewrites(sys.executable, checkout, checkout)


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_it_can_be_installed(kind: str, checkout: Path, tmp_path: Path) -> None:
    interpreter, packages = environment(tmp_path / "env")
    with zipfile.ZipFile(built(kind, checkout, tmp_path / "built")) as archive:
        archive.extractall(packages)
    away = tmp_path / "away"
    away.mkdir()
    assert_rewrites(interpreter, away, packages if kind == "wheel" else checkout)


def test_a_wheel_is_the_same_with_and_without_links(checkout: Path, tmp_path: Path) -> None:
    source = tmp_path / "linked"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(source)], check=True)
    for name in ("setup.py", "pyproject.toml", "wasmrewrite/__init__.py"):
        shutil.copy(ROOT / name, source / name)
    contents = []
    for folder in (checkout, source):
        with zipfile.ZipFile(built("wheel", folder, tmp_path / folder.name)) as archive:
            contents.append({name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name})
    assert contents[0] == contents[1]
    assert {f"wasmrewrite/passes/{stem}.py" for stem in PASSES} <= set(contents[0])


def test_a_source_archive_makes_the_same_wheel(checkout: Path, tmp_path: Path) -> None:
    with tarfile.open(built("sdist", checkout, tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    with zipfile.ZipFile(built("wheel", source, tmp_path / "wheel")) as archive:
        names = set(archive.namelist())
    assert {f"wasmrewrite/passes/{stem}.py" for stem in PASSES} <= names
