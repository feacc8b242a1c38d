"""Half a megabyte with a thousand tables for tens of thousands of functions once became a gigabyte of Graphviz."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli import callgraph_forms
from wasmrewrite.cli.__main__ import call

TEXT = """(module (table (export "t") 1 funcref) (table (export "u") 1 funcref)
  (func (export "a")) (func (export "b")) (func (export "c") i32.const 0 call_indirect 0))"""


@pytest.mark.parametrize(("form", "code"), [("text", 0), ("json", 3), ("dot", 3)])
def test_no_more_targets_are_listed_than_anybody_can_use(
    form: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.wasm"
    path.write_bytes(wat(TEXT))
    assert call(["callgraph", str(path), "--format", form]) == 0
    monkeypatch.setattr(callgraph_forms, "MAX_TARGETS", 2)
    capsys.readouterr()
    assert call(["callgraph", str(path), "--format", form]) == code
    assert ("have more than 2 targets" in capsys.readouterr().err) is (code == 3)
