"""``draft_interface`` as Python users reach it. More of it is tested through ``info --draft-declarations``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from tests.helpers.wat import wat
from wasmrewrite import InterfaceDraft, Module, draft_interface
from wasmrewrite.cli.__main__ import call
from wasmrewrite.rewrite import parse_interface

BUILT = Path(__file__).resolve().parents[3] / "corpus" / "built"
ALL = sorted(BUILT.glob("*.wasm"))[::6]
PAIR = """(module (memory 1) (func (export "pair") (param i32)
  (i64.store (local.get 0) (i64.const 1)) (i32.store offset=8 (local.get 0) (i32.const 2))))"""


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_the_command_line_prints_the_draft(path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    draft = draft_interface(Module.from_file(path))
    assert call(["info", "--draft-declarations", str(path)]) == 0
    assert capsysbinary.readouterr().out.decode() == draft.to_toml(str(path))
    assert call(["info", "--draft-declarations", str(path), "--format", "json"]) == 0
    assert json.loads(capsysbinary.readouterr().out) == draft.to_json()


def test_what_is_guessed_is_data_and_stays_a_comment_until_it_is_confirmed() -> None:
    draft = draft_interface(Module.from_bytes(wat(PAIR)))
    assert isinstance(draft, InterfaceDraft)
    [export] = draft.exports
    assert (export.type, draft.imports) == ("[i32] -> []", ())
    assert export.written is not None
    assert str(export.written.result) == "(i64, i32)"
    toml = draft.to_toml("app.wasm")
    assert toml.startswith("# Drafted from app.wasm. ")
    assert parse_interface(toml).exports[0].result is None
    assert str(parse_interface(toml.replace("# result", "result")).exports[0].result) == "(i64, i32)"


def test_the_source_cannot_leave_its_comment() -> None:
    toml = draft_interface(Module.from_bytes(wat(PAIR))).to_toml("a\nevil = 1\n#")
    assert "\nevil" not in toml


def test_anything_but_a_module_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected a module, found str; Module\.from_bytes reads one"):
        draft_interface(cast("Any", "app.wasm"))
