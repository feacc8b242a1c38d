"""The wordlist holds over messages, pages and docstrings. Not here: the list (``wordlist``)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.helpers.every import every
from tests.repo.tree import ROOT, package_files, relative, syntax
from tests.repo.wordlist import PHRASES

PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE_SPAN: Final = re.compile(r"``.*?``|`[^`]*`", re.DOTALL)
"""Names of code are no prose."""


def documentation(tree: ast.Module) -> dict[ast.AST, str]:
    """Strings that document: docstrings, and strings under an assignment."""
    found: dict[ast.AST, str] = {}
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for each in body if isinstance(body, list) else ():
            if (
                isinstance(each, ast.Expr)
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                found[each.value] = each.value.value
    return found


def texts_of(path: Path) -> Iterator[tuple[str, int, str]]:
    """The scope, line and text of every string that people read."""
    tree = syntax(path)
    documents = documentation(tree)
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            scope = "message"
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and (node in documents or node not in parts)
        ):
            text, scope = node.value, "docstring" if node in documents else "message"
        else:
            continue
        if " " in text.strip():
            yield scope, node.lineno, CODE_SPAN.sub("x", text)


def prose(text: str) -> Iterator[tuple[str, int, str]]:
    """Lines of a page outside code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            yield "page", number, CODE_SPAN.sub("x", line)


def hits(texts: Iterator[tuple[str, int, str]]) -> list[str]:
    return [
        f"line {line}: '{found[0]}'; write {phrase.instead}"
        for scope, line, text in texts
        for phrase in PHRASES
        if scope in phrase.scopes and (found := phrase.pattern.search(text))
    ]


PENDING: Final = Path(__file__).with_name("wordlist_pending.txt").read_text("utf-8").splitlines()[1:]
"""Files that have not been edited for English yet; the list only shrinks."""


def found(path: Path) -> list[str]:
    return hits(prose(path.read_text("utf-8")) if path.suffix == ".md" else texts_of(path))


@every("path", [*package_files(), *PAGES], ids=relative)
def test_texts_avoid_what_reads_as_translated(path: Path) -> None:
    if relative(path) in PENDING:
        assert found(path), "the file is clean: take it off the list"
    else:
        assert found(path) == []


def test_pending_files_exist() -> None:
    assert [name for name in PENDING if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    ("scope", "text", "name"),
    [
        ("message", "'x' is no i32", "is no"),
        ("message", "the host has to be given", "has to be"),
        ("docstring", "Whether it is.", "whether"),
        ("page", "The judge looks at the module.", "look at"),
        ("message", "behaviour of 'f'", "British spelling"),
    ],
)
def test_the_list_finds(scope: str, text: str, name: str) -> None:
    instead = next(phrase.instead for phrase in PHRASES if phrase.name == name)
    assert any(hit.endswith(instead) for hit in hits(iter([(scope, 1, text)])))


@pytest.mark.parametrize("text", ["proved for all inputs", "as the judge does", "there is no longer a start section"])
def test_the_list_lets_pass(text: str) -> None:
    assert hits(iter([("message", 1, text), ("page", 1, text), ("docstring", 1, text)])) == []
