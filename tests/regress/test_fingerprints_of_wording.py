"""A baseline went stale when a message was reworded or the file given with ``--against`` was called otherwise.

The fingerprints of WR150 and WR250 held the sentence that says what does not fit, with the path of the file; those of
WR401 and WR503 held words of a place and of a message. Fingerprints are of facts only, in all rules.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.lint import Settings, built_in, lint
from wasmrewrite.model import Module

INTERFACE = '[[import]]\nmodule = "js"\nname = "log"\nparams = ["u64"]\n[[export]]\nname = "run"\n'
MODULE = '(module (import "js" "log" (func (param i32))) (import "js" "other" (func)))'


def found(words: str, source: str) -> list[tuple[str, str, str]]:
    """Rule, fingerprint and message of everything found in all bad examples, in a process of its own."""
    command = [sys.executable, "-m", "tests.helpers.reworded", words, source]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [(rule, fingerprint, message) for rule, fingerprint, message in json.loads(done.stdout)]


def test_other_words_and_paths_change_no_fingerprint() -> None:
    kept, changed = found("kept", "host.toml"), found("changed", "/somewhere/else/renamed.toml")
    assert {rule for rule, _, _ in kept} == {rule.rule_name() for rule in built_in()}
    # The rewording reached every rule, or equal fingerprints would say nothing.
    assert all(one[2] != other[2] for one, other in zip(kept, changed, strict=True))
    assert [(rule, fingerprint) for rule, fingerprint, _ in changed] == [
        (rule, fingerprint) for rule, fingerprint, _ in kept
    ]


def test_what_does_not_fit_tells_findings_apart() -> None:
    apart = [fingerprint for rule, fingerprint, _ in found("kept", "host.toml") if rule == "unmet-import"][-3:]
    assert len(set(apart)) == 3


def test_a_function_without_a_name_is_known_by_its_export() -> None:
    settings = Settings(limits={"locals": 1})
    function = '(func (export "run") (local i64 i64))'
    marks = [
        [each.fingerprint for each in lint(Module.from_bytes(wat(f"(module {front} {function})")), settings)]
        for front in ("", "(func)", '(import "js" "f" (func))')
    ]
    assert len(marks[0]) == 1
    assert marks[0] == marks[1] == marks[2]


@pytest.mark.parametrize("against", ["./host.toml", "d/../host.toml", "{folder}/host.toml", "renamed.toml"])
def test_a_baseline_outlives_another_path(
    against: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.wasm").write_bytes(wat(MODULE))
    (tmp_path / "d").mkdir()
    for name in ("host.toml", "renamed.toml"):
        (tmp_path / name).write_text(INTERFACE)
    command = ["lint", "app.wasm", "--select", "WR150", "--select", "WR250", "--baseline", "b.json", "--against"]
    assert call([*command, "host.toml", "--write-baseline"]) == 0
    capsys.readouterr()
    assert call([*command, against.format(folder=tmp_path)]) == 0
    assert capsys.readouterr().out == "app.wasm: nothing found; 3 accepted by the baseline\n"
