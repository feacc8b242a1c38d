"""Imports go one way: each package sees lower layers only, and each library has one room.

Layers are numbers, lowest first. A package may import those with a smaller number; packages of one layer do not see
each other. The judging side and what it judges meet in ``fuzz`` and ``cli`` only.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.every import every
from tests.repo.tree import ROOT, package_files, relative, syntax

ORDER = [
    "arguments errors escape messages renamed spelling features",
    "isa",
    "model contract",
    "kernels",
    "codec validate",
    "runtime analysis text",
    "meanings",
    "flat",
    "interp engine rewrite lint doors",
    "equiv passes",
    "explain fuzz testing",
    "cli",
    "__main__",
]
LAYER = {name: number for number, names in enumerate(ORDER) for name in names.split()}
JUDGES = {"runtime", "meanings", "flat", "interp", "engine", "equiv"}
JUDGED = {"analysis", "explain", "rewrite", "lint", "passes"}

# What a pass may import: the same as one in somebody else's package.
PUBLIC = {"wasmrewrite", "wasmrewrite.rewrite", "wasmrewrite.analysis", "wasmrewrite.contract"}

# Libraries and the only packages that may use them.
LIBRARIES = {
    "construct": {"codec"},
    "networkx": {"analysis"},
    "elftools": {"analysis"},
    "click": {"cli"},
    "rich": {"cli"},
    "hypothesis": {"fuzz"},
    "wasmtime": {"equiv", "fuzz", "testing"},
    "pytest": {"fuzz"},
}

# Imports written as strings, by file and target: each is a door through the layers and needs a reason.
DOORS: dict[tuple[str, str], str] = {}

# Functions below `cli` that touch files or streams, by file.
FILE_ACCESS: dict[tuple[str, str], str] = {
    ("wasmrewrite/model/module.py", "from_file"): "the one way in",
    ("wasmrewrite/model/module.py", "to_file"): "the one way out",
    ("wasmrewrite/fuzz/fixture.py", "run"): "keeps a failing case in the folder that pytest gives a test",
}
FILE_METHODS = {"read_bytes", "read_text", "write_bytes", "write_text"}


def home(path: Path) -> str:
    """The package (or top module) that a file belongs to; the package root is ``''``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] == "passes":
        return "passes"
    return "" if parts[1] == "__init__" else parts[1]


def absolute(path: Path, level: int, name: str) -> str:
    """The absolute name of a module that a file refers to with ``level`` leading dots."""
    if level == 0:
        return name
    folders = path.parent.relative_to(ROOT).parts
    package = folders if folders[0] == "wasmrewrite" else ("wasmrewrite", *folders)
    return ".".join([*package[: len(package) - level + 1], *([name] if name else [])])


def imports(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Line, absolute module and imported names of every import statement of a file."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, absolute(path, node.level, node.module or ""), [alias.name for alias in node.names]


def imports_by_string(path: Path) -> Iterator[str]:
    """The absolute module named by every call of ``import_module`` with a constant."""
    for node in ast.walk(syntax(path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, first = ast.unparse(node.func).split(".")[-1], node.args[0]
        if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
            name = str(first.value)
            yield absolute(path, len(name) - len(name.lstrip(".")), name.lstrip("."))


def targets(module: str, names: list[str]) -> list[str]:
    """The packages of ours that an import statement reaches; ``''`` is the package root itself."""
    head, _, rest = module.partition(".")
    if head != "wasmrewrite":
        return []
    if rest:
        return [rest.split(".")[0]]
    return [name if name in LAYER else "" for name in names] or [""]


def layer_fault(source: str, target: str) -> str | None:
    """Why ``source`` may not import ``target``, or None."""
    if source == target:
        return None
    if target == "":
        return None if source in ("passes", "cli") else "only passes and cli import the package root"
    if {source, target} & JUDGES and {source, target} & JUDGED and source not in ("fuzz", "testing", "cli"):
        return "the judge and what it judges do not meet here"
    if source == "" or LAYER[source] > LAYER[target] or LAYER[source] == LAYER[target] == 0:
        return None
    return f"layer {LAYER[source]} may not see layer {LAYER[target]}"


@every("path", package_files(), ids=relative)
def test_imports_go_down(path: Path) -> None:
    source = home(path)
    assert source == "" or source in LAYER, f"{source} has no layer"
    faults = []
    for line, module, names in imports(path):
        for target in targets(module, names):
            fault = layer_fault(source, target)
            if fault:
                faults.append(f"line {line}: {source or 'the root'} imports {target or 'the root'}: {fault}")
    assert faults == []


@every("path", package_files(), ids=relative)
def test_libraries_have_one_room(path: Path) -> None:
    faults = [
        f"line {line}: {module} belongs to {sorted(LIBRARIES[module.split('.')[0]])}"
        for line, module, _ in imports(path)
        if home(path) not in LIBRARIES.get(module.split(".")[0], {home(path)})
    ]
    assert faults == []


@every("path", sorted((ROOT / "passes").glob("*.py")), ids=relative)
def test_passes_use_the_public_interface(path: Path) -> None:
    inner = [module for _, module, _ in imports(path) if module.split(".")[0] == "wasmrewrite"]
    assert set(inner) <= PUBLIC


@every("path", package_files(), ids=relative)
def test_imports_by_string_are_listed(path: Path) -> None:
    if home(path) not in ("", "cli"):
        assert {name for name in imports_by_string(path) if (relative(path), name) not in DOORS} == set()


def file_accesses(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, int, str]]:
    """Enclosing function, line and spelling of everything that prints or opens files."""
    for node in ast.iter_child_nodes(tree):
        name = node.name if isinstance(node, ast.FunctionDef) else inside
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("print", "open", "input") or called.split(".")[-1] in FILE_METHODS:
                yield inside, node.lineno, called
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr", "sys.stdin"):
            yield inside, node.lineno, ast.unparse(node)
        yield from file_accesses(node, name)


@every("path", [path for path in package_files() if home(path) != "cli"], ids=relative)
def test_nothing_below_cli_prints_or_opens_files(path: Path) -> None:
    faults = [
        f"line {line}: {called} in {inside or 'the module'}"
        for inside, line, called in file_accesses(syntax(path))
        if (relative(path), inside) not in FILE_ACCESS
    ]
    assert faults == []


def loaded_by(code: str) -> set[str]:
    """The top-level modules loaded after running ``code`` in a fresh interpreter."""
    script = f"{code}\nimport sys; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_no_library() -> None:
    assert loaded_by("import wasmrewrite") & set(LIBRARIES) == set()


@pytest.mark.skipif(not (ROOT / "wasmrewrite/cli/__main__.py").exists(), reason="no command line in this tree")
def test_help_loads_only_click() -> None:
    code = (
        "import contextlib, sys\n"
        "from wasmrewrite.cli.__main__ import main\n"
        "sys.argv = ['wasmrewrite', '--help']\n"
        "with contextlib.suppress(SystemExit): main()"
    )
    assert loaded_by(code) & set(LIBRARIES) == {"click"}
