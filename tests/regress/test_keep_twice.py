"""``multi-value`` with ``original-export=keep`` rejected its own output: its wrapper had taken the second name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, Result, parse_interface

STACK = '(memory (export "memory") 1) (global $__stack_pointer (mut i32) (i32.const 65536))'
WRITES = "(i64.store (local.get 0) (i64.const 1)) (f32.store offset=8 (local.get 0) (f32.const 2))"
FUNC = f'(func (export "f") (param i32) {WRITES})'
MODULES = {
    "plain": f"(module {STACK} {FUNC})",
    "try_table": f"""(module {STACK} (tag $t) {FUNC}
        (func (block (try_table (catch_all 0) (throw $t)))))""",
    "two names": f'(module {STACK} (func (export "f") (export "g") (param i32) {WRITES}))',
}


def keep(**options: Any) -> MultiValue:
    """The pass with the option in question."""
    return MultiValue(**{"export": ("f=(u64, f32)",), "original_export": "keep", **options})


def run(data: bytes, each: MultiValue) -> Result:
    """The outcome, which is valid."""
    result = Pipeline([each]).run(Module.from_bytes(data))
    assert_valid(result.data)
    return result


@pytest.mark.parametrize("options", [{}, {"suffix": "_v"}, {"zero_buffer": False}], ids=str)
@pytest.mark.parametrize("text", MODULES.values(), ids=MODULES)
def test_again(text: str, options: dict[str, Any]) -> None:
    once = run(wat(text), keep(**options))
    assert once.changed
    again = run(once.data, keep(**options))
    assert (again.changed, again.data) == (False, once.data)


def test_again_in_one_pipeline() -> None:
    data = wat(MODULES["plain"])
    twice = Pipeline([keep(), keep()]).run(Module.from_bytes(data))
    assert twice.data == run(data, keep()).data


def test_a_name_that_anything_else_has_is_still_refused() -> None:
    once = run(wat(MODULES["plain"]), keep())
    others = [keep(zero_buffer=False), keep(export=("f=(f64, f32)",)), keep(export=("f=(u64, f32, u8)",))]
    foreign = wat(f'(module {STACK} {FUNC} (func (export "f_by_pointer") (result i64 f32) i64.const 1 f32.const 2))')
    for data, each in [(foreign, keep()), *((once.data, other) for other in others)]:
        with pytest.raises(RewriteError, match="there is an export 'f_by_pointer' already"):
            run(data, each)


@pytest.mark.parametrize("layouts", ["declared", "dwarf"])
@pytest.mark.parametrize("original", ["hide", "suffix", "keep"])
@pytest.mark.parametrize("name", ["returns.1.96-O3-g", "returns.1.96-O0-g", "imports.1.96-O3-g", "two_i64s.1.96-O0-g"])
def test_real_modules_again(name: str, original: Any, layouts: Any) -> None:
    data = Path(ROOT / f"corpus/built/{name}.wasm").read_bytes()
    interface = parse_interface((ROOT / f"corpus/interfaces/{name.partition('.')[0]}.toml").read_text("utf-8"))
    each = MultiValue(original_export=original, layouts=layouts)
    declared = None if layouts == "dwarf" else interface
    once = Pipeline([each], declared).run(Module.from_bytes(data))
    assert once.changed or (layouts == "dwarf" and "imports" in name)
    assert Pipeline([each], declared).run(Module.from_bytes(once.data)).data == once.data
