"""Wrong arguments of public functions ended as ``'int' object has no attribute 'fork'``, or as nothing at all.

Every public function is called with what it does not take, and says in plain words what it wants. The lists are
compared with what is public, so that a new function cannot be forgotten.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import wasmrewrite
from wasmrewrite import (
    Expr,
    Module,
    Pipeline,
    Store,
    StoreLimits,
    Stubs,
    contract_from_json,
    contract_to_json,
    draft_interface,
    explain,
    instantiate,
    instr,
    parse_type,
    replay,
    validate,
    verify,
    with_caller,
)  # fmt: skip
from wasmrewrite.analysis import CallGraph, References
from wasmrewrite.isa.types import I32, FuncType
from wasmrewrite.model import Custom, Export
from wasmrewrite.passes.add_start import AddStart
from wasmrewrite.rewrite import Code, Editor, ModulePass, RewriteError, parse_interface

EMPTY: Any = b"\0asm\1\0\0\0"


class Odd:
    """Of no kind that anything takes."""


ODD: Any = Odd()
FILE: Any = "app.wasm"
MODULE: Any = Module.from_bytes(EMPTY)
NUMBER: Any = 5

CALLS: dict[str, list[tuple[Callable[[], object], str]]] = {
    "Module": [
        (lambda: Module.from_bytes(FILE), "TypeError: expected the bytes of a module, found str; Module.from_file"),
        (lambda: Module.from_bytes(NUMBER), "TypeError: expected the bytes of a module, found int"),
        (lambda: Module.from_bytes(EMPTY, ODD), "ValueError: unknown check <"),
        (lambda: Module.from_file(ODD), "TypeError: expected str, bytes or os.PathLike object, not Odd"),
        (lambda: setattr(Module.empty(), "start", 5), "TypeError: expected a function of the module, found int"),
        (lambda: Module.empty().find_func(ODD), "RewriteError: rewrite: no export and no function is called <"),
    ],
    "Expr": [
        (lambda: Expr.of(NUMBER), "TypeError: expected instructions, found int"),
        (lambda: Expr.of([ODD]), "TypeError: expected instructions, found Odd; instr(...) makes one"),
    ],
    "Pipeline": [
        (lambda: Pipeline(ODD), "TypeError: expected passes, found Odd"),
        (lambda: Pipeline([ODD]), "TypeError: expected passes, found Odd; a pass is an object"),
        (lambda: Pipeline([AddStart]), "TypeError: expected passes, found the class AddStart; a pass is an object"),  # type: ignore[list-item]
        (lambda: Pipeline([], ODD), "TypeError: expected an Interface, found Odd"),
        (lambda: Pipeline([]).run(EMPTY), "TypeError: expected a Module, found bytes; Module.from_bytes reads one"),
    ],
    "Store": [
        (lambda: Store(ODD), "TypeError: expected StoreLimits, found Odd"),
        (lambda: Store().refuel(ODD), "TypeError: expected a number for fuel, found Odd"),
        (lambda: Store().refuel(-1), "ValueError: fuel is negative: -1"),
    ],
    "StoreLimits": [
        (lambda: StoreLimits(fuel=ODD), "TypeError: expected a number for fuel, found Odd"),
        (lambda: StoreLimits(memory_bytes=-5), "ValueError: memory_bytes is negative: -5"),
        (lambda: StoreLimits(depth=None), "TypeError: expected a number for depth, found NoneType"),  # type: ignore[arg-type]
    ],
    "contract_from_json": [(lambda: contract_from_json(ODD), "ConfigError: configuration: contract: expected an obj")],
    "contract_to_json": [(lambda: contract_to_json(ODD), "TypeError: expected a Contract, found Odd")],
    "instantiate": [
        (lambda: instantiate(FILE), "TypeError: expected the bytes of a module, found str; Module.from_file reads"),
        (lambda: instantiate(EMPTY, ODD), "TypeError: expected imports as {module: {name: ...}}, found Odd"),
        (lambda: instantiate(EMPTY, {}, ODD), "TypeError: expected a Store, found Odd"),
        (lambda: instantiate(EMPTY, {}, interface=ODD), "TypeError: expected an Interface, found Odd"),
        (lambda: instantiate(EMPTY, {}, watch=[7]), "ValueError: there is no global 7 to watch"),
    ],
    "instr": [
        (lambda: instr(ODD), "ValueError: unknown instruction <"),
        (lambda: instr("i32.const", ODD), "TypeError: operand 1 of i32.const: expected an int, found Odd"),
    ],
    "parse_type": [(lambda: parse_type(ODD), "TypeError: expected the text of a declared type, found Odd")],
    "replay": [(lambda: replay(ODD, EMPTY, EMPTY), "TypeError: expected a Script, found Odd")],
    "validate": [(lambda: validate(EMPTY), "TypeError: expected a Module, found bytes; Module.from_bytes reads one")],
    "Stubs": [
        (lambda: Stubs(EMPTY, Store()), "TypeError: expected a module, found bytes; Module.from_bytes reads one"),
        (lambda: Stubs(MODULE, ODD), "TypeError: expected a store, found Odd"),
    ],
    "draft_interface": [(lambda: draft_interface(EMPTY), "TypeError: expected a module, found bytes; Module.from")],
    "explain": [(lambda: explain(EMPTY), "TypeError: expected a module, found bytes; Module.from_bytes")],
    "verify": [
        (lambda: verify(MODULE, EMPTY), "TypeError: expected the bytes of a module, found Module; its method to_bytes"),
        (lambda: verify(EMPTY, FILE), "TypeError: expected the bytes of a module, found str"),
        (lambda: verify(EMPTY, EMPTY, ODD), "TypeError: expected a Contract, found Odd"),
        (lambda: verify(EMPTY, EMPTY, calls=ODD), "TypeError: expected a number for calls, found Odd"),
        (lambda: verify(EMPTY, EMPTY, fuel=-1), "ValueError: fuel is negative: -1"),
        (lambda: verify(EMPTY, EMPTY, interface=ODD), "TypeError: expected an Interface, found Odd"),
        (lambda: verify(EMPTY, EMPTY, host=ODD), "ConfigError: configuration: a host is a mapping"),
    ],
    "with_caller": [(lambda: with_caller(ODD), "TypeError: expected a function, found Odd")],
}  # fmt: skip

# What is public and has nothing to refuse: data that other functions check, verdicts and instances that nobody makes.
PLAIN = {
    "Caller", "Contract", "Different", "Func", "Inconclusive", "Instance", "Instr", "Interface", "InterfaceDraft",
    "Position", "Remark", "Report", "Same", "StubCall",
}  # fmt: skip

EDITS: dict[str, tuple[Callable[[Editor], object], str]] = {
    "add_feature": (lambda edit: edit.add_feature(ODD), "a name, found Odd"),
    "add_func": (lambda edit: edit.add_func(FuncType(), (), []), "a type of the module, found FuncType; Editor.type"),  # type: ignore[arg-type]
    "add_global": (lambda edit: edit.add_global(I32, []), "a GlobalType, found NumType"),  # type: ignore[arg-type]
    "add_import": (lambda edit: edit.add_import("a", ODD, edit.type([])), "a name, found Odd"),
    "ask": (lambda edit: edit.ask(ODD), "a class of analysis, found Odd"),
    "begin": (lambda edit: edit.begin(ODD), "a pass, or None, found Odd"),
    "claim": (lambda edit: edit.claim(ODD), "a claim, found Odd"),
    "declare_stack_pointer": (lambda edit: edit.declare_stack_pointer(ODD), "a global of the module, found Odd"),
    "export": (lambda edit: edit.export("f", ODD), "an item of the module, found Odd"),
    "note": (lambda edit: edit.note(ODD), "text, found Odd"),
    "redirect": (lambda edit: edit.redirect(ODD, ODD), "a function of the module, found Odd"),
    "remove": (lambda edit: edit.remove(ODD), "an item of the module, found Odd"),
    "remove_custom": (lambda edit: edit.remove_custom(ODD), "a custom section of the module, found Odd"),
    "remove_export": (lambda edit: edit.remove_export(ODD), "an export of the module, found Odd"),
    "remove_start": (lambda edit: edit.remove_start(), ""),
    "rename": (lambda edit: edit.rename(ODD, "x"), "an item of the module, found Odd"),
    "rename_export": (lambda edit: edit.rename_export(ODD, "x"), "an export of the module, found Odd"),
    "rename_import": (lambda edit: edit.rename_import(ODD, ODD), "an item of the module, found Odd"),
    "replace_custom": (lambda edit: edit.replace_custom(ODD, b"", ""), "a custom section of the module, found Odd"),
    "retarget": (lambda edit: edit.retarget(ODD, ODD), "an export of the module, found Odd"),
    "set_body": (lambda edit: edit.set_body(ODD, (), []), "a function of the module, found Odd"),
    "set_data": (lambda edit: edit.set_data(ODD, b""), "a data segment of the module, found Odd"),
    "set_init": (lambda edit: edit.set_init(ODD, []), "a global of the module, found Odd"),
    "set_start": (lambda edit: edit.set_start(ODD), "a function of the module, or None, found Odd"),
    "set_type": (lambda edit: edit.set_type(ODD, ODD), "an item of the module, found Odd"),
    "type": (lambda edit: edit.type(["i32"]), "value types, found str"),  # type: ignore[list-item]
    "warn": (lambda edit: edit.warn(ODD), "text, found Odd"),
}


def message(call: Callable[[], object]) -> str:
    with pytest.raises((TypeError, ValueError, wasmrewrite.WasmError)) as caught:
        call()
    return f"{type(caught.value).__name__}: {caught.value}"


def test_every_public_name_is_looked_at() -> None:
    errors = {name for name in wasmrewrite.__all__ if name.endswith(("Error", "Exhaustion", "Trap"))}
    assert set(wasmrewrite.__all__) - errors - {"__version__", "Verdict"} == set(CALLS) | PLAIN


@pytest.mark.parametrize("name", CALLS)
def test_public_functions_say_what_they_want(name: str) -> None:
    for call, said in CALLS[name]:
        assert message(call).startswith(said)


def test_every_operation_of_the_editor_is_looked_at() -> None:
    assert set(EDITS) == {name for name, _ in inspect.getmembers(Editor, inspect.isfunction) if name[0] != "_"}


@pytest.mark.parametrize("name", EDITS)
def test_operations_of_the_editor_say_what_they_want(name: str) -> None:
    call, said = EDITS[name]
    edit = Editor(Module.empty())
    if said:
        assert message(lambda: call(edit)).startswith(f"TypeError: expected {said}")
        assert [*edit.module.imports, *edit.module.funcs, *edit.module.exports, *edit.notes] == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Editor(ODD), "TypeError: expected a Module, found Odd"),
        (lambda: CallGraph(ODD), "TypeError: expected a Module, found Odd; Module.from_bytes reads one"),
        (lambda: References(ODD), "TypeError: expected a Module, found Odd; Module.from_bytes reads one"),
        (lambda: Code([]).local("i32"), "TypeError: expected a value type, found str"),  # type: ignore[arg-type]
        (lambda: parse_interface(ODD), "TypeError: expected the text of an interface file, found Odd"),
        (lambda: Editor(Module.empty()).type("i32"), "TypeError: expected value types, found str"),  # type: ignore[arg-type]
        (lambda: _with_locals(I32), "TypeError: expected pairs (count, type) of locals, found NumType"),
        (lambda: _with_locals((I32, 1)), "TypeError: expected pairs (count, type) of locals, found (NumType("),
        (lambda: _with_locals((1, "i32")), "TypeError: expected pairs (count, type) of locals, found (1, 'i32')"),
    ],
)
def test_so_does_what_passes_use(call: Callable[[], object], said: str) -> None:
    assert message(call).startswith(said)


def _with_locals(run: Any) -> object:
    edit = Editor(Module.empty())
    return edit.add_func(edit.type([]), (run,), [])


def test_what_the_module_does_not_have_cannot_be_removed() -> None:
    edit = Editor(Module.empty())
    with pytest.raises(RewriteError, match="the module has no <Custom 'x'>"):
        edit.remove_custom(Custom("x", b"", 0))
    func = edit.add_func(edit.type([]), (), [])
    with pytest.raises(RewriteError, match="the module has no <Export 'x' <Func new>>"):
        edit.remove_export(Export("x", func))


def test_any_buffer_is_bytes() -> None:
    for data in (EMPTY, bytearray(EMPTY), memoryview(EMPTY)):
        assert Module.from_bytes(data).to_bytes() == EMPTY


def test_types_are_shown_as_text() -> None:
    module = Module.empty()
    made = Editor(module).type([I32], [I32])
    assert (str(made), repr(made)) == ("[i32] -> [i32]", "<TypeDef [i32] -> [i32]>")


def test_a_pass_is_an_object() -> None:
    assert issubclass(AddStart, ModulePass)
    assert len(Pipeline(each for each in [AddStart(function="f")]).passes) == 1
