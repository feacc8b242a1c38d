"""Judging a module with a start function and a table raised KeyError once the input's start was claimed to be gone."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.contract import Contract, InstantiationNoLongerCalls
from wasmrewrite.equiv import Same, verify

TEXT = '(module (table 2 funcref) (elem (i32.const 0) $f) (func $f (export "f") (result i32) i32.const 1) (func $s) {})'


def test_function_references_of_an_input_without_its_start_function() -> None:
    before, after = wat(TEXT.format("(start $s)")), wat(TEXT.format(""))
    verdict = verify(before, after, Contract(claims=(InstantiationNoLongerCalls(1),)))
    assert isinstance(verdict, Same), verdict.text()
