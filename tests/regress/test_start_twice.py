"""``add-start`` on its own output added the function once more wherever it had needed a function of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.wat import assert_valid, wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Contract
from wasmrewrite.errors import RewriteError
from wasmrewrite.interp import instantiate
from wasmrewrite.model import Func, Module
from wasmrewrite.passes.add_start import AddStart
from wasmrewrite.rewrite import Pipeline, Result
from wasmrewrite.runtime import Store

COUNTS = """(module (global $n (mut i32) (i32.const 0)) (global $log (mut i32) (i32.const 0))
  (func $note (param i32) (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))
  (func $first (call $note (i32.const 1)))
  (func $plain (export "plain") (call $note (i32.const 2)))
  (func $gives (export "gives") (result i64 f32) (call $note (i32.const 3)) i64.const 1 f32.const 2)
  (func $takes (export "takes") (param i32 f64) (call $note (local.get 0)))
  (func (export "count") (result i32) global.get $n) (func (export "log") (result i32) global.get $log) {start})"""
OPTIONS: list[dict[str, Any]] = [
    {"function": "plain"},
    {"function": "gives"},
    {"function": "takes", "args": ("i32:7", "f64:0x7ff8000000000001")},
]


def module(name: bool = False, start: str = "") -> bytes:
    """The module above, with or without a name section."""
    data = Module.from_bytes(wat(COUNTS.format(start=start)))
    if not name:
        data.customs.clear()
    return data.to_bytes()


def run(data: bytes, *passes: AddStart) -> Result:
    """The outcome of passes, which is valid."""
    result = Pipeline(passes).run(Module.from_bytes(data))
    assert_valid(result.data)
    return result


def log(data: bytes) -> int:
    """What ran at instantiation, a digit each."""
    read = Module.from_bytes(data)
    instance = instantiate(read, {}, Store())
    export = read.export("log")
    assert export is not None
    assert isinstance(export.item, Func)
    (value,) = instance.invoke(read.funcs.index(export.item))
    assert isinstance(value, int)
    return value


NAMED = pytest.mark.parametrize("named", [False, True], ids=["stripped", "named"])
START = pytest.mark.parametrize("start", ["", "(start $first)"], ids=["no start", "start"])


@NAMED
@START
@pytest.mark.parametrize("drop", [False, True], ids=["keep", "drop"])
@pytest.mark.parametrize("options", OPTIONS, ids=lambda each: str(each["function"]))
def test_three_runs_are_as_good_as_one(options: dict[str, Any], drop: bool, start: str, named: bool) -> None:
    add = AddStart(**options, remove_export=drop)
    once = run(module(named, start), add)
    again = run(once.data, add)
    assert (again.changed, again.data) == (False, once.data)
    assert run(again.data, add).data == once.data
    assert again.contract == Contract()
    ran = {"plain": 2, "gives": 3, "takes": 7}[options["function"]]
    assert log(once.data) == (10 + ran if start else ran)
    assert (Module.from_bytes(once.data).export(options["function"]) is None) == drop


@NAMED
@START
def test_several_in_one_pipeline(start: str, named: bool) -> None:
    passes = [AddStart(**options) for options in OPTIONS]
    once = run(module(named, start), *passes)
    again = run(once.data, *passes)
    assert (again.changed, again.data) == (False, once.data)
    assert log(once.data) == (1237 if start else 237)


@NAMED
def test_the_same_twice_in_one_pipeline_is_one(named: bool) -> None:
    add = AddStart(**OPTIONS[2])
    assert run(module(named), add, add).data == run(module(named), add).data


def test_other_constants_are_another_call() -> None:
    once = run(module(), AddStart("takes", ("7", "1")))
    assert log(run(once.data, AddStart("takes", ("8", "1"))).data) == 78


CALLERS = {
    "the call alone": "call $plain",
    "more behind": "call $first call $plain nop",
    "more before": "nop call $first call $plain",
    "three calls": "call $first call $first call $plain",
    "a branch": "global.get 0 if call $plain end",
    "locals": "(local i32) call $first call $plain",
    "dropped constant": "i32.const 1 drop call $plain",
}


@pytest.mark.parametrize("body", CALLERS.values(), ids=CALLERS)
def test_a_start_function_that_happens_to_call_it_is_not_a_wrapper(body: str) -> None:
    data = module(True, f"(func $own {body}) (start $own)")
    once = run(data, AddStart("plain"))
    assert once.changed
    assert run(once.data, AddStart("plain")).data == once.data


def test_a_start_function_whose_earlier_one_is_itself() -> None:
    """It never ends, and is valid; looking at it does."""
    data = module(True, "(func $own call $own call $first) (start $own)")
    assert run(data, AddStart("plain")).changed


def test_dropping_what_never_was_an_export_is_refused() -> None:
    with pytest.raises(RewriteError, match="no export and no function is called 'plian'; did you mean 'plain'"):
        run(module(), AddStart("plian", remove_export=True))
    with pytest.raises(RewriteError, match="remove-export: 'first' is a name, not an export"):
        run(module(True), AddStart("first", remove_export=True))
    with pytest.raises(RewriteError, match="remove-export: 'note' is a name, not an export"):
        run(module(True, "(start $first)"), AddStart("note", remove_export=True))


def test_a_guess_about_an_earlier_run_is_said() -> None:
    """Without names nothing tells a slip from a second run: nothing is changed, and that is not silent."""
    (warning,) = run(module(False, "(start $first)"), AddStart("plian", remove_export=True)).notes
    assert warning.warning
    assert str(warning) == (
        "add-start: export 'plian' is missing, and instantiation already runs function 1 "
        "(taken as the result of an earlier run; did you mean 'plain'?)"
    )


def test_in_place_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.wasm"
    path.write_bytes(module(False, "(start $first)"))
    options = ("--pass", "add-start", "--set", "add-start.function=gives", "--set", "add-start.remove-export=true")
    assert call(("rewrite", str(path), "--check", *options)) == 1
    for _ in range(3):
        assert call(("rewrite", str(path), "-o", str(path), *options)) == 0
    assert call(("rewrite", str(path), "--check", *options)) == 0
    assert log(path.read_bytes()) == 13


# --- runs that nobody asked for ------------------------------------------------------------------------------------


def warnings(text: str, **options: Any) -> list[str]:
    """What a run warns of."""
    return [str(each) for each in run(wat(text), AddStart(**options)).notes if each.warning]


@pytest.mark.parametrize(
    "memory", ['(import "env" "memory" (memory 1 2 shared))', "(memory 1 2 shared)", "(memory 1) (memory 1 2 shared)"]
)
def test_shared_memory_is_warned_of(memory: str) -> None:
    text = f'(module {memory} (func (export "init")))'
    assert warnings(text, function="init") == [
        "add-start: memory is shared (each thread that instantiates the module runs 'init' again, on the same memory)"
    ]
    assert warnings(text.replace(" 2 shared", ""), function="init") == []
    assert warnings(text.replace('"init")', '"init") (param i32)'), function="init", args=("1",)) != []


@pytest.mark.parametrize("name", ["_initialize", "__wasm_call_ctors", "_start"])
def test_an_export_that_hosts_call_unasked_is_warned_of(name: str) -> None:
    text = f'(module (func $f (export "{name}")))'
    assert warnings(text, function=name) == [
        (
            f"add-start: hosts may also call export '{name}', which would run it twice "
            "(remove-export=true removes the export)"
        )
    ]
    assert warnings(text, function=name, remove_export=True) == []
    assert warnings(f"(module (func ${name}))", function=name) == []
