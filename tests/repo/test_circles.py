"""No circle of files: an import for typing only, or by a name in a string, counts like any other.

``test_layers`` orders packages; this looks inside them. A circle that stays is listed with its reason, and one that is
gone has to leave the list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx

from tests.repo.test_layers import absolute, imports_by_string
from tests.repo.tree import ROOT, package_files, syntax

# The files of a circle, and why it is there.
CIRCLES: dict[frozenset[str], str] = {
    frozenset({"wasmrewrite.rewrite.base", "wasmrewrite.rewrite.editor"}): (
        "the signature of a pass names the editor that it is given, and the editor the pass that it works for"
    ),
}


def module_name(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    parts = ["wasmrewrite", *parts] if parts[0] == "passes" else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every file of the package by its dotted name."""
    return {module_name(path): path for path in package_files()}


def imported(path: Path) -> Iterator[str]:
    """The files that a file imports. A package counts as its ``__init__``, whose imports are not the importer's."""
    yield from imports_by_string(path)
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = absolute(path, node.level, node.module or "")
            inner = [f"{package}.{alias.name}" for alias in node.names]
            yield from (each for each in inner if each in modules())
            if not all(each in modules() for each in inner):
                yield package


def circles() -> list[frozenset[str]]:
    """Sets of files each of which imports every other, directly or not."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    for name, path in modules().items():
        graph.add_edges_from((name, each) for each in imported(path) if each in modules() and each != name)
    return [frozenset(found) for found in networkx.strongly_connected_components(graph) if len(found) > 1]


def test_files_import_each_other_one_way() -> None:
    unexplained = [sorted(circle) for circle in circles() if circle not in CIRCLES]
    assert unexplained == [], "break the circle: put what both need into a file below both"


def test_no_listed_circle_is_gone() -> None:
    assert set(CIRCLES) <= set(circles())


def test_the_graph_is_that_of_the_files() -> None:
    """What is known of a few files is found: a typing-only import, one by string, one inside a function."""
    known = modules()
    assert "wasmrewrite.rewrite.editor" in set(imported(known["wasmrewrite.rewrite.base"]))
    assert "wasmrewrite.cli.callgraph_words" in set(imported(known["wasmrewrite.cli.callgraph"]))
    assert "wasmrewrite.codec" in set(imported(known["wasmrewrite.doors"]))
    assert "wasmrewrite.doors" in set(imported(known["wasmrewrite"]))
