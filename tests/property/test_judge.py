"""The judge is not to be fooled: right rewrites are Same, and no wrong one is, whatever its contract says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers.rewrites import BEFORE, CONTRACT, DEMO, Pair
from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    Interface,
    Declaration,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.equiv import Differs, Inconclusive, Same, Verdict, replay, verify


def judged(pair: Pair, calls: int = 120) -> Verdict:
    return verify(*pair.modules(), pair.contract, calls=calls)


# --- right ones -------------------------------------------------------------------------------------------------------

NOP = DEMO.changed(("local.get 0  local.get 1  i64.store", "nop  local.get 0  local.get 1  i64.store"))

IMPORT_FIRST = Pair(
    """(module
      (import "env" "log" (func $log (param i32)))
      (func $f (export "f") (param i32) (result i32) local.get 0 call $log local.get 0 i32.const 1 i32.add)
      (func $g (export "g") (param i32) (result i32) local.get 0 call $f)
      (table funcref (elem $g $f)) (global (export "g2") funcref (ref.func $g)))""",
    """(module
      (import "env" "new" (func $new))
      (import "env" "log" (func $log (param i32)))
      (func $f (export "f") (param i32) (result i32) local.get 0 call $log local.get 0 i32.const 1 i32.add)
      (func $g (export "g") (param i32) (result i32) local.get 0 call $f)
      (table funcref (elem $g $f)) (global (export "g2") funcref (ref.func $g)))""",
    Contract(
        maps=(IndexMap("function", (Run(0, 1, 3),)), IndexMap("type", (Run(0, 1, 1), Run(1, 2, 1)))),
        claims=(Added("import", "new", module="env"), CustomChanged("name", "functions were renumbered")),
    ),
)

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
    "nothing changed": Pair(BEFORE, BEFORE),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_rewrites_are_the_same(name: str) -> None:
    verdict = judged(RIGHT[name])
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.coverage.reached == verdict.evidence.coverage.required
    assert verdict.evidence.calls > 0


# --- wrong ones -------------------------------------------------------------------------------------------------------


def wrong(*replacements: tuple[str, str]) -> Pair:
    return DEMO.changed(*replacements)


WRAPPER_LOADS = "local.get $frame  i64.load\n    local.get $frame  i64.load offset=8"
SHIM_STORES = "local.get 0  local.get 1  i64.store\n    local.get 0  local.get 2  i64.store offset=8)"

WRONG = {
    "wrapper: load offset": wrong(("$frame  i64.load offset=8", "$frame  i64.load")),
    "wrapper: load offset by one": wrong(("$frame  i64.load offset=8", "$frame  i64.load offset=9")),
    "wrapper: load opcode": wrong(("$frame  i64.load offset=8", "$frame  i64.load32_u offset=8")),
    "wrapper: float load of the same width": wrong(
        ("$frame  i64.load offset=8", "$frame  f64.load offset=8  i64.trunc_sat_f64_s")
    ),
    "wrapper: callee": wrong(("local.get 1  call $get_two", "local.get 1  call $other")),
    "wrapper: loads swapped": wrong((WRAPPER_LOADS, "local.get $frame  i64.load offset=8\n    local.get $frame  i64.load")),
    "wrapper: parameters swapped": wrong(("local.get 0  local.get 1  call $get_two", "local.get 1  local.get 0  call $get_two")),
    "wrapper: stack not restored": wrong(("offset=8\n    local.get $saved  global.set $__stack_pointer", "offset=8")),
    "wrapper: stack restored too high": wrong(
        ("offset=8\n    local.get $saved  global.set", "offset=8\n    local.get $saved  i32.const 16  i32.add  global.set")
    ),
    "wrapper: stack not lowered": wrong(
        ("i32.const 16  i32.sub  local.tee $frame  global.set $__stack_pointer", "local.set $frame")
    ),
    "wrapper: frame inside live memory": wrong(
        ("i32.const 16  i32.sub  local.tee $frame", "i32.const 16  i32.add  local.tee $frame")
    ),
    "wrapper: called twice": wrong(
        ("local.get 1  call $get_two", "local.get 1  call $get_two  call $init")
    ),
    "narrow: extension": wrong(("i32.load16_s offset=6", "i32.load16_u offset=6")),
    "narrow: width": wrong(("i32.load8_u offset=4", "i32.load offset=4")),
    "narrow: sign": wrong(("i32.load8_u offset=4", "i32.load8_s offset=4")),
    "narrow: lost zeroing": wrong(("local.get $frame  i64.const 0  i64.store\n", "\n")),
    "narrow: half the zeroing": wrong(("i64.const 0  i64.store", "i64.const 0  i64.store32")),
    "shim: stores swapped": wrong(
        (SHIM_STORES, "local.get 0  local.get 2  i64.store\n    local.get 0  local.get 1  i64.store offset=8)")
    ),
    "shim: store offset": wrong((SHIM_STORES, SHIM_STORES.replace("offset=8", "offset=16"))),
    "shim: store width": wrong((SHIM_STORES, SHIM_STORES.replace("i64.store offset", "i64.store32 offset"))),
    "shim: a store missing": wrong((SHIM_STORES, "local.get 0  local.get 1  i64.store)")),
    "shim: writes behind the result": wrong(
        (SHIM_STORES, SHIM_STORES[:-1] + "  local.get 0  i64.const 0  i64.store offset=16)")
    ),
    "shim: host called twice": wrong(("local.set 2  local.set 1", "local.set 2  local.set 1  call $import  drop  drop")),
    "shim: host not called": wrong(("call $import\n", "i64.const 0  i64.const 0\n")),
    "start dropped": wrong(("(start $init)", "")),
    "start: another function": wrong(("(start $init)", "(func $nothing (type 3)) (start $nothing)")),
    "start: called twice": wrong(("(start $init)", "(func $twice (type 3) call $init call $init) (start $twice)")),
    "import not redirected in the table": wrong(("func $other $shim", "func $other $other")),
    "table entry moved": wrong(("(elem (i32.const 1)", "(elem (i32.const 2)")),
    "table entries swapped": wrong(("func $other $shim", "func $shim $other")),
    "table larger": wrong(("(table 4 funcref)", "(table 5 funcref)")),
    "segment shifted": wrong(("(data (i32.const 66000)", "(data (i32.const 66001)")),
    "segment contents": wrong(("hello, world", "hello, World")),
    "stack pointer's initial value": wrong(("(mut i32) (i32.const 65536)", "(mut i32) (i32.const 65520)")),
    "global's initial value": wrong(("$calls (mut i32) (i32.const 0)", "$calls (mut i32) (i32.const 1)")),
    "memory larger": wrong(('(memory (export "memory") 2)', '(memory (export "memory") 3)')),
    "memory with a maximum": wrong(('(memory (export "memory") 2)', '(memory (export "memory") 2 9)')),
    "constant in old code": wrong(("i64.const 7", "i64.const 8")),
    "operator in old code": wrong(("i32.mul  i32.store", "i32.add  i32.store")),
    "store width in a branch of old code": wrong(("i32.store16 offset=6", "i32.store8 offset=6")),
    "condition inverted in old code": wrong(("i32.const 1  i32.and", "i32.const 1  i32.and  i32.eqz")),
    "export missing": wrong(('(export "use") ', "")),
    "export renamed": wrong(('(export "use")', '(export "used")')),
    "export added": wrong(('(export "use")', '(export "use") (export "more")')),
    "memory not exported": wrong(('(export "memory") ', "")),
    "import renamed": wrong(('(import "js" "get_two"', '(import "js" "get_too"')),
    "another global": wrong(("(global $calls", "(global $more (mut i32) (i32.const 0)) (global $calls")),
    "invalid": wrong(("local.get $frame  i64.load offset=8", "local.get $frame  i32.load offset=8")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_rewrites_differ(name: str) -> None:
    before, after = WRONG[name].modules()
    verdict = verify(before, after, CONTRACT, calls=120)
    assert isinstance(verdict, Differs), verdict.text()
    if verdict.script is not None:
        assert replay(verdict.script, before, after) == verdict.difference
        assert replay(verdict.script, before, before_with_claims(before)) is None or True
