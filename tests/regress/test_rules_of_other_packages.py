"""Rules of other packages: two in one file had one name, severities set for them were accepted and ignored, and no
option or verb knew their codes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import ConfigError
from wasmrewrite.lint import built_in, find, selected
from wasmrewrite.lint.registry import class_name

RULES = '''
from wasmrewrite.lint import Finding, Rule, Severity

class NoExec(Rule):
    """An import is called exec."""

    code, severity, message = "ACME1", Severity.ERROR, "imports {name}"

    def imported(self, entry):
        if entry.name == "exec":
            yield self.found(self.subject.at_import(entry), entry.name)

class NoClock(Rule):
    """An import is called now."""

    code, severity, message = "ACME2", Severity.WARNING, "imports {name}"

    def imported(self, entry):
        if entry.name == "now":
            yield self.found(self.subject.at_import(entry), entry.name)
'''
NAMES = {"no-exec": "acme_rules:NoExec", "no-time": "acme_rules:NoClock"}
MODULE = '(module (import "js" "exec" (func)) (import "js" "now" (func)))'

Lint: TypeAlias = Callable[..., list[tuple[str, str, str]]]


def install(site: Path, entries: dict[str, str], **files: str) -> None:
    """Write modules, and the metadata that an installer would write, into a folder on the search path."""
    metadata = site / "acme-1.0.dist-info"
    metadata.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (site / f"{name}.py").write_text(text, "utf-8")
    lines = ["[wasmrewrite.lint]", *(f"{name} = {place}" for name, place in entries.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", "utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the search path with two rules in one file; the current directory is another one."""
    install(tmp_path / "site", NAMES, acme_rules=RULES)
    monkeypatch.syspath_prepend(tmp_path / "site")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "app.wasm").write_bytes(wat(MODULE))
    monkeypatch.chdir(tmp_path / "work")
    yield tmp_path / "site"
    for name in ("acme_rules", "acme_broken", "clash"):
        sys.modules.pop(name, None)  # each test writes files of its own


