"""Ways to imports are as long as the module makes them: a hundred kilobytes of code once took a minute to show."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import CallGraph, ways_to, ways_to_imports
from wasmrewrite.errors import LimitError
from wasmrewrite.model import Module


def chain(count: int) -> CallGraph:
    """``count`` functions of which each calls an import of its own and the next function."""
    imports = "".join(f'(import "env" "f{at}" (func))' for at in range(count))
    bodies = "".join(f"(func call {at} call {count + at + 1})" for at in range(count - 1))
    module = Module.from_bytes(wat(f'(module {imports} {bodies} (func) (export "main" (func {count})))'))
    return CallGraph(module)


def test_ways_are_found_up_to_a_limit() -> None:
    assert sum(len(way) for _, way in ways_to_imports(chain(300), [300])) == sum(range(1, 300))
    with pytest.raises(LimitError, match="more than 100000 calls"):
        list(ways_to_imports(chain(500), [500]))


def test_those_before_the_limit_are_there() -> None:
    graph = chain(500)
    found = ways_to(graph, graph.roots(), range(499))
    assert [len(next(found)[1]) for _ in range(400)] == list(range(1, 401))


def test_a_caller_of_many_is_looked_at_once() -> None:
    count = 300
    imports = "".join(f'(import "env" "f{at}" (func))' for at in range(count))
    calls = " ".join(f"call {at}" for at in reversed(range(count)))
    graph = CallGraph(Module.from_bytes(wat(f'(module {imports} (func (export "main") {calls}))')))
    offsets = [way[0].offset for _, way in ways_to_imports(graph, [count])]
    assert offsets == sorted(offsets, key=lambda offset: -(offset or 0))
    assert len(set(offsets)) == count
