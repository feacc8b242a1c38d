import json

import pytest

from tests.helpers.rewrites import CONTRACT
from wasmrewrite.equiv.behavior.script import SCHEMA, Call, Script
from wasmrewrite.equiv.behavior.values import Value
from wasmrewrite.errors import ConfigError

SCRIPT = Script(
    seed="0/export 'f'/True",
    calls=(
        Call("export 'f'", 3, 4, (Value("i32", 7), Value("f64", 1 << 63))),
        Call("g", 1, 1, (Value("extern", None),), by_value="g"),
    ),
    fill=True,
    fuel=1 << 60,
    stack_pointer=2,
    contract=CONTRACT,
    constants=(-5, 1 << 63),
    places=(4096,),
)


def test_comes_back_from_json() -> None:
    assert Script.loads(SCRIPT.dumps()) == SCRIPT


def test_large_numbers_and_floats_are_strings() -> None:
    data = json.loads(SCRIPT.dumps())
    assert data["schema"] == SCHEMA
    assert data["fuel"] == str(1 << 60)
    assert data["calls"][0]["args"] == ["i32:7", "f64:0x8000000000000000"]
    assert data["constants"] == ["-5", str(1 << 63)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "other"}',
        SCRIPT.dumps().replace('"fill"', '"full"'),
        SCRIPT.dumps().replace("i32:7", "i32"),
    ],
)
def test_refuses_what_is_no_script(text: str) -> None:
    with pytest.raises(ConfigError):
        Script.loads(text)


def test_streams_for_different_purposes_differ() -> None:
    one, other = ([SCRIPT.draw(purpose).value("i64") for _ in range(4)] for purpose in ("a", "b"))
    assert one != other
