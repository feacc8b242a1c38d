"""The first line of a verdict said ``ended alike 1 times`` and ``1 of 1 items``, and that functions were tested when
nothing of them had been executed, or from whose differences nothing was to follow. That of ``--replay`` had no verdict.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.wat import wat
from wasmrewrite import verify
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Contract, InstantiationCalls
from wasmrewrite.contract.claims import BehaviourChanged
from wasmrewrite.equiv.structure.bodies import BodyChange
from wasmrewrite.equiv.structure.comparison import Structure
from wasmrewrite.equiv.verdict import Coverage, Different, Evidence, Inconclusive, Same

TRAP = "(module (func $i (unreachable)) (start $i))"


def changes(count: int) -> list[BodyChange]:
    return [BodyChange(index, index, frozenset()) for index in range(count)]


def test_one_is_singular() -> None:
    trap, memory = wat(TRAP), wat("(module (memory 1))")
    assert verify(trap, trap).summary().endswith("; instantiation ended alike once")
    assert verify(memory, memory).summary() == "same: 1 of 1 item unchanged, no code changed; nothing to call"
    evidence = Evidence(calls=1, masked=1, unproven=1, skipped=1)
    evidence.unlogged["e.f"] = 1
    lines = Same(Structure(), evidence).text().splitlines()
    assert lines[1:] == [
        "  1 differing byte in dead stack or padding was not compared",
        "  1 function stands for another without a claim; only calls tell of it",
        "  1 call of added imports was not compared (e.f)",
        "  1 call shows nothing: out of fuel, depth or memory on both sides, or of what is executed here",
    ]


def test_functions_that_did_not_run_are_not_called_tested() -> None:
    found = Structure(total=9, same=7, bodies=changes(3))
    evidence = Evidence(calls=40, coverage=Coverage(10, 5, ["function 2: nop at 0x1"], untested=1))
    assert Inconclusive(found, evidence).summary() == (
        "inconclusive: 7 of 9 items unchanged; 3 changed functions: 2 tested (40 calls, 50% of their code executed)"
    )


def test_intended_changes_are_not_called_tested() -> None:
    before = wat('(module (func (export "f") (result i32) (i32.const 1)) (func (export "g")))')
    after = wat('(module (func (export "f") (result i32) (i32.const 2)) (func (export "g")))')
    verdict = verify(before, after, Contract(claims=(BehaviourChanged(0, "on purpose"),)))
    assert "1 changed function: not tested, the change is intended (" in verdict.summary()
    found = Structure(total=9, same=7, bodies=changes(3))
    evidence = Evidence(calls=40, coverage=Coverage(10, 10), excused=["function 0 (x)"], exempt=1)
    assert Same(found, evidence).summary() == (
        "same: 7 of 9 items unchanged; "
        "3 changed functions: 2 tested (40 calls, 100% of their code executed), 1 change intended"
    )


def test_names_do_no_harm_in_json_either() -> None:
    text = (
        '(module (global $g (mut i32) (i32.const 0)) (export "a\\0ab\\1b[31m" (global $g))'
        "(func $i (global.set $g (i32.const 7))){})"
    )
    claimed = Contract(claims=(InstantiationCalls(0, ()),))
    verdict = verify(wat(text.format("")), wat(text.format("(start $i)")), Contract())
    assert isinstance(verdict, Different)
    for found in (verdict, verify(wat(text.format("")), wat(text.format("")), claimed)):
        data = found.to_json()
        assert data["summary"] == found.text().splitlines()[0]
        assert data["summary"].isprintable()
        assert all(reason.isprintable() for reason in data["reasons"])
        assert all(reason in found.text() for reason in data["reasons"])


def test_a_replayed_difference_begins_as_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "(func $i (global.set $g (i32.const 7))) (func $n)"
    text = '(module (global $g (export "g") (mut i32) (i32.const 0))' + code + "{})"
    names = [str(tmp_path / name) for name in ("before.wasm", "after.wasm", "found.json", "contract.json")]
    before, after, found, contract = names
    Path(before).write_bytes(wat(text.format("")))
    Path(after).write_bytes(wat(text.format("(start $i)")))
    claims = [{"claim": "instantiation-calls", "old": 1}]
    claimed = {"schema": "wasmrewrite.contract/1", "maps": [], "redirected": [], "claims": claims}
    Path(contract).write_text(json.dumps(claimed))
    assert call(["verify", before, after, "--contract", contract, "--save-reproducer", found]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("different: ")
    assert call(["verify", before, after, "--replay", found]) == 1
    assert capsys.readouterr().out.splitlines()[0] == first
    assert call(["verify", before, after, "--replay", found, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"] == first
