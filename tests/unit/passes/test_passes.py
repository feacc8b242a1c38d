"""What passes refuse and keep apart, beyond the golden cases, which show what they do."""

from __future__ import annotations

import tomllib

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.contract import ReturnsByValue
from wasmrewrite.errors import ConfigError, RewriteError
from wasmrewrite.kernels.scan import find_ops
from wasmrewrite.model import Body, Module
from wasmrewrite.rewrite import Pipeline, Result, parse_interface
from wasmrewrite.rewrite.config import PassEntry, build_passes

CORPUS = ROOT / "corpus"
STACK = "(memory 1) (global $__stack_pointer (mut i32) (i32.const 1024))"


def run(text: str, name: str, /, **settings: object) -> Result:
    entry = PassEntry(name, {key.rstrip("_").replace("_", "-"): value for key, value in settings.items()})
    result = Pipeline(build_passes([entry])).run(Module.from_bytes(wat(f"(module {text})")))
    assert_valid(result.data)
    return result


def refusal(text: str, name: str, /, **settings: object) -> str:
    with pytest.raises((RewriteError, ConfigError)) as caught:
        run(text, name, **settings)
    return str(caught.value)


def test_remove_export_needs_an_export() -> None:
    assert refusal("(func $main)", "add-start", function="main", remove_export=True) == (
        "rewrite: pass add-start: remove-export: 'main' is a name, not an export"
    )


def test_a_start_function_with_results_is_wrapped_without_constants() -> None:
    module = run('(func (export "main") (result i32) i32.const 1)', "add-start", function="main").module
    assert module.start is module.funcs[1]


def test_an_import_can_be_the_start_function() -> None:
    result = run('(import "js" "go" (func $go)) (export "go" (func $go))', "add-start", function="go")
    module = result.module
    assert module.start is module.funcs[0]
    assert [note.what for note in result.notes if note.warning] == ["'js.go' is an import"]


def test_imports_that_would_run_too_early_are_warned_of() -> None:
    text = """(import "env" "log" (func $log)) (func $far (call $log)) (func $near (call $far))
        (func (export "main") (call $near))"""
    (warning,) = [note for note in run(text, "add-start", function="main").notes if note.warning]
    assert str(warning) == (
        "add-start: 'main' can call the import 'env.log', 3 calls away "
        "(it runs before the host can access any export, including memory; see 'callgraph --from')"
    )


def test_calls_through_tables_are_told_to_be_unknown() -> None:
    text = """(table 1 funcref) (type $t (func)) (func $inner (call_indirect (type $t) (i32.const 0)))
        (func (export "main") (call $inner)) (func (export "plain"))"""
    notes = [str(note) for note in run(text, "add-start", function="main").notes]
    assert notes[0] == "add-start: 'main' calls through tables (indirect calls were not followed)"
    assert len(run(text, "add-start", function="plain").notes) == 1


def test_exporting_the_former_start_function_takes_no_name_away() -> None:
    assert refusal('(func $main (export "main")) (start $main)', "remove-start", export="main") == (
        "rewrite: pass remove-start: there is an export 'main' already"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"module": "env"}, "configuration: pass rename-imports: invalid rule 'env'; expected OLD=NEW"),
        ({"name": "f=*"}, "configuration: pass rename-imports: invalid rule 'f=*': NEW contains more '*' than OLD"),
        ({"name": "g=h"}, "rewrite: pass rename-imports: 'g=h' matches no import (known: f)"),
    ],
)
def test_wrong_rules_are_refused(settings: dict[str, object], message: str) -> None:
    assert refusal('(import "env" "f" (func))', "rename-imports", **settings) == message


def test_a_memory_of_the_other_address_type_needs_a_stack_pointer_of_its_own() -> None:
    text = '(memory i64 1) (global $__stack_pointer (mut i32) (i32.const 64)) (func (export "f") (param i64))'
    assert refusal(text, "multi-value", export="f=(i64, i64)") == (
        "rewrite: pass multi-value: the stack pointer is an i32, but its memory has i64 addresses"
    )


def test_rewriting_twice_changes_nothing_more() -> None:
    text = f'(import "js" "g" (func (param i32))) {STACK} (func (export "f") (param i32))'
    settings = {"export": ["f=(i64, i64)"], "import": ["js.g=(u8, u8)"]}
    once = run(text, "multi-value", **settings)
    again = Pipeline(build_passes([PassEntry("multi-value", settings)])).run(once.module)
    assert (again.changed, again.data) == (False, once.data)


def test_imports_of_one_name_and_type_are_all_rewritten() -> None:
    text = f'(import "js" "g" (func (param i32))) (import "js" "g" (func (param i32))) {STACK}'
    result = run(text, "multi-value", import_="js.g=(u8, u8)")
    assert [each.old for each in result.contract.claims if isinstance(each, ReturnsByValue)] == [0, 1]


def test_declarations_that_miss_the_module_are_refused() -> None:
    assert refusal(STACK, "multi-value", export="f=(u8, u8)") == "rewrite: pass multi-value: no export is called 'f'"
    assert refusal(STACK, "multi-value", import_="js.f=(u8, u8)") == (
        "rewrite: pass multi-value: no function is imported as 'js.f'"
    )


def test_bulk_memory_is_not_introduced() -> None:
    """Clearing the room for results takes stores: an engine without bulk memory can still run the module."""
    result = run(f'{STACK} (func (export "f") (param i32))', "multi-value", export="f=[u64; 16]")
    for func in result.module.funcs:
        span = func.origin.expr.span if isinstance(func.origin, Body) else None
        assert span is not None
        assert find_ops(result.data, *span, frozenset({"memory.fill", "memory.copy"})) == []


def test_padded_calls_are_patched_in_place() -> None:
    """Old functions keep their size where operands are padded, so debug information about them stays true."""
    entry = next(
        each
        for each in tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
        if each["file"].endswith("imports.1.96-O3-g.wasm")
    )
    before = Module.from_bytes((CORPUS / entry["file"]).read_bytes())
    interface = parse_interface((CORPUS / entry["interface"]).read_text("utf-8"))
    result = Pipeline(build_passes([PassEntry("multi-value")]), interface).run(before)
    moved = {
        getattr(new.origin, "span", (0, 0))[0] - getattr(old.origin, "span", (0, 0))[0]
        for old, new in zip(before.funcs, result.module.funcs, strict=False)
        if not old.imported
    }
    assert len(moved) == 1
    assert [each.name for each in before.customs] == [each.name for each in result.module.customs]
