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
