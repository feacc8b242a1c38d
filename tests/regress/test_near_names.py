"""A mistyped function of ``callgraph`` or ``verify --expect-start``, or mnemonic of ``instr``, got no suggestion."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests.helpers.wat import wat
from wasmrewrite import Module, instr
from wasmrewrite.cli.__main__ import call
from wasmrewrite.cli.hosts import load
from wasmrewrite.errors import RewriteError
from wasmrewrite.rewrite import find_func, find_memory, function_names

MODULE = """(module (import "js" "log_line" (func)) (memory (export "memory") 1)
  (func (export "run_all")) (func $helper) (func $_ZN3app5inner17h0123456789abcdefE))"""


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["callgraph", "app.wasm", "--from", "run_al"], '"run_all"'),
        (["callgraph", "app.wasm", "--to", "js.log_lin"], '"js.log_line"'),
        (["callgraph", "app.wasm", "--to", "helpr"], '"helper"'),
        (["callgraph", "app.wasm", "--from", "app::iner"], '"app::inner"'),
        (["verify", "app.wasm", "app.wasm", "--expect-start", "run_al"], '"run_all"'),
        (["verify", "app.wasm", "app.wasm", "--expect-start", "helpr=i32:1"], '"helper"'),
        (["rewrite", "app.wasm", "--check", "--pass", "add-start", "--set", "add-start.function=helpr"], "'helper'"),
        (["run", "app.wasm", "--stub-imports", "--invoke", "run_al"], '"run_all"'),
    ],
)
def test_what_may_have_been_meant_is_said(
    words: list[str], near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.wasm").write_bytes(wat(MODULE))
    monkeypatch.chdir(tmp_path)
    assert call(words) in (2, 3, 125)
    assert f"; did you mean {near}?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["memory", "memor", "js.log_line"])
def test_what_is_no_function_is_not_suggested_as_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.wasm").write_bytes(wat(MODULE))
    monkeypatch.chdir(tmp_path)
    assert call(["verify", "app.wasm", "app.wasm", "--expect-start", name]) == 2
    assert "did you mean" not in capsys.readouterr().err


def test_memories() -> None:
    module = Module.from_bytes(wat('(module (memory 1) (memory $heap (export "shared_one") 1))'))
    for name, near in (("shared_on", "shared_one"), ("heep", "heap")):
        with pytest.raises(RewriteError, match=f"no memories are called '{name}'; did you mean '{near}'"):
            find_memory(module, name)
    with pytest.raises(RewriteError, match=r"no memories are called 'zzzz'\Z"):
        find_memory(module, "zzzz")


def test_attributes_of_hosts() -> None:
    with pytest.raises(click.UsageError, match='has no "dumsp"; did you mean "dump" or "dumps"'):
        load("json:dumsp")


def test_mnemonics() -> None:
    with pytest.raises(ValueError, match=r"unknown instruction 'i32\.addd'; did you mean 'i32\.add'\?"):
        instr("i32.addd")
    with pytest.raises(ValueError, match=r"unknown instruction 'zzz'\Z"):
        instr("zzz")


def test_names_of_functions() -> None:
    module = Module.from_bytes(wat(MODULE))
    named = ["helper", "_ZN3app5inner17h0123456789abcdefE"]
    assert list(function_names(module)) == ["run_all", "js.log_line", *named]
    assert list(function_names(module, imports=False)) == ["run_all", *named]
    with pytest.raises(RewriteError, match=r"\(known: run_all\)"):
        find_func(module, "zzzzzzzz")
