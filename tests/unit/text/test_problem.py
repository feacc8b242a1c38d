"""How problems are shown: the line, and carets below what is meant."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import MalformedError
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.lexer import tokenize
from wasmrewrite.text.problem import Note, Problem, TextError


def report(text: str) -> list[str]:
    with pytest.raises(TextError) as caught:
        assemble(text)
    assert isinstance(caught.value, MalformedError)
    return caught.value.report("x.wat")


def test_carets_stand_below_wide_characters_and_tabs() -> None:
    assert report('\t(data "漢é") (fnc)') == [
        "x.wat:1:15: error: unexpected token 'fnc'; did you mean 'func'?",
        '    (data "漢é") (fnc)',
        "                  ^^^",
    ]


def test_long_lines_are_cut_around_the_place() -> None:
    first, line, under = report(" " * 5000 + "(fnc)" + " " * 5000 + "x" * 100)[:3]
    assert first.startswith("x.wat:1:5002: error: ")
    assert len(line) == 160
    assert line[under.index("^") :].startswith("fnc")


def test_what_cannot_be_printed_is_replaced() -> None:
    assert report("(fnc) ;; \x1b[31m\u202e")[1] == "(fnc) ;; \ufffd[31m\ufffd"


def test_a_note_has_a_place_of_its_own() -> None:
    tokens = tokenize("(a\n b)")
    error = TextError(tokens, [Problem("first", 4, 5, Note("second", 1, 2))])
    assert error.report("f") == ["f:2:2: error: first", " b)", " ^", "f:1:2: note: second", "(a", " ^"]
    assert (error.line, error.column, str(error)) == (2, 2, "malformed: 2:2: first")


def test_a_missing_parenthesis_is_found_by_indentation() -> None:
    text = "(module\n  (func $a\n    (nop)\n  (func $b (call $c))\n)\n"
    assert report(text) == [
        "x.wat:3:9: error: unexpected token end of input; missing ')' for '(func' opened at 2:3",
        "    (nop)",
        "        ^",
        "x.wat:2:3: note: opened here",
        "  (func $a",
        "  ^^^^^",
    ]


def test_a_module_closed_too_early_is_one_problem() -> None:
    text = "(module\n  (func $a nop))\n  (func $b (call $a) (nope))\n)\n"
    assert [line for line in report(text) if line.startswith("x.wat")] == [
        "x.wat:3:3: error: unexpected token '('; expected the end of the text",
        "x.wat:2:16: note: the module is closed here",
        "x.wat:3:23: error: unknown operator nope; did you mean 'nop'?",
    ]
