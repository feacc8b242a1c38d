"""An interface that declares other parameters, or another result, of a function was taken without a word."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, parse_interface

BINARY = wat("""(module (import "env" "log" (func (param i32)))
  (memory 1) (global $__stack_pointer (mut i32) (i32.const 64))
  (func (export "pair") (param i32)
    (i64.store (local.get 0) (i64.const 1)) (i64.store offset=8 (local.get 0) (i64.const 2)))
  (func (export "f") (param i32 f64) (result i32) (i32.const 3)))""")


def warnings(entry: str) -> list[str]:
    text = f'[[export]]\nname = "pair"\nresult = "(i64, i64)"\n{entry}'
    done = Pipeline([MultiValue()], parse_interface(text)).run(Module.from_bytes(BINARY))
    return [note.what for note in done.notes if note.warning]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('[[export]]\nname = "f"\nparams = ["i32", "f64"]\nresult = "bool"', []),
        ('[[export]]\nname = "f"\nparams = ["usize", "f64"]', []),
        (
            '[[export]]\nname = "f"\nparams = ["i32", "f32"]',
            ["export 'f' is declared with other parameters than its type [i32 f64] -> [i32] has"],
        ),
        (
            '[[export]]\nname = "f"\nresult = "f32"',
            ["export 'f' is declared with another result than its type [i32 f64] -> [i32] has"],
        ),
        (
            '[[import]]\nmodule = "env"\nname = "log"\nparams = ["i64"]',
            ["import 'env.log' is declared with other parameters than its type [i32] -> [] has"],
        ),
        ('[[import]]\nmodule = "env"\nname = "log"\nparams = ["char"]', []),
    ],
)
def test_each_declared_type_is_compared(entry: str, said: list[str]) -> None:
    assert warnings(entry) == said
