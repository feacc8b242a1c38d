"""Conditions as data: each has one code, one text, and somebody who raises it."""

from __future__ import annotations

import inspect
import re
from string import Formatter
from typing import Any

import pytest

from tests.helpers.external import ROOT
from wasmrewrite import messages
from wasmrewrite.errors import Condition, InvalidError, MalformedError, Position, WasmError
from wasmrewrite.messages import TEXTS, block_requires, invalid, malformed, mismatch, requires, text_of, unknown_import

GENERIC = {"malformed", "invalid", "mismatch", "text_of"}
"""Functions that are told the code of a condition."""
NAMED = {
    name: function
    for name, function in vars(messages).items()
    if inspect.isfunction(function) and not name.startswith("_") and name not in GENERIC
}
ARGUMENTS: dict[str, Any] = {"offset": 7, "wanted": ("i32", "i64"), "found": (), "index": 3, "lanes": 2, "limit": 9}
RAISED = re.compile(r'\b(malformed|invalid|mismatch|Condition)\(\s*"([^"]+)"')


def made(name: str) -> WasmError:
    """The error of a named constructor, with some arguments."""
    wanted = inspect.signature(NAMED[name]).parameters
    error = NAMED[name](**{each: ARGUMENTS.get(each, "x") for each in wanted})
    assert isinstance(error, WasmError)
    return error


def test_every_named_constructor_has_a_condition() -> None:
    found = {name: made(name) for name in NAMED}
    codes = {error.condition.code for error in found.values() if error.condition is not None}
    assert len(codes) == len(found)
    for name, error in found.items():
        assert error.condition is not None, name
        assert error.message == text_of(error.condition)
        assert error.position.offset == (7 if "offset" in inspect.signature(NAMED[name]).parameters else None)


def test_every_code_is_raised_and_every_text_used() -> None:
    raised: set[str] = set()
    for path in sorted((ROOT / "wasmrewrite").rglob("*.py")):
        for maker, code in RAISED.findall(path.read_text("utf-8")):
            raised.add(f"type-mismatch.{code}" if maker == "mismatch" else code)
    by_choice = {"type-mismatch.packed", "type-mismatch.not-packed"}
    assert raised | by_choice == set(TEXTS)


@pytest.mark.parametrize("code", TEXTS)
def test_codes_are_words(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+(-[a-z]+)*)?", code)


def test_texts_differ() -> None:
    assert len(set(TEXTS.values())) == len(TEXTS)


def test_texts_name_only_what_conditions_have() -> None:
    fields = {field for text in TEXTS.values() for _, field, _, _ in Formatter().parse(text) if field is not None}
    known = {
        "wanted",
        "found",
        "index",
        "space",
        "what",
        "number",
        "opcode",
        "proposal",
        "lanes",
        "limit",
        "at_most",
        "module",
        "name",
    }
    assert fields == known


def test_types_are_data_and_text() -> None:
    error = requires(("i32", "i32"), ("i64",), 5)
    assert error.condition == Condition("type-mismatch.operands", ("i32", "i32"), ("i64",))
    assert error.message == "type mismatch: instruction requires [i32 i32] but stack has [i64]"
    assert isinstance(error, InvalidError)


def test_long_types_are_shown_by_their_end() -> None:
    error = block_requires((), [f"t{number}" for number in range(5000)], None)
    assert error.message.endswith("[] but stack has [... t4992 t4993 t4994 t4995 t4996 t4997 t4998 t4999]")
    assert error.condition is not None
    assert error.condition.found is not None
    assert len(error.condition.found) == 1000
    assert requires((), tuple("abcdefgh"), None).message.endswith("[a b c d e f g h]")


def test_one_type_has_no_brackets() -> None:
    error = mismatch("cast", 1, "anyref", "i32")
    assert error.message == "type mismatch: i32 cannot be cast to anyref"
    assert (error.condition and error.condition.wanted, error.condition and error.condition.found) == ("anyref", "i32")


def test_a_detail_is_appended() -> None:
    assert messages.unknown_binary_version(4).message == "unknown binary version"
    assert messages.unknown_binary_version(4, "a component").message == "unknown binary version: a component"


def test_names_are_quoted() -> None:
    assert unknown_import("a{b}", "c\n").message == "unknown import: 'a{b}' 'c\\n'"


def test_a_code_without_text_is_a_mistake_of_ours() -> None:
    for function in (malformed, invalid):
        with pytest.raises(KeyError):
            function("no-such-code", 0)


def test_within_adds_what_only_callers_know() -> None:
    error = malformed("zero-byte", 9).within("func[2]", function=2).within("code section")
    assert error.position == Position(9, ("code section", "func[2]"), 2)
    assert str(error) == "malformed: code section: func[2]: zero byte expected (at 0x9)"
    assert isinstance(error, MalformedError)


def test_errors_of_words_only_have_no_condition() -> None:
    assert WasmError("said so").condition is None
