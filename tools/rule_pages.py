"""Write ``docs/rules`` from the classes of the rules: a page for each, and the index. ``--check`` only compares."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from wasmrewrite.lint import built_in
from wasmrewrite.lint.pages import index, page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"


def pages() -> Mapping[str, str]:
    """File name → what has to be in it."""
    rules = built_in()
    return {"README.md": index(rules), **{f"{rule.rule_name()}.md": page(rule) for rule in rules}}


def faults() -> list[str]:
    """What is not as it should be in the folder."""
    wanted = pages()
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*")} if FOLDER.is_dir() else {}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write() -> None:
    """Make the folder right."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        write()
    found = faults()
    print(*(f"docs/rules/{name} is not what its rule says" for name in found), sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
