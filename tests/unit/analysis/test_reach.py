from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import (
    CallGraph,
    Path,
    dead,
    imports_reached,
    nearest_import,
    reachable,
    reaching,
    ways_to_imports,
)
from wasmrewrite.errors import MalformedError
from wasmrewrite.model import Module

TEXT = """
(module
  (import "env" "near" (func $near))
  (import "env" "far" (func $far))
  (import "env" "unused" (func $unused))
  (table 2 funcref)
  (elem (i32.const 0) func $hidden)
  (func $main (export "main") call $loop  call $near)
  (func $loop call $loop  call $main  call $step)
  (func $step i32.const 0  call_indirect)
  (func $hidden call $far)
  (func $left call $near)
  (func $alone)
  (func $init)
  (start $init))
"""
NEAR, FAR, UNUSED, MAIN, LOOP, STEP, HIDDEN, LEFT, ALONE, INIT = range(10)


@pytest.fixture
def graph() -> CallGraph:
    return CallGraph(Module.from_bytes(wat(TEXT)))


def hops(way: Path) -> list[tuple[int, str, int]]:
    return [(step.caller, step.kind, step.callee) for step in way]


def test_distances(graph: CallGraph) -> None:
    found = reachable(graph, [MAIN]).distance
    assert found == {MAIN: 0, LOOP: 1, NEAR: 1, STEP: 2, HIDDEN: 3, FAR: 4}
    assert reachable(graph, [MAIN], depth=1).distance == {MAIN: 0, LOOP: 1, NEAR: 1}
    assert reachable(graph, [MAIN], indirect=False).distance == {MAIN: 0, LOOP: 1, NEAR: 1, STEP: 2}


def test_a_way_goes_from_call_to_call(graph: CallGraph) -> None:
    way = reachable(graph, [MAIN]).path(FAR)
    assert hops(way) == [
        (MAIN, "call", LOOP), (LOOP, "call", STEP), (STEP, "call_indirect", HIDDEN), (HIDDEN, "call", FAR),
    ]  # fmt: skip
    assert [step.exact for step in way] == [True] * 4
    offsets = {offset for index in range(len(graph)) for offset, _ in graph.sites(index)}
    assert {step.offset for step in way} <= offsets


def test_backwards_is_the_same_way(graph: CallGraph) -> None:
    back = reaching(graph, [FAR])
    assert back.distance == {FAR: 0, HIDDEN: 1, STEP: 2, LOOP: 3, MAIN: 4}
    assert back.path(MAIN) == reachable(graph, [MAIN]).path(FAR)
    assert reaching(graph, [FAR], depth=2).distance == {FAR: 0, HIDDEN: 1, STEP: 2}


def test_no_way(graph: CallGraph) -> None:
    with pytest.raises(KeyError):
        reachable(graph, [MAIN]).path(LEFT)


def test_imports_reached(graph: CallGraph) -> None:
    module = graph.module
    found = imports_reached(module, module.funcs[MAIN])
    assert {graph.module.funcs.index(func): len(way) for func, way in found.items()} == {NEAR: 1, FAR: 4}
    assert list(imports_reached(graph, module.funcs[MAIN], indirect=False)) == [module.funcs[NEAR]]
    assert imports_reached(module, module.funcs[ALONE]) == {}
    assert imports_reached(module, module.funcs[UNUSED]) == {module.funcs[UNUSED]: ()}


def nearest(graph: CallGraph, index: int) -> tuple[int, list[tuple[int, str, int]]] | None:
    found = nearest_import(graph, graph.module.funcs[index])
    return None if found is None else (graph.index(found[0]), hops(found[1]))


def test_the_nearest_import(graph: CallGraph) -> None:
    assert nearest(graph, MAIN) == (NEAR, [(MAIN, "call", NEAR)])
    assert nearest(graph, FAR) == (FAR, [])
    assert nearest(graph, ALONE) is None
    assert nearest(graph, STEP) is None


def test_the_nearest_import_takes_no_more_code_than_the_way_there() -> None:
    # The last function cannot be read: whoever looks at it fails.
    data = bytearray(wat('(module (import "a" "b" (func)) (func call 2) (func call 0) (func nop nop nop))'))
    at = data.rindex(bytes.fromhex("00 01 01 01 0b"))
    data[at : at + 5] = bytes([0, 0xFF, 1, 1, 0x0B])
    module = Module.from_bytes(bytes(data))
    found = nearest_import(module, module.funcs[1])
    assert found is not None
    assert [step.callee for step in found[1]] == [2, 0]
    with pytest.raises(MalformedError):
        CallGraph(module).scan()


def test_ways_to_imports(graph: CallGraph) -> None:
    assert [(index, len(way)) for index, way in ways_to_imports(graph, graph.roots())] == [(NEAR, 1), (FAR, 4)]


def test_dead_functions(graph: CallGraph) -> None:
    assert graph.roots() == [MAIN, INIT]
    assert dead(graph) == [LEFT, ALONE]


def test_a_long_chain_needs_no_stack() -> None:
    count = 3000
    funcs = " ".join(f"(func call {index + 1})" for index in range(count))
    long = CallGraph(Module.from_bytes(wat(f"(module {funcs} (func))")))
    assert len(reachable(long, [0]).path(count)) == count
    assert len(reaching(long, [count]).path(0)) == count
