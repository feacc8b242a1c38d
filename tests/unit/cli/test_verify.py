from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.spoilt import second_load_misplaced
from tests.repo.tree import ROOT
from tests.unit.cli.conftest import Cli


@pytest.fixture
def rewritten(cli: Cli, folder: Path) -> Path:
    """``out.wasm`` beside ``in.wasm``, with its contract ``c.json``."""
    passes = ("--pass", "multi-value", "--pass", "add-start", "--set", "add-start.function=init")
    files = ("-o", "out.wasm", "--declarations", "interface.toml", "--write-contract", "c.json")
    assert cli("rewrite", "in.wasm", *files, *passes).code == 0
    return folder


def spoil(folder: Path) -> None:
    (folder / "wrong.wasm").write_bytes(second_load_misplaced((folder / "out.wasm").read_bytes()))


def test_exit_codes_tell_the_verdicts_apart(cli: Cli, rewritten: Path) -> None:
    spoil(rewritten)
    assert cli("verify", "in.wasm", "out.wasm", "--contract", "c.json").code == 0
    assert cli("verify", "in.wasm", "wrong.wasm", "--contract", "c.json").code == 1
    assert cli("verify", "in.wasm", "out.wasm", "--contract", "c.json", "--calls", "0").code in (0, 5)


def test_a_difference_can_be_replayed(cli: Cli, rewritten: Path) -> None:
    spoil(rewritten)
    assert cli("verify", "in.wasm", "wrong.wasm", "--contract", "c.json", "--save-reproducer", "case.json").code == 1
    assert json.loads((rewritten / "case.json").read_text())["schema"] == "wasmrewrite.reproducer/2"
    said = cli("verify", "in.wasm", "wrong.wasm", "--replay", "case.json")
    assert said.code == 1
    assert "get_two_i64s" in said.text
    said = cli("verify", "in.wasm", "out.wasm", "--replay", "case.json")
    assert said == (0, b"the reproducer shows no difference\n", "")
    data = json.loads(cli("verify", "in.wasm", "wrong.wasm", "--replay", "case.json", "--format", "json").out)
    assert data["schema"] == "wasmrewrite.replay/2"
    assert set(data["difference"]) == {"location", "before", "after"}


def test_what_the_user_says_of_the_start_function_counts(cli: Cli, rewritten: Path) -> None:
    contract = ("--contract", "c.json")
    assert cli("verify", "in.wasm", "out.wasm", *contract, "--expect-start", "init").code == 0
    assert cli("verify", "in.wasm", "out.wasm", *contract, "--expect-start", "is_ready").code == 1


def test_an_interface_that_says_something_else_is_a_difference(cli: Cli, rewritten: Path) -> None:
    text = (rewritten / "interface.toml").read_text().replace("(i64, i64)", "(u64, i64)")
    (rewritten / "other.toml").write_text(text)
    said = cli("verify", "in.wasm", "out.wasm", "--contract", "c.json", "--declarations", "other.toml")
    assert said.code == 1
    assert "declared to return (u64, i64)" in said.text


def test_json_has_everything(cli: Cli, rewritten: Path) -> None:
    data = json.loads(cli("verify", "in.wasm", "out.wasm", "--contract", "c.json", "--format", "json").out)
    assert data["schema"] == "wasmrewrite.verdict/2"
    assert data["verdict"] == "same"
    coverage = data["execution"]["coverage"]
    assert coverage["reached"] == coverage["required"] > 0


def test_a_start_function_needs_no_contract(cli: Cli, folder: Path) -> None:
    start = ("--pass", "add-start", "--set", "add-start.function=init")
    assert cli("rewrite", "in.wasm", "-o", "out.wasm", *start).code == 0
    assert cli("verify", "in.wasm", "out.wasm", "--expect-start", "init").code == 0
    assert cli("verify", "in.wasm", "out.wasm").code == 1


HOST = """
from itertools import count
mapping = {"js": {"get_two_i64s": lambda: (1, 2)}}
def make(store):
    numbers = count()
    return {"js": {"get_two_i64s": lambda: (next(numbers), 2)}}
def fails(store):
    raise LookupError("no such host")
def nothing(store):
    return None
class Hosts:
    wrong = {"js": {"get_two_i64s": 5}}
"""


@pytest.fixture
def hosts(rewritten: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module ``test_hosts_of_verify`` on the search path."""
    place = rewritten / "installed"
    place.mkdir()
    (place / "test_broken_hosts.py").write_text("raise ValueError('broken')")
    (place / "test_hosts_of_verify.py").write_text(HOST)
    monkeypatch.syspath_prepend(str(place))
    return rewritten


@pytest.mark.parametrize("name", ["mapping", "make"])
def test_a_host_can_be_given(cli: Cli, hosts: Path, name: str) -> None:
    spoil(hosts)
    given = ("--contract", "c.json", "--host", f"test_hosts_of_verify:{name}")
    said = cli("verify", "in.wasm", "out.wasm", *given)
    assert (said.code, "1 of 1 imported functions are the user's" in said.text) == (0, True)
    assert cli("verify", "in.wasm", "wrong.wasm", *given, "--save-reproducer", "case.json").code == 1
    assert cli("verify", "in.wasm", "wrong.wasm", "--replay", "case.json", *given[2:]).code == 1


@pytest.mark.parametrize(
    ("host", "code", "message"),
    [
        ("nonsense", 2, "is no MODULE:ATTRIBUTE"),
        ("no_such_module_here:x", 2, "no module"),
        ("no_such_package.inside:x", 2, "cannot be imported"),
        ("test_hosts_of_verify:missing", 2, "has no"),
        ("test_hosts_of_verify:fails", 2, "fails cannot be made: LookupError: no such host"),
        ("test_hosts_of_verify:nothing", 2, "a host is a mapping"),
        ("test_broken_hosts:x", 2, "cannot be imported: ValueError: broken"),
        ("test_hosts_of_verify:Hosts.wrong", 3, "under its by-value claim"),
        ("test_hosts_of_verify:HOST.x", 2, "has no"),
    ],
)
def test_hosts_that_cannot_be_used(cli: Cli, hosts: Path, host: str, code: int, message: str) -> None:
    said = cli("verify", "in.wasm", "out.wasm", "--contract", "c.json", "--host", host)
    assert (said.code, message in said.err) == (code, True), said


def test_a_file_beside_the_input_is_not_run(rewritten: Path) -> None:
    (rewritten / "lying_about.py").write_text("raise SystemExit('run')")
    command = [sys.executable, "-m", "wasmrewrite", "verify", "in.wasm", "out.wasm", "--host", "lying_about:make"]
    done = subprocess.run(
        command, cwd=rewritten, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "what lies in the current directory does not count" in done.stderr


def test_another_engine_can_be_asked(cli: Cli, rewritten: Path) -> None:
    given = ("in.wasm", "out.wasm", "--contract", "c.json", "--cross-check", "wasmtime")
    said = cli("verify", *given)
    assert (said.code, "wasmtime did the same as our own engine in" in said.text) == (0, True)
    data = json.loads(cli("verify", *given, "--format", "json").out)
    assert data["execution"]["cross_check"]["matching_calls"] > 0
    assert cli("verify", *given[:-1], "v8").code == 2
