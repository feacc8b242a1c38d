"""Direct calls are those that Binaryen finds. Skipped where its ``wasm-opt`` is not installed or refuses a module."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from wasmrewrite.analysis import CallGraph
from wasmrewrite.codec import frame
from wasmrewrite.model import Module

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus" / "built"
WASM_OPT = shutil.which("wasm-opt")
EDGE = re.compile(r'^  "([^"]*)" -> "([^"]*)"; // call$', re.MULTILINE)


def without_names(data: bytes) -> bytes:
    """The module without its custom sections, so that all functions are called by their numbers."""
    kept = (section for section in frame(data) if section.id)
    return data[:8] + b"".join(data[section.header : section.end] for section in kept)


def printed(path: Path) -> str:
    """The graph that ``wasm-opt`` prints, in the DOT language."""
    done = subprocess.run(
        [str(WASM_OPT), "-all", "--print-call-graph", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        pytest.skip("wasm-opt refuses the module")
    return done.stdout


@pytest.mark.skipif(WASM_OPT is None, reason="wasm-opt is not installed")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.wasm")), ids=lambda path: path.stem)
def test_direct_calls(path: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.wasm"
    bare.write_bytes(without_names(path.read_bytes()))
    found = EDGE.findall(printed(bare))
    graph = CallGraph(Module.from_file(bare))
    imports = sum(func.imported for func in graph.module.funcs)

    def index(name: str) -> int:
        return int(name.removeprefix("fimport$")) if name.startswith("fimport$") else imports + int(name)

    ours = [(caller, callee) for caller in range(len(graph)) for callee in graph.callees(caller)]
    assert sorted(ours) == sorted({(index(caller), index(callee)) for caller, callee in found})
