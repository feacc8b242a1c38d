"""The judge is not to be fooled: right rewrites are Same, and no wrong one is, whatever its contract says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers.rewrites import BEFORE, CONTRACT, DEMO, Pair
from wasmrewrite.codec import frame
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


# --- an index that was not renumbered, one kind at a time ---------------------------------------------------------------

SPACES_BEFORE = """(module
  (type $t (func (result i32))) (type $u (func (param i32) (result i32)))
  {import}
  (import "env" "log" (func $log (type $u)))
  {memory} (memory $m (export "m") 1) (memory $n (export "n") 1)
  {table} (table $a (export "a") 4 funcref) (table $b (export "b") 4 funcref)
  {global} (global $g (mut i32) (i32.const 1)) (global $h (mut i32) (i32.const 2))
  (global $r funcref (ref.func $two)) (export "r" (global $r))
  (elem (table $a) (i32.const 0) func $one $two)
  (elem $passive func $one)
  (elem (table $b) (i32.const 1) funcref (ref.func $two) (ref.null func))
  (data (memory $n) (i32.const 8) "data") (data $later "later")
  (func $one (type $t) i32.const 1)
  (func $two (type $t) i32.const 2)
  (func (export "call") (type $u) local.get 0 call $log drop call $two)
  (func (export "indirect") (type $u) local.get 0 i32.const 3 i32.and call_indirect $a (type $t))
  (func (export "grow") (result i32) i32.const 1 memory.grow $n)
  (func (export "size") (result i32) memory.size $n memory.size $m i32.const 100 i32.mul i32.add)
  (func (export "load") (type $u) local.get 0 i32.const 15 i32.and i32.load $n)
  (func (export "copy") i32.const 3 i32.const 8 i32.const 4 memory.copy $m $n)
  (func (export "fill") i32.const 30 i32.const 9 i32.const 2 memory.fill $n)
  (func (export "init") i32.const 20 i32.const 1 i32.const 3 memory.init $n $later)
  (func (export "set") (param i32) local.get 0 global.set $h)
  (func (export "get") (result i32) global.get $h)
  (func (export "table") (type $u) local.get 0 i32.const 3 i32.and i32.const 1 table.get $a table.set $b i32.const 0)
  (func (export "tables") i32.const 0 i32.const 0 i32.const 1 table.copy $b $a)
  (func (export "table_init") i32.const 3 i32.const 0 i32.const 1 table.init $b $passive)
  (func (export "blocks") (type $u) local.get 0 block (type $u) i32.const 1 i32.add end)
  (func (export "ref") (result funcref) ref.func $two))
