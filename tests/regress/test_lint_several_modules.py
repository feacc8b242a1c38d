"""``lint`` took one file. Services that show SARIF showed nothing, as no region had a line; no rule led to its page."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple, TypeAlias

import pytest

from tests.helpers.sarif import violations
from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.cli.sarif import HOME, uri
from wasmrewrite.lint import built_in

ROOT = Path(__file__).parents[2]
CLEAN = "(module)"
ONE = '(module (import "env" "__multi3" (func)))'
TWO = '(module (import "env" "__multi3" (func)) (import "env" "__udivti3" (func)) (func (export "run") call 0 call 1))'
MODULES = {"a.wasm": ONE, "dist/b.wasm": TWO, "dist/deep/er/c.wasm": ONE, "dist/deep/clean.wasm": CLEAN}


class Said(NamedTuple):
    code: int
    out: str
    err: str


Lint: TypeAlias = Callable[..., Said]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Runs lint on files in the current directory: modules, a broken one, and what is no module."""
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(wat(text))
    (tmp_path / "dist" / "notes.txt").write_text("no module")
    (tmp_path / "dist" / "dir.wasm").mkdir()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)

    def lint(*words: str) -> Said:
        code = call(["lint", *words])
        return Said(code, *capsys.readouterr())

    return lint


def modules(report: str) -> dict[str, int]:
    """Modules of a JSON report, in order, with how many findings they have."""
    data = json.loads(report)
    assert data["schema"] == "wasmrewrite.lint-modules/1"
    return {each["module"]: len(each["findings"]) for each in data["modules"]}


BELOW = {"dist/b.wasm": 2, "dist/deep/clean.wasm": 0, "dist/deep/er/c.wasm": 1}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["dist"], BELOW),
        (["dist/"], BELOW),
        (["a.wasm", "dist"], {"a.wasm": 1, **BELOW}),
        (["dist/b.wasm", "a.wasm"], {"dist/b.wasm": 2, "a.wasm": 1}),
        (["a.wasm", "./a.wasm", "a.wasm"], {"a.wasm": 1}),
        (["*.wasm"], {"a.wasm": 1}),
        (["dist/*.wasm"], {"dist/b.wasm": 2}),
        (["**/*.wasm", "dist"], {"a.wasm": 1, **BELOW}),
        (["dist/dee[p]/*/?.wasm"], {"dist/deep/er/c.wasm": 1}),
        (["dist/deep", "dist"], {"dist/deep/clean.wasm": 0, "dist/deep/er/c.wasm": 1, "dist/b.wasm": 2}),
    ],
)
def test_files_folders_and_patterns(lint: Lint, words: list[str], expected: dict[str, int]) -> None:
    said = lint(*words, "--format", "json")
    assert said.code == 1
    assert list(modules(said.out).items()) == list(expected.items())


def test_a_name_with_brackets_is_a_file_if_it_is_there(lint: Lint) -> None:
    Path("x[1].wasm").write_bytes(wat(ONE))
    assert json.loads(lint("x[1].wasm", "--format", "json").out)["schema"] == "wasmrewrite.lint/1"


def test_links_to_folders_are_not_followed(lint: Lint) -> None:
    Path("dist/deep/round").symlink_to(Path("dist").absolute())
    assert modules(lint("dist", "--format", "json").out) == BELOW


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["empty"], 'no module (.wasm) in "empty"'),
        (["none/*.wasm"], 'nothing matches "none/*.wasm"'),
        (["a.wasm", "empty"], 'no module (.wasm) in "empty"'),
        (["dist", "--fix", "-o", "x.wasm"], "--fix mends one module at a time"),
        (["-", "a.wasm", "-", "--config", "-"], "only one input can be '-'"),
        ([], "MODULE"),
    ],
)
def test_what_means_no_module_is_refused(lint: Lint, words: list[str], said: str) -> None:
    result = lint(*words)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_text_shows_modules_with_findings_and_a_total(lint: Lint) -> None:
    said = lint("a.wasm", "dist", "--select", "WR110")
    assert said.code == 1
    lines = [line for line in said.out.splitlines() if not line.startswith(" ")]
    heads = [line.partition(":")[0] for line in lines]
    assert heads == ["a.wasm"] * 2 + ["dist/b.wasm"] * 3 + ["dist/deep/er/c.wasm"] * 2 + ["4 modules"]
    assert lines[-1] == "4 modules: 4 errors"
    assert '    called by export "run" at 0x' in said.out
    assert lint("dist/deep/clean.wasm", "empty/../dist/deep/clean.wasm").out == "1 module: nothing found\n"


def test_one_that_cannot_be_read_does_not_hide_the_others(lint: Lint) -> None:
    Path("dist/bad.wasm").write_bytes(b"\0asm\1\0\0\0\xff")
    said = lint("dist", "missing.wasm", "--select", "WR110")
    assert said.code == 3
    assert said.out.splitlines()[-1] == "5 modules: 3 errors; 2 could not be read"
    assert "error: dist/bad.wasm: malformed: " in said.err
    assert "error: missing.wasm: No such file or directory" in said.err
    data = json.loads(lint("dist", "missing.wasm", "--format", "json").out)
    assert [each["module"] for each in data["failed"]] == ["dist/bad.wasm", "missing.wasm"]
    assert all(each["error"] for each in data["failed"])
    annotations = lint("dist", "missing.wasm", "--format", "github").out.splitlines()
    assert annotations[-1].startswith("::error file=missing.wasm,title=lint::missing.wasm: No such file")
    assert sum(line.startswith("::error file=dist/b.wasm,") for line in annotations) == 2


