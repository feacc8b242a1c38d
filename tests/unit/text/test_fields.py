"""Fields, types and segments: what is accepted, and what is refused in which words and where."""

from __future__ import annotations

from tests.helpers.every import every
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.problem import TextError


def problems(text: str) -> list[str]:
    """Messages with their places, as LINE:COLUMN-LENGTH."""
    try:
        assemble(text)
    except TextError as error:
        found = []
        for problem in error.problems:
            line, column = error.tokens.place(problem.start)
            found.append(f"{line}:{column}+{problem.end - problem.start} {problem.message}")
        return found
    return []


@every(
    ("text", "message"),
    [
        ("(fun)", "1:2+3 unexpected token 'fun'; did you mean 'func'?"),
        ("(func $a) (func $a)", "1:17+2 duplicate func $a"),
        ("(func (param $x i32) (local $x i32))", "1:29+2 duplicate local $x"),
        ("(type (struct (field $f i32) (field $f i32)))", "1:37+2 duplicate field $f"),
        ('(func) (import "a" "b" (func))', "1:9+6 import after function; imports come before all definitions"),
        ('(memory 0) (func (import "a" "b"))', "1:13+4 import after memory; imports come before all definitions"),
        ("(start 0) (start 0) (func)", "1:12+5 multiple start sections"),
        ("(start $g) (func $f)", "1:8+2 unknown function '$g'"),
        ("(memory 1 2 3)", "1:13+1 unexpected token '3'; expected ')'"),
        ("(global i32)(memory 1)(export \"a\" (memry 0))",
         ("1:36+5 unexpected token 'memry'; expected '(func', '(table', '(memory', '(global' or '(tag'; "
         "did you mean 'memory'?")),
        ("(table 1 anyfunc)", "1:10+7 unknown operator anyfunc; it is 'funcref' since WebAssembly 2.0"),
        ("(type (func (param i32) (result i31)))",
         "1:33+3 unexpected token 'i31'; expected a value type; did you mean 'i32'?"),
        ("(type $t (func)) (func (type $t) (param i32))",
         "1:24+9 inline function type [i32] -> [] does not match: the type is [] -> []"),
        ("(func (type $u))", "1:13+2 unknown type '$u'"),
        ("(func (result i32) (param i32))", "1:21+5 unexpected token 'param'; parameters are declared before the body"),
        ("(elem $e func)(func elem.drop $f)", "1:31+2 unknown elem segment '$f'"),
        ("(data 5)", "1:7+1 unexpected token '5'; expected ')'"),
        ("(module) (module)", "1:10+1 unexpected token '('; expected the end of the text"),
        ("(global $g (mut i32) (i32.const 1)",
         "1:34+1 unexpected token end of input; missing ')' for '(global' opened at 1:1"),
    ],
)  # fmt: skip
def test_first_problem(text: str, message: str) -> None:
    assert problems(text)[:1] == [message]


@every(
    "text",
    [
        "(global $g i32 (i32.const 1)) (func (result i32) global.get $g)",
        '(memory (export "m") (export "n") i64 1 2)',
        '(table (import "a" "b") 1 funcref)',
        "(table funcref (elem 0)) (func)",
        "(table (ref null 0) (elem (ref.null 0) (item ref.null 0))) (type (func))",
        "(elem $e externref (ref.null extern)) (elem func) (table 0 funcref) (elem (offset i32.const 0))",
        '(memory 0) (data (memory 0) (offset i32.const 0) "a" "b") (data (i32.const 0)) (data)',
        "(type (sub (func))) (type (sub final 0 (func)))",
        '(tag $e (export "e") (param i32))',
        "(func (type 0) (param i32) (result)) (type (func (param i32)))",
    ],
)
def test_accepted(text: str) -> None:
    assert problems(text) == []


def test_all_independent_problems_are_found() -> None:
    text = '(func $f (call $g) (i32.ad) local.get $x)\n(globl $h)\n(export "e" (func $i))'
    assert [found.split(" ", 1)[0] for found in problems(text)] == ["1:16+2", "1:21+6", "1:39+2", "2:2+5", "3:19+2"]
