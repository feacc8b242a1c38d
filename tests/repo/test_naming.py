"""Names: files say what is in them, passes are named for what they do, and every module introduces itself.

That public classes and functions have documentation strings is checked by Ruff (its rules D101 and D103).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.helpers.every import every
from tests.repo.tree import PACKAGE, ROOT, package_files, python_files, relative, syntax

# Names that say nothing about what is inside.
EMPTY_NAMES = {"base_utils", "common", "helper", "helpers", "misc", "shared", "stuff", "tools", "util", "utils"}

PASSES = sorted(path for path in (ROOT / "passes").glob("*.py") if path.name != "__init__.py")


@every("path", package_files(), ids=relative)
def test_file_and_folder_names_say_something(path: Path) -> None:
    words = path.relative_to(ROOT).with_suffix("").parts
    assert not set(words) & EMPTY_NAMES
    assert all(re.fullmatch(r"__\w+__|[a-z][a-z0-9_]*", word) for word in words)


# The place of a unit test says what it is about: it mirrors the package.
INTRODUCED = [path for path in python_files() if not relative(path).startswith("tests/unit/")]


@every("path", INTRODUCED, ids=relative)
def test_modules_introduce_themselves(path: Path) -> None:
    tree = syntax(path)
    introduction = ast.get_docstring(tree) if tree.body else "empty"
    assert introduction, "a module says at the top what lives here"


NOT_HERE = re.compile(r"Not here:.*?(?:\.\s|\Z)", re.DOTALL)
REFERRED = re.compile(r"\(((?:``[\w.]+``(?:,?\s(?:and\s)?)?)+)\)")


def elsewhere(path: Path) -> list[str]:
    """The modules that the "Not here" of a file refers to: names in parentheses, those of classes aside."""
    said = NOT_HERE.search(ast.get_docstring(syntax(path)) or "")
    listed = REFERRED.findall(said[0]) if said else []
    return [name for names in listed for name in re.findall(r"``([a-z0-9_.]+)``", names)]


def is_there(name: str, path: Path) -> bool:
    """Whether a module or room of that name is beside ``path``, in the same package at any depth, or in the whole."""
    room = PACKAGE / path.relative_to(PACKAGE).parts[0]
    inside = name.removeprefix("wasmrewrite.").replace(".", "/")
    places = [PACKAGE / inside, *room.rglob(inside), PACKAGE / f"{inside}.py", *room.rglob(f"{inside}.py")]
    return any(place.exists() for place in places)


REFERRING = [path for path in package_files() if PACKAGE in path.parents and elsewhere(path)]


@every("path", REFERRING, ids=relative)
def test_what_is_not_here_is_where_a_file_says(path: Path) -> None:
    assert [name for name in elsewhere(path) if not is_there(name, path)] == []


@every("path", PASSES, ids=relative)
def test_a_pass_is_one_class_named_like_its_file(path: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", path.stem), "a pass is named by a verb and its object"
    expected = "".join(word.capitalize() for word in path.stem.split("_"))
    public = [node for node in syntax(path).body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    passes = [node.name for node in public if any("Pass" in ast.unparse(base) for base in node.bases)]
    assert passes == [expected]


@every("path", PASSES, ids=relative)
def test_a_pass_shows_what_it_does(path: Path) -> None:
    introduction = ast.get_docstring(syntax(path)) or ""
    assert "Before:" in introduction
    assert "After:" in introduction


def test_unit_tests_mirror_the_package() -> None:
    # A package may have further tests that belong to no one module; a folder must belong to a package.
    unit = ROOT / "tests" / "unit"
    folders = {path.name for path in unit.glob("*") if path.is_dir() and path.name != "__pycache__"}
    packages = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert folders <= packages
