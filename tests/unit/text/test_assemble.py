"""Text to binary: sections, names, what is left out, and the places of encoded instructions."""

from __future__ import annotations

import pytest

from tests.helpers.every import every
from tests.helpers.wat import wat
from wasmrewrite.errors import MalformedError
from wasmrewrite.model import Module
from wasmrewrite.text.assemble import assemble

EMPTY = b"\0asm\1\0\0\0"


def test_nothing_is_an_empty_module() -> None:
    for text in ("", "(module)", ";; nothing", b"(module)", "((@a) module)"):
        assert assemble(text) == EMPTY


@every(
    "text",
    [
        '(import "a" "b" (func $f (param $x i32) (result i64)))(export "g" (func $f))(start 0)',
        ('(memory (export "m") (data "ab" "\\00"))(data $d "x")'
        "(func memory.size drop (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))"),
        '(table $t 1 2 funcref)(elem (table $t) (i32.const 0) func $f)(func $f)(elem declare func $f)',
        "(func $f (param $a i32) (local $b i64) (local f32 f32) block $l br $l end)",
        "(type $s (struct (field $x (mut i8)) (field i32)))(rec (type $a (array (ref $b))) (type $b (sub (func))))",
        "(global $g (mut i64) (i64.const -1))(tag $e (param i32))(func (throw $e (i32.const 1)))",
        "(module $name)",
        "(func (i32.store offset=8 align=2 (i32.const 0) (i32.const 1)))(memory 1)",
        "(func (result i32) (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3))))",
        "(func (param i32) (block (block (br_table 0 1 0 (local.get 0)))))",
        "(func (result v128) (v128.const f32x4 1 -0 nan inf))",
        "(func (try_table (catch_all 0)))",
    ],
)  # fmt: skip
def test_bytes_are_those_of_wasmtime(text: str) -> None:
    assert assemble(text) == wat(text)


def test_type_uses_imply_final_types_behind_all_others() -> None:
    module = Module.from_wat("(func (param i32)) (type $open (sub (func (param i32)))) (func (param i32))")
    assert [func.type is module.types[1] for func in module.funcs] == [True, True]


def test_the_text_of_an_error_has_a_place() -> None:
    with pytest.raises(MalformedError) as caught:
        assemble("(module\n  (func nope)\n  (func neither))")
    assert str(caught.value) == "malformed: 2:9: unknown operator nope; did you mean 'nop'? (and 1 more)"


def test_a_name_section_of_the_text_is_the_only_one() -> None:
    data = assemble('(func $f) (@custom "name" "\\ff")')
    assert data.endswith(b"\0\x06\x04name\xff")


DEEP = 100_000


def nested(word: str, closed: int) -> str:
    return f"(func {f'({word} ' * DEEP}{')' * closed})"


def test_deep_nesting_is_fine() -> None:
    for word, size in (("i32.eqz", 1), ("block", 3)):
        assert len(assemble(nested(word, DEEP))) == size * DEEP + 28


def test_deep_nesting_that_is_wrong_is_an_error() -> None:
    for text in ("(" * DEEP, nested("block", 0), nested("i32.eqz", 1), nested("x", DEEP), "(" * DEEP + ")" * DEEP):
        assert raises(text)


def raises(text: str) -> bool:
    """Whether a text is refused; pytest would show megabytes of it."""
    try:
        assemble(text)
    except MalformedError:
        return True
    return False
