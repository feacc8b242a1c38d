from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.binary import custom, module, section, vector
from tests.helpers.wat import wat
from tests.unit.cli.conftest import CORPUS, Cli

BUILT = sorted((CORPUS / "built").glob("*.wasm"))
SMALL = (CORPUS / "built" / "two_i64s.1.96-O3.wasm").read_bytes()


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_both_formats_tell_of_every_corpus_module(cli: Cli, path: Path) -> None:
    said, data = cli("info", str(path)), json.loads(cli("info", str(path), "--format", "json").out)
    assert (said.code, said.err) == (0, "")
    assert sum(each["size"] for each in data["sections"]) + 8 == data["size"] == path.stat().st_size
    assert data["problems"] == []


def test_types_are_told_in_full(cli: Cli) -> None:
    data = wat(
        '(module (type $t (func (param i32) (result (ref null extern)))) (import "m" "f" (func (type $t)))'
        '(memory (export "mem") i64 1 5) (table (export "t") 3 funcref)'
        '(global (export "g") (mut f64) (f64.const 0)) (tag (export "e") (param i64)))'
    )
    found = json.loads(cli("info", "-", "--format", "json", stdin=data).out)
    assert found["imports"] == [
        {
            "module": "m",
            "name": "f",
            "kind": "func",
            "index": 0,
            "type": {"params": ["i32"], "results": ["externref"]},
            "type_text": "[i32] -> [externref]",
        }
    ]
    assert {each["name"]: each["type_text"] for each in found["exports"]} == {
        "mem": "1 to 5 pages, i64",
        "t": "3 funcref",
        "g": "(mut f64)",
        "e": "[i64] -> []",
    }


def test_a_broken_custom_section_is_a_problem_not_an_error(cli: Cli) -> None:
    said = cli("info", "-", stdin=module(custom("producers", b"\x05"), custom("target_features", b"\x01?\x00")))
    assert said.code == 0
    assert len([line for line in said.text.splitlines() if line.startswith("problem: custom section ")]) == 2


def test_a_report_can_go_to_a_file(cli: Cli, folder: Path) -> None:
    assert cli("info", "in.wasm", "-o", "report.json", "--format", "json") == (0, b"", "")
    assert (folder / "report.json").read_bytes() == cli("info", "in.wasm", "--format", "json").out


def test_a_section_that_promises_too_much_is_refused(cli: Cli) -> None:
    said = cli("info", "-", stdin=module(section(1, b"\xff\xff\xff\xff\x0f"), section(7, vector())))
    assert said.code == 3
    assert said.err.startswith("error: standard input: malformed: ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_are_an_internal_error(cli: Cli, data: st.DataObject) -> None:
    broken = bytearray(SMALL[: data.draw(st.integers(0, len(SMALL)))])
    for _ in range(data.draw(st.integers(0, 3)) if broken else 0):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    for verb in (["info"], ["run", "--stub-imports", "--fuel", "10000"]):
        said = cli(*verb, "-", stdin=bytes(broken))
        assert said.code in (0, 3, 125, 134)
        assert "internal error" not in said.err
