"""A contract that lies, or claims more than is needed, never gets a module through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers.rewrites import CONTRACT, DEMO, WRAPPER_LOADS, Pair
from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Contract,
    CustomChanged,
    Declaration,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    Interface,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.equiv import Different, Same, verify


def claiming(*claims: object, without: tuple[type, ...] = ()) -> Contract:
    kept = tuple(claim for claim in CONTRACT.claims if not isinstance(claim, without))
    return replace(CONTRACT, claims=(*kept, *claims))  # type: ignore[arg-type]


def returning(name: str, result: str) -> Contract:
    claims = tuple(
        replace(claim, result=parse_type(result))
        if isinstance(claim, ReturnsByValue) and claim.kind == "export" and claim.name == name
        else claim
        for claim in CONTRACT.claims
    )
    return replace(CONTRACT, claims=claims)


def mapped(*runs: Run) -> Contract:
    return replace(CONTRACT, maps=(CONTRACT.maps[0], IndexMap("function", runs)))


WRONG_CALLEE = DEMO.changed(("local.get 1  call $get_two", "local.get 1  call $other"))
WRONG_CONSTANT = DEMO.changed(("i64.const 7", "i64.const 8"))
SWAPPED_FIELDS = DEMO.changed((WRAPPER_LOADS, "local.get $frame  i64.load offset=8\n    local.get $frame  i64.load"))

LIES: dict[str, tuple[Pair, Contract]] = {
    "fields in another order": (DEMO, returning("get_two", "(i64 @8, i64 @0)")),
    "narrower field": (DEMO, returning("small", "(u8 @4, u32 @0, i8 @6)")),
    "unsigned field": (DEMO, returning("small", "(u8 @4, u32 @0, u16 @6)")),
    "field somewhere else": (DEMO, returning("small", "(u8 @5, u32 @0, i16 @6)")),
    "padding nobody declared": (DEMO, returning("get_two", "(i64 @0, i64 @16; size 32)")),
    "fewer fields": (DEMO, returning("get_two", "(i64, (); size 8)")),
    "another type of field": (DEMO, returning("get_two", "(i64, f64)")),
    "wrong pointer parameter": (
        DEMO,
        replace(
            CONTRACT,
            claims=tuple(
                replace(claim, pointer=1) if isinstance(claim, ReturnsByValue) and claim.name == "get_two" else claim
                for claim in CONTRACT.claims
            ),
        ),
    ),
    "no such export": (DEMO, claiming(ReturnsByValue("export", "nothing", parse_type("(i64, i64)")))),
    "import that is none": (
        DEMO,
        claiming(ReturnsByValue("import", "get_two", parse_type("(i64, i64)"), module="js", old=1, new=1)),
    ),
    "another global is the stack pointer": (DEMO, replace(CONTRACT, stack_pointer=1)),
    "no global is the stack pointer": (DEMO, replace(CONTRACT, stack_pointer=7)),
    "needless excuse": (DEMO, claiming(BehaviourChanged(3, "whatever"))),
    "excuse for a caller that hides its callee": (WRONG_CONSTANT, claiming(BehaviourChanged(3, "whatever"))),
    "excuse for the wrapped function's neighbour": (WRONG_CALLEE, claiming(BehaviourChanged(2, "whatever"))),
    "functions permuted": (DEMO, mapped(Run(0, 0, 1), Run(1, 2, 1), Run(2, 1, 1), Run(3, 3, 3))),
    "function said to be new": (WRONG_CONSTANT, mapped(Run(0, 0, 1), Run(2, 2, 4))),
    "functions used twice": (DEMO, mapped(Run(0, 0, 6), Run(3, 6, 1))),
    "functions that are not there": (DEMO, mapped(Run(0, 0, 60))),
    "unknown space": (DEMO, replace(CONTRACT, maps=(*CONTRACT.maps, IndexMap("functions", ())))),
    "globals permuted": (
        DEMO,
        replace(CONTRACT, maps=(*CONTRACT.maps, IndexMap("global", (Run(0, 1, 1), Run(1, 0, 1))))),
    ),
    "redirected to another function": (DEMO, replace(CONTRACT, redirected=(Redirected("function", 0, 7),))),
    "a stranger in the table": (
        DEMO.changed(
            ("func $other $shim", "func $other $stranger"), ("(start $init)", "(func $stranger (type 0)) (start $init)")
        ),
        CONTRACT,
    ),
    "redirected to a function that does less": (
        DEMO.changed(("(start $init)", "(func $empty (type 0)) (start $init)")),
        replace(CONTRACT, redirected=(Redirected("function", 0, 9),)),
    ),
    "instantiation calls another function": (DEMO, claiming(InstantiationCalls(2), without=(InstantiationCalls,))),
    "instantiation calls it twice": (DEMO, claiming(InstantiationCalls(4))),
    "instantiation calls nothing": (
        DEMO,
        replace(CONTRACT, claims=tuple(c for c in CONTRACT.claims if not isinstance(c, InstantiationCalls))),
    ),
    "instantiation calls something harmless": (
        DEMO.changed(("(start $init)", "(func $idle (type 3)) (start $idle)")),
        claiming(without=(InstantiationCalls,)),
    ),
    "start function no longer called": (DEMO, claiming(InstantiationNoLongerCalls(4))),
    "renamed the wrong way": (DEMO, claiming(Renamed("export", "init", "use"), Renamed("export", "use", "init"))),
    "alias of something else": (
        DEMO.changed(('(export "use")', '(export "use") (export "more")')),
        claiming(Added("export", "more", same_as="init")),
    ),
    "alias with other behaviour": (
        DEMO.changed(("(func $other (type 1)", '(func $other (export "more") (type 1)')),
        claiming(Added("export", "more", same_as="get_two")),
    ),
    "removed export is still there": (DEMO, claiming(Removed("export", "use"))),
    "removed section is still there": (DEMO, claiming(Removed("custom", "name"), without=(CustomChanged,))),
    "name section not changed": (DEMO, claiming(without=(CustomChanged,))),
    "empty contract": (DEMO, Contract()),
}


@pytest.mark.parametrize("name", LIES)
def test_lying_contracts_do_not_get_through(name: str) -> None:
    pair, contract = LIES[name]
    verdict = verify(*pair.modules(), contract, calls=120)
    assert not isinstance(verdict, Same), verdict.text()


def test_what_the_user_declared_decides() -> None:
    """Wrapper and contract agree on the wrong order of fields; the declaration does not."""
    lying = returning("get_two", "(i64 @8, i64 @0)")
    before, after = SWAPPED_FIELDS.modules()
    declared = [
        ("get_two", "(i64, i64)", None),
        ("small", "(u8 @4, u32 @0, i16 @6)", None),
        ("get_two", "(i64, i64)", "js"),
    ]
    entries = [Declaration(name, module, result=parse_type(result)) for name, result, module in declared]
    interface = Interface(tuple(entries[:2]), tuple(entries[2:]))
    assert isinstance(verify(before, after, lying), Same)
    verdict = verify(before, after, lying, interface=interface)
    assert isinstance(verdict, Different)
    assert "declared to return (i64, i64)" in str(verdict.difference)
    assert isinstance(verify(*DEMO.modules(), CONTRACT, interface=interface), Same)
