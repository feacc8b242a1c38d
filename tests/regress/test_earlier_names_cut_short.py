"""What is nearly an earlier name of an option was answered with an unrelated one: ``rewrite --expl`` with ``--text``,
``fuzz --case`` with ``--set``. Behind MODULE, ``run`` took ``=VALUE`` for a part of the name, and knew no earlier one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.renamed import OPTIONS


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("rewrite --expl", '"--verbose"'),
        ("rewrite --inter", '"--declarations"'),
        ("rewrite --interfaces=x", '"--declarations"'),
        ("rewrite --tim", '"--timings"'),
        ("rewrite --contr", '"--write-contract"'),
        ("verify --outs", '"--cross-check"'),
        ("verify --sta", '"--stack-pointer" or "--expect-start"'),
        ("verify --out", '"--output" or "--cross-check"'),
        ("verify --contrat", '"--contract"'),
        ("fuzz --case", '"--max-cases"'),
        ("reduce --att", '"--max-attempts"'),
        ("info --inter", '"--draft-declarations"'),
        ("callgraph --al", '"--full"'),
    ],
)
def test_beginnings_and_slips(words: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, option = words.split()
    assert call([command, option]) == 2
    found = capsys.readouterr().err.splitlines()[0]
    assert found.startswith(f"error: unknown option '{option.partition('=')[0]}'; did you mean {meant}")


@pytest.mark.parametrize("earlier", OPTIONS["run"])
@pytest.mark.parametrize("value", ["", "=x"])
def test_behind_the_module_of_run(earlier: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = tmp_path / "lib.wasm"
    module.write_bytes(wat('(module (func (export "f")))'))
    assert call(["run", str(module), "--invoke", "f", earlier + value]) == 125
    found = capsys.readouterr().err.splitlines()[0]
    assert found == f"error: unknown option '{earlier}'; did you mean \"{OPTIONS['run'][earlier]}\"?"
