from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import MalformedError
from wasmrewrite.explain.call_paths import called_by
from wasmrewrite.lint import Call, Finding, Settings, lint, with_calls
from wasmrewrite.model import Module

TEXT = """
(module
  (@producers (language "Rust" ""))
  (import "env" "near" (func $near)) (import "env" "far" (func $far)) (import "env" "held" (func $held))
  (import "env" "never" (func $never)) (import "env" "again" (func $again)) (import "env" "memory" (memory 1))
  (table 2 funcref) (elem (i32.const 0) $held $other)
  (export "again" (func $again))
  (func $run (export "run") (export "run_too") call $near  call $_ZN1a1b17h0123456789abcdefE)
  (func $_ZN1a1b17h0123456789abcdefE i32.const 0  call_indirect  return_call $far)
  (func $other)
  (func $begin call $near)
  (start $begin))
"""


@pytest.fixture
def found() -> dict[str, Finding]:
    module = Module.from_bytes(wat(TEXT))
    return {each.name: each for each in with_calls(module, lint(module, Settings(select=("WR114",))))}


def steps(finding: Finding) -> list[tuple[str | None, str | None, str, bool]]:
    assert finding.calls is not None
    return [(each.name, each.export, each.kind, each.exact) for each in finding.calls]


def test_calls_lead_from_an_export_to_the_import(found: dict[str, Finding]) -> None:
    assert steps(found["near"]) == [("run", "run", "call", True)]
    assert steps(found["far"]) == [("run", "run", "call", True), ("a::b", None, "return_call", True)]
    assert called_by(found["far"].calls or ()).startswith('called by export "run" → 6 a::b at 0x')


def test_calls_through_tables_are_only_possible(found: dict[str, Finding]) -> None:
    assert steps(found["held"]) == [("run", "run", "call", True), ("a::b", None, "call_indirect", False)]
    assert called_by(found["held"].calls or ()).endswith(", possibly: through a table")


def test_what_nothing_reaches(found: dict[str, Finding]) -> None:
    assert (steps(found["never"]), steps(found["again"])) == ([], [])
    assert called_by(()) == "no way leads here from an export or the start function"


def test_findings_about_something_else_have_no_calls() -> None:
    module = Module.from_bytes(wat('(module (import "Env" "m" (memory 1)) (@custom "linking" "\\02"))'))
    findings = lint(module)
    assert {each.rule for each in findings} >= {"unlinked-object", "near-miss-namespace"}
    assert with_calls(module, findings) == findings
    assert {each.calls for each in with_calls(module, findings)} == {None}


def test_code_that_cannot_be_read() -> None:
    data = wat('(module (@producers (language "Rust" "")) (import "env" "f" (func)) (func (export "run") nop nop))')
    at = data.index(bytes.fromhex("01 01 0b"))
    module = Module.from_bytes(data[:at] + b"\xff" + data[at + 1 :])
    with pytest.raises(MalformedError):
        with_calls(module, lint(module))


def test_a_long_way_is_shown_by_its_ends() -> None:
    calls = [Call(at, None, None, "call", 10 * at, True) for at in range(20)]
    assert called_by(calls) == "called by 0 → 1 → 2 → ... 14 more ... → 17 → 18 → 19 at 0xbe"
    assert called_by(calls[:7]) == "called by 0 → 1 → 2 → 3 → 4 → 5 → 6 at 0x3c"
