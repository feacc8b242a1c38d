"""``verify --save-reproducer OUT`` wrote nothing, and said nothing, where the difference is one of structure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call


@pytest.mark.parametrize("form", ["text", "json"])
def test_it_is_said_that_nothing_was_written(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after, out = (str(tmp_path / name) for name in ("before.wasm", "after.wasm", "out.json"))
    Path(before).write_bytes(wat('(module (func (export "f") (result i32) (i32.const 1)))'))
    Path(after).write_bytes(wat('(module (func (export "f") (result i32) (i32.const 2)))'))
    assert call(["verify", before, after, "--save-reproducer", out, "--format", form]) == 1
    said = capsys.readouterr()
    assert said.err == f"note: {out} was not written: no call is needed to show the difference\n"
    assert "not written" not in said.out
    assert not Path(out).exists()
