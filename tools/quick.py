"""The tests of what you changed: ``make quick``, in under a minute.

Compares the work tree with a revision (``--base``, by default the commit where this branch left ``main``), and runs the
tests of each changed module, the unit tests of its room, golden, regression and repository tests. What was not changed
is left to ``make check``. ``--list`` only names what would run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.repo.mirrors import found_by, room  # noqa: E402  (the root has to be on the path first)

ALWAYS = ("tests/golden", "tests/repo", "tests/regress")
SOURCES = ("wasmrewrite", "passes")


def git(*command: str) -> list[str]:
    """The lines that a git command prints; none if it fails, as outside a checkout."""
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def base() -> str:
    """The commit where the current branch left ``main``; the last commit where there is no such branch."""
    for branch in ("main", "origin/main"):
        found = git("merge-base", "HEAD", branch)
        if found:
            return found[0]
    return "HEAD"


def changed(revision: str) -> list[str]:
    """Files that differ from ``revision``, new ones included; paths from the root."""
    return [*git("diff", "--name-only", revision), *git("ls-files", "--others", "--exclude-standard")]


def chosen(files: Iterable[str]) -> list[str]:
    """The test files and folders to run for changed files, what tells most about them first."""
    wanted: dict[str, None] = {}
    for each in files:
        path = Path(each)
        if path.parts[0] == "tests" and path.name.startswith("test_"):
            wanted[each] = None
        if path.parts[0] in SOURCES and path.suffix == ".py":
            wanted.update(dict.fromkeys(test.rstrip("/") for test in found_by(each)))
            wanted.update({f"tests/unit/{room(each)}": None} if room(each) else {})
    found = [each for each in [*wanted, *ALWAYS] if (ROOT / each).exists()]
    return [each for each in dict.fromkeys(found) if not any(_inside(each, other) for other in found)]


def _inside(path: str, folder: str) -> bool:
    return Path(folder) in Path(path).parents


def main() -> int:
    """Run what was chosen; pytest's exit code, and 0 if ``--list`` only names it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--base", help="the revision to compare with")
    parser.add_argument("--jobs", default="2", help="how many processes run tests [default: 2]")
    parser.add_argument("--list", action="store_true", help="print the tests instead of running them")
    options = parser.parse_args()
    tests = chosen(changed(options.base or base()))
    if options.list:
        print(*tests, sep="\n")
        return 0
    command = [sys.executable, "-m", "pytest", "-q", "-n", options.jobs, "-m", "not slow and not fuzz", *tests]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
