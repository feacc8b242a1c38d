"""What the judge may not conclude: limits met on one side only, and references it can tell apart only so far."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Contract, CustomChanged, IndexMap, Run
from wasmrewrite.equiv import Different, Inconclusive, Same, verify

RECURSIVE = """(module (func $f (export "f") (param i32) (result i32)
    local.get 0 i32.const 15 i32.and local.tee 0
    if (result i32) local.get 0 i32.const 1 i32.sub call {callee} else i32.const 7 end)
  (func $g (param i32) (result i32) local.get 0 call $f))"""
GROWING = """(module (memory 1 {max}) (func (export "f") (param i32) (result i32) {nop}
    i32.const {pages} memory.grow drop i32.const 0))"""
LOOPING = """(module (func (export "f") (param i32) (result i32) (local i32)
    loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const {times} i32.lt_u br_if 0 end local.get 0))"""

ONE_SIDED = {
    "depth": (RECURSIVE.format(callee="$f"), RECURSIVE.format(callee="$g"), {"depth": 20}, "call stack exhausted"),
    "memory": (
        GROWING.format(max=4000, nop="", pages=1), GROWING.format(max=4000, nop="nop", pages=2000),
        {"memory_bytes": 16 << 20}, "a limit refused memory.grow",
    ),
    "fuel": (LOOPING.format(times=10), LOOPING.format(times=1_000_000), {"fuel": 50_000}, "fuel exhausted"),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_SIDED)
def test_a_limit_met_on_one_side_proves_nothing(name: str) -> None:
    before, after, limits, reason = ONE_SIDED[name]
    verdict = verify(wat(before), wat(after), Contract(), calls=40, **limits)  # type: ignore[arg-type]
    assert isinstance(verdict, Inconclusive), verdict.text()
    assert f"the output ran out ({reason}" in verdict.text()
    assert "where the input did not" in verdict.text()


def test_limits_met_on_both_sides_prove_nothing_either() -> None:
    endless = '(module (func (export "f") {nop} loop br 0 end))'
    verdict = verify(wat(endless.format(nop="")), wat(endless.format(nop="nop")), Contract(), calls=20, fuel=1_000)
    assert isinstance(verdict, Inconclusive)
    assert (verdict.evidence.calls, verdict.evidence.skipped > 0) == (0, True)


HOST_REFERENCES = """(module (table $t 1 externref)
  (func (export "f") (param externref externref) (result externref) {nop} local.get {which})
  (func (export "keep") (param externref) i32.const 0 local.get 0 table.set $t))"""


@pytest.mark.parametrize(
    ("which", "kind"), [(0, Same), (1, Different)], ids=["the same object", "another object of the host"]
)
def test_references_of_the_host_are_told_apart_by_identity(which: int, kind: type) -> None:
    before = wat(HOST_REFERENCES.format(nop="", which=0))
    verdict = verify(before, wat(HOST_REFERENCES.format(nop="nop", which=which)), Contract(), calls=60)
    assert isinstance(verdict, kind), verdict.text()


FUNCTION_REFERENCES = """(module (table 2 funcref) (elem declare func $a $b)
  (func $a (result i32) i32.const 1) (func $b (result i32) i32.const 1)
  (func (export "get") (result funcref) {nop} {result})
  {more})"""


@pytest.mark.parametrize(
    ("result", "kind"),
    [("ref.func $a", Same), ("ref.func $b", Different), ("ref.null func", Different), ("ref.func $new", Same)],
)
def test_references_to_functions(result: str, kind: type) -> None:
    """What is mapped is told apart although both do the same; what nobody knows is called and counted."""
    more = "(elem declare func $new) (func $new (result i32) i32.const 1)" if "new" in result else ""
    before = wat(FUNCTION_REFERENCES.format(nop="", result="ref.func $a", more=""))
    after = wat(FUNCTION_REFERENCES.format(nop="nop", result=result, more=more))
    maps = (IndexMap("function", (Run(0, 0, 3),)), IndexMap("elem segment", (Run(0, 0, 1),)))
    named = (CustomChanged("name", "a function was added"),) if more else ()
    verdict = verify(before, after, Contract(maps=maps, claims=named), calls=40)
    assert isinstance(verdict, kind), verdict.text()
    assert (verdict.evidence.unproven > 0) is bool(more)
