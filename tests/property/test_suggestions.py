"""Every command that ``explain`` suggests and every fix of ``lint`` is carried out, and the result is run under hosts.

What was found is gone, the result is valid, and nothing traps that did not trap before, whatever a host calls unasked.
Modules are those of the corpus, the examples of all rules, and initializers of every kind, so that a new rule is tried
without a change here.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.external import ROOT
from tests.helpers.hosts import Host, Outcomes, hosts_for, outcomes, trapped
from tests.helpers.wat import assert_valid, wat
from tests.unit.lint.test_rules import settings_of
from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import InvalidError, MalformedError
from wasmrewrite.explain.remarks import Remarks
from wasmrewrite.isa.types import func_type
from wasmrewrite.lint import Finding, Fix, Settings, built_in, lint
from wasmrewrite.model import Func, Module
from wasmrewrite.rewrite import Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes
from wasmrewrite.validate import validate

GUARDED = """(global $runs (mut i32) (i32.const 0))
  (func $ctors (if (global.get $runs) (then unreachable)) (global.set $runs (i32.const 1)))
  (func (export "get") (result i32) (if (i32.eqz (global.get $runs)) (then unreachable)) (global.get $runs))"""
"""An initializer that traps when it is run again, and an export that traps unless it has run."""
INITIALIZERS = {
    "plain": '(export "{name}" (func $ctors))',
    "calls": '(func (export "{name}") (call $ctors))',
    "two names": '(export "{name}" (func $ctors)) (export "setup" (func $ctors))',
    "called inside": '(export "{name}" (func $ctors)) (func (export "setup") (call $ctors))',
    "in a table": '(table (export "t") 1 funcref) (elem (i32.const 0) $ctors) (export "{name}" (func $ctors))',
    "start": '(export "{name}" (func $ctors)) (start $ctors)',
    "earlier start": '(func $s) (start $s) (export "{name}" (func $ctors))',
    "needs an import": '(func (export "{name}") (call $ctors) (call $log))',
    "needs an import by a table": """(table 1 funcref) (elem (i32.const 0) $log)
      (func (export "{name}") (call $ctors) (call_indirect (i32.const 0)))""",
    "needs a table of the host": """(import "js" "table" (table 1 funcref))
      (func (export "{name}") (call $ctors) (if (i32.const 0) (then (call_indirect (i32.const 0)))))""",
    "program": '(export "{name}" (func $ctors)) (func (export "_start"))',
    "parameter": '(func (export "{name}") (param i32) (call $ctors))',
    "shared memory": """(import "js" "memory" (memory 1 1 shared))
      (func (export "{name}") (if (i32.load (i32.const 0)) (then unreachable))
        (i32.store (i32.const 0) (i32.const 1)) (global.set $runs (i32.const 1)))""",
}

TWO_SLIPS = """(module (import "Env" "f" (func $f)) (import "wasi_snapshot_preview_1" "sched_yield" (func (result i32)))
  (func (export "g") (call $f)))"""
"""Two findings of one rule, each with a fix of its own."""


def initializers() -> Iterator[tuple[str, bytes]]:
    """Modules that hosts have to initialize, in every shape."""
    for name in ("_initialize", "__wasm_call_ctors"):
        for kind, text in INITIALIZERS.items():
            parts = text.format(name=name)
            imports = "".join(f"{part})" for part in parts.split(")\n")[:1] if part.startswith("(import"))
            rest = parts.removeprefix(imports) if imports else parts
            yield f"{name}: {kind}", wat(f'(module (import "env" "log" (func $log)) {imports} {GUARDED} {rest})')


@cache
def modules() -> dict[str, tuple[bytes, Settings]]:
    """By name: every module to try, with the settings of lint that are in force."""
    found = {path.name: (path.read_bytes(), Settings()) for path in (ROOT / "corpus" / "built").glob("*.wasm")}
    found |= {name: (data, Settings()) for name, data in initializers()}
    found["two slips"] = wat(TWO_SLIPS), Settings()
    for rule in built_in():
        for number, example in enumerate((*rule.bad, *rule.good)):
            found[f"{rule.rule_name()} {number}"] = wat(example.wat), settings_of(example)
    return {name: found[name] for name in sorted(found) if is_valid(found[name][0])}


def is_valid(data: bytes) -> bool:
    """The corpus has one module that is not, by an old compiler's fault."""
    try:
        validate(Module.from_bytes(data))
    except (InvalidError, MalformedError):
        return False
    return True


@cache
def before_outcomes(data: bytes, host: Host) -> Outcomes:
    """As ``outcomes``: many changes start at one module."""
    return outcomes(data, host)


def fewer_parameters(before: bytes, after: bytes) -> dict[str, int]:
    """By how many parameters exports take less: the pointers of those that return by value now."""
    old, new = parameters(before), parameters(after)
    return {name: count - new[name] for name, count in old.items() if name in new}


def parameters(data: bytes) -> dict[str, int]:
    """How many each exported function takes."""
    exported = [(each.name, each.item) for each in Module.from_bytes(data).exports]
    return {name: len(func_type(item.type).params) for name, item in exported if isinstance(item, Func)}


def assert_harmless(before: bytes, after: bytes) -> None:
    """Under no host does anything trap that did not trap before."""
    assert_valid(after)
    skipped = fewer_parameters(before, after)
    for name, host in hosts_for(before, after).items():
        old, new = before_outcomes(before, host), outcomes(after, host, skipped)
        assert trapped(new) <= trapped(old), (name, {what: new[what] for what in trapped(new) - trapped(old)})


