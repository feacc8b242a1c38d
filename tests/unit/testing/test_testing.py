from __future__ import annotations

from dataclasses import dataclass

import pytest

from wasmrewrite.errors import ConfigError
from wasmrewrite.passes.add_start import AddStart
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Editor, Module, ModulePass
from wasmrewrite.testing import check_pass

PLAIN = '(module (global $n (mut i32) (i32.const 0)) (func $init (export "init") i32.const 1 global.set $n) {})'


@dataclass(frozen=True, slots=True)
class DropBody(ModulePass):
    """A wrong pass: it empties the first function and claims nothing."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.set_body(module.funcs[0], (), ())


def test_a_right_pass_passes_and_its_result_is_returned() -> None:
    result = check_pass(AddStart(function="init"), before=PLAIN.format(""), after=PLAIN.format("(start $init)"))
    assert result.changed


def test_nothing_to_do_is_the_same_module() -> None:
    text = PLAIN.format("(start $init)")
    assert not check_pass([AddStart(function="init")], before=text, after=text).changed


def test_declarations_reach_the_passes_and_the_verifier() -> None:
    stack = "(memory 1) (global $__stack_pointer (mut i32) (i32.const 1024))"
    func = "(func $f (param i32) local.get 0 i64.const 7 i64.store)"
    wrapper = """(func (result i64) (local i32 i32)
        global.get 0 local.tee 0 i32.const 16 i32.sub local.tee 1 global.set 0
        local.get 1 call $f local.get 1 i64.load local.get 0 global.set 0)"""
    found = check_pass(
        MultiValue(export=("f=(i64)",), original_export="hide", zero_buffer=False, stack_pointer="0"),
        before=f'(module {stack} {func} (export "f" (func $f)))',
        after=f'(module (type (func (param i32))) (type (func (result i64))) {stack} {func} {wrapper}'
        ' (export "f" (func 1)))',
        interface='[[export]]\nname = "f"\nresult = "(i64)"\n',
    )  # fmt: skip
    assert found.changed


def test_another_output_than_expected_is_shown_line_by_line() -> None:
    with pytest.raises(AssertionError, match=r"(?s)differs from what is expected.*\+start: function 0"):
        check_pass(AddStart(function="init"), before=PLAIN.format(""), after=PLAIN.format(""))


def test_a_pass_that_breaks_a_module_fails_even_if_its_output_is_expected() -> None:
    emptied = '(module (global $n (mut i32) (i32.const 0)) (func $init (export "init")))'
    with pytest.raises(AssertionError, match="expected the verdict same\ndifferent"):
        check_pass(DropBody(), before=PLAIN.format(""), after=emptied)


def test_text_with_errors_and_unknown_verdicts_are_told_apart() -> None:
    with pytest.raises(AssertionError, match="does not assemble"):
        check_pass(DropBody(), before="(module (func", after="(module)")
    with pytest.raises(ConfigError, match="unknown verdict 'different'"):
        check_pass(DropBody(), before="(module)", after="(module)", verdict="different")


MODULES = [
    "(module)",
    "(module (type (func)))",
    "(module (type (sub (func))))",
    "(module (rec (type (func)) (type (func))))",
    "(module (type (struct (field i8))))",
    "(module (type (struct (field (mut i8)))))",
    "(module (type (array i32)))",
    "(module (type $a (func)) (type $b (func (param i32))) (type (struct (field (ref $a)))))",
    "(module (type $a (func)) (type $b (func (param i32))) (type (struct (field (ref $b)))))",
    '(module (import "a" "b" (memory 1)))',
    '(module (import "a" "c" (memory 1)))',
    '(module (import "a" "b" (memory 1 2)))',
    "(module (memory 1))",
    "(module (memory i64 1))",
    "(module (table 1 funcref))",
    "(module (table 1 externref))",
    "(module (table 1 funcref (ref.null func)))",
    "(module (global i32 (i32.const 0)))",
    "(module (global i32 (i32.const 1)))",
    "(module (global (mut i32) (i32.const 0)))",
    "(module (tag))",
    '(module (memory (export "m") 1))',
    '(module (memory (export "n") 1))',
    "(module (func))",
    "(module (func) (start 0))",
    "(module (func nop))",
    "(module (func (local i32)))",
    "(module (func (local i64)))",
    "(module (func block nop end))",
    "(module (func block end nop))",
    "(module (memory 1) (func i32.const 0 i32.load drop))",
    "(module (memory 1) (func i32.const 0 i32.load offset=4 drop))",
    "(module (memory 1) (func i32.const 0 i32.load align=2 drop))",
    "(module (func) (table 1 funcref) (elem (i32.const 0) func 0))",
    "(module (func) (table 1 funcref) (elem (i32.const 0) func 0 0))",
    "(module (func) (table 1 funcref) (elem func 0))",
    "(module (func) (table 1 funcref) (elem declare func 0))",
    '(module (memory 1) (data (i32.const 0) "a"))',
    '(module (memory 1) (data (i32.const 0) "b"))',
    '(module (memory 1) (data (i32.const 1) "a"))',
    '(module (memory 1) (data "a"))',
]


def test_modules_that_differ_in_one_thing_have_different_listings() -> None:
    import wasmtime

    from wasmrewrite.testing import listing

    found = [tuple(listing(Module.from_bytes(bytes(wasmtime.wat2wasm(text))))) for text in MODULES]
    assert len(set(found)) == len(found)
