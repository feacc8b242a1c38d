"""Hundreds of findings of one rule do not bury the others: some are shown, and how many more there are."""

from __future__ import annotations

import json

import pytest

from tests.helpers.wat import wat
from tests.unit.cli.conftest import Cli
from wasmrewrite.cli.few import MOST, SAMPLES, few
from wasmrewrite.errors import Position
from wasmrewrite.lint import Finding, Severity


def finding(at: int, code: str = "WR114", severity: Severity = Severity.WARNING) -> Finding:
    """One of many."""
    return Finding(code, "some-rule", severity, "message", Position(at), f"name{at}")


def test_few_are_all_shown() -> None:
    found = [finding(at) for at in range(MOST)]
    assert few(found, every=False) == (found, [])


def test_of_many_some_are_shown_in_their_order() -> None:
    many = [finding(at) for at in range(MOST + 1)]
    other = finding(2, "WR201")
    shown, (rest,) = few([*many[:3], other, *many[3:]], every=False)
    assert shown == [*many[:3], other, *many[3:SAMPLES]]
    assert rest.findings == tuple(many[SAMPLES:])
    about = "'name5', 'name6', 'name7' and others"
    assert rest.words() == f"{MOST + 1 - SAMPLES} more findings of WR114 some-rule: {about} (--all shows them)"
    assert few(many, every=True) == (many, [])


COUNT = 300
NAMES = [f"_ZN3app{len(f'f{at}')}f{at}17h0123456789abcdefE" for at in range(COUNT)]


@pytest.fixture
def crowded() -> bytes:
    """A module with hundreds of findings of one rule, and one of another behind them."""
    imports = "".join(f'(import "env" "{name}" (func))' for name in NAMES)
    return wat(f'(module {imports} (import "env" "malloc" (func)))')


def test_people_see_some_and_how_many_more(cli: Cli, crowded: bytes) -> None:
    said = cli("lint", "-", stdin=crowded)
    assert said.code == 1
    lines = said.text.splitlines()
    assert sum(": error WR113 " in line for line in lines) == SAMPLES
    assert sum(": warning WR112 " in line for line in lines) == 1
    about = "'app::f5', 'app::f6', 'app::f7' and others"
    assert lines[-2:] == [
        f"standard input: {COUNT - SAMPLES} more findings of WR113 env-mangled: {about} (--all shows them)",
        f"standard input: {COUNT} errors, 1 warning",
    ]
    everything = cli("lint", "-", "--all", stdin=crowded).text
    assert everything.count(": error WR113 ") == COUNT
    assert "more findings" not in everything


def test_annotations_are_few_and_say_so(cli: Cli, crowded: bytes) -> None:
    lines = cli("lint", "-", "--format", "github", stdin=crowded).text.splitlines()
    assert len(lines) == SAMPLES + 2
    assert lines[-1].startswith(f"::error title=WR113 env-mangled::{COUNT - SAMPLES} more findings")
    assert len(cli("lint", "-", "--format", "github", "--all", stdin=crowded).text.splitlines()) == COUNT + 1


def test_formats_for_programs_leave_nothing_out(cli: Cli, crowded: bytes) -> None:
    assert len(json.loads(cli("lint", "-", "--format", "json", stdin=crowded).out)["findings"]) == COUNT + 1
    (run,) = json.loads(cli("lint", "-", "--format", "sarif", stdin=crowded).out)["runs"]
    assert len(run["results"]) == COUNT + 1


def test_explain_sums_up_what_lint_finds(cli: Cli, crowded: bytes) -> None:
    lines = cli("explain", "-", stdin=crowded).text.splitlines()
    at = lines.index(f"  error: {COUNT} findings of WR113 env-mangled")
    assert lines[at + 4 : at + 6] == [
        f"    and {COUNT - 3} more, which --all shows",
        "    see: wasmrewrite lint - --select WR113 --all",
    ]
    assert len(lines) < 20


def test_explain_sums_up_results_through_pointers(cli: Cli) -> None:
    """As in a large C++ module: readable names, and one command that drafts declarations of all."""
    writes = "(i32.store (local.get 0) (i32.const 1)) (i32.store offset=4 (local.get 0) (i32.const 2))"
    exports = "".join(f'(func (export "_ZN5arrow{len(f"f{at}")}f{at}Ei") (param i32) {writes})' for at in range(COUNT))
    stack = "(global $__stack_pointer (mut i32) (i32.const 65536))"
    module = wat(f"(module (memory 1) {stack} {exports})")
    lines = cli("explain", "-", stdin=module).text.splitlines()
    at = lines.index("results through pointers:")
    then = "wasmrewrite rewrite - -o out.wasm --pass multi-value --declarations interface.toml"
    assert lines[at + 1 :] == [
        f"  suspicion: {COUNT} exports may return through a pointer",
        "    'arrow::f0(int)': stores i32 @0, i32 @4",
        "    'arrow::f1(int)': stores i32 @0, i32 @4",
        "    'arrow::f2(int)': stores i32 @0, i32 @4",
        f"    and {COUNT - 3} more, which --all shows",
        "    see: wasmrewrite info - --draft-declarations",
        f"    then, with what is right in interface.toml: {then}",
    ]
    assert cli("explain", "-", "--all", stdin=module).text.count("mend, if so: ") == COUNT
    (kind,) = json.loads(cli("explain", "-", "--format", "json", stdin=module).out)["kinds"]
    assert (kind["count"], kind["command"][1:]) == (COUNT, ["info", "-", "--draft-declarations"])
    assert cli("info", "-", "--draft-declarations", stdin=module).text.count('# result = "(i32, i32)"') == COUNT


def test_a_dynamic_library_is_left_as_its_loader_expects_it(cli: Cli) -> None:
    """Other modules call its exports as they are, and its section of imports and exports forbids the change."""
    writes = "(i32.store (local.get 0) (i32.const 1)) (i32.store offset=4 (local.get 0) (i32.const 2))"
    stack = '(import "env" "__stack_pointer" (global (mut i32)))'
    module = wat(f'(module {stack} (memory 1) (func (export "f") (param i32) {writes}))') + b"\0\x09\x08dylink.0"
    (remark,) = json.loads(cli("explain", "-", "--format", "json", stdin=module).out)["remarks"]
    assert not remark["mends"]
    assert remark["evidence"][-1] == "in a dynamic library other modules call it as it is"
