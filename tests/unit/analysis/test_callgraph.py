from __future__ import annotations

from collections import Counter
from pathlib import Path

import networkx
import pytest

from tests.helpers.binary import leb, module, section, vector
from tests.helpers.wat import wat
from wasmrewrite.analysis import CallGraph
from wasmrewrite.analysis.callgraph import HOST
from wasmrewrite.errors import InvalidError, LimitError, MalformedError
from wasmrewrite.kernels.decode import decode
from wasmrewrite.model import Body, Func, Module, instr
from wasmrewrite.rewrite import Editor

CORPUS = Path(__file__).resolve().parent.parent.parent.parent / "corpus" / "built"

KINDS = """
(module
  (type $f (func (param i32) (result i32)))
  (import "env" "log" (func $log (type $f)))
  (table $closed 3 funcref)
  (elem (table $closed) (i32.const 0) func $inc $dec)
  (elem declare func $inc)
  (func $inc (type $f) local.get 0)
  (func $dec (type $f) local.get 0  call $inc  call $log)
  (func $tail (export "tail") (type $f) local.get 0  return_call $dec)
  (func $through (export "through") (type $f) local.get 0  local.get 0  call_indirect $closed (type $f))
  (func $by_reference (export "by reference") (type $f) local.get 0  ref.func $inc  call_ref $f)
  (func $tails (type $f) local.get 0  i32.const 0  return_call_indirect $closed (type $f))
  (func $tail_reference (type $f) local.get 0  ref.func $inc  return_call_ref $f)
  (func $other (result i64) i32.const 0  call_indirect $closed (result i64))
  (func $begin)
  (start $begin))
"""
LOG, INC, DEC, TAIL, THROUGH, BY_REFERENCE, TAILS, TAIL_REFERENCE, OTHER, BEGIN = range(10)


def graph_of(text: str) -> CallGraph:
    return CallGraph(Module.from_bytes(wat(text)))


def edges(graph: CallGraph, index: int) -> list[tuple[str, int | None, bool]]:
    return [(edge.kind, edge.callee, edge.exact) for edge in graph.edges(index)]


def test_each_kind_of_edge() -> None:
    graph = graph_of(KINDS)
    assert edges(graph, LOG) == []
    assert edges(graph, DEC) == [("call", INC, True), ("call", LOG, True)]
    assert edges(graph, TAIL) == [("return_call", DEC, True)]
    assert edges(graph, THROUGH) == [("call_indirect", INC, False), ("call_indirect", DEC, False)]
    assert edges(graph, BY_REFERENCE) == [("ref.func", INC, True), ("call_ref", INC, True)]
    assert edges(graph, TAILS) == [("return_call_indirect", INC, False), ("return_call_indirect", DEC, False)]
    assert edges(graph, TAIL_REFERENCE) == [("ref.func", INC, True), ("return_call_ref", INC, True)]
    assert edges(graph, OTHER) == []
    assert [(edge.kind, edge.callee) for edge in graph.host_edges()] == [
        ("export", TAIL), ("export", THROUGH), ("export", BY_REFERENCE), ("start", BEGIN),
    ]  # fmt: skip


def test_callees_are_called_directly_and_listed_once() -> None:
    graph = graph_of("(module (func $a call $b call $c call $b return_call $b) (func $b ref.func $a drop) (func $c)"
                     ' (export "a" (func $a)))')  # fmt: skip
    assert [graph.callees(index) for index in range(3)] == [[1, 2], [], []]
    assert [graph.callers(index) for index in range(3)] == [[], [0], [0]]
    assert graph.referred(1) == [0]


def test_offsets_are_those_of_the_instructions() -> None:
    graph = graph_of(KINDS)
    data = graph.module.source.data
    for index in range(len(graph)):
        for offset, mention in graph.sites(index):
            assert offset is not None
            assert data[offset : offset + len(mention.op.head)] == mention.op.head


def test_types_are_equal_by_structure() -> None:
    graph = graph_of("""
      (module
        (type $one (func (param i32)))  (type $same (func (param i32)))
        (type $open (sub (func (param i32))))  (type $below (sub $open (func (param i32))))
        (table 4 funcref)
        (elem (i32.const 0) func $a $b $c $d)
        (func $a (type $one)) (func $b (type $same)) (func $c (type $open)) (func $d (type $below))
        (func i32.const 0 i32.const 0 call_indirect (type $same))
        (func i32.const 0 i32.const 0 call_indirect (type $open))
        (func i32.const 0 i32.const 0 call_indirect (type $below)))""")
    assert [[each.callee for each in graph.edges(index)] for index in (4, 5, 6)] == [[0, 1], [2, 3], [3]]
    assert [edge.exact for edge in graph.edges(6)] == [True]
    assert graph.sets(4)[0].complete


def test_a_call_that_may_run_an_unknown_function_says_so() -> None:
    graph = graph_of("""
      (module (import "env" "t" (table 1 funcref)) (func $a (export "a") i32.const 0 call_indirect))""")
    assert edges(graph, 0) == [("call_indirect", 0, False), ("call_indirect", None, False)]


