"""``[i64; ٢]`` was accepted as an array of two: Python calls digits of any script digits, and ``int`` reads them.

Beside it: numbers of thousands of digits, and ``0x__``, ended as internal errors, and the tokens of a declared type
took time with the square of its length.
"""

from __future__ import annotations

import click
import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import find_stack_pointer
from wasmrewrite.cli.__main__ import call
from wasmrewrite.cli.typed import parse
from wasmrewrite.contract import parse_type
from wasmrewrite.equiv.behavior.values import parse_value
from wasmrewrite.errors import ConfigError, WasmError
from wasmrewrite.isa.types import F32, F64, I32, I64
from wasmrewrite.model import Module
from wasmrewrite.spelling import natural

TWO = "\u0662"
MODULE = wat('(module (global $g (mut i32) (i32.const 0)) (memory 1) (func (export "f")))')


@pytest.mark.parametrize("text", [f"[i64; {TWO}]", f"(u8 @{TWO})", f"[u8; 1{TWO}]"])
def test_declared_types(text: str) -> None:
    with pytest.raises(ConfigError, match="expected"):
        parse_type(text)


def test_a_long_type_is_read_in_one_go() -> None:
    with pytest.raises(ConfigError, match=r"unexpected character at column 300003") as caught:
        parse_type("(" * 300_000 + "  \u00e4")
    assert len(caught.value.message) < 1000
    assert str(parse_type("  ( i64 , u8 )  ")) == "(i64, u8)"


@pytest.mark.parametrize(
    "text",
    [
        f"i32:{TWO}", f"f64:{TWO}", f"f32:1.{TWO}", f"extern:{TWO}", "i32:0x__", "i32:1__2", "i64:" + "9" * 5000,
        "extern:" + "9" * 5000, "f64:0x" + "f" * 5000,
    ],
)  # fmt: skip
def test_values_of_scripts(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_value(text)


def test_values_with_a_leading_zero() -> None:
    assert parse_value("i32:012") == parse_value("i32:12")
    assert parse_value("i32:-0x_1".replace("_", "")) == parse_value("i32:-1")


@pytest.mark.parametrize("type", [I32, I64, F32, F64])
def test_arguments(type: object) -> None:
    for text in (TWO, f"1{TWO}", "9" * 5000, f"-{TWO}"):
        if text[0] == "9" and type in (F32, F64):
            continue  # a number all right
        with pytest.raises(click.UsageError):
            parse(text, type)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [TWO, "9" * 5000])
def test_the_stack_pointer_by_index(given: str) -> None:
    with pytest.raises(WasmError):
        find_stack_pointer(Module.from_bytes(MODULE), given)


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "x", "x", "--calls", TWO],
        ["verify", "x", "x", "--seed", TWO],
        ["verify", "x", "x", "--stack-pointer", TWO],
        ["fuzz", "--max-time", f"{TWO}s"],
        ["fuzz", "--max-cases", TWO],
        ["fuzz", "--jobs", TWO],
        ["run", "--fuel", TWO, "x"],
        ["run", "--memory-limit", f"{TWO}M", "x"],
        ["run", "--memory-limit", "1\u212a", "x"],
        ["run", "--host-seed", TWO, "x"],
        ["callgraph", "x", "--depth", TWO],
        ["reduce", "x", "-o", "y", "--test", "true", "--max-attempts", TWO],
        ["reduce", "x", "-o", "y", "--test", "true", "--timeout", TWO],
    ],
)
def test_options(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(arguments) == (125 if arguments[0] == "run" else 2)
    assert "error: Invalid value" in capsys.readouterr().err


def test_numbers() -> None:
    cases: dict[str, int | None] = {"0": 0, "12": 12, "012": 12, "": None, "-1": None, "1_0": None, TWO: None}
    assert {text: natural(text) for text in cases} == cases
    assert natural("9" * 20) is None
    assert natural("999", 2) is None
