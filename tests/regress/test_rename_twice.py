"""``rename-imports`` refused its own output, in which no import has the old name any more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Module
from wasmrewrite.passes.rename_imports import RenameImports
from wasmrewrite.rewrite import Pipeline, Result

TEXT = """(module (import "env" "log" (func)) (import "env" "greet" (func (param i32))) (import "js" "now" (func))
  (import "host_a" "x" (global i32)))"""
ONCE: list[dict[str, Any]] = [
    {"module": ("env=js",)},
    {"module": ("env=js",), "match_module": ("env",), "match_name": ("greet",)},
    {"module": ("env=host_?",)},
    {"module": ("*v=host_*",)},
    {"name": ("log=write",)},
    {"name": ("log=write", "greet=hello"), "match_module": ("env",)},
    {"module": ("env=js",), "name": ("l*g=w*",), "match_module": ("env",)},
]


def run(data: bytes, **options: Any) -> Result:
    """The outcome of renaming."""
    return Pipeline([RenameImports(**options)]).run(Module.from_bytes(data))


@pytest.mark.parametrize("options", ONCE, ids=str)
def test_again(options: dict[str, Any]) -> None:
    once = run(wat(TEXT), **options)
    assert once.changed
    again = run(once.data, **options)
    assert (again.changed, again.data) == (False, once.data)
    assert any("earlier run" in note.why for note in again.notes)


def test_rules_that_match_their_own_result_go_on() -> None:
    once = run(wat(TEXT), module=("*=my_*",))
    assert run(once.data, module=("*=my_*",)).changed


def test_a_slip_is_told_unasked() -> None:
    (note,) = run(wat(TEXT), module=("evn=js",)).notes
    assert note.warning
    assert str(note) == (
        "rename-imports: 'evn=js' matches no import "
        "('js' exists, taken as the result of an earlier run; did you mean 'env'?)"
    )
    (note,) = run(wat(TEXT.replace("env", "sensors")), module=("env=js",)).notes
    assert not note.warning


def test_a_rule_that_never_matched_is_still_refused() -> None:
    with pytest.raises(RewriteError, match="'env=jss' matches no import"):
        run(wat(TEXT.replace('"env"', '"other"')), module=("env=jss",))
