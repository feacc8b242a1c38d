"""What a start function says to the host is not held against a wrapper that is looked at apart afterwards."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite import Module, Pipeline, parse_type
from wasmrewrite.contract import Declaration, Interface
from wasmrewrite.equiv import Same, verify
from wasmrewrite.passes.multi_value import MultiValue

TEXT = """(module (import "js" "h" (func $h (result i32))) (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (func $s call $h drop) (start $s)
  (func (export "q") (param i32 i32)
    local.get 0 local.get 1 i32.store local.get 0 i32.const 4 i32.store offset=4))"""


def test_a_start_function_that_calls_the_host() -> None:
    before = wat(TEXT)
    interface = Interface(exports=(Declaration("q", result=parse_type("(u32, u32)")),))
    result = Pipeline([MultiValue()], interface).run(Module.from_bytes(before))
    verdict = verify(before, result.data, result.contract, calls=60)
    assert isinstance(verdict, Same), verdict.text()
