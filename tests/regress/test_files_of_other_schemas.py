"""A contract given to ``--replay`` was answered with how to write a contract again; messages about files of another
schema had four forms, named no file, and did not say when a file was written by a later release.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.renamed import schema_problem

WRITTEN = {
    "contract": ("wasmrewrite.contract", "rewrite --write-contract"),
    "reproducer": ("wasmrewrite.reproducer", "verify --save-reproducer"),
    "case": ("wasmrewrite.case", "fuzz -o"),
    "baseline": ("wasmrewrite.lint-baseline", "lint --write-baseline"),
}


@pytest.mark.parametrize(("kind", "verb"), WRITTEN.values())
def test_earlier_and_later_ones(kind: str, verb: str) -> None:
    assert schema_problem(f"{kind}/1", f"{kind}/2").endswith(f"; write it again with '{verb}'")
    assert schema_problem(f"{kind}/3", f"{kind}/2").endswith("; it is of a later release of wasmrewrite")


@pytest.mark.parametrize(
    "other", ["wasmrewrite.contract/1", "wasmrewrite.verdict/1", "x", "/1", "wasmrewrite.case/x", 1, None, []]
)
def test_nothing_is_suggested_for_other_files(other: object) -> None:
    expected = "wasmrewrite.reproducer/2"
    assert schema_problem(other, expected) == f"unsupported schema {other!r}; expected '{expected}'"


def test_earlier_name_of_reproducers() -> None:
    found = schema_problem("wasmrewrite.script/1", "wasmrewrite.reproducer/2")
    assert found.endswith("; write it again with 'verify --save-reproducer'")


@pytest.mark.parametrize("version", [0, 9])
@pytest.mark.parametrize("kind", WRITTEN)
def test_every_file_is_refused_and_named(
    kind: str, version: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module, file = tmp_path / "m.wasm", tmp_path / "pipeline.json"
    module.write_bytes(wat('(module (func (export "f")))'))
    (tmp_path / "before.wasm").write_bytes(module.read_bytes())
    schema = f"{WRITTEN[kind][0]}/{version}"
    file.write_text(json.dumps({"schema": schema, "maps": [], "redirected": [], "claims": [], "findings": []}))
    commands = {
        "contract": ["verify", str(module), str(tmp_path / "before.wasm"), "--contract", str(file)],
        "reproducer": ["verify", str(module), str(tmp_path / "before.wasm"), "--replay", str(file)],
        "case": ["verify", "--case", str(tmp_path)],
        "baseline": ["lint", str(module), "--baseline", str(file)],
    }
    assert call(commands[kind]) == 2
    line = capsys.readouterr().err.splitlines()[0]
    assert "pipeline.json: " in line
    assert f"unsupported schema '{schema}'; expected '{WRITTEN[kind][0]}/" in line