"""
EMPTY = {"{import}": "", "{memory}": "", "{table}": "", "{global}": ""}
FIRST = {
    "{import}": '(import "env" "new" (func $new (type $t)))',
    "{memory}": "(memory $m0 1)",
    "{table}": "(table $t0 1 funcref)",
    "{global}": "(global $g0 (mut i32) (i32.const 1))",
}


def filled(template: str, places: dict[str, str]) -> str:
    for place, text in places.items():
        template = template.replace(place, text)
    return template


RENUMBERED = Pair(
    filled(SPACES_BEFORE, EMPTY),
    filled(SPACES_BEFORE, FIRST).replace('$n i32.const 100 i32.mul', '$n i32.const 100 i32.mul'),
    Contract(
        maps=(
            IndexMap("function", (Run(0, 1, 18),)),
            IndexMap("memory", (Run(0, 1, 2),)),
            IndexMap("table", (Run(0, 1, 2),)),
            IndexMap("global", (Run(0, 1, 3),)),
        ),
        claims=(Added("import", "new", module="env"), CustomChanged("name", "renumbered")),
    ),
)

NOT_RENUMBERED = {
    "call": ("drop call $two", "drop call $one"),
    "call of an import": ("call $log drop", "drop call $new drop i32.const 0 drop"),
    "call_indirect": ("call_indirect $a", "call_indirect $t0"),
    "memory.grow": ("memory.grow $n", "memory.grow $m"),
    "memory.size": ("memory.size $n", "memory.size $m"),
    "load": ("i32.load $n", "i32.load $m"),
    "memory.copy to": ("memory.copy $m $n", "memory.copy $m0 $n"),
    "memory.copy from": ("memory.copy $m $n", "memory.copy $m $m"),
    "memory.fill": ("memory.fill $n", "memory.fill $m"),
    "memory.init": ("memory.init $n", "memory.init $m"),
    "global.set": ("global.set $h", "global.set $g"),
    "global.get": ("global.get $h", "global.get $g"),
    "table.get": ("table.get $a", "table.get $t0"),
    "table.set": ("table.set $b", "table.set $a"),
    "table.copy": ("table.copy $b $a", "table.copy $a $a"),
    "table.init": ("table.init $b", "table.init $a"),
    "ref.func in code": ("ref.func $two))", "ref.func $one))"),
    "ref.func in a global": ("funcref (ref.func $two))", "funcref (ref.func $one))"),
    "ref.func in a segment": ("(ref.func $two) (ref.null func)", "(ref.func $one) (ref.null func)"),
    "function in a segment": ("func $one $two", "func $new $one"),
    "function in a passive segment": ("$passive func $one", "$passive func $new"),
    "table of a segment": ("(elem (table $b)", "(elem (table $a)"),
    "memory of a segment": ("(data (memory $n)", "(data (memory $m)"),
    "exported function": ('(func (export "get") (result i32) global.get $h)', '(func (result i32) global.get $h) (export "get" (func $two))'),
    "exported memory": ('(memory $n (export "n") 1)', '(memory $n 1) (export "n" (memory $m))'),
    "exported table": ('(table $b (export "b") 4 funcref)', '(table $b 4 funcref) (export "b" (table $a))'),
    "exported global": ('(export "r" (global $r))', '(export "r" (global $h))'),
}


def test_a_renumbered_module_is_the_same() -> None:
    verdict = judged(RENUMBERED, 200)
    assert isinstance(verdict, Same), verdict.text()


@pytest.mark.parametrize("kind", NOT_RENUMBERED)
def test_an_index_left_behind_differs(kind: str) -> None:
    verdict = judged(RENUMBERED.changed(NOT_RENUMBERED[kind]), 200)
    assert isinstance(verdict, Differs), verdict.text()


def test_stale_names_differ() -> None:
    """The name section of the input in a module whose functions moved: every name is off by one."""
    before, after = IMPORT_FIRST.modules()
    stale = after.replace(name_section(after), name_section(before))
    verdict = verify(before, stale, IMPORT_FIRST.contract)
    assert isinstance(verdict, Differs)
    assert "stale names" in str(verdict.difference)


def name_section(data: bytes) -> bytes:
    return next(data[section.header : section.end] for section in frame(data) if section.name == "name")


# --- lying contracts -----------------------------------------------------------------------------------------------------


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


WRONG_CALLEE = wrong(("local.get 1  call $get_two", "local.get 1  call $other"))
WRONG_CONSTANT = wrong(("i64.const 7", "i64.const 8"))
SWAPPED_FIELDS = wrong((WRAPPER_LOADS, "local.get $frame  i64.load offset=8\n    local.get $frame  i64.load"))

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
    "globals permuted": (DEMO, replace(CONTRACT, maps=(*CONTRACT.maps, IndexMap("global", (Run(0, 1, 1), Run(1, 0, 1)))))),
    "redirected to another function": (DEMO, replace(CONTRACT, redirected=(Redirected("function", 0, 7),))),
    "a stranger in the table": (
        wrong(("func $other $shim", "func $other $stranger"), ("(start $init)", "(func $stranger (type 0)) (start $init)")),
        CONTRACT,
    ),
    "redirected to a function that does less": (
        wrong(("(start $init)", "(func $empty (type 0)) (start $init)")),
        replace(CONTRACT, redirected=(Redirected("function", 0, 9),)),
    ),
    "instantiation calls another function": (DEMO, claiming(InstantiationCalls(2), without=(InstantiationCalls,))),
    "instantiation calls it twice": (DEMO, claiming(InstantiationCalls(4))),
    "instantiation calls nothing": (DEMO, replace(CONTRACT, claims=tuple(c for c in CONTRACT.claims if not isinstance(c, InstantiationCalls)))),
    "instantiation calls something harmless": (
        wrong(("(start $init)", "(func $idle (type 3)) (start $idle)")),
        claiming(without=(InstantiationCalls,)),
    ),
    "start function no longer called": (DEMO, claiming(InstantiationNoLongerCalls(4))),
    "renamed the wrong way": (DEMO, claiming(Renamed("export", "init", "use"), Renamed("export", "use", "init"))),
    "alias of something else": (
        wrong(('(export "use")', '(export "use") (export "more")')),
        claiming(Added("export", "more", same_as="init")),
    ),
    "alias with other behaviour": (
        wrong(("(func $other (type 1)", '(func $other (export "more") (type 1)')),
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
    declared = [("get_two", "(i64, i64)", None), ("small", "(u8 @4, u32 @0, i16 @6)", None), ("get_two", "(i64, i64)", "js")]
    entries = [Declaration(name, module, result=parse_type(result)) for name, result, module in declared]
    interface = Interface(tuple(entries[:2]), tuple(entries[2:]))
    assert isinstance(verify(before, after, lying), Same)
    verdict = verify(before, after, lying, interface=interface)
    assert isinstance(verdict, Differs)
    assert "declared to return (i64, i64)" in str(verdict.difference)
    assert isinstance(verify(*DEMO.modules(), CONTRACT, interface=interface), Same)


# --- what cannot be shown ------------------------------------------------------------------------------------------------

SECRET = """(module (func (export "f") (param i64) (result i32)
  local.get 0 i64.const 0x123456789 i64.mul i64.const 0x1337133713371337 i64.eq
  if (result i32) i32.const {inside} else i32.const 0 end))"""

LOOP = """(module (func (export "f") (param i32) (result i32)
  loop local.get 0 {condition} br_if 0 end local.get 0))"""

UNREACHED = {
    "code behind an unlikely condition": Pair(SECRET.replace("{inside}", "1"), SECRET.replace("{inside}", "2"), Contract()),
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
    assert isinstance(verdict, Differs)
