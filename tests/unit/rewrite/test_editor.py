"""Edits: each does what it says, refuses what would break references, and keeps the rest of the bytes."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tests.helpers.wat import assert_valid, wat
from wasmrewrite.analysis import Catching, References
from wasmrewrite.contract import Added
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import FUNCREF, I32, I64, FuncType, GlobalType, RecGroup, TypeDef
from wasmrewrite.model import Body, Export, Expr, Func, Import, MemArg, Module, instr
from wasmrewrite.rewrite import Calls, Editor, ModulePass

TEXT = """(module
  (type $plain (func))
  (type $unary (func (param i32) (result i32)))
  (import "env" "log" (func $log (type $unary)))
  (import "env" "memory" (memory 1))
  (table 4 funcref)
  (global $count (mut i32) (i32.const 7))
  (global $fn funcref (ref.func $twice))
  (func $twice (export "twice") (type $unary) local.get 0 call $log call $log)
  (func $main (type $plain) i32.const 1 call $twice drop)
  (start $main)
  (elem (i32.const 0) func $twice $main)
  (elem (i32.const 2) funcref (ref.func $twice)))"""


@pytest.fixture
def module() -> Module:
    return Module.from_bytes(wat(TEXT))


@pytest.fixture
def edit(module: Module) -> Editor:
    return Editor(module)


def written(module: Module) -> Module:
    """The module as others read it, valid."""
    data = module.to_bytes()
    assert_valid(data)
    return Module.from_bytes(data)


def body_of(module: Module, index: int) -> list[str]:
    origin = module.funcs[index].origin
    assert isinstance(origin, Body)
    return [str(each) for each in origin.expr]


def test_equal_types_are_reused(module: Module, edit: Editor) -> None:
    assert edit.type((I32,), (I32,)) is module.types[1]
    new = edit.type((I64,), ())
    assert module.types[2:] == [new]
    assert edit.type((I64,)) is new


def test_types_in_groups_are_not_reused(module: Module, edit: Editor) -> None:
    group = RecGroup()
    module.types.extend([group.add(TypeDef(FuncType((I64,)))), group.add(TypeDef(FuncType((I64, I64))))])
    assert edit.type((I64,)) not in group.types


def test_open_types_are_not_reused(module: Module, edit: Editor) -> None:
    module.types.append(TypeDef(FuncType((I64,)), final=False, form="sub"))
    assert edit.type((I64,)) is not module.types[2]


def test_a_function_is_appended(module: Module, edit: Editor) -> None:
    before = module.source.data
    func = edit.add_func(edit.type(()), [(2, I64)], [instr("nop")], "added")
    edit.export("added", func)
    after = written(module)
    assert body_of(after, 3) == ["nop"]
    assert after.funcs[3].name == "added"
    assert [body_of(after, at) for at in (1, 2)] == [body_of(Module.from_bytes(before), at) for at in (1, 2)]
    assert list(edit.made) == [func]


def test_a_body_is_replaced_and_old_instructions_keep_their_bytes(module: Module, edit: Editor) -> None:
    func = module.funcs[1]
    assert isinstance(func.origin, Body)
    edit.set_body(func, (), [*func.origin.expr, instr("i32.const", 1), instr("i32.add")])
    assert body_of(written(module), 1) == ["local.get 0", "call <Func 0>", "call <Func 0>", "i32.const 1", "i32.add"]


def test_imports_have_no_body(module: Module, edit: Editor) -> None:
    with pytest.raises(RewriteError, match="<Func 0> is imported: it has no body to change"):
        edit.set_body(module.funcs[0], (), [])


@pytest.mark.parametrize(("first", "place"), [(True, 0), (False, 1)])
def test_an_import_moves_what_is_behind_it(module: Module, edit: Editor, first: bool, place: int) -> None:
    added = edit.add_import("js", "new", module.types[0], first=first)
    assert module.funcs.index(added) == place
    after = written(module)
    assert str(after.funcs[place].origin) == "js.new"
    assert body_of(after, 2) == ["local.get 0", *[f"call <Func {1 - place}>"] * 2]
    assert after.start is after.funcs[3]


def test_a_global_is_appended(module: Module, edit: Editor) -> None:
    made = edit.add_global(GlobalType(FUNCREF), [instr("ref.func", module.funcs[2])], "g")
    edit.export("g", made)
    assert str(written(module).globals[2].type) == "funcref"


def test_an_import_is_renamed(module: Module, edit: Editor) -> None:
    edit.rename_import(module.memories[0], Import("js", "mem"))
    assert [str(each.origin) for each in written(module).memories] == ["js.mem"]
    with pytest.raises(RewriteError, match="<Func 1> is not imported"):
        edit.rename_import(module.funcs[1], Import("a", "b"))


def test_exports(module: Module, edit: Editor) -> None:
    export = module.exports[0]
    edit.rename_export(export, "two")
    edit.retarget(export, module.globals[0])
    other = edit.export("twice", module.funcs[2])
    assert [(each.name, each.item.index0) for each in written(module).exports] == [("two", 0), ("twice", 2)]
    edit.remove_export(other)
    assert [each.name for each in written(module).exports] == ["two"]


def test_names_of_exports_are_taken_once(module: Module, edit: Editor) -> None:
    other = edit.export("other", module.funcs[2])
    with pytest.raises(RewriteError, match="there is an export 'twice' already"):
        edit.export("twice", module.funcs[2])
    with pytest.raises(RewriteError, match="there is an export 'twice' already"):
        edit.rename_export(other, "twice")


def test_a_start_function_takes_and_returns_nothing(module: Module, edit: Editor) -> None:
    with pytest.raises(RewriteError, match=r"takes and returns nothing, this one is \[i32\] -> \[i32\]"):
        edit.set_start(module.funcs[1])
    assert module.start is module.funcs[2]


def test_removing_the_start_function_takes_claims_back(module: Module, edit: Editor) -> None:
    edit.claim(Calls(module.funcs[2]))
    edit.claim(Added("import", "x", "y"))
    assert edit.remove_start() is module.funcs[2]
    assert written(module).start is None
    assert [type(each).__name__ for each in edit.meant] == ["Added", "NoLongerCalls"]
    with pytest.raises(RewriteError, match="the module has no start function"):
        edit.remove_start()


def test_uses_are_redirected_everywhere(module: Module, edit: Editor) -> None:
    twice = module.funcs[1]
    early = edit.add_func(module.types[1], (), [instr("local.get", 0), instr("call", twice)])
    holder = edit.add_global(GlobalType(FUNCREF), [instr("ref.func", twice)])
    new = edit.add_func(module.types[1], (), [instr("local.get", 0), instr("call", twice)])
    edit.redirect(twice, new)
    late = edit.add_func(module.types[1], (), [instr("local.get", 0), instr("call", twice)])
    edit.export("late", late)
    after = written(module)
    called = [body_of(after, module.funcs.index(func))[1] for func in (early, new, late)]
    assert called == ["call <Func 4>", "call <Func 1>", "call <Func 1>"]
    assert body_of(after, 2)[1] == "call <Func 4>"
    assert [each.index0 for each in after.elems[0].items if isinstance(each, Func)] == [4, 2]
    assert [str(each) for expr in after.elems[1].items if not isinstance(expr, Func) for each in expr] == [
        "ref.func <Func 4>"
    ]
    assert after.exports[0].item.index0 == 4
    origin = after.globals[1].origin
    assert isinstance(origin, Expr)
    assert [str(each) for each in origin] == ["ref.func <Func 4>"]
    assert isinstance(holder.origin, Expr)
    assert [each.args for each in holder.origin] == [(new,)]


def test_the_start_function_is_redirected(module: Module, edit: Editor) -> None:
    new = edit.add_func(module.types[0], (), [])
    edit.redirect(module.funcs[2], new)
    assert module.start is new


def test_replaced_code_follows_redirections_too(module: Module, edit: Editor) -> None:
    main = module.funcs[2]
    assert isinstance(main.origin, Body)
    edit.set_body(main, (), [*main.origin.expr, instr("i32.const", 2), instr("call", module.funcs[1]), instr("drop")])
    edit.redirect(module.funcs[1], edit.add_func(module.types[1], (), [instr("local.get", 0)]))
    calls = [each for each in body_of(written(module), 2) if each.startswith("call")]
    assert calls == ["call <Func 3>", "call <Func 3>"]


def test_redirections_in_a_row(module: Module, edit: Editor) -> None:
    first = edit.add_func(module.types[1], (), [instr("local.get", 0), instr("call", module.funcs[1])])
    edit.redirect(module.funcs[1], first)
    second = edit.add_func(module.types[1], (), [instr("local.get", 0), instr("call", first)])
    edit.redirect(first, second)
    after = written(module)
    assert body_of(after, 2)[1] == "call <Func 4>"
    assert [body_of(after, at)[1] for at in (3, 4)] == ["call <Func 1>", "call <Func 3>"]


def test_uses_do_not_go_round(module: Module, edit: Editor) -> None:
    new = edit.add_func(module.types[1], (), [instr("local.get", 0)])
    edit.redirect(module.funcs[1], new)
    for old, target in ((new, module.funcs[1]), (new, new)):
        with pytest.raises(RewriteError, match="cannot be redirected"):
            edit.redirect(old, target)


def test_uses_keep_their_type(module: Module, edit: Editor) -> None:
    with pytest.raises(RewriteError, match=r"of type \[i32\] -> \[i32\] cannot mean one of type \[\] -> \[\]"):
        edit.redirect(module.funcs[1], module.funcs[2])


def test_what_is_used_is_not_removed(module: Module, edit: Editor) -> None:
    with pytest.raises(RewriteError, match=r"<Func 0> is still used by function 1 \(at 0x"):
        edit.remove(module.funcs[0])
    assert len(module.funcs) == 3


def test_what_is_not_used_is_removed(module: Module, edit: Editor) -> None:
    edit.redirect(module.funcs[0], edit.add_func(module.types[1], (), [instr("local.get", 0)]))
    edit.remove(module.funcs[0])
    after = written(module)
    assert [each.imported for each in after.funcs] == [False] * 3
    assert body_of(after, 0) == ["local.get 0", "call <Func 2>", "call <Func 2>"]


def test_what_was_added_can_be_removed_again(module: Module, edit: Editor) -> None:
    func = edit.add_func(module.types[0], (), [])
    edit.remove(func)
    assert edit.made == {}
    assert module.to_bytes() == module.source.data


def test_memory_operands_and_catches_are_items_too(edit: Editor, module: Module) -> None:
    memory = module.memories[0]
    code = [instr("i32.const", 0), instr("i32.load", MemArg(2, 8, memory))]
    func = edit.add_func(edit.type((), (I32,)), (), code)
    edit.redirect(module.funcs[1], edit.add_func(module.types[1], (), [instr("local.get", 0)]))
    assert isinstance(func.origin, Body)
    assert func.origin.expr.instrs == tuple(code)


def test_features_are_listed_only_where_there_is_a_list() -> None:
    bare = Module.from_bytes(wat("(module)"))
    edit = Editor(bare)
    edit.add_feature("multivalue")
    assert (bare.to_bytes(), edit.notes) == (bare.source.data, [])
    listed = Module.from_bytes(wat('(module (@custom "target_features" "\\00"))'))
    edit = Editor(listed)
    edit.add_feature("multivalue")
    assert Module.from_bytes(listed.to_bytes()).customs[0].data == b"\x01+\x0amultivalue"
    assert len(edit.notes) == 1


class Asks(ModulePass):
    """A pass that may ask for one analysis, and keeps it."""

    needs: ClassVar[tuple[type, ...]] = (Catching, References)
    keeps: ClassVar[tuple[type, ...]] = (Catching,)


def test_facts_are_remembered_until_an_edit(edit: Editor, module: Module) -> None:
    edit.begin(Asks())
    catching, references = edit.ask(Catching), edit.ask(References)
    assert edit.ask(References) is references
    edit.add_func(module.types[0], (), [])
    assert edit.ask(Catching) is catching
    assert edit.ask(References) is not references


def test_facts_have_to_be_declared(edit: Editor) -> None:
    edit.begin(ModulePass())
    with pytest.raises(RewriteError, match="asks for Catching without needing it"):
        edit.ask(Catching)


def test_claims_about_new_functions_are_refused(edit: Editor, module: Module) -> None:
    func = edit.add_func(module.types[0], (), [])
    with pytest.raises(RewriteError, match="was added by an earlier pass"):
        edit.claim(Calls(func))


def test_exports_of_other_modules_stay_theirs(edit: Editor) -> None:
    with pytest.raises(RewriteError, match="the module has no <Export 'x' <Func 0>>"):
        edit.remove_export(Export("x", edit.module.funcs[0]))
