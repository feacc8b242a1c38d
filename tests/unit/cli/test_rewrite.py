from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.helpers.wat import assert_valid
from tests.unit.cli.conftest import Cli
from wasmrewrite import Module

ADD_START = ("--pass", "add-start", "--set", "add-start.function=init")
FAILING = ("--pass", "add-start", "--set", "add-start.function=nothing")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def start_of(data: bytes) -> str | None:
    start = Module.from_bytes(data).start
    return None if start is None else start.name


def test_the_output_is_valid_and_the_input_untouched(cli: Cli, folder: Path) -> None:
    before = files(folder)
    assert cli("rewrite", "in.wasm", "-o", "out.wasm", *ADD_START) == (0, b"", "")
    after = files(folder)
    assert_valid(after["out.wasm"])
    assert start_of(after["out.wasm"]) == "init"
    assert {name: after[name] for name in before} == before


def test_a_warning_is_told_unasked(cli: Cli, folder: Path) -> None:
    early = ("--pass", "add-start", "--set", "add-start.function=sum_from_host")
    said = cli("rewrite", "in.wasm", "-o", "out.wasm", *early)
    assert (said.code, said.out) == (0, b"")
    assert said.err.startswith("add-start: warning: 'sum_from_host' can call the import 'js.get_two_i64s', 1 call")


def test_standard_streams_carry_the_module_and_nothing_else(cli: Cli, folder: Path) -> None:
    said = cli("rewrite", "-", "-o", "-", *ADD_START, "--verbose", stdin=(folder / "in.wasm").read_bytes())
    cli("rewrite", "in.wasm", "-o", "out.wasm", *ADD_START)
    assert said.out == (folder / "out.wasm").read_bytes()
    assert said.err.startswith("add-start: 'init' runs at instantiation\n")
    report = cli("rewrite", "in.wasm", "-o", "-", *ADD_START, "--format", "json")
    assert report.out == said.out
    assert json.loads(report.err)["schema"] == "wasmrewrite.rewrite/1"


def test_the_output_may_be_the_input(cli: Cli, folder: Path) -> None:
    assert cli("rewrite", "in.wasm", "-o", "in.wasm", *ADD_START).code == 0
    assert start_of((folder / "in.wasm").read_bytes()) == "init"


@pytest.mark.parametrize("output", ["in.wasm", "out.wasm", "-"])
def test_a_failing_pass_leaves_no_output_and_the_input(cli: Cli, folder: Path, output: str) -> None:
    before = files(folder)
    said = cli("rewrite", "in.wasm", "-o", output, "--write-contract", "c.json", *ADD_START[:2], *FAILING[2:])
    assert (said.code, said.out) == (3, b"")
    assert "pass add-start: no export and no function is called 'nothing'" in said.err
    assert files(folder) == before


def test_module_and_contract_are_written_both_or_neither(cli: Cli, folder: Path) -> None:
    before = files(folder)
    said = cli("rewrite", "in.wasm", "-o", "out.wasm", "--write-contract", "missing/c.json", *ADD_START)
    assert (said.code, said.err) == (3, "error: missing/c.json: No such file or directory\n")
    assert files(folder) == before
    assert cli("rewrite", "in.wasm", "-o", "same", "--write-contract", "./same", *ADD_START).code == 2
    assert files(folder) == before


def test_check_writes_nothing(cli: Cli, folder: Path) -> None:
    before = files(folder)
    assert cli("rewrite", "in.wasm", "--check", *ADD_START).code == 1
    assert cli("rewrite", "in.wasm", "--check", "-o", "out.wasm", "--write-contract", "c.json", *ADD_START).code == 1
    assert files(folder) == before
    cli("rewrite", "in.wasm", "-o", "out.wasm", *ADD_START)
    assert cli("rewrite", "in.wasm", "--check", "-o", "out.wasm", *ADD_START).code == 0
    assert cli("rewrite", "out.wasm", "--check", *ADD_START).code == 0


def test_configuration_comes_from_the_current_directory_upwards(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = '[[pass]]\nname = "multi-value"\n[[pass]]\nname = "add-start"\nfunction = "init"\n'
    (folder / "wasmrewrite.toml").write_text(f'interface = "interface.toml"\n{passes}')
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    said = cli("rewrite", "../../in.wasm", "-o", "out.wasm", "--verbose")
    assert said.code == 0
    assert "add-start: 'init' runs at instantiation" in said.text
    assert "changed type of export 'get_two_i64s' to [] -> [i64 i64]" in said.text


def test_the_command_line_wins_over_the_configuration(cli: Cli, folder: Path) -> None:
    (folder / "wasmrewrite.toml").write_text('[[pass]]\nname = "add-start"\nfunction = "nothing"\n')
    (folder / "other.toml").write_text('[[pass]]\nname = "remove-start"\n')
    assert cli("rewrite", "in.wasm", "-o", "out.wasm").code == 3
    assert cli("rewrite", "in.wasm", "-o", "out.wasm", "--set", "add-start.function=init").code == 0
    said = cli("rewrite", "in.wasm", "-o", "out.wasm", "--config", "other.toml", "--format", "json")
    assert [each["name"] for each in json.loads(said.out)["passes"]] == ["remove-start"]


def test_configuration_is_never_taken_from_the_place_of_the_input(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "wasmrewrite.toml").write_text('[[pass]]\nname = "add-start"\nfunction = "init"\n')
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    said = cli("rewrite", str(folder / "in.wasm"), "-o", "out.wasm")
    assert (said.code, list(elsewhere.iterdir())) == (2, [])


def test_a_contract_leads_to_the_verdict_same(cli: Cli, folder: Path) -> None:
    passes = ("--pass", "multi-value", *ADD_START, "--declarations", "interface.toml", "--write-contract", "c.json")
    assert cli("rewrite", "in.wasm", "-o", "out.wasm", *passes).code == 0
    said = cli("verify", "in.wasm", "out.wasm", "--contract", "c.json", "--declarations", "interface.toml")
    assert said.code == 0, said.text
    assert said.text.startswith("same: ")


def test_what_was_lost_is_told_unasked(cli: Cli, folder: Path) -> None:
    data = (folder / "in.wasm").read_bytes() + b"\x00\x15\x10sourceMappingURL\x03a.b"
    said = cli("rewrite", "-", "-o", "out.wasm", *ADD_START, stdin=data)
    assert said.code == 0
    assert said.err.startswith("note: left out custom section 'sourceMappingURL' (")
    assert said.out == b""


def test_the_same_command_gives_the_same_bytes(cli: Cli, folder: Path) -> None:
    passes = ("--pass", "multi-value", *ADD_START, "--declarations", "interface.toml", "--write-contract")
    cli("rewrite", "in.wasm", "-o", "a.wasm", *passes, "a.json")
    cli("rewrite", "in.wasm", "-o", "b.wasm", *passes, "b.json")
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files(folder).items()}
    assert digests["a.wasm"] == digests["b.wasm"]
    assert digests["a.json"] == digests["b.json"]


def test_time_is_told_on_the_side(cli: Cli, folder: Path) -> None:
    said = cli("rewrite", "in.wasm", "-o", "out.wasm", *ADD_START, "--timings")
    assert said.out == b""
    assert said.err.startswith("time: ")
