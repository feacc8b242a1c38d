from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import ConfigError, WasmError
from wasmrewrite.fuzz import RandomChoices, reduce, subject
from wasmrewrite.kernels.scan import find_ops
from wasmrewrite.model import Body, Module


def has(data: bytes, name: str) -> bool:
    """Whether an instruction occurs in a valid module."""
    bodies = [func.origin for func in Module.from_bytes(data).funcs if isinstance(func.origin, Body)]
    return any(find_ops(data, *body.expr.span, frozenset({name})) for body in bodies if body.expr.span)


def test_a_module_is_reduced_to_what_shows_it() -> None:
    seed = next(seed for seed in range(100) if has(subject(RandomChoices(seed)).data, "memory.fill"))
    data = subject(RandomChoices(seed)).data
    found = reduce(data, lambda each: has(each, "memory.fill"))
    Module.from_bytes(found.data, check="validate")
    assert has(found.data, "memory.fill")
    module = Module.from_bytes(found.data)
    assert len(module.funcs) == len(module.memories) == 1
    assert (module.exports, module.customs, module.datas, module.elems) == ([], [], [], [])
    body = module.funcs[0].origin
    assert isinstance(body, Body)
    assert len(body.expr) <= 6


def refused(data: bytes) -> bool:
    """Whether the reader says that a section is too long."""
    try:
        Module.from_bytes(data, check="decode")
    except WasmError as error:
        return "length out of bounds" in str(error)
    return False


def test_bytes_are_reduced_where_nothing_is_valid() -> None:
    data = wat('(module (func (export "a") nop) (func (export "b") nop))')[:-6]
    assert refused(data)
    found = reduce(data, refused)
    assert refused(found.data)
    assert len(found.data) <= 11


def test_it_never_asks_too_often_and_never_loses_the_property() -> None:
    data = subject(RandomChoices(1)).data
    asked: list[bytes] = []

    def interesting(each: bytes) -> bool:
        asked.append(each)
        return len(each) % 2 == len(data) % 2

    found = reduce(data, interesting, attempts=30)
    assert found.attempts <= 30
    assert len(asked) <= 31
    assert found.data in asked
    assert interesting(found.data)


def test_what_is_not_interesting_is_refused() -> None:
    with pytest.raises(ConfigError, match="not interesting"):
        reduce(b"", lambda each: False)
