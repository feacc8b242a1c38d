"""A contract that claims nothing was ignored when it came from a file: code that a pass simplified then differed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call

BEFORE = """
(module (memory 1)
  (func $g (export "g") (param i32) (result i32) nop (block nop (br_if 0 (local.get 0)) nop) local.get 0)
  (func (export "h") (result i32) (call $g (i32.const 3))))
"""
EMPTY = '{"schema": "wasmrewrite.contract/1", "maps": [], "redirected": [], "claims": []}'
IDENTITY = EMPTY.replace("[]", '[{"space": "function", "runs": [[0, 0, 2]]}]', 1)


def verdict(folder: Path, after: str, *more: str) -> int:
    (folder / "before.wasm").write_bytes(wat(BEFORE))
    (folder / "after.wasm").write_bytes(wat(after))
    return call(["verify", str(folder / "before.wasm"), str(folder / "after.wasm"), *more])


@pytest.mark.parametrize("text", [EMPTY, IDENTITY])
def test_it_allows_changed_code_that_does_the_same(tmp_path: Path, text: str) -> None:
    contract = tmp_path / "contract.json"
    contract.write_text(text)
    assert verdict(tmp_path, BEFORE.replace("nop", ""), "--contract", str(contract)) == 0
    wrong = BEFORE.replace("nop", "").replace("i32.const 3", "i32.const 4")
    assert verdict(tmp_path, wrong, "--contract", str(contract)) == 1


def test_without_a_contract_everything_has_to_be_the_same(tmp_path: Path) -> None:
    interface = tmp_path / "interface.toml"
    interface.write_text('[[export]]\nname = "g"\nresult = "i32"\n')
    assert verdict(tmp_path, BEFORE) == 0
    assert verdict(tmp_path, BEFORE.replace("nop", "")) == 1
    assert verdict(tmp_path, BEFORE.replace("nop", ""), "--declarations", str(interface)) == 1
