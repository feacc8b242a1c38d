"""Types of items as words and as data."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.explain.items import Indices
from wasmrewrite.model import Module

MODULE = """(module (type $pair (struct (field i32))) (func (param (ref null $pair)) (result (ref $pair)) unreachable)
  (memory i64 1 5) (table 3 funcref) (global (mut f64) (f64.const 0)) (tag (param i64)))"""


def test_words_and_data_of_every_kind_of_item() -> None:
    module = Module.from_bytes(wat(MODULE))
    indices = Indices(module)
    items = [*module.funcs, *module.memories, *module.tables, *module.globals, *module.tags]
    assert [indices.of(each) for each in items] == [0] * 5
    assert [indices.type_of(each) for each in items] == [
        "[(ref null 0)] -> [(ref 0)]",
        "1 to 5 pages, i64",
        "3 funcref",
        "(mut f64)",
        "[i64] -> []",
    ]
    assert [indices.type_data(each) for each in items] == [
        {"params": ["(ref null 0)"], "results": ["(ref 0)"]},
        {"minimum": "1", "maximum": "5", "address": "i64", "shared": False},
        {"element": "funcref", "minimum": "3", "maximum": None, "address": "i32", "shared": False},
        {"value": "f64", "mutable": True},
        {"params": ["i64"], "results": []},
    ]
