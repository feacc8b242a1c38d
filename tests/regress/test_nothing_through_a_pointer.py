"""A result declared as ``()`` took away a real parameter: no ABI returns nothing through a pointer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Contract, Declaration, Interface, ReturnsByValue, parse_type
from wasmrewrite.equiv import Different, verify
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes

BEFORE = """
(module
  (import "env" "set" (func $set (param i32)))
  (memory (export "memory") 1)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global $last (mut i32) (i32.const 0))
  (func (export "set_level") (param i32) (global.set $last (local.get 0)) (call $set (local.get 0)))
  (func (export "level") (result i32) (global.get $last)))
"""
NOTHING = ["()", "((), ())", "[u8; 0]", "([(); 7], ())", "(; size 4, align 4)"]
WHY = "no ABI returns an empty value through a pointer"


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("option", ["export=set_level", "import=env.set"])
def test_the_rewriter_refuses_it(text: str, option: str) -> None:
    kind, _, name = option.partition("=")
    with pytest.raises(RewriteError, match=WHY):
        rewrite(PassEntry("multi-value", {kind: f"{name}={text}"}), Interface())


@pytest.mark.parametrize("text", NOTHING)
def test_the_rewriter_refuses_it_from_an_interface(text: str) -> None:
    result = parse_type(text)
    for interface in (
        Interface(exports=(Declaration("set_level", result=result),)),
        Interface(imports=(Declaration("set", "env", result=result),)),
    ):
        with pytest.raises(RewriteError, match=WHY):
            rewrite(PassEntry("multi-value"), interface)


def rewrite(entry: PassEntry, interface: Interface) -> None:
    Pipeline(build_passes([entry]), interface).run(Module.from_bytes(wat(BEFORE)))


@pytest.mark.parametrize("text", NOTHING)
def test_the_judge_refuses_it(text: str) -> None:
    after = BEFORE.replace('(func (export "set_level") (param i32)', '(func (export "old") (param i32)').replace(
        '(func (export "level")', '(func (export "set_level") (call 1 (i32.const 0))) (func (export "level")'
    )
    contract = Contract(claims=(ReturnsByValue("export", "set_level", parse_type(text)),))
    verdict = verify(wat(BEFORE), wat(after), contract)
    assert isinstance(verdict, Different)
    assert WHY in verdict.text()


def test_running_it_lends_no_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = BEFORE.replace('(import "env" "set" (func $set (param i32)))', "").replace("(call $set (local.get 0))", "")
    (tmp_path / "a.wasm").write_bytes(wat(plain))
    (tmp_path / "i.toml").write_text('[[export]]\nname = "set_level"\nresult = "()"\n')
    words = ["run", str(tmp_path / "a.wasm"), "--invoke", "set_level", "5", "--declarations", str(tmp_path / "i.toml")]
    assert call(words) == 0
    assert capsys.readouterr().err == ""


def test_what_holds_something_is_no_nothing() -> None:
    assert Declaration("f", result=parse_type("((), [u8; 0], (u8))")).by_value
    assert not Declaration("f", result=parse_type("u8")).returns_nothing
