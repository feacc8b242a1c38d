"""Commands of test scripts, with their values and places."""

from __future__ import annotations

import pytest

from tests.helpers.every import every
from wasmrewrite.text.problem import TextError
from wasmrewrite.text.script import (
    Assertion,
    Either,
    Get,
    Instance,
    Invoke,
    ModuleForm,
    Number,
    Reference,
    Register,
    Vector,
    read_script,
)

ONE = Number("i32", 1)


@every(
    ("text", "command"),
    [
        ("(module $m (func))", ModuleForm((1, 1), "text", "(module $m (func))", "m")),
        ('(module binary "\\00a" "sm")', ModuleForm((1, 1), "binary", b"\0asm")),
        ('(module definition $m quote "(func" ")")', ModuleForm((1, 1), "quote", b"(func)", "m", definition=True)),
        ("(module instance $i $m)", Instance((1, 1), "i", "m")),
        ('(register "a" $m)', Register((1, 1), "a", "m")),
        ('(invoke $m "f" (i32.const 1))', Invoke((1, 1), "m", "f", (ONE,))),
        ('(assert_return (get "g") (i32.const 1))', Assertion((1, 1), "return", Get((1, 16), None, "g"), (ONE,))),
        ('(assert_trap (module) "why")', Assertion((1, 1), "trap", ModuleForm((1, 14), "text", "(module)"), "why")),
        ('(assert_exception (invoke "f"))', Assertion((1, 1), "exception", Invoke((1, 19), None, "f", ()), "")),
    ],
)
def test_commands(text: str, command: object) -> None:
    assert read_script(text).commands == (command,)


@every(
    ("text", "value"),
    [
        ("i32.const -1", Number("i32", 2**32 - 1)),
        ("f32.const nan:canonical", Number("f32", "canonical")),
        ("f64.const -0", Number("f64", 1 << 63)),
        ("v128.const i64x2 1 -1", Vector("i64x2", (Number("i64", 1), Number("i64", 2**64 - 1)))),
        ("ref.null func", Reference("null", "func")),
        ("ref.extern 7", Reference("extern", 7)),
        ("ref.func", Reference("func")),
        ("either (i32.const 1) (ref.eq)", Either((ONE, Reference("eq")))),
    ],
)
def test_values(text: str, value: object) -> None:
    command = read_script(f'(assert_return (invoke "f") ({text}))').commands[0]
    assert isinstance(command, Assertion)
    assert command.expected == (value,)


def test_fields_alone_are_a_module() -> None:
    (found,) = read_script("(func) (memory 1)").commands
    assert isinstance(found, ModuleForm)
    assert found.binary()[:4] == b"\0asm"


@every(
    ("text", "message"),
    [
        ("(asert_return)", "1:2: unexpected token 'asert_return'; expected a command"),
        ("(invoke)", "1:8: unexpected token ')'; expected a name in double quotes"),
        ("(module", "1:1: unexpected token end of input"),
        ('(invoke "f" 1)', "1:13: unexpected token '1'; expected a value"),
        ('(assert_return (register "a"))', "1:30: unexpected token; expected an action or a module"),
        ('(module quote "a)', "1:15: unclosed string"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(TextError) as caught:
        read_script(text)
    assert str(caught.value).startswith(f"malformed: {message}")
