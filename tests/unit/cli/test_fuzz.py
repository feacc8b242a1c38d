from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli
from tests.unit.fuzz.planted import OtherConstant
from wasmrewrite.fuzz import PassFailure, fuzz_pass
from wasmrewrite.model import Module
from wasmrewrite.rewrite import registry


def test_a_short_campaign_finds_nothing(cli: Cli, folder: Path) -> None:
    said = cli("fuzz", "--max-cases", "5", "--seed", "3", "-o", "cases")
    assert said.code == 0, said.text
    assert said.text.startswith("5 cases, ")
    assert not (folder / "cases").exists()


def test_json_counts_everything(cli: Cli, folder: Path) -> None:
    found = json.loads(cli("fuzz", "--max-cases", "4", "--passes", "strip-custom", "--format", "json").text)
    assert found["schema"] == "wasmrewrite.fuzz/1"
    assert found["failures"] == []
    assert sum(found[kind] for kind in ("same", "inconclusive", "refused", "failed")) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--passes", "no-such-pass"), "unknown pass 'no-such-pass'"),
        (("--max-time", "soon"), "'soon' is no time"),
        (("--set", "x"), "is no PASS.OPTION=VALUE"),
        (("--corpus", "."), "no valid modules"),
    ],
)
def test_what_cannot_be_asked(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = cli("fuzz", "--max-cases", "1", *arguments)
    assert said.code == 2
    assert message in said.err


def test_a_failing_case_is_kept_and_can_be_judged_again(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "find", lambda _name, plugins=True: OtherConstant)
    with pytest.raises(PassFailure) as caught:
        fuzz_pass(OtherConstant(), cases=300, shrinks=0)
    number = caught.value.case.seed.partition("/")[2]
    said = cli("fuzz", "--passes", "other-constant", "--max-cases", str(int(number) + 3), "-o", "cases")
    kept = list((folder / "cases").iterdir()) if said.code else []
    assert said.code == 1, said.text
    assert kept
    again = cli("verify", "--case", str(kept[0]))
    assert again.code == 1
    assert again.text.startswith("as it was kept: differs (")
    assert "rewritten again: differs (" in again.text
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert cli("verify", "--case", str(kept[0])).code == 2  # there is no such pass


def test_a_case_without_a_named_pass_is_judged_as_it_was_kept(cli: Cli, folder: Path) -> None:
    with pytest.raises(PassFailure) as caught:
        fuzz_pass(OtherConstant(), cases=300, shrinks=0)
    (folder / "case").mkdir()
    for name, data in caught.value.case.files().items():
        (folder / "case" / name).write_bytes(data)
    said = cli("verify", "--case", "case")
    assert said.code == 1
    assert said.text.splitlines()[1] == "not rewritten again: the case names no pass"
    (folder / "case" / "after.wasm").unlink()
    assert cli("verify", "--case", "case").code == 5


def test_reduce_asks_a_command(cli: Cli, folder: Path) -> None:
    said = cli("reduce", "in.wasm", "-o", "out.wasm", "--test", "grep -q get_two_i64s", "--max-attempts", "150")
    assert said.code == 0, said.err
    small = (folder / "out.wasm").read_bytes()
    assert b"get_two_i64s" in small
    assert len(small) < len((folder / "in.wasm").read_bytes()) // 2
    Module.from_bytes(small, check="validate")


@pytest.mark.parametrize(
    ("test", "code", "message"),
    [("false", 2, "not interesting"), ("'", 2, "--test: "), ("no-such-command-at-all", 3, "No such file")],
)
def test_reduce_says_what_is_wrong(cli: Cli, folder: Path, test: str, code: int, message: str) -> None:
    said = cli("reduce", "in.wasm", "-o", "out.wasm", "--test", test)
    assert (said.code, message in said.err) == (code, True), said.err
    assert not (folder / "out.wasm").exists()


def test_coverage_names_the_lines_that_never_ran(cli: Cli, folder: Path) -> None:
    said = cli("fuzz", "--max-cases", "25", "--passes", "remove-start,add-start", "--coverage", "--format", "json")
    found = json.loads(said.text)["coverage"]
    assert set(found) == {"remove-start", "add-start"}
    assert 0 < len(found["add-start"]["missed"]) < found["add-start"]["lines"]
    lines = cli("fuzz", "--max-cases", "1", "--passes", "strip-custom", "--coverage").text.splitlines()
    assert lines[1].startswith("  strip-custom: ")
    assert "coverage" not in json.loads(cli("fuzz", "--max-cases", "1", "--format", "json").text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--passes", "add-strat"), "did you mean 'add-start'?"),
        (("--set", "add-start.functio=x"), 'add-start has no option \'functio\'; did you mean "function"?'),
        (("--passes", "add-start", "--set", "multi-value.zero-buffer=no"), "multi-value is not among --passes"),
    ],
)
def test_slips_are_told(cli: Cli, folder: Path, arguments: tuple[str, ...], message: str) -> None:
    said = cli("fuzz", "--max-cases", "1", *arguments)
    assert (said.code, message in said.err) == (2, True), said.err


def test_a_kept_case_names_its_place(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "find", lambda _name, plugins=True: OtherConstant)
    said = cli("fuzz", "--passes", "other-constant", "--max-cases", "25", "--seed", "../a\x1b b", "-o", "cases")
    assert said.code == 1
    assert "\x1b" not in said.text
    assert {each.parent for each in (folder / "cases").iterdir()} == {folder / "cases"}