def assert_initialized(before: bytes, after: bytes, name: str) -> None:
    """A host that only instantiates finds what one found that called the initializer."""
    old, new = outcomes(before, Host((name,))), outcomes(after, Host())
    assert exports(new) == exports(old)


def exports(found: Outcomes) -> Outcomes:
    """What came of calling exports."""
    return {what: came for what, came in found.items() if what.startswith("call")}


def explained(path: Path, capsys: pytest.CaptureFixture[str], what: str = "remarks") -> list[dict[str, Any]]:
    """The remarks about a file, or their kinds."""
    assert call(["explain", str(path), "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)[what]
    return found


NAMES = [pytest.param(name, marks=pytest.mark.slow if name.endswith(".wasm") else ()) for name in modules()]
"""Modules of the corpus have dozens of suggestions each."""


@pytest.mark.parametrize("name", NAMES)
def test_what_explain_suggests(name: str, tmp_path: Path, monkeypatch: Any, capsys: pytest.CaptureFixture[str]) -> None:
    data, _ = modules()[name]
    monkeypatch.chdir(tmp_path)
    path = Path("in.wasm")
    path.write_bytes(data)
    for remark in explained(path, capsys):
        if not remark["mends"]:
            continue
        command = remark["command"][1:]
        assert call(command) == 0, shlex.join(command)
        capsys.readouterr()
        after = Path("out.wasm").read_bytes()
        assert remark["what"] not in [each["what"] for each in explained(Path("out.wasm"), capsys)]
        assert_harmless(data, after)
        if remark["kind"] == "initializer":
            assert_initialized(data, after, "_initialize")


@pytest.mark.parametrize("name", NAMES)
def test_what_explain_suggests_for_all_of_a_kind(
    name: str, tmp_path: Path, monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    data, _ = modules()[name]
    monkeypatch.chdir(tmp_path)
    Path("in.wasm").write_bytes(data)
    found = explained(Path("in.wasm"), capsys)
    for kind in explained(Path("in.wasm"), capsys, "kinds"):
        if not kind["mends"] or kind["count"] == 1:
            continue
        assert call(kind["command"][1:]) == 0, shlex.join(kind["command"])
        capsys.readouterr()
        gone = {each["what"] for each in found if (each["kind"], each["weight"]) == (kind["kind"], kind["weight"])}
        assert not gone & {each["what"] for each in explained(Path("out.wasm"), capsys)}
        after = Path("out.wasm").read_bytes()
        assert_harmless(data, after)


def fixes(findings: list[Finding]) -> list[tuple[Finding, Fix]]:
    """Findings that carry a fix."""
    return [(each, each.fix) for each in findings if each.fix is not None]


@pytest.mark.parametrize("name", modules())
def test_what_lint_fixes(name: str) -> None:
    data, settings = modules()[name]
    for finding, fix in fixes(lint(Module.from_bytes(data), settings)):
        passes = build_passes([PassEntry(fix.pass_name, fix.options)])
        after = Pipeline(passes).run(Module.from_bytes(data)).data
        left = [each.fingerprint for each in lint(Module.from_bytes(after), settings)]
        assert finding.fingerprint not in left, fix
        assert_harmless(data, after)
        if fix.pass_name == "add-start":
            assert_initialized(data, after, finding.name)


def suggested(name: str) -> bool:
    """Whether anything is suggested for an initializer of the kind."""
    data, settings = modules()[name]
    found = {each.fix.pass_name for each in lint(Module.from_bytes(data), settings) if each.fix is not None}
    remarks = Remarks(Module.from_bytes(data), "in.wasm").all()
    return "add-start" in found or any(each.mends and "add-start" in each.command for each in remarks)


def test_where_an_initializer_can_run_at_instantiation_that_is_suggested() -> None:
    kinds = {name for name, _ in initializers() if suggested(name)}
    assert kinds == {
        "_initialize: plain", "_initialize: calls", "_initialize: start", "_initialize: earlier start",
        "__wasm_call_ctors: plain", "__wasm_call_ctors: calls",
    }  # fmt: skip


def test_hosts_tell_right_from_wrong() -> None:
    """The suggestion that was made once: the initializer runs at instantiation, and stays exported."""
    data, _ = modules()["_initialize: calls"]
    wrong = Pipeline(build_passes([PassEntry("add-start", {"function": "_initialize"})])).run(Module.from_bytes(data))
    with pytest.raises(AssertionError, match="WASI"):
        assert_harmless(data, wrong.data)
    settings = {"function": "_initialize", "remove-export": True}
    plain = "only instantiates"
    for kind, host in (("needs an import", plain), ("shared memory", "threads"), ("called inside", plain)):
        early, _ = modules()[f"_initialize: {kind}"]
        wrong = Pipeline(build_passes([PassEntry("add-start", settings)])).run(Module.from_bytes(early))
        with pytest.raises(AssertionError, match=host):
            assert_harmless(early, wrong.data)


def test_one_command_carries_out_all_fixes_of_a_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.wasm").write_bytes(wat(TWO_SLIPS))
    (kind,) = explained(tmp_path / "in.wasm", capsys, "kinds")
    assert (kind["count"], kind["mends"]) == (2, True)
    assert kind["command"][1:] == ["lint", str(tmp_path / "in.wasm"), "--select", "WR101", "--fix", "-o", "out.wasm"]


def test_fixes_are_tried() -> None:
    """Every pass that a rule names is among what is tried above."""
    found = (lint(Module.from_bytes(data), settings) for data, settings in modules().values())
    tried = {fix.pass_name for findings in found for _, fix in fixes(findings)}
    assert tried == {"add-start", "rename-imports", "strip-custom"}
