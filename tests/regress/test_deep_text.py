"""Text of deeply nested code grows with the code: neither conditions nor indentation may make it quadratic."""

import pytest

from wasmrewrite import Module

DEEP = 2000
SHAPES = {
    "conditions": "(result i32) i32.const 1 " + "if (result i32) i32.const 0 else i32.const 1 end " * DEEP,
    "blocks": "block " * DEEP + "end " * DEEP,
    "ifs": "i32.const 1 if " * DEEP + "end " * DEEP,
    "tries": "try " * DEEP + "end " * DEEP,
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fold", [False, True])
def test_text_grows_with_code(shape: str, fold: bool) -> None:
    data = Module.from_wat(f"(module (func {SHAPES[shape]}))").to_bytes()
    text = Module.from_bytes(data).to_wat(fold=fold)
    assert len(text) < 700 * DEEP
    assert Module.from_wat(text).to_bytes() == data
