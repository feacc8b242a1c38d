"""``verify BEFORE AFTER -outside`` wrote its report to a file ``utside``, ``-output=x`` one to
``utput=x``; of others only the first letter was named: ``unknown option '-i'``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("verify m.wasm m.wasm -outside", "--cross-check"),
        ("rewrite m.wasm -output=x.wasm", "--output"),
        ("rewrite m.wasm -output x.wasm", "--output"),
        ("rewrite -interface x.toml m.wasm", "--declarations"),
        ("rewrite m.wasm -verbose", "--verbose"),
        ("fuzz -time 5s", "--max-time"),
        ("callgraph m.wasm -all", "--full"),
        ("run -dir-out=x m.wasm", "--copy-out"),
    ],
)
def test_the_whole_word_is_refused(
    words: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.wasm").write_bytes(wat('(module (func (export "f")))'))
    command, *rest = words.split()
    assert call([command, *rest]) == (125 if command == "run" else 2)
    word = next(each for each in rest if each.startswith("-")).partition("=")[0]
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"error: unknown option '{word}'; did you mean \"{meant}\"?"
    assert lines[1:] == [f"  'wasmrewrite {command} --help' says more."]
    assert [each.name for each in tmp_path.iterdir()] == ["m.wasm"]


def test_what_may_have_one_dash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.wasm").write_bytes(wat('(module (func (export "f") (param i32)))'))
    Path("-output").write_bytes(Path("m.wasm").read_bytes())
    assert call(["info", "m.wasm", "-oreport"]) == 0
    assert Path("report").exists()
    assert call(["info", "--", "-output"]) == 0
    assert call(["run", "m.wasm", "--invoke", "f", "-1"]) == 0
    assert capsys.readouterr().err == ""