def test_networkx() -> None:
    graph = graph_of(KINDS)
    made = graph.to_networkx()
    assert isinstance(made, networkx.MultiDiGraph)
    assert list(made.nodes) == [HOST, *range(10)]
    assert made.nodes[LOG] == {"name": "log", "imported": True}
    found = Counter((caller, callee, data["kind"]) for caller, callee, data in made.edges(data=True))
    assert found[THROUGH, DEC, "call_indirect"] == found[HOST, TAIL, "export"] == found[HOST, BEGIN, "start"] == 1
    total = sum(len(list(graph.edges(index))) for index in range(10)) + len(list(graph.host_edges()))
    assert made.number_of_edges() == total == sum(found.values())
    assert networkx.has_path(made, TAIL, LOG)
    with pytest.raises(LimitError):
        graph.to_networkx(max_edges=total - 1)


def test_edits_are_followed() -> None:
    before = Module.from_bytes(wat(KINDS))
    inc, dec, tail = (before.funcs[index] for index in (INC, DEC, TAIL))
    edit = Editor(before)
    new = edit.add_import("env", "first", inc.type, first=True)
    added = edit.add_func(inc.type, (), [instr("local.get", 0), instr("call", inc)])
    edit.redirect(dec, new)
    graph = CallGraph(before)
    assert [graph.index(func) for func in (new, inc, tail)] == [0, INC + 1, TAIL + 1]
    assert edges(graph, TAIL + 1) == [("return_call", 0, True)]
    assert [each for each, _ in graph.sites(graph.index(added))] == [None]
    assert graph.callees(graph.index(added)) == [INC + 1]
    assert [each.callee for each in graph.edges(THROUGH + 1)] == [0, INC + 1]
    again = CallGraph(Module.from_bytes(before.to_bytes()))
    assert [again.callees(index) for index in range(len(again))] == [
        graph.callees(index) for index in range(len(graph))
    ]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.wasm")), ids=lambda path: path.stem)
def test_direct_calls_are_those_that_decoding_finds(path: Path) -> None:
    graph = CallGraph(Module.from_file(path))
    source = graph.module.source
    for index, func in enumerate(graph.module.funcs):
        found: list[tuple[int, str, int]] = []
        if isinstance(func.origin, Body) and func.origin.expr.span is not None:
            instrs = decode(source.data, *func.origin.expr.span)
            found = [
                (at, op.name, args[0]) for at, op, args in instrs if op.name in ("call", "return_call", "ref.func")
            ]
        direct = [(each.offset, each.kind, each.callee) for each in graph.edges(index) if "_ref" not in each.kind]
        assert [each for each in direct if "_indirect" not in each[1]] == found


def broken(body: bytes) -> CallGraph:
    data = module(
        section(1, vector(b"\x60\x00\x00")), section(3, vector(b"\x00")), section(10, vector(leb(len(body)) + body))
    )
    return CallGraph(Module.from_bytes(data))


@pytest.mark.parametrize(
    "body", [b"\x00\x10\x07\x0b", b"\x00\x41\x00\x11\x07\x00\x0b", b"\x00\x41\x00\x11\x00\x07\x0b"]
)
def test_an_unknown_index_is_invalid(body: bytes) -> None:
    with pytest.raises(InvalidError, match=r"unknown (function|type|table) 7") as caught:
        broken(body).scan()
    assert caught.value.position.offset is not None


def test_calls_need_a_function_type() -> None:
    data = module(
        section(1, vector(b"\x60\x00\x00", b"\x5f\x00")),
        section(3, vector(b"\x00")),
        section(4, vector(b"\x70\x00\x00")),
        section(10, vector(b"\x07\x00\x41\x00\x11\x01\x00\x0b")),
    )
    with pytest.raises(InvalidError, match="unknown type 1: not a function type"):
        CallGraph(Module.from_bytes(data)).scan()


def test_code_that_does_not_decode_is_malformed() -> None:
    with pytest.raises(MalformedError):
        broken(b"\x00\xff\x0b").callees(0)


def test_only_what_is_asked_for_is_looked_at() -> None:
    data = module(
        section(1, vector(b"\x60\x00\x00")),
        section(3, vector(b"\x00", b"\x00", b"\x00")),
        section(10, vector(b"\x04\x00\x10\x01\x0b", b"\x02\x00\x0b", b"\x03\x00\xff\x0b")),
    )
    graph = CallGraph(Module.from_bytes(data))
    assert (graph.callees(0), graph.callees(1)) == ([1], [])
    with pytest.raises(MalformedError):
        graph.callers(1)


def test_an_index_of_another_module_is_refused() -> None:
    graph, other = graph_of(KINDS), graph_of(KINDS)
    assert isinstance(other.module.funcs[0], Func)
    with pytest.raises(Exception, match="not in the module"):
        graph.index(other.module.funcs[0])
