from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from tests.unit.cli.conftest import Cli

ODD = """
(module
  (import "host" "f" (func $f (param i64) (result f64)))
  (import "host" "m" (memory 1))
  (import "host" "t" (table 1 externref))
  (import "host" "g" (global i32))
  (func (export "trap") unreachable)
  (func (export "forever") (loop br 0))
  (func $deep (export "deep") call $deep)
  (func (export "same") (param externref f32) (result externref f32) local.get 0 local.get 1)
  (func (export "ask") (result f64 i32) (call $f (i64.const -1)) global.get 0)
  (func (export "_start")))
"""


@pytest.fixture
def odd(tmp_path: Path) -> str:
    path = tmp_path / "odd.wasm"
    path.write_bytes(wat(ODD))
    return str(path)


def test_a_trap_is_told_from_our_own_failures(cli: Cli, odd: str) -> None:
    said = cli("run", odd, "--stub-imports", "--invoke", "trap")
    assert (said.code, said.out) == (134, b"")
    assert "trap: func[1]" in said.err
    assert "unreachable" in said.err
    assert cli("run", odd, "--stub-imports", "--invoke", "forever", "--fuel", "1000").code == 125
    assert cli("run", odd, "--stub-imports", "--invoke", "deep").code == 125
    assert cli("run", odd, "--invoke", "same").code == 125
    assert cli("run", odd, "--nonsense").code == 125
    assert cli("run", "missing.wasm").code == 125


def test_a_trap_is_data_too(cli: Cli, odd: str) -> None:
    said = cli("run", odd, "--stub-imports", "--invoke", "trap", "--format", "json")
    data = json.loads(said.out)
    assert (said.code, data["outcome"], data["trap"]["message"]) == (134, "trapped", "unreachable")


def test_everything_importable_has_a_stand_in(cli: Cli, odd: str) -> None:
    assert cli("run", odd, "--stub-imports") == (0, b"", "")
    said = cli("run", odd, "--stub-imports", "--invoke", "ask", "--trace")
    assert said.text == "f64 0.0\ni32 0\n"
    assert said.err == 'host: "host" "f" (i64 -1 / u64 18446744073709551615) -> f64 0.0\n'


def test_references_and_float_bits_pass_through(cli: Cli, odd: str) -> None:
    said = cli("run", odd, "--stub-imports", "--invoke", "same", "extern:7", "nan:0x1")
    assert said.text == "externref extern:7\nf32 nan:0x1\n"
    assert cli("run", odd, "--stub-imports", "--invoke", "same", "null", "-0").text == "externref null\nf32 -0.0\n"


def test_answers_depend_on_the_seed_only(cli: Cli, odd: str) -> None:
    answers = [cli("run", odd, "--host-seed", seed, "--invoke", "ask").text for seed in ("1", "1", "2")]
    assert answers[0] == answers[1] != answers[2]


def test_both_forms_of_a_declared_result_read_the_same(cli: Cli, folder: Path) -> None:
    passes = ("--pass", "multi-value", "--declarations", "interface.toml")
    assert cli("rewrite", "in.wasm", "-o", "out.wasm", *passes).code == 0
    for name in ("get_two_i64s", "difference_from_host"):
        said = [
            cli("run", side, "--invoke", name, "--declarations", "interface.toml", "--host-seed", "9")
            for side in ("in.wasm", "out.wasm")
        ]
        assert said[0] == said[1]
        assert said[0].code == 0
        assert said[0].out


def test_a_declaration_that_does_not_fit_is_refused(cli: Cli, folder: Path) -> None:
    (folder / "wrong.toml").write_text('[[export]]\nname = "add"\nparams = ["i32"]\nresult = "i32"\n')
    said = cli("run", "in.wasm", "--invoke", "add", "1", "--declarations", "wrong.toml", "--stub-imports")
    assert said.code == 125
    assert "declares other parameters" in said.err


def test_arguments_need_somewhere_to_go(cli: Cli, folder: Path) -> None:
    said = cli("run", "in.wasm", "5", "--stub-imports")
    assert said.code == 125
    assert "--invoke" in said.err