@pytest.fixture
def lint(site: Path, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Runs lint; code, rule and severity of what is found."""

    def lint(*options: str, config: str = "") -> list[tuple[str, str, str]]:
        Path("wasmrewrite.toml").write_text(config, "utf-8")
        code = call(["lint", "app.wasm", "--format", "json", *options])
        said = capsys.readouterr()
        assert code in (0, 1), said.err
        return [(each["code"], each["rule"], each["severity"]) for each in json.loads(said.out)["findings"]]

    return lint


EXEC, TIME = ("ACME1", "no-exec", "error"), ("ACME2", "no-time", "warning")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "no-exec", "--select", "no-time"], [EXEC, TIME]),
        (["--select", "ACME1"], [EXEC]),
        (["--select", "acme2"], [TIME]),
        (["--select", "ACME"], [EXEC, TIME]),
        (["--select", "acme", "--ignore", "ACME1"], [TIME]),
        (["--select", "ACME", "--ignore", "no-time"], [EXEC]),
        (["--select", "no-exec", "--select", "ACME1"], [EXEC]),
        (["--select", "ACME1", "--ignore", "ACME"], []),
        (["--select", "WR1"], []),
        ([], []),
    ],
)
def test_names_codes_and_beginnings_of_codes_are_known(
    lint: Lint, options: list[str], expected: list[tuple[str, str, str]]
) -> None:
    assert [each for each in lint(*options) if each[0].startswith("ACME")] == expected


@pytest.mark.parametrize("word", ["no-exec", "ACME1", "acme1"])
def test_severities_are_honored(lint: Lint, word: str) -> None:
    config = f'[lint]\nselect = ["ACME"]\n[lint.severity]\n{word} = "note"\n'
    assert lint(config=config) == [("ACME1", "no-exec", "note"), TIME]


@pytest.mark.parametrize("word", ["env-import", "WR114", "wr114"])
def test_severities_of_built_in_rules_are_honored_however_they_are_spelt(lint: Lint, word: str) -> None:
    Path("app.wasm").write_bytes(wat('(module (@producers (language "Rust" "")) (import "env" "f" (func)))'))
    config = f'[lint]\nselect = ["WR114"]\n[lint.severity]\n{word} = "note"\n'
    assert lint(config=config) == [("WR114", "env-import", "note")]


def test_a_severity_set_twice_is_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("wasmrewrite.toml").write_text('[lint.severity]\nACME1 = "note"\nno-exec = "error"\n', "utf-8")
    assert call(["lint", "app.wasm"]) == 2
    assert "severity of rule 'no-exec' is set twice: note and error" in capsys.readouterr().err


def test_baselines_and_other_formats_know_them(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ["lint", "app.wasm", "--select", "ACME"]
    assert call([*lint, "--baseline", "b.json", "--write-baseline"]) == 0
    assert call([*lint, "--baseline", "b.json"]) == 0
    capsys.readouterr()
    call([*lint, "--format", "sarif"])
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["ACME1", "ACME2"]
    assert [(each["ruleId"], each["ruleIndex"]) for each in run["results"]] == [("ACME1", 0), ("ACME2", 1)]


@pytest.mark.parametrize("word", ["no-time", "ACME2"])
def test_they_are_listed_and_explained(site: Path, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["rule"]) == 0
    assert "ACME2  no-time                warning   An import is called now." in capsys.readouterr().out
    assert call(["rule", word]) == 0
    assert capsys.readouterr().out == "ACME2 no-time (warning)\n\nAn import is called now.\n"


def test_without_plugins_they_are_unknown(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, NAMES, acme_rules="raise RuntimeError('loaded')")
    Path("wasmrewrite.toml").write_text('[lint.severity]\nACME1 = "note"\n', "utf-8")
    for line in (["lint", "app.wasm", "--select", "no-exec"], ["lint", "app.wasm"], ["rule", "ACME1"]):
        assert call([*line, "--no-plugins"]) == 2
        assert "unknown rule" in capsys.readouterr().err
    assert call(["rule", "--no-plugins"]) == 0


def test_nothing_is_loaded_for_built_in_names(site: Path) -> None:
    install(site, NAMES, acme_rules="raise RuntimeError('loaded')")
    assert call(["lint", "app.wasm", "--select", "WR1", "--ignore", "env-import"]) in (0, 1)
    assert call(["rule", "WR110"]) == 0


def test_one_that_cannot_be_loaded_is_said_and_hides_no_other(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, {**NAMES, "broken": "acme_broken:It"}, acme_broken="1 / 0")
    assert call(["rule"]) == 0
    assert "note: rule 'broken' cannot be loaded from acme_broken:It: ZeroDivisionError" in capsys.readouterr().out
    assert call(["rule", "ACME1"]) == 0
    assert call(["rule", "ACME9"]) == 2
    said = capsys.readouterr().err
    assert "unknown rule 'ACME9'; did you mean 'ACME" in said
    assert "ZeroDivisionError" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"ACME2"', '"ACME1"', "two rules have the code 'ACME1': clash:NoExec and clash:NoClock"),
        ('"ACME2"', '"acme1"', "two rules have the code 'ACME1': clash:NoExec and clash:NoClock"),
        ('"ACME2"', '"WR110"', "two rules have the code 'WR110': wasmrewrite.lint.rules.env_compiler_rt:EnvCompilerRt"),
        ('code, severity, message = "ACME2"', 'severity, message, x = "ACME2"', "has no code"),
    ],
)
def test_rules_that_cannot_be_told_apart_are_refused(
    site: Path, old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {name: place.replace("acme_rules", "clash") for name, place in NAMES.items()}
    install(site, places, clash=RULES.replace(old, new))
    assert call(["lint", "app.wasm", "--select", "no-exec", "--select", "no-time"]) == 2
    assert said in capsys.readouterr().err


def test_two_rules_of_one_name_are_refused_in_python_too(site: Path) -> None:
    from wasmrewrite.lint import lint
    from wasmrewrite.model import Module

    namespace: dict[str, type] = {}
    exec(RULES.replace('"ACME2", Sev', '"ACME3", Sev').replace("code,", 'name = "one"\n    code,'), namespace)
    with pytest.raises(ConfigError, match="two rules have the name 'one'"):
        lint(Module.from_bytes(wat(MODULE)), rules=[namespace["NoExec"], namespace["NoClock"]])


def test_a_rule_is_one_class_under_all_its_words(site: Path) -> None:
    assert find("no-time") is find("ACME2") is selected(["ACME"], ["no-exec"])[0]


def test_built_in_rules_are_called_like_their_files() -> None:
    for rule in built_in():
        assert class_name(rule.__module__.rpartition(".")[2]) == rule.__name__
        assert rule.rule_name() == rule.__module__.rpartition(".")[2].replace("_", "-")


def test_the_rule_of_the_documentation_works(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "lint.md").read_text("utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    entry = page.partition('[project.entry-points."wasmrewrite.lint"]`, stands `')[2].partition("`")[0]
    name, _, place = entry.partition(" = ")
    install(site, {name: place.strip('"')}, acme_rules=code)
    assert call(["lint", "app.wasm", "--select", name]) == 1
    assert "error ACME1 no-exec: imports 'exec'" in capsys.readouterr().out
