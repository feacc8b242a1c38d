"""Where each module of the package is tested: by a file of its own name, or where ``tested_elsewhere.txt`` says.

``tools/quick.py`` chooses tests by this, too.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tests.repo.tree import ROOT, relative

UNIT = ROOT / "tests" / "unit"
TABLE = Path(__file__).with_name("tested_elsewhere.txt")


@cache
def table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines of the table: a pattern of modules, and files or folders of tests. ``ValueError`` for another line."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    rows = []
    for line in lines:
        pattern, colon, tests = line.partition(":")
        if not colon or not tests.split():
            raise ValueError(f"expected 'PATTERN: TESTS', found {line!r}")
        rows.append((pattern.strip(), tuple(tests.split())))
    return tuple(rows)


def room(path: str) -> str:
    """The folder of unit tests that a module's package has; empty for modules outside packages."""
    first, *rest = Path(path).parts
    if first == "passes":
        return "passes"
    return rest[0] if len(rest) > 1 else ""


@cache
def mirror(path: str) -> str | None:
    """The test file named after a module, in the folder of its package or below; None if there is none."""
    if not room(path):
        return None
    found = sorted((UNIT / room(path)).rglob(f"test_{Path(path).stem}.py"))
    same_place = [each for each in found if each.parent.parts[-1:] == Path(path).parent.parts[-1:]]
    chosen = same_place or found
    return relative(chosen[0]) if chosen else None


def elsewhere(path: str) -> tuple[str, ...]:
    """What the table says of a module; empty if no line is about it."""
    return next((tests for pattern, tests in table() if fnmatchcase(path, pattern)), ())


def found_by(path: str) -> tuple[str, ...]:
    """The test files and folders that are to fail when a module is wrong."""
    own = mirror(path)
    return elsewhere(path) if own is None else (own,)
