"""Sizes: files, functions, nesting and chains of cases stay small enough to read at one sitting.

Exemptions are named in one table, each with its reason, and one that is no longer needed is a failure. Documentation
strings do not count towards the length of a function.
"""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.helpers.every import every
from tests.repo.tree import FUNCTION, functions, package_files, python_files, relative

FILE_LINES = 500
FUNCTION_LINES = 60
FUNCTION_MEDIAN = 10
NESTING = 3
CASES = 10

# (file, function) or (file, "*") -> why it may be longer or deeper.
EXEMPT: dict[tuple[str, str], str] = {
    ("wasmrewrite/kernels/decode.py", "*"): "plain kernel: one loop over bytes, calls would dominate it",
    ("wasmrewrite/kernels/encode.py", "*"): "plain kernel",
    ("wasmrewrite/validate/body/fast.py", "accepts"): "the body-validation loop over bytes",
    ("wasmrewrite/validate/body/plain.py", "check"): "the body-validation loop over instructions",
    ("wasmrewrite/interp/machine.py", "*"): "the machine loop",
}
ROWS = "wasmrewrite/isa/ops/"  # one instruction per line: as long as the instruction set

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, without the documentation string."""
    last = function.end_lineno or function.lineno
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    return last - function.lineno + 1 - (((first.end_lineno or 0) - first.lineno + 1) if documented else 0)


def nesting(node: ast.AST) -> int:
    """How deep blocks stand in each other; ``elif`` adds nothing, inner functions count for themselves."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*FUNCTION, ast.ClassDef, ast.Lambda)):
            continue
        chained = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        own = 1 if isinstance(child, BLOCKS) and not chained else 0
        deepest = max(deepest, own + nesting(child))
    return deepest


def chain(node: ast.AST) -> int:
    """The number of cases of a ``match``, or of tests in an ``if``/``elif`` chain that starts here."""
    if isinstance(node, ast.Match):
        return len(node.cases)
    count = 0
    while isinstance(node, ast.If):
        count += 1
        node = node.orelse[0] if len(node.orelse) == 1 else ast.Pass()
    return count


def faults(path: Path) -> dict[str, list[str]]:
    """What is too big in a file, by function."""
    found: dict[str, list[str]] = {}
    for function in functions(path):
        said = found.setdefault(function.name, [])
        if length(function) > FUNCTION_LINES:
            said.append(f"line {function.lineno}: {function.name} has {length(function)} lines")
        if nesting(function) > NESTING:
            said.append(f"line {function.lineno}: {function.name} nests {nesting(function)} deep")
        said += [
            f"line {node.lineno}: {function.name} tells {chain(node)} cases apart; make it a table"
            for node in ast.walk(function)
            if isinstance(node, (ast.If, ast.Match)) and chain(node) > CASES
        ]
    return {name: said for name, said in found.items() if said}


@every("path", python_files(), ids=relative)
def test_files_fit_in_the_budget(path: Path) -> None:
    if not relative(path).startswith(ROWS):
        lines = path.read_text("utf-8").count("\n")
        assert lines <= FILE_LINES


@every("path", python_files(), ids=relative)
def test_functions_fit_in_the_budget(path: Path) -> None:
    if (relative(path), "*") not in EXEMPT:
        too_big = faults(path)
        assert [said for name in too_big if (relative(path), name) not in EXEMPT for said in too_big[name]] == []


@pytest.mark.parametrize(("file", "function"), EXEMPT, ids=str)
def test_exemptions_are_needed(file: str, function: str) -> None:
    for path in package_files():
        if relative(path) == file:
            assert faults(path) if function == "*" else function in faults(path)


def test_the_median_function_is_short() -> None:
    lengths = [length(function) for path in package_files() for function in functions(path)]
    assert median(lengths or [0]) <= FUNCTION_MEDIAN
