"""The call graph of damaged modules fails with nothing but an error of ours, in every form."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wasmrewrite.analysis import CallGraph, dead, nearest_import
from wasmrewrite.cli.callgraph import Question, select
from wasmrewrite.cli.callgraph_forms import dot, json_text, text
from wasmrewrite.errors import WasmError
from wasmrewrite.explain.function_names import Names
from wasmrewrite.fuzz import strategies as fuzz
from wasmrewrite.model import Module

BUILT = Path(__file__).resolve().parents[2] / "corpus" / "built"
MODULES = ["imports.1.96-O3-tail", "tables.wat", "gc.wat", "exceptions.wat", "start_import.wat", "threads.wat"]
CORPUS = [(BUILT / f"{name}.wasm").read_bytes() for name in MODULES]


def everything(data: bytes) -> None:
    module = Module.from_bytes(data)
    graph = CallGraph(module)
    names = Names(graph, demangle=True)
    for question in (Question(), Question(to_imports=True), Question(depth=1)):
        chosen = select(graph, names, question)
        assert text("in.wasm", graph, names, chosen).startswith("in.wasm: ")
        assert dot(graph, names, chosen).endswith("}\n")
        assert json_text(graph, names, chosen).endswith("}\n")
    graph.to_networkx()
    dead(graph)
    for func in module.funcs:
        nearest_import(graph, func)


def test_whole_modules() -> None:
    for data in CORPUS:
        everything(data)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(fuzz.damaged_modules(CORPUS))
def test_damaged_modules(data: bytes) -> None:
    try:
        everything(data)
    except WasmError:
        return


@pytest.mark.parametrize("name", MODULES)
@given(st.data())
def test_one_byte(name: str, drawn: st.DataObject) -> None:
    data = bytearray((BUILT / f"{name}.wasm").read_bytes())
    data[drawn.draw(st.integers(8, len(data) - 1))] = drawn.draw(st.integers(0, 255))
    try:
        everything(bytes(data))
    except WasmError:
        return
