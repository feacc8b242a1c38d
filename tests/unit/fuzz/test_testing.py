from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from tests.unit.fuzz.planted import Crash, Invalid, Nops, OtherConstant, Refuses
from wasmrewrite.fuzz import Case, PassFailure, check, fuzz_pass
from wasmrewrite.model import Body, Module
from wasmrewrite.rewrite import ModulePass


def test_a_good_pass_goes_through() -> None:
    assert fuzz_pass(Nops(), cases=25) == 25


def test_refusing_is_no_failure() -> None:
    assert fuzz_pass(Refuses(), cases=5) == 0
    assert fuzz_pass(lambda _module: None, cases=5) == 0


def length(data: bytes) -> int:
    funcs = Module.from_bytes(data).funcs
    return sum(len(func.origin.expr) for func in funcs if isinstance(func.origin, Body))


@pytest.mark.parametrize(
    ("bad", "kind", "most"),
    [(OtherConstant(), "differs", 9), (Invalid(), "invalid", 0), (Crash(), "crash", 3)],
    ids=lambda each: type(each).__name__,
)
def test_a_bad_pass_is_caught_with_a_small_module(bad: ModulePass, kind: str, most: int) -> None:
    with pytest.raises(PassFailure) as caught:
        fuzz_pass(bad, cases=300)
    case = caught.value.case
    assert case.kind == kind
    assert length(case.before) <= most
    again = check(Case.from_files(case.files()), [bad])
    assert (again.kind, again.case.kind) == ("failed", kind)


def test_a_case_tells_what_the_host_answered() -> None:
    """The host is asked for a number that the bad pass turns into another one."""
    text = """(module (import "env" "ask" (func $ask (param i32) (result i32 i64)))
      (func (export "f") (result i32) (call $ask (i32.const 5)) drop i32.const 7 i32.add))"""
    found = check(Case(wat(text)), [OtherConstant()], calls=5).case
    assert found.kind == "differs"
    (call,) = found.host
    assert (call.name, call.args) == ("env.ask", ("i32:5",))
    assert [each.partition(":")[0] for each in call.results] == ["i32", "i64"]
    assert found == Case.from_files(found.files())


def test_the_same_seed_finds_the_same() -> None:
    with pytest.raises(PassFailure) as first:
        fuzz_pass(OtherConstant(), cases=300, seed=5, shrinks=0)
    with pytest.raises(PassFailure) as second:
        fuzz_pass(OtherConstant(), cases=300, seed=5, shrinks=0)
    assert first.value.case == second.value.case
