"""A start function that is imported was called without a caller: host functions that ask for one broke."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite import Caller, with_caller
from wasmrewrite.equiv import Same, verify
from wasmrewrite.interp import instantiate

DATA = wat("""(module (import "m" "start" (func $s)) (memory (export "memory") 1) (data (i32.const 7) "x") (start $s)
  (func (export "f") (result i32) (i32.load8_u (i32.const 8))))""")


@with_caller
def start(caller: Caller) -> None:
    """Copy a byte."""
    caller.memory.write(8, caller.memory.read(7, 1))


def test_the_caller_is_the_instance() -> None:
    assert instantiate(DATA, {"m": {"start": start}}).func("f")() == ord("x")


def test_the_judge_can_look_at_it_too() -> None:
    verdict = verify(DATA, DATA, calls=5, host={"m": {"start": start}})
    assert isinstance(verdict, Same), verdict.text()
