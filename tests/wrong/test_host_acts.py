"""The host does what optimizers have to expect of it: each kind of act alone shows a rewrite that is wrong before it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Contract
from wasmrewrite.equiv import Different, Same, replay, verify
from wasmrewrite.equiv.behavior.script import Script
from wasmrewrite.equiv.hosts import acting, acts

CALLS = 200


@dataclass(frozen=True)
class Pair:
    """A rewrite that is wrong before a host that does acts of one kind."""

    kind: str
    before: str
    after: str


def _both(kind: str, frame: str, before: str, after: str) -> Pair:
    return Pair(kind, f"(module {frame} {before})", f"(module {frame} {after})")


_IMPORT = '(import "e" "f" (func $f (param i32) (result i32)))'
_MEMORY = '(memory (export "m") 1)'
_TYPE = "(type $t (func (param i32) (result i32)))"
_TABLE = f"""{_TYPE} (table (export "t") 2 funcref) (elem (i32.const 0) $a $b)
    (func $a (type $t) local.get 0 i32.const 1 i32.add) (func $b (type $t) local.get 0 i32.const 2 i32.add)"""
_CALL = "local.get 0 call $f"
_FLAG = "(global $busy (mut i32) (i32.const 0))"
_SET = '(func (export "set") (param i32) local.get 0 global.set $busy)'
_FRAME = """(func (export "go") (result i32) (local $p i32)
    global.get $__stack_pointer i32.const 16 i32.sub local.tee $p global.set $__stack_pointer
    local.get $p i32.const 5 i32.store %s
    local.get $p i32.const 16 i32.add global.set $__stack_pointer)"""

PAIRS = (
    _both(  # a load of data is folded
        acts.WRITE,
        f'{_MEMORY} (data (i32.const 8) "****")',
        '(func (export "go") (result i32) i32.const 8 i32.load)',
        '(func (export "go") (result i32) i32.const 0x2a2a2a2a)',
    ),
    _both(  # a load from the frame that a callee was lent is hoisted over the call
        acts.POINTER,
        f"{_IMPORT} {_MEMORY} (global $__stack_pointer (mut i32) (i32.const 32768))",
        _FRAME % "local.get $p call $f drop local.get $p i32.load",
        _FRAME % "local.get $p i32.load local.get $p call $f drop",
    ),
    _both(  # a mutable global that is exported is folded
        acts.GLOBAL,
        '(global $g (export "g") (mut i32) (i32.const 5))',
        '(func (export "go") (result i32) global.get $g)',
        '(func (export "go") (result i32) i32.const 5)',
    ),
    _both(  # a call through an exported table is made direct
        acts.TABLE,
        _TABLE,
        '(func (export "go") (param i32) (result i32) local.get 0 i32.const 1 call_indirect (type $t))',
        '(func (export "go") (param i32) (result i32) local.get 0 call $b)',
    ),
    _both(  # the size of a memory is folded
        acts.GROW_MEMORY,
        _MEMORY,
        '(func (export "go") (result i32) memory.size)',
        '(func (export "go") (result i32) i32.const 1)',
    ),
    _both(  # the size of a table is folded
        acts.GROW_TABLE,
        '(table $t (export "t") 2 funcref)',
        '(func (export "go") (result i32) table.size $t)',
        '(func (export "go") (result i32) i32.const 2)',
    ),
    _both(  # that memory does not grow is taken for impossible
        acts.REFUSE,
        "(memory 1)",
        '(func (export "go") (result i32) i32.const 1 memory.grow i32.const -1 i32.eq)',
        '(func (export "go") (result i32) i32.const 1 memory.grow drop i32.const 0)',
    ),
    _both(  # reading a global is hoisted over a call
        acts.ENTER,
        f"{_IMPORT} {_FLAG} {_SET}",
        f'(func (export "go") (param i32) (result i32) {_CALL} drop global.get $busy)',
        f'(func (export "go") (param i32) (result i32) global.get $busy {_CALL} drop)',
    ),
    _both(  # a store is sunk below a call that may trap
        acts.TRAP,
        f"{_IMPORT} {_FLAG}",
        f'(func (export "go") (param i32) (result i32) i32.const 1 global.set $busy {_CALL})',
        f'(func (export "go") (param i32) (result i32) {_CALL} i32.const 1 global.set $busy)',
    ),
)


def test_every_kind_of_act_has_a_pair() -> None:
    assert {pair.kind for pair in PAIRS} == set(acts.KINDS)


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.kind for pair in PAIRS])
def test_only_a_host_that_acts_so_shows_the_difference(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = wat(pair.before), wat(pair.after)
    verdict = verify(before, after, Contract(), calls=CALLS)
    assert isinstance(verdict, Different), verdict.text()
    assert verdict.script is not None
    assert pair.kind in [act.kind for act in verdict.script.acts or ()], verdict.text()
    assert all(str(act) in verdict.text() for act in verdict.script.acts or ())
    assert replay(Script.loads(verdict.script.dumps()), before, after) == verdict.difference
    for name in ("BETWEEN", "INSIDE"):
        monkeypatch.setattr(acting, name, tuple(kind for kind in getattr(acts, name) if kind != pair.kind))
    blind = verify(before, after, Contract(), calls=CALLS)
    assert isinstance(blind, Same), blind.text()


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.kind for pair in PAIRS])
def test_the_host_does_the_same_to_both_sides(pair: Pair) -> None:
    for text in (pair.before, pair.after):
        same = verify(wat(text), wat(text), calls=CALLS)
        assert isinstance(same, Same), same.text()
        assert sum(same.evidence.to_json()["host_acts"].values()) > 0


LARGER = _both(
    "",
    '(import "e" "m" (memory 1))',
    '(func (export "n") (result i32) memory.size)',
    '(func (export "n") (result i32) i32.const 1)',
)
SEEN = (
    _both(  # dead stores before a call, above and below the stack
        "",
        f"{_IMPORT} {_MEMORY} (global $__stack_pointer (mut i32) (i32.const 32768))",
        f'(func (export "go") (param i32) (result i32) i32.const 16 local.get 0 i32.store {_CALL} '
        "i32.const 16 i32.const 0 i32.store)",
        f'(func (export "go") (param i32) (result i32) {_CALL} i32.const 16 i32.const 0 i32.store)',
    ),
    _both(  # a global is set after the call instead of before it
        "",
        f'{_IMPORT} (global $g (export "g") (mut i32) (i32.const 0))',
        f'(func (export "go") (param i32) (result i32) i32.const 7 global.set $g {_CALL} i32.const 9 global.set $g)',
        f'(func (export "go") (param i32) (result i32) {_CALL} i32.const 9 global.set $g)',
    ),
    _both(  # a table slot is set after the call instead of before it
        "",
        f"{_IMPORT} {_TABLE}",
        f"""(func (export "go") (param i32) (result i32) i32.const 0 ref.null func table.set 0 {_CALL}
            i32.const 0 i32.const 1 table.get 0 table.set 0)""",
        f"""(func (export "go") (param i32) (result i32) {_CALL}
            i32.const 0 i32.const 1 table.get 0 table.set 0)""",
    ),
)


def test_imported_memories_are_larger_than_their_minimum() -> None:
    verdict = verify(wat(LARGER.before), wat(LARGER.after), Contract())
    assert isinstance(verdict, Different)
    assert "imported memories and tables are larger than their minimum" in verdict.text()


@pytest.mark.parametrize("pair", SEEN, ids=["memory", "globals", "tables"])
def test_the_host_looks_when_it_is_called(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BETWEEN", "INSIDE"):
        monkeypatch.setattr(acting, name, ())
    verdict = verify(wat(pair.before), wat(pair.after), Contract())
    assert isinstance(verdict, Different), verdict.text()
    assert "at host call 0" in verdict.difference.where
