"""Pipelines: the input stays as it is, failures are told by pass, new code is validated, output never varies."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.contract import Contract
from wasmrewrite.errors import InvalidError, OutputError, RewriteError
from wasmrewrite.isa.types import I32, I64, GlobalType
from wasmrewrite.model import Module, instr
from wasmrewrite.rewrite import Editor, ModulePass, Pipeline, registry
from wasmrewrite.rewrite.config import PassEntry, build_passes

DEMO = (ROOT / "corpus" / "built" / "two_i64s.1.96-O3.wasm").read_bytes()
ENTRIES = [
    PassEntry("add-start", {"function": "init"}),
    PassEntry("multi-value", {"export": "get_two_i64s=(i64, i64)", "import": "js.get_two_i64s=(i64, i64)"}),
]


class AddsWrongCode(ModulePass):
    """Leaves a value on the stack."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.export("wrong", edit.add_func(edit.type(()), (), [instr("i32.const", 1)]))


class FailsLate(ModulePass):
    """Changes something, and then gives up."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.remove_export(module.exports[0])
        raise RewriteError("no more")


def test_without_passes_nothing_changes() -> None:
    result = Pipeline([]).run(Module.from_bytes(DEMO))
    assert (result.data, result.contract, result.notes, result.changed) == (DEMO, Contract(), (), False)


def test_the_input_stays_as_it_is() -> None:
    module = Module.from_bytes(DEMO)
    assert len(module.funcs) == 7
    result = Pipeline(build_passes(ENTRIES)).run(module)
    assert module.to_bytes() == DEMO
    assert (len(module.funcs), module.start) == (7, None)
    assert_valid(result.data)
    assert [str(each.type.composite) for each in result.module.funcs[:1]] == ["[] -> [i64 i64]"]


def test_old_code_stays_byte_for_byte_but_for_redirected_calls() -> None:
    result = Pipeline(build_passes(ENTRIES)).run(Module.from_bytes(DEMO))
    old, new = Module.from_bytes(DEMO), result.module
    differing = []
    for before, after in zip(old.funcs, new.funcs, strict=False):
        spans = [getattr(each.origin, "span", None) for each in (before, after)]
        if spans[0] is not None and spans[1] is not None:
            was, now = DEMO[slice(*spans[0])], result.data[slice(*spans[1])]
            assert len(was) == len(now)
            differing += [before.name] if was != now else []
    assert differing == ["difference_from_host", "sum_from_host"]


def test_an_edited_module_can_be_the_input() -> None:
    module = Module.from_bytes(DEMO)
    Editor(module).remove_export(module.exports[-1])
    result = Pipeline(build_passes(ENTRIES)).run(module)
    assert len(result.module.exports) == len(Module.from_bytes(DEMO).exports) - 1


def test_a_failure_names_its_pass_and_leaves_the_input_alone() -> None:
    module = Module.from_bytes(DEMO)
    with pytest.raises(RewriteError) as caught:
        Pipeline([FailsLate()]).run(module)
    assert str(caught.value) == "rewrite: pass fails-late: no more"
    assert module.to_bytes() == DEMO


def test_new_code_is_validated() -> None:
    module = Module.from_bytes(wat("(module)"))
    with pytest.raises(
        OutputError, match=r"pass adds-wrong-code made code that is not valid: invalid: code section: .*type mismatch"
    ):
        Pipeline([AddsWrongCode()]).run(module)
    assert Pipeline([AddsWrongCode()], check=False).run(module).changed


class Retypes(ModulePass):
    """Gives a function another type and leaves its callers alone."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.set_type(module.funcs[0], edit.type((), (I64,)))


class AddsWrongGlobal(ModulePass):
    """Initialises a global with a value of another type."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.add_global(GlobalType(I32, False), [instr("i64.const", 1)])


class AddsGlobal(ModulePass):
    """Does nothing wrong."""

    def run(self, module: Module, edit: Editor) -> None:
        edit.add_global(GlobalType(I32, False), [instr("i32.const", 1)])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [(Retypes(), r"code section: func\[1\].*type mismatch"), (AddsWrongGlobal(), "global section: .*type mismatch")],
)
def test_what_new_types_make_invalid_is_found(wrong: ModulePass, message: str) -> None:
    module = Module.from_bytes(wat('(module (import "a" "b" (func)) (func (call 0)))'))
    with pytest.raises(OutputError, match=f"pass .* made what is not valid: invalid: {message}"):
        Pipeline([wrong]).run(module)


def test_an_input_that_is_not_valid_is_no_fault_of_a_pass() -> None:
    module = Module.from_bytes(wat("(module (func (result i32) nop))"))
    with pytest.raises(InvalidError, match=r"code section: func\[0\]"):
        Pipeline([AddsGlobal()]).run(module)


def test_somebody_may_look_at_the_module_after_each_pass() -> None:
    seen = []

    def look(each: ModulePass, module: Module, edit: Editor) -> None:
        seen.append((each.pass_name(), module.start is not None, len(module.funcs), len(edit.notes)))

    Pipeline(build_passes(ENTRIES), after=look).run(Module.from_bytes(DEMO))
    assert [(name, started, funcs) for name, started, funcs, _ in seen] == [
        ("add-start", True, 7), ("multi-value", True, 9),
    ]  # fmt: skip


def test_broken_input_is_told_as_such() -> None:
    broken = bytes.fromhex("0061736d01000000" + "010401600000" + "0302010a" + "0a040102000b")
    with pytest.raises(InvalidError, match=r"pass add-start: function section: func\[0\]: unknown type 10"):
        Pipeline([registry.find("add-start")(function="f")]).run(Module.from_bytes(broken))  # type: ignore[call-arg]


def test_one_input_gives_one_output_under_any_hash_seed() -> None:
    code = (
        "import hashlib, json, sys; from wasmrewrite.model import Module; from wasmrewrite.rewrite import Pipeline\n"
        "from wasmrewrite.contract import contract_to_json\n"
        "from wasmrewrite.rewrite.config import PassEntry, build_passes\n"
        f"entries = {[(each.name, dict(each.settings)) for each in ENTRIES]!r}\n"
        "passes = build_passes([PassEntry(*each) for each in entries])\n"
        "result = Pipeline(passes).run(Module.from_file('corpus/built/two_i64s.1.96-O3.wasm'))\n"
        "told = json.dumps([contract_to_json(result.contract), list(map(str, result.notes))])\n"
        "print(hashlib.sha256(result.data + told.encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
