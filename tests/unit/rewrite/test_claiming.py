"""Contracts of whole runs: read off the module as it ends up, in terms of the input."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.codec import write
from wasmrewrite.contract import (
    Added,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationNoLongerCalls,
    NameChanged,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Import, Module, instr
from wasmrewrite.rewrite import ByValue, Editor
from wasmrewrite.rewrite.claiming import contract_of, runs

TEXT = """(module
  (import "a" "f" (func $f)) (import "a" "g" (global i32)) (import "a" "f" (func))
  (memory 1)
  (func $x (export "x")) (func $y (export "y")) (export "also_x" (func $x))
  (start $y)
  (@custom "one" "1") (@custom "two" "2"))"""


@pytest.fixture
def edit() -> Editor:
    data = Module.from_bytes(wat(TEXT))
    data.customs[:] = [each for each in data.customs if each.name != "name"]
    return Editor(Module.from_bytes(data.to_bytes()))


def contract(edit: Editor) -> Contract:
    return contract_of(edit.module, edit.meant, edit.history, write(edit.module))


def test_nothing_done_is_nothing_claimed(edit: Editor) -> None:
    assert edit.module.funcs
    assert edit.module.exports
    assert edit.module.customs
    assert contract(edit) == Contract()


def test_what_was_done_and_undone_is_not_claimed(edit: Editor) -> None:
    export, func = edit.module.exports[0], edit.module.funcs[0]
    edit.rename_export(export, "z")
    edit.rename_export(export, "x")
    edit.rename_import(func, Import("b", "f"))
    edit.rename_import(func, Import("a", "f"))
    edit.remove_export(edit.export("new", func))
    edit.remove(edit.add_func(edit.type(()), (), []))
    assert contract(edit) == Contract()


def test_names(edit: Editor) -> None:
    x, y, _ = edit.module.exports
    edit.rename_export(x, "z")
    edit.rename_export(x, "zz")
    edit.remove_export(y)
    edit.export("y2", edit.module.funcs[3])
    edit.export("memory", edit.module.memories[0])
    assert contract(edit).claims == (
        Renamed("export", "x", "zz"),
        Removed("export", "y"),
        Added("export", "y2", same_as="y"),
        Added("export", "memory"),
    )


def test_imports_of_one_name_are_claimed_once(edit: Editor) -> None:
    for item in (edit.module.funcs[0], edit.module.funcs[1]):
        edit.rename_import(item, Import("b", "h"))
    assert contract(edit).claims == (Renamed("import", "f", "h", "a", "b"),)


def test_added_and_removed_imports_move_indices(edit: Editor) -> None:
    edit.add_import("new", "n", edit.type(()), first=True)
    edit.remove(edit.module.globals[0])
    made = contract(edit)
    assert made.maps == (
        IndexMap("function", (Run(0, 1, 4),)),
        IndexMap("global", ()),
    )
    assert made.claims == (Removed("import", "g", "a"), Added("import", "n", "new", type="function [] -> []"))


def test_by_value_claims_speak_of_the_input(edit: Editor) -> None:
    module = edit.module
    x, func = module.exports[0], module.funcs[0]
    edit.rename_export(x, "renamed")
    edit.rename_import(func, Import("b", "f"))
    edit.add_import("new", "n", edit.type(()), first=True)
    pair = parse_type("(i64, i64)")
    edit.claim(ByValue(x, x, pair, 0, module.memories[0]))
    edit.claim(ByValue(func, func, pair, 1, module.memories[0]))
    assert contract(edit).claims[:2] == (
        ReturnsByValue("export", "x", pair, new_name="renamed"),
        ReturnsByValue("import", "f", pair, module="a", old=0, new=1, pointer=1),
    )
    assert [each for each in contract(edit).claims if isinstance(each, Renamed) and each.kind == "export"] == []


def test_redirections(edit: Editor) -> None:
    module = edit.module
    for index in (1, 0):
        edit.redirect(module.funcs[index], edit.add_func(module.funcs[index].type, (), [instr("nop")]))
    assert contract(edit).redirected == (Redirected("function", 0, 5), Redirected("function", 1, 4))


def test_start(edit: Editor) -> None:
    edit.remove_start()
    assert contract(edit).claims == (InstantiationNoLongerCalls(3),)


def test_custom_sections(edit: Editor) -> None:
    one, two = edit.module.customs
    edit.remove_custom(one)
    edit.replace_custom(two, b"3", "so it had to be")
    assert contract(edit).claims == (Removed("custom", "one"), CustomChanged("two", "so it had to be"))


def test_custom_sections_that_become_stale_are_claimed_with_the_reason() -> None:
    text = """(module (func (export "f")) (@custom "sourceMappingURL" "\\01x") (@custom "kept" ""))"""
    edit = Editor(Module.from_bytes(wat(text)))
    edit.export("g", edit.add_func(edit.type(()), (), []))
    assert contract(edit).claims[-1:] == (Removed("custom", "sourceMappingURL"),)


def test_the_users_stack_pointer_is_told(edit: Editor) -> None:
    edit.declare_stack_pointer(edit.module.globals[0])
    assert contract(edit).stack_pointer == 0


def test_a_value_is_returned_by_an_export_or_an_import(edit: Editor) -> None:
    module = edit.module
    edit.claim(ByValue(module.funcs[2], module.funcs[2], parse_type("(u8, u8)"), 0, module.memories[0]))
    with pytest.raises(RewriteError, match="neither an export nor an import"):
        contract(edit)


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({}, []),
        ({0: 0, 1: 1, 2: 2}, [Run(0, 0, 3)]),
        ({0: 1, 1: 2, 3: 3, 4: 4}, [Run(0, 1, 2), Run(3, 3, 2)]),
        ({0: 1, 1: 0}, [Run(0, 1, 1), Run(1, 0, 1)]),
    ],
)
def test_runs(mapping: dict[int, int], expected: list[Run]) -> None:
    assert list(runs(mapping)) == expected


def test_names_of_items_are_claimed() -> None:
    edit = Editor(Module.from_bytes(wat('(module (func $one) (func $two (export "x")) (memory $m 1))')))
    edit.rename(edit.module.funcs[0], "uno")
    edit.rename(edit.module.funcs[1], "two")
    edit.add_func(edit.type(()), (), [], "three")
    made = [claim for claim in contract(edit).claims if isinstance(claim, NameChanged)]
    assert made == [NameChanged("function", 0, "uno")]


def test_names_are_claimed_where_the_section_is_replaced() -> None:
    edit = Editor(Module.from_bytes(wat('(module (func $one) (func $two (export "x")))')))
    (names,) = edit.module.customs
    edit.replace_custom(names, names.data.replace(b"two", b"dos"), "translated")
    claims = contract(edit).claims
    assert claims == (NameChanged("function", 1, "dos"), CustomChanged("name", "translated"))
