from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.equiv.engines import cross_check as second
from wasmrewrite.equiv.engines import wasmtime_engine as machine_of_wasmtime
from wasmrewrite.equiv.engines.wasmtime_module import Refused
from wasmrewrite.equiv.engines.wasmtime_values import out_of
from wasmrewrite.fuzz import RandomChoices, Shape, outside, subject


def test_both_engines_agree_on_generated_modules() -> None:
    for seed in range(40):
        assert outside.compare(subject(RandomChoices(seed), Shape(tame=seed % 2 == 0)).data, str(seed)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('(module (func (export "f") (param i32) (result i32) local.get 0 i32.popcnt))', None),
        ('(module (func (export "f") (result f32) f32.const nan:0x200001))', None),
        ('(module (func (export "f") unreachable))', None),
        ('(module (import "a" "b" (memory 1)))', None),
        ('(module (func $f (export "f") call $f))', None),
    ],
)
def test_what_both_do_alike_is_no_difference(text: str, message: str | None) -> None:
    assert outside.compare(wat(text), "0") == message


def test_what_wasmtime_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> object:
        raise Refused("no")

    monkeypatch.setattr(second, "elsewhere", refuse)
    assert outside.compare(wat("(module)"), "0") == "wasmtime refuses the module: no"


def test_a_wrong_engine_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = out_of
    monkeypatch.setattr(machine_of_wasmtime, "out_of", lambda type, value: real(type, value) ^ 1)
    data = wat('(module (func (export "f") (param i32) (result i32) local.get 0 i32.popcnt))')
    assert "call 0, export 'f'(" in (outside.compare(data, "0") or "")
