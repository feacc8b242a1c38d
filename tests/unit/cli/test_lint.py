from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.helpers.binary import custom, leb, module, section, text, vector
from tests.helpers.sarif import violations
from tests.helpers.wat import assert_valid, wat
from tests.unit.cli.conftest import CORPUS, Cli

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b1m\u202e\u2066\u200b\ufeff\u2028\r\n\t\0[red](1){0}<b>%s$(id)`::error::x,y:z"
LEAKY = """(module (@producers (language "Rust" ""))
  (import "env" "__multi3" (func)) (import "env" "greet" (func)) (import "wasi_snapshot_preview_1" "yield" (func))
  (@custom ".debug_info" "abc"))"""


@pytest.fixture
def leaky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with a module that has something to mend and something that nobody can mend."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.wasm").write_bytes(wat(LEAKY))
    return tmp_path


def codes(said: str) -> list[str]:
    """The codes of the findings in a JSON report."""
    return [each["code"] for each in json.loads(said)["findings"]]


def test_code_that_cannot_be_read_does_not_hide_the_rest(cli: Cli) -> None:
    data = wat('(module (@producers (language "Rust" "")) (import "env" "f" (func)) (func (export "run") nop nop))')
    broken = data.replace(bytes.fromhex("01010b"), b"\xff\x01\x0b")
    said = cli("lint", "-", stdin=broken)
    assert said.code == 1
    assert "WR114" in said.text
    assert "called by" not in said.text
    assert re.search(r"^standard input: nobody knows who calls what: malformed: .*illegal opcode", said.text, re.M)
    found = json.loads(cli("lint", "-", "--format", "json", stdin=broken).text)
    assert found["calls_unknown"].startswith("malformed: ")


# Formats


def poison() -> bytes:
    """A valid module in which everything that rules look at has a hostile name."""
    names = [f"signature_mismatch:{EVIL}", f"undefined_weak:{EVIL}", f".L{EVIL}_bitcast", f"{EVIL}.command_export"]
    name_map = vector(*(leb(5 + at) + text(name) for at, name in enumerate(names)))
    imports = [
        (EVIL, EVIL, b"\x00\x00"),
        (EVIL, EVIL, b"\x00\x01"),
        ("en\u200bv" + EVIL, "f", b"\x00\x00"),
        ("env", "_ZN" + EVIL + "17h0123456789abcdefE", b"\x00\x00"),
        ("env", EVIL, b"\x00\x00"),
    ]
    bodies = [b"", b"", b"\x10\x03\x10\x04\x10\x00", b"\x10\x07"]
    return module(
        section(1, vector(b"\x60\x00\x00", b"\x60\x01\x7f\x00")),
        section(2, vector(*(text(one) + text(other) + desc for one, other, desc in imports))),
        section(3, vector(*[b"\x00"] * 4)),
        section(5, vector(b"\x00\x01")),
        section(6, vector(b"\x7f\x00\x41\x80\x08\x0b")),
        section(7, vector(text(EVIL) + b"\x03\x00", text("__data_end") + b"\x02\x00", text("f" + EVIL) + b"\x00\x08")),
        section(10, vector(*(bytes([len(body) + 2, 0]) + body + b"\x0b" for body in bodies))),
        section(11, vector(b"\x00\x41\x00\x0b" + text(f"/Users/ann/{EVIL}/x.rs"))),
        custom("name", b"\x01" + leb(len(name_map)) + name_map),
        custom("producers", vector(text("language") + vector(text("Rust") + text(EVIL)))),
        custom("target_features", vector(b"+" + text(EVIL))),
        custom(".debug_" + EVIL, b"/Users/ann/x"),
        custom("linking", b"\x02"),
    )


POLICY = """[lint]
keep-exports = ["nothing"]
[lint.policy]
allow-imports = ["nothing"]
deny-types = ["i*"]
deny-features = ["*"]
[lint.limits]
imports = 1
function-size = 1
"""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_hostile_names_are_harmless_in_every_format(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_valid(poison())
    (tmp_path / "poison.wasm").write_bytes(poison())
    (tmp_path / "wasmrewrite.toml").write_text(POLICY)
    said = cli("lint", "poison.wasm", "--format", form)
    assert said.code == 1, said.err
    bad = {char for char in said.text + said.err if char != "\n" and not char.isprintable()}
    assert {unicodedata.name(char, hex(ord(char))) for char in bad} == set()
    if form != "json":
        assert "owned" in said.text.partition("called by")[2]
    if form == "github":
        assert all(line.count("::") >= 2 and line.startswith("::") for line in said.text.splitlines())
        assert all(
            line.split("::")[1].partition(" ")[0] in ("error", "warning", "notice") for line in said.text.splitlines()
        )
        assert "%s" not in said.text
    if form == "sarif":
        results = json.loads(said.text)["runs"][0]["results"]
        assert any("owned" in each["message"]["text"] for each in results)
        assert not any("[red](1)" in each["message"]["text"] for each in results)
        assert not any("{0}" in each["message"]["text"].replace("{{0}}", "") for each in results)
        flows = [flow for each in results for flow in each.get("codeFlows", ())]
        assert len(flows[0]["threadFlows"][0]["locations"]) == 2
        assert "[red](1)" not in json.dumps(flows)
        assert "{0}" not in json.dumps(flows).replace("{{0}}", "")
        assert violations(json.loads(said.text)) == []


def test_the_poison_reaches_many_rules(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "poison.wasm").write_bytes(poison())
    (tmp_path / "wasmrewrite.toml").write_text(POLICY)
    found = set(codes(cli("lint", "poison.wasm", "--format", "json").text))
    wanted = "WR102 WR113 WR114 WR130 WR202 WR203 WR301 WR302 WR303 WR304 WR401 WR402 WR501 WR502 WR503 WR504"
    assert set(wanted.split()) <= found


@pytest.mark.parametrize("name", ["imports.1.63-O3", "ctors.1.96-O3", "returns.1.63-O3-g", "two_i64s.1.96-O3"])
def test_sarif_logs_are_valid(cli: Cli, tmp_path: Path, name: str) -> None:
    said = cli("lint", str(CORPUS / "built" / f"{name}.wasm"), "--format", "sarif")
    log = json.loads(said.text)
    assert violations(log) == []
    driver = log["runs"][0]["tool"]["driver"]
    for result in log["runs"][0]["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_the_sarif_schema_refuses_what_is_wrong() -> None:
    log = {
        "$schema": "https://x",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {}}, "results": [{"level": "bad"}]}],
    }
    assert sorted(violations(log)) == [
        "$.runs[0].results[0].level: enum",
        "$.runs[0].results[0]: required",
        "$.runs[0].tool.driver: required",
    ]


def test_sarif_marks_what_is_accepted(cli: Cli, leaky: Path) -> None:
    cli("lint", "in.wasm", "--select", "WR110", "--baseline", "b.json", "--write-baseline")
    log = json.loads(cli("lint", "in.wasm", "--baseline", "b.json", "--format", "sarif").text)
    assert violations(log) == []
    accepted = [each["ruleId"] for each in log["runs"][0]["results"] if "suppressions" in each]
    assert accepted == ["WR110"]


def test_a_report_can_go_into_a_file(cli: Cli, leaky: Path) -> None:
    said = cli("lint", "in.wasm", "--format", "json", "-o", "report.json")
    assert (said.code, said.text) == (1, "")
    assert codes((leaky / "report.json").read_text()) == ["WR110", "WR114", "WR101", "WR402"]


# Exit codes and choices


def test_nothing_found_is_fine(cli: Cli, leaky: Path) -> None:
    (leaky / "good.wasm").write_bytes(wat("(module)"))
    assert cli("lint", "good.wasm") == (0, b"good.wasm: nothing found\n", "")


@pytest.mark.parametrize(("fail_on", "code"), [("note", 1), ("warning", 0), ("error", 0)])
def test_only_what_is_bad_enough_fails(cli: Cli, leaky: Path, fail_on: str, code: int) -> None:
    assert cli("lint", "in.wasm", "--select", "WR402", "--fail-on", fail_on).code == code


def test_rules_are_selected_and_ignored(cli: Cli, leaky: Path) -> None:
    said = cli("lint", "in.wasm", "--select", "WR1", "--ignore", "env-import", "--format", "json")
    assert codes(said.text) == ["WR110", "WR101"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fix",), "say where the mended module goes with -o"),
        (("--write-baseline",), "say which file to write with --baseline"),
        (("--ignore", "WR999"), "unknown rule 'WR999'"),
        (("--select", "env-imprt"), "did you mean 'env-import'?"),
        (("--fix", "-o", "x", "--baseline", "b", "--write-baseline"), "do one after the other"),
    ],
)
def test_usage_errors(cli: Cli, leaky: Path, arguments: tuple[str, ...], said: str) -> None:
    result = cli("lint", "in.wasm", *arguments)
    assert result.code == 2
    assert said in result.err


@pytest.mark.parametrize("data", [b"", b"\0asm", b"\0asm\1\0\0\0\2\4\1\1a\1"])
def test_bad_input(cli: Cli, data: bytes) -> None:
    assert cli("lint", "-", stdin=data).code == 3


# Configuration and baselines


def test_the_nearest_configuration_holds(cli: Cli, leaky: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (leaky / "pyproject.toml").write_text(
        '[tool.wasmrewrite.lint]\nselect = ["WR402"]\n[tool.wasmrewrite.lint.severity]\nWR402 = "error"\n'
    )
    (leaky / "below").mkdir()
    monkeypatch.chdir(leaky / "below")
    report = json.loads(cli("lint", "../in.wasm", "--format", "json").text)
    assert [(each["code"], each["severity"]) for each in report["findings"]] == [("WR402", "error")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("selct = []", "wasmrewrite.toml: lint: unknown key 'selct'"),
        ("select = 3", "wasmrewrite.toml: lint: select has to be a list of texts"),
        ('fail-on = "panic"', "wasmrewrite.toml: lint: fail-on: 'panic' is not one of note, warning, error"),
        ("limits = { locals = -1 }", "wasmrewrite.toml: lint: limits: locals has to be a number"),
        ('severity = { WR999 = "note" }', "unknown rule 'WR999'"),
        ("policy = { allow = [] }", "wasmrewrite.toml: lint: policy: unknown key 'allow'"),
    ],
)
def test_a_wrong_configuration_is_told(cli: Cli, leaky: Path, line: str, said: str) -> None:
    (leaky / "wasmrewrite.toml").write_text(f"[lint]\n{line}\n")
    result = cli("lint", "in.wasm")
    assert result.code == 2
    assert said in result.err


def test_files_of_a_configuration_lie_beside_it(cli: Cli, leaky: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (leaky / "wasmrewrite.toml").write_text('[lint]\nselect = ["WR150"]\nagainst = ["env=host.toml"]\n')
    (leaky / "host.toml").write_text('[[import]]\nmodule = "env"\nname = "greet"\n')
    (leaky / "below").mkdir()
    monkeypatch.chdir(leaky / "below")
    report = json.loads(cli("lint", "../in.wasm", "--format", "json").text)
    assert [each["name"] for each in report["findings"]] == ["env.__multi3"]


def test_only_new_findings_count(cli: Cli, leaky: Path) -> None:
    assert cli("lint", "in.wasm", "--baseline", "b.json", "--write-baseline").code == 0
    assert cli("lint", "in.wasm", "--baseline", "b.json").code == 0
    moved = LEAKY.replace('(import "env" "greet"', '(import "env" "malloc" (func)) (import "env" "greet"')
    (leaky / "in.wasm").write_bytes(wat(moved))
    said = cli("lint", "in.wasm", "--baseline", "b.json", "--format", "json")
    assert (said.code, codes(said.text)) == (1, ["WR112"])


@pytest.mark.parametrize("text_of_it", ["", "[]", '{"schema": "other", "findings": []}', "[" * 100_000])
def test_a_broken_baseline_is_told(cli: Cli, leaky: Path, text_of_it: str) -> None:
    (leaky / "b.json").write_text(text_of_it)
    assert cli("lint", "in.wasm", "--baseline", "b.json").code == 2


# Mending


def test_what_passes_mend_is_mended(cli: Cli, leaky: Path) -> None:
    said = cli("lint", "in.wasm", "--fix", "-o", "out.wasm", "--format", "json")
    report = json.loads(said.text)
    assert said.code == 1
    assert [each["pass"] for each in report["fixed"]] == ["rename-imports", "strip-custom"]
    assert [each["code"] for each in report["findings"]] == ["WR110", "WR114"]
    assert_valid((leaky / "out.wasm").read_bytes())
    assert b"wasi_snapshot_preview1\x05yield" in (leaky / "out.wasm").read_bytes()


def test_a_module_for_standard_output_leaves_the_report_to_standard_error(cli: Cli, leaky: Path) -> None:
    said = cli("lint", "in.wasm", "--fix", "-o", "-")
    assert_valid(said.out)
    assert "fixed: import from 'wasi_snapshot_preview1'" in said.err


def test_a_fix_that_is_refused_leaves_the_rest(cli: Cli, leaky: Path) -> None:
    """Each alone could be carried out; after the first, the other would give two imports one name."""
    both = LEAKY.replace(
        '(import "env" "greet"', '(import "wasi_snapshot_preview1_" "yield" (func)) (import "env" "greet"'
    )
    (leaky / "in.wasm").write_bytes(wat(both))
    report = json.loads(cli("lint", "in.wasm", "--fix", "-o", "out.wasm", "--format", "json").text)
    assert [each["pass"] for each in report["not_fixed"]] == ["rename-imports"]
    assert "cannot rename both" in report["not_fixed"][0]["why"]
    assert [each["pass"] for each in report["fixed"]] == ["rename-imports", "strip-custom"]


def test_env_imports_move_to_the_configured_module(cli: Cli, leaky: Path) -> None:
    (leaky / "wasmrewrite.toml").write_text('[lint]\nselect = ["env-import"]\nenv-module = "js"\n')
    assert cli("lint", "in.wasm", "--fix", "-o", "out.wasm").code == 0
    assert b"\x02js\x05greet" in (leaky / "out.wasm").read_bytes()
    assert b"\x03env\x08__multi3" in (leaky / "out.wasm").read_bytes()
