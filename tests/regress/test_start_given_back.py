"""A start function that one pass took away and the next gave back was claimed to be both called and not called."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.contract import Contract
from wasmrewrite.equiv import Same, verify
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes

TEXT = """
(module (global $g (export "g") (mut i32) (i32.const 0))
  (func $f (export "f") i32.const 1 global.set $g) (start $f))
"""


def test_taking_the_start_function_away_and_giving_it_back_claims_nothing() -> None:
    before = wat(TEXT)
    passes = build_passes([PassEntry("remove-start"), PassEntry("add-start", {"function": "f"})])
    result = Pipeline(passes).run(Module.from_bytes(before))
    assert result.data == before
    assert result.contract == Contract()


def test_with_an_export_in_between_the_contract_holds() -> None:
    before = wat(TEXT)
    passes = build_passes([PassEntry("remove-start", {"export": "f2"}), PassEntry("add-start", {"function": "f"})])
    result = Pipeline(passes).run(Module.from_bytes(before))
    verdict = verify(before, result.data, result.contract)
    assert isinstance(verdict, Same), verdict.text()
