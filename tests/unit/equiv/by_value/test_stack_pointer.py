import pytest

from tests.helpers.wat import wat
from wasmrewrite.equiv.by_value.stack_pointer import find, initial_value, is_possible
from wasmrewrite.equiv.structure.module_view import View

PLAIN = "(global (mut i32) (i32.const 65536))"
PROLOGUE = (
    "(func (local i32) global.get {0} i32.const 16 i32.sub local.tee 0 global.set {0}"
    " local.get 0 i32.const 16 i32.add global.set {0})"
)
UNOPTIMISED = (
    "(func (local i32) global.get {0} i32.const 16 i32.sub local.set 0 local.get 0 global.set {0}"
    " local.get 0 i32.const 16 i32.add local.set 0 local.get 0 global.set {0})"
)
PUSH = "(func $push (local i32) global.get 0 i32.const 4 i32.sub local.tee 0 global.set 0 {})"


def view(fields: str) -> View:
    return View(wat(f"(module {fields})"), {})


@pytest.mark.parametrize(
    ("fields", "index", "evidence"),
    [
        ('(import "env" "__stack_pointer" (global (mut i32)))' + PLAIN, 0, "import env.__stack_pointer"),
        (PLAIN + PLAIN + '(export "__stack_pointer" (global 1))', 1, "export __stack_pointer"),
        (PLAIN + "(global $__stack_pointer (mut i64) (i64.const 4))", 1, "name section"),
        (
            PLAIN + PLAIN + '(func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32)'
            " local.get 0 global.get 1 i32.add global.set 1 global.get 1)",
            1,
            "body of __wbindgen_add_to_stack_pointer",
        ),
        (PLAIN + PLAIN + PROLOGUE.format(1), 1, "1 prologues move it"),
        (PLAIN + PLAIN + UNOPTIMISED.format(1), 1, "1 prologues move it"),
    ],
)
def test_finds_it_by_the_strongest_evidence(fields: str, index: int, evidence: str) -> None:
    found = find(view(fields))
    assert found is not None
    assert (found.index, found.evidence, found.certain) == (index, evidence, True)


def test_the_only_candidate_is_not_certain() -> None:
    found = find(view("(global i32 (i32.const 16)) (global (mut i32) (i32.const 20))" + PLAIN))
    assert found is not None
    assert (found.index, found.certain) == (2, False)


@pytest.mark.parametrize(
    "code",
    [
        PUSH.format(""),
        PUSH.format("local.get 0 i32.eqz if unreachable end"),
        PUSH.format("local.get 0 i32.eqz if return end unreachable"),
        PUSH.format("local.get 0 global.set 1"),
        PUSH.format("") + PROLOGUE.format(0),
    ],
)
def test_what_is_not_put_back_is_not_certain(code: str) -> None:
    found = find(view(PLAIN + "(global (mut i32) (i32.const 3))" + code))
    assert found is not None
    assert (found.certain, found.evidence) == (False, "function 0 (push) moves it and does not put it back")


def test_what_never_returns_need_not_put_back() -> None:
    found = find(view(PLAIN + PUSH.format("call 0 unreachable") + PROLOGUE.format(0)))
    assert found is not None
    assert (found.certain, found.evidence) == (True, "2 prologues move it")


def test_what_moves_upward_is_a_counter() -> None:
    code = "(func (local i32) global.get 0 i32.const 16 i32.add local.tee 0 global.set 0)"
    found = find(view(PLAIN + code))
    assert found is not None
    assert (found.certain, found.evidence) == (False, "the only global that could be one")


@pytest.mark.parametrize(
    "fields",
    [
        "",
        PLAIN + PLAIN,
        "(global (mut f32) (f32.const 16))",
        "(global (mut i32) (i32.const 0))",
        PLAIN + PLAIN + PROLOGUE.format(0) + PROLOGUE.format(1),
    ],
)
def test_no_guess_where_there_is_doubt(fields: str) -> None:
    assert find(view(fields)) is None


def test_initial_values_and_possible_globals() -> None:
    module = view("(global i32 (i32.const 5)) (global (mut i64) (i64.const 6)) (global (mut f32) (f32.const 1))")
    assert [initial_value(module, index) for index in range(3)] == [5, 6, 0]
    assert [is_possible(module, index) for index in range(-1, 4)] == [False, False, True, False, False]
