"""A number of 2500 bytes in debug information ended as an internal error: Python does not print such numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmrewrite.analysis import DebugLayouts
from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Module

HEAD = bytes.fromhex(
    "0061736d0100000001050160017f0003020100050301000107060102663000000a040102000b002a0d2e64656275675f6162"
    "627265760111010000022e0011010308491300000324000b0f3e0b030800000000a9140b2e64656275675f696e666f190a00"
    "0004000000000004010200000000663000540000000201000000663000540000000202000000663000540000000203000000"
    "6630005400000002040000006630005400000002050000006630005400000003"
)
"""Up to the size of the type that all six functions return."""
SIZE = b"\xff" * 2499 + b"\x7f"
TAIL = bytes.fromhex("05780000")
MODULE = HEAD + SIZE + TAIL


def test_it_is_a_reason() -> None:
    with pytest.raises(RewriteError, match="debug information holds a number of more than 64 bits"):
        DebugLayouts(Module.from_bytes(MODULE)).of("f0")


@pytest.mark.parametrize("arguments", [["explain"], ["info", "--draft-declarations"], ["lint"]])
def test_no_verb_fails_over_it(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.wasm").write_bytes(MODULE)
    assert call([*arguments, "in.wasm"]) in (0, 1)
    assert "internal error" not in capsys.readouterr().err
