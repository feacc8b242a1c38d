"""A start function that calls WASI runs before wasmtime hands out the instance: the memory it means is still found."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.equiv import Same, verify

TEXT = """(module (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  {memories}
  (func $start i32.const 16 i32.const 8 call $random drop) (start $start)
  (func (export "draw") (result i32) i32.const 32 i32.const 4 call $random))"""


@pytest.mark.parametrize(
    "memories",
    ['(memory (export "memory") 1)', "(memory 1)", "", '(memory 1) (memory (export "memory") 1)'],
    ids=["exported", "hidden", "none", "the second"],
)
def test_wasi_at_start(memories: str) -> None:
    data = wat(TEXT.format(memories=memories))
    for seed in range(4):  # functions of WASI are real in about half of the scripts
        verdict = verify(data, data, calls=20, seed=seed, outside="wasmtime")
        assert isinstance(verdict, Same), verdict.text()