def test_exit_codes_follow_the_worst_finding(lint: Lint) -> None:
    assert lint("dist", "--ignore", "WR1").code == 0
    assert lint("dist", "a.wasm", "--fail-on", "error").code == 1
    assert "[default: note, unless the configuration says" in " ".join(lint("--help").out.split())


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_names_of_files_are_harmless(lint: Lint, form: str) -> None:
    evil = "\x1b[2J\u202e\n::error::%0a,x=`"
    Path("dist", f"{evil}.wasm").write_bytes(wat(ONE))
    Path("dist", f"{evil}2.wasm").write_bytes(b"\0asm")
    said = lint("dist", "--format", form)
    assert said.code == 3
    assert all(char == "\n" or char.isprintable() for char in said.out + said.err)
    assert not any(line.startswith("::error::%0a") for line in said.out.splitlines())


# --- baselines --------------------------------------------------------------------------------------------------------


def test_a_baseline_knows_which_module_a_finding_is_in(lint: Lint) -> None:
    assert lint("a.wasm", "dist", "--baseline", "b.json", "--write-baseline").out == "accepted 4 findings in b.json\n"
    assert lint("a.wasm", "dist", "--baseline", "b.json").code == 0
    assert lint("dist", "a.wasm", "--baseline", "./b.json").out.endswith("\n4 modules: nothing found\n")
    # The finding of one module is gone, and a like one is new in another: that is one finding.
    Path("a.wasm").write_bytes(wat(CLEAN))
    Path("dist/deep/clean.wasm").write_bytes(wat(ONE))
    said = lint("a.wasm", "dist", "--baseline", "b.json")
    assert said.code == 1
    assert said.out.splitlines()[-1] == "4 modules: 1 error; 1 in the baseline no longer occurs"


def test_a_baseline_of_several_holds_for_each_of_them(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    lint("a.wasm", "dist", "--baseline", "b.json", "--write-baseline")
    assert lint("dist/b.wasm", "--baseline", "b.json").out == "dist/b.wasm: nothing found; 2 accepted by the baseline\n"
    assert lint("dist/deep", "--baseline", "b.json").code == 0
    monkeypatch.chdir("dist")
    assert lint("b.wasm", "../a.wasm", "--baseline", "../b.json").code == 0


def test_a_baseline_of_one_holds_for_any(lint: Lint) -> None:
    lint("a.wasm", "--baseline", "b.json", "--write-baseline")
    assert "module" not in json.loads(Path("b.json").read_text())["findings"][0]
    Path("a.wasm").rename("renamed.wasm")
    assert lint("renamed.wasm", "--baseline", "b.json").code == 0
    assert lint("renamed.wasm", "dist/deep/clean.wasm", "--baseline", "b.json").code == 0


def test_no_baseline_is_written_of_what_could_not_all_be_read(lint: Lint) -> None:
    assert lint("dist", "missing.wasm", "--baseline", "b.json", "--write-baseline").code == 3
    assert not Path("b.json").exists()


# --- SARIF ------------------------------------------------------------------------------------------------------------


def regions(value: Any) -> list[dict[str, Any]]:
    """All regions in a log."""
    if isinstance(value, list):
        return [found for each in value for found in regions(each)]
    if not isinstance(value, dict):
        return []
    own = [value["region"]] if "region" in value else []
    return own + [found for each in value.values() for found in regions(each)]


def test_a_log_has_all_modules_lines_and_pages(lint: Lint) -> None:
    Path("dist/bad.wasm").write_bytes(b"\0asm\1\0\0\0\xff")
    log = json.loads(lint("a.wasm", "dist", "--format", "sarif").out)
    assert violations(log) == []
    (run,) = log["runs"]
    places = [each["location"]["uri"] for each in run["artifacts"]]
    assert places == ["a.wasm", *BELOW]
    for result in run["results"]:
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert location["uri"] == places[location["index"]]
    assert len(regions(run)) > len(run["results"])  # those of calls, too
    for region in regions(run):
        assert region["startLine"] == 1
        assert region["byteOffset"] > 0
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "malformed" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_pages_are_those_of_the_project(lint: Lint) -> None:
    driver = json.loads(lint("a.wasm", "--format", "sarif").out)["runs"][0]["tool"]["driver"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert driver["informationUri"] == HOME == project["urls"]["Homepage"]
    assert len(driver["rules"]) == len(built_in())
    for rule in driver["rules"]:
        start, _, page = rule["helpUri"].partition("/blob/main/")
        assert start == HOME
        assert (ROOT / page).is_file()


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("dist\\sub\\a b.wasm", PureWindowsPath, "dist/sub/a%20b.wasm"),
        (".\\a.wasm", PureWindowsPath, "a.wasm"),
        ("C:\\x\\a.wasm", PureWindowsPath, "file:///C:/x/a.wasm"),
        ("..\\a.wasm", PureWindowsPath, "../a.wasm"),
        ("a\\b.wasm", PurePosixPath, "a%5Cb.wasm"),
        ("./dist/a.wasm", PurePosixPath, "dist/a.wasm"),
        ("/tmp/a.wasm", PurePosixPath, "/tmp/a.wasm"),
        ("-", PurePosixPath, "stdin"),
    ],
)
def test_paths_are_written_with_slashes(path: str, kind: type[PurePosixPath], expected: str) -> None:
    assert uri(path, kind) == expected
