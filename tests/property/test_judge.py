"""Right rewrites are Same, wrong ones Differ, and what could not be shown is Inconclusive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers.rewrites import BEFORE, CONTRACT, DEMO, IMPORT_FIRST, WRAPPER_LOADS, Pair
from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Contract,
    CustomChanged,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    Renamed,
)
from wasmrewrite.equiv import Different, Inconclusive, Same, Verdict, replay, verify


def judged(pair: Pair, calls: int = 120) -> Verdict:
    return verify(*pair.modules(), pair.contract, calls=calls)


# --- right ones -------------------------------------------------------------------------------------------------------

NOP = DEMO.changed(("local.get 0  local.get 1  i64.store", "nop  local.get 0  local.get 1  i64.store"))

RENAMES = Pair(
    """(module (import "env" "a" (func $a (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) local.get 0 call $a))""",
    """(module (import "js" "b" (func $a (param i32) (result i32)))
      (func (export "g") (export "h") (param i32) (result i32) local.get 0 call $a))""",
    Contract(
        claims=(
            Renamed("import", "a", "b", module="env", new_module="js"),
            Renamed("export", "f", "g"),
            Added("export", "h", same_as="f"),
        )
    ),
)

REMOVED_START = Pair(
    """(module (global $g (export "n") (mut i32) (i32.const 0))
      (func $init (export "init") i32.const 5 global.set $g) (start $init))""",
    """(module (global $g (export "n") (mut i32) (i32.const 0))
      (func $init (export "init") i32.const 5 global.set $g))""",
    Contract(claims=(InstantiationNoLongerCalls(0),)),
)

START_WITH_ARGUMENTS = Pair(
    """(module (type (func (param i32))) (type (func)) (global $g (export "n") (mut i32) (i32.const 1))
      (func $old (type 1) i32.const 2 global.set $g)
      (func $init (export "init") (type 0) global.get $g local.get 0 i32.add global.set $g)
      (start $old))""",
    """(module (type (func (param i32))) (type (func)) (global $g (export "n") (mut i32) (i32.const 1))
      (func $old (type 1) i32.const 2 global.set $g)
      (func $init (export "init") (type 0) global.get $g local.get 0 i32.add global.set $g)
      (func $start (type 1) call $old i32.const 5 call $init)
      (start $start))""",
    Contract(claims=(InstantiationCalls(1, ("i32:5",)), CustomChanged("name", "a function was added"))),
)

SNIPPED = Pair(
    """(module (func $f (export "f") (param i32) (result i32) local.get 0)
      (func (export "g") (param i32) (result i32) local.get 0 i32.const 1 i32.add)
      (func (export "h") (param i32) (result i32) local.get 0 call $f))""",
    """(module (func $f (export "f") (param i32) (result i32) unreachable)
      (func (export "g") (param i32) (result i32) local.get 0 i32.const 1 i32.add)
      (func (export "h") (param i32) (result i32) local.get 0 call $f))""",
    Contract(claims=(BehaviourChanged(0, "snipped"),)),
)

RIGHT = {
    "by value both ways, and a start": DEMO,
    "a nop more": NOP,
    "an import in front": IMPORT_FIRST,
    "renamed and aliased": RENAMES,
    "start removed": REMOVED_START,
    "start with arguments after an old one": START_WITH_ARGUMENTS,
    "changed on purpose": SNIPPED,
    "a contract that does not mention the shim": replace(DEMO, contract=replace(CONTRACT, redirected=())),
    "nothing changed": Pair(BEFORE, BEFORE),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_rewrites_are_the_same(name: str) -> None:
    verdict = judged(RIGHT[name])
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.coverage.reached == verdict.evidence.coverage.required
    assert verdict.evidence.calls > 0


# --- wrong ones -------------------------------------------------------------------------------------------------------


SHIM_STORES = "local.get 0  local.get 1  i64.store\n    local.get 0  local.get 2  i64.store offset=8)"

WRONG = {
    "wrapper: load offset": DEMO.changed(("$frame  i64.load offset=8", "$frame  i64.load")),
    "wrapper: load offset by one": DEMO.changed(("$frame  i64.load offset=8", "$frame  i64.load offset=9")),
    "wrapper: load opcode": DEMO.changed(("$frame  i64.load offset=8", "$frame  i64.load32_u offset=8")),
    "wrapper: float load of the same width": DEMO.changed(
        ("$frame  i64.load offset=8", "$frame  f64.load offset=8  i64.trunc_sat_f64_s")
    ),
    "wrapper: callee": DEMO.changed(("local.get 1  call $get_two", "local.get 1  call $other")),
    "wrapper: loads swapped": DEMO.changed(
        (WRAPPER_LOADS, "local.get $frame  i64.load offset=8\n    local.get $frame  i64.load")
    ),
    "wrapper: parameters swapped": DEMO.changed(
        ("local.get 0  local.get 1  call $get_two", "local.get 1  local.get 0  call $get_two")
    ),
    "wrapper: stack not restored": DEMO.changed(
        ("offset=8\n    local.get $saved  global.set $__stack_pointer", "offset=8")
    ),
    "wrapper: stack restored too high": DEMO.changed(
        (
            "offset=8\n    local.get $saved  global.set",
            "offset=8\n    local.get $saved  i32.const 16  i32.add  global.set",
        )
    ),
    "wrapper: stack not lowered": DEMO.changed(
        ("i32.const 16  i32.sub  local.tee $frame  global.set $__stack_pointer", "local.set $frame")
    ),
    "wrapper: frame inside live memory": DEMO.changed(
        ("i32.const 16  i32.sub  local.tee $frame", "i32.const 16  i32.add  local.tee $frame")
    ),
    "wrapper: called twice": DEMO.changed(("local.get 1  call $get_two", "local.get 1  call $get_two  call $init")),
    "narrow: extension": DEMO.changed(("i32.load16_s offset=6", "i32.load16_u offset=6")),
    "narrow: width": DEMO.changed(("i32.load8_u offset=4", "i32.load offset=4")),
    "narrow: sign": DEMO.changed(("i32.load8_u offset=4", "i32.load8_s offset=4")),
    "narrow: lost zeroing": DEMO.changed(("local.get $frame  i64.const 0  i64.store\n", "\n")),
    "narrow: half the zeroing": DEMO.changed(("i64.const 0  i64.store", "i64.const 0  i64.store32")),
    "shim: stores swapped": DEMO.changed(
        (SHIM_STORES, "local.get 0  local.get 2  i64.store\n    local.get 0  local.get 1  i64.store offset=8)")
    ),
    "shim: store offset": DEMO.changed((SHIM_STORES, SHIM_STORES.replace("offset=8", "offset=16"))),
    "shim: store width": DEMO.changed((SHIM_STORES, SHIM_STORES.replace("i64.store offset", "i64.store32 offset"))),
    "shim: a store missing": DEMO.changed((SHIM_STORES, "local.get 0  local.get 1  i64.store)")),
    "shim: writes behind the result": DEMO.changed(
        (SHIM_STORES, SHIM_STORES[:-1] + "  local.get 0  i64.const 0  i64.store offset=16)")
    ),
    "shim: host called twice": DEMO.changed(
        ("local.set 2  local.set 1", "local.set 2  local.set 1  call $import  drop  drop")
    ),
    "shim: host not called": DEMO.changed(("call $import\n", "i64.const 0  i64.const 0\n")),
    "start dropped": DEMO.changed(("(start $init)", "")),
    "start: another function": DEMO.changed(("(start $init)", "(func $nothing (type 3)) (start $nothing)")),
    "start: called twice": DEMO.changed(
        ("(start $init)", "(func $twice (type 3) call $init call $init) (start $twice)")
    ),
    "import not redirected in the table": DEMO.changed(("func $other $shim", "func $other $other")),
    "table entry moved": DEMO.changed(("(elem (i32.const 1)", "(elem (i32.const 2)")),
    "table entries swapped": DEMO.changed(("func $other $shim", "func $shim $other")),
    "table larger": DEMO.changed(("(table 4 funcref)", "(table 5 funcref)")),
    "segment shifted": DEMO.changed(("(data (i32.const 66000)", "(data (i32.const 66001)")),
    "segment contents": DEMO.changed(("hello, world", "hello, World")),
    "stack pointer's initial value": DEMO.changed(("(mut i32) (i32.const 65536)", "(mut i32) (i32.const 65520)")),
    "global's initial value": DEMO.changed(("$calls (mut i32) (i32.const 0)", "$calls (mut i32) (i32.const 1)")),
    "memory larger": DEMO.changed(('(memory (export "memory") 2)', '(memory (export "memory") 3)')),
    "memory with a maximum": DEMO.changed(('(memory (export "memory") 2)', '(memory (export "memory") 2 9)')),
    "constant in old code": DEMO.changed(("i64.const 7", "i64.const 8")),
    "operator in old code": DEMO.changed(("i32.mul  i32.store", "i32.add  i32.store")),
    "store width in a branch of old code": DEMO.changed(("i32.store16 offset=6", "i32.store8 offset=6")),
    "condition inverted in old code": DEMO.changed(("i32.const 1  i32.and", "i32.const 1  i32.and  i32.eqz")),
    "export missing": DEMO.changed(('(export "use") ', "")),
    "export renamed": DEMO.changed(('(export "use")', '(export "used")')),
    "export added": DEMO.changed(('(export "use")', '(export "use") (export "more")')),
    "memory not exported": DEMO.changed(('(export "memory") ', "")),
    "import renamed": DEMO.changed(('(import "js" "get_two"', '(import "js" "get_too"')),
    "another global": DEMO.changed(("(global $calls", "(global $more (mut i32) (i32.const 0)) (global $calls")),
    "invalid": DEMO.changed(("local.get $frame  i64.load offset=8", "local.get $frame  i32.load offset=8")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_rewrites_differ(name: str) -> None:
    before, after = WRONG[name].modules()
    verdict = verify(before, after, CONTRACT, calls=120)
    assert isinstance(verdict, Different), verdict.text()
    if verdict.script is not None:
        assert replay(verdict.script, before, after) == verdict.difference


# --- what cannot be shown ---------------------------------------------------------------------------------------------

SECRET = """(module (func (export "f") (param i64) (result i32)
  local.get 0 i64.const 0x123456789 i64.mul i64.const 0x1337133713371337 i64.eq
  if (result i32) i32.const {inside} else i32.const 0 end))"""

LOOP = """(module (func (export "f") (param i32) (result i32)
  loop local.get 0 {condition} br_if 0 end local.get 0))"""

UNREACHED = {
    "code behind an unlikely condition": Pair(
        SECRET.replace("{inside}", "1"), SECRET.replace("{inside}", "2"), Contract()
    ),
    "the output does not come back": Pair(
        LOOP.replace("{condition}", "drop i32.const 0"), LOOP.replace("{condition}", "drop i32.const 1"), Contract()
    ),
}


@pytest.mark.parametrize("name", UNREACHED)
def test_what_was_not_shown_is_inconclusive(name: str) -> None:
    verdict = verify(*UNREACHED[name].modules(), UNREACHED[name].contract, calls=50, fuel=20_000)
    assert isinstance(verdict, Inconclusive), verdict.text()
    assert verdict.why


def test_without_a_contract_changed_code_differs_although_it_behaves_the_same() -> None:
    before, after = replace(NOP, before=NOP.before).modules()
    verdict = verify(before, after)
    assert isinstance(verdict, Different)
