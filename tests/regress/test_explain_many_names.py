"""A function with many stores and many names was looked at for each name: 80 KB took ``explain`` a minute."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.analysis import written_exports
from wasmrewrite.model import Module

NAMES = STORES = 4000


def test_many_names_of_one_function() -> None:
    exports = "".join(f'(export "e{at}" (func 0))' for at in range(NAMES))
    body = "".join(f"local.get 0 i32.const 1 i32.store offset={4 * at} " for at in range(STORES))
    found = written_exports(Module.from_bytes(wat(f"(module (memory 1) (func (param i32) {body}) {exports})")))
    assert [each.name for each in found] == [f"e{at}" for at in range(NAMES)]
    assert {(each.result, len(each.stores)) for each in found} == {(None, STORES)}
    assert found[0].stores is found[-1].stores
