"""Every kind of claim, tried with lies: pairs that are not the same, and a claim that is to explain it away.

A new claim, or a new index space, without a lie here is a failure. Each pair is wrong by a constant that no call is
likely to hit, by a write that only some later reader sees, or by a call of the host: what a claim may hide best.
"""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import (
    Added,
    BehaviourChanged,
    Claim,
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    NameChanged,
    Redirected,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.equiv import Different, Same, verify
from wasmrewrite.isa.immediates import MODULE_SPACES

Lie = tuple[str, str, Contract]
RARE = "local.get 0  i32.const 9  i32.rotl  i32.const 0x7654321f  i32.eq"
"""True for one argument of all, which is no constant of the code."""


def claims(*made: Claim) -> Contract:
    return Contract(claims=made)


def redirected(space: str, old: int, new: int) -> Contract:
    return Contract(redirected=(Redirected(space, old, new),))


def unmapped(space: str, *made: Claim) -> Contract:
    return Contract(maps=(IndexMap(space),), claims=made)


def changed(text: str, *replacements: tuple[str, str]) -> tuple[str, str]:
    after = text
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new)
    return text, after


GLOBALS = f"""(module (global i32 (i32.const 1)) (global i32 (i32.const 2))
  (func (export "f") (param i32) (result i32) {RARE} if (result i32) global.get 0 else i32.const 5 end))"""
COUNTERS = """(module (global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 0))
  (func (export "f") global.get 0 i32.const 1 i32.add global.set 0)
  (func (export "a") (result i32) global.get 0) (func (export "b") (result i32) global.get 1))"""
MEMORIES = f"""(module (memory 1) (memory 1)
  (func (export "f") (param i32) i32.const 8 {RARE} i32.store 0)
  (func (export "a") (result i32) i32.const 8 i32.load 0) (func (export "b") (result i32) i32.const 8 i32.load 1))"""
SIZED = MEMORIES.replace("(memory 1) (memory 1)", "(memory 1) (memory 2)")
TABLES = """(module (type $t (func (result i32))) (table 2 funcref) (table 2 funcref)
  (elem (table 0) (i32.const 0) func 0) (elem (table 1) (i32.const 0) func 1)
  (func (result i32) i32.const 1) (func (result i32) i32.const 2)
  (func (export "f") (result i32) i32.const 0 call_indirect 0 (type $t)))"""
DATAS = f"""(module (memory (export "m") 1) (data "abcdefgh") (data "abcdefgX")
  (func (export "f") (param i32) i32.const 0 {RARE} i32.const 4 i32.add i32.const 3 memory.init 0))"""
ELEMS = f"""(module (table (export "t") 8 funcref) (elem func 0 0 1) (elem func 0 0 0)
  (func (result i32) i32.const 1) (func (result i32) i32.const 2)
  (func (export "f") (param i32) i32.const 0 {RARE} i32.const 2 table.init 0 0))"""
FUNCS = f"""(module (func (param i32) (result i32) local.get 0)
  (func (param i32) (result i32) {RARE} if (result i32) i32.const 1 else local.get 0 end)
  (func (export "f") (param i32) (result i32) local.get 0 call 0) (func (export "g") (param i32) (result i32) local.get 0 call 1))"""
TYPES = """(module (type (func (param i32))) (type (func (param i64)))
  (table 1 funcref) (elem (i32.const 0) func 0) (func (type 0))
  (func (export "f") i32.const 1 i32.const 0 call_indirect (type 0)))"""
TAGS = """(module (tag (param i32)) (tag (param i32))
  (func (export "f") (result i32) block (result i32) try_table (catch 0 0) i32.const 1 throw 0 end i32.const 2 end))"""
HOST = """(module (import "e" "f" (func (param i32))) {more}
  (func (export "go") (param i32) local.get 0 call 0 {calls}))"""
EXPORTED = """(module (memory (export "m") 1)
  (func (export "f") (param i32) i32.const 16 local.get 0 i32.store))"""
START = """(module (memory (export "m") 1) (start 0) (func i32.const 8 i32.const 7 i32.store)
  (func (export "f") (result i32) i32.const 8 i32.load))"""
IDLE = START.replace("(start 0) ", "")
TWO = """(module (memory (export "m") 1) (func (export "f") (param i32) local.get 0 i32.const 7 i32.store)
  (func (export "g") (param i32) (result i32) local.get 0))"""
CURSOR = """(module (memory (export "m") 1) (global $cur (mut i32) (i32.const 4096)) (global $other (mut i32) (i32.const 8192))
  (func (export "push") (param i32) global.get $cur i32.const 4 i32.sub global.set $cur
    global.get $cur local.get 0 i32.store)
  (func (export "o") (param i32) local.get 0 global.set $other)
  (func (export "peek") (result i32) global.get $cur i32.load))"""

IMPORTED = """(module (import "e" "m" (memory 1)) {more}
  (func (export "f") (param i32) i32.const 8 local.get 0 i32.store {which}))"""

REDIRECTED: dict[str, list[Lie]] = {
    "global": [
        (*changed(GLOBALS, ("global.get 0", "global.get 1")), redirected("global", 0, 1)),
        (*changed(COUNTERS, ("global.set 0", "global.set 1")), redirected("global", 0, 1)),
    ],
    "memory": [
        (*changed(MEMORIES, ("i32.store 0", "i32.store 1")), redirected("memory", 0, 1)),
        (*changed(SIZED, ("i32.store 0", "i32.store 1")), redirected("memory", 0, 1)),
    ],
    "table": [(*changed(TABLES, ("call_indirect 0", "call_indirect 1")), redirected("table", 0, 1))],
    "data": [(*changed(DATAS, ("memory.init 0", "memory.init 1")), redirected("data segment", 0, 1))],
    "elem": [(*changed(ELEMS, ("table.init 0 0", "table.init 0 1")), redirected("elem segment", 0, 1))],
    "type": [(*changed(TYPES, ("i32.const 1 i32.const 0", "i64.const 1 i32.const 0"), ("(type 0)))", "(type 1)))")), redirected("type", 0, 1))],
    "tag": [(*changed(TAGS, ("throw 0", "throw 1")), redirected("tag", 0, 1))],
    "function": [
        # To one that has a rare branch, and away from one that has.
        (*changed(FUNCS, ("call 0", "call 1")), redirected("function", 0, 1)),
        (*changed(FUNCS, ("call 1", "call 0")), redirected("function", 1, 0)),
    ],
}  # fmt: skip

MAPS: dict[str, list[Lie]] = {
    "global": [(*changed(GLOBALS, ("global.get 0", "global.get 1")), Contract(maps=(IndexMap("global", (Run(0, 1, 1), Run(1, 0, 1))),)))],
    "memory": [
        (*changed(EXPORTED, ("i32.const 16", "i32.const 24")), unmapped("memory", Removed("export", "m"), Added("export", "m"))),
        (*changed(EXPORTED, ("i32.const 16", "i32.const 24"), ('"m"', '"n"')), unmapped("memory", Removed("export", "m"), Added("export", "n"))),
    ],
    "table": [(*changed(TABLES, ("call_indirect 0", "call_indirect 1")), Contract(maps=(IndexMap("table", (Run(0, 1, 1), Run(1, 0, 1))),)))],
    "data": [(*changed(DATAS, ('"abcdefgh"', '"abcdefgi"')), unmapped("data segment"))],
    "elem": [(*changed(ELEMS, ("func 0 0 1", "func 0 0 0")), unmapped("elem segment"))],
    "type": [(*changed(TYPES, ("i32.const 1 i32.const 0", "i64.const 1 i32.const 0"), ("(type 0)))", "(type 1)))")), Contract(maps=(IndexMap("type", (Run(0, 1, 1), Run(1, 0, 1))),)))],
    "tag": [(*changed(TAGS, ("throw 0", "throw 1")), Contract(maps=(IndexMap("tag", (Run(0, 1, 1), Run(1, 0, 1))),)))],
    "function": [
        (*changed(FUNCS, ("call 0", "call 1")), Contract(maps=(IndexMap("function", (Run(0, 1, 1), Run(1, 0, 1), Run(2, 2, 2))),))),
        (*changed(FUNCS, ("i32.const 1 else", "i32.const 2 else")), Contract(maps=(IndexMap("function", (Run(0, 0, 1), Run(2, 2, 2))),))),
    ],
}  # fmt: skip

TWO_WITH_CALL = HOST.format(more='(import "e" "f" (func (param i32)))', calls="i32.const 666 call 1")
RENAMED_TOO = TWO_WITH_CALL.replace('"f"', '"g"')
BIGGER = Contract(
    maps=(IndexMap("function", (Run(0, 0, 1), Run(1, 2, 1))),),
    claims=(Added("import", "f", "e", type="function [i32] -> []"),),
)
LIES: dict[type, list[Lie]] = {
    InstantiationCalls: [(IDLE, IDLE, claims(InstantiationCalls(0))), (IDLE, changed(START, ("i32.const 7", "i32.const 6"))[1], claims(InstantiationCalls(0)))],
    InstantiationNoLongerCalls: [
        (START, START, claims(InstantiationNoLongerCalls(0))),
        (START, IDLE.replace("i32.load)", "i32.load i32.const 1 i32.add)"), claims(InstantiationNoLongerCalls(0))),
    ],
    ReturnsByValue: [(*changed(TWO, ("i32.const 7", "i32.const 8")), claims(ReturnsByValue("export", "f", parse_type("(i32, i32)"))))],
    Renamed: [
        (*changed(TWO, ('"f"', '"h"'), ("i32.const 7", "i32.const 8")), claims(Renamed("export", "f", "h"))),
        (HOST.format(more="", calls=""), HOST.format(more="", calls="i32.const 1 call 0").replace('"f"', '"g"'), claims(Renamed("import", "f", "g", "e"))),
    ],
    Added: [
        (HOST.format(more="", calls=""), TWO_WITH_CALL, BIGGER),
        (
            HOST.format(more="", calls=""),
            RENAMED_TOO,
            Contract(
                BIGGER.maps,
                claims=(Renamed("import", "f", "g", "e"), Added("import", "g", "e", type="function [i32] -> []")),
            ),
        ),
        (*changed(TWO, ('(export "g")', '(export "g") (export "h")')), claims(Added("export", "h", same_as="f"))),
        (*changed(TWO, ('(export "g")', '(export "g") (export "n")')), claims(Added("export", "n", same_as="m"))),
        (
            IMPORTED.format(more="", which=""),
            IMPORTED.format(more='(import "e" "m" (memory 1))', which="i32.const 8 i32.const 1 i32.store 1"),
            Contract(maps=(IndexMap("memory", (Run(0, 0, 1),)),), claims=(Added("import", "m", "e", type="memory 1"),)),
        ),
    ],
    Removed: [
        (*changed(EXPORTED, ("i32.const 16", "i32.const 24")), unmapped("memory", Removed("export", "m"), Added("export", "m"))),
        (*changed(TWO, ("local.get 0))", "local.get 0 i32.const 1 i32.add))")), claims(Removed("export", "g"), Added("export", "g"))),
        (*changed(TWO, ("(param i32) (result i32) local.get 0", "(param i64) (result i64) local.get 0")), Contract(maps=(IndexMap("function", (Run(0, 0, 1),)), IndexMap("type", (Run(0, 0, 1),))), claims=(Removed("export", "g"), Added("export", "g")))),
        (
            IMPORTED.format(more="", which=""),
            IMPORTED.format(more="", which="").replace('(import "e" "m" (memory 1))', "(memory 1)"),
            unmapped("memory", Removed("import", "m", "e")),
        ),
    ],
    CustomChanged: [(*changed(TWO, ("i32.const 7", "i32.const 8")), claims(CustomChanged("name", "whatever")))],
    NameChanged: [(*changed(TWO, ("i32.const 7", "i32.const 8")), claims(NameChanged("function", 0, "x")))],
    BehaviourChanged: [
        (*changed(TWO, ("i32.const 7", "i32.const 8")), claims(BehaviourChanged(1, "whatever"))),
        (TWO, TWO, claims(BehaviourChanged(0, "whatever"))),
    ],
}  # fmt: skip
POINTERS: list[Lie] = [
    (
        *changed(CURSOR, ("local.get 0 i32.store", "local.get 0 i32.const 1 i32.add i32.store")),
        Contract(stack_pointer=0),
    )
]


def listed(table: dict[str, list[Lie]] | dict[type, list[Lie]]) -> list[object]:
    return [
        pytest.param(lie, id=f"{getattr(key, '__name__', key)}-{at}")
        for key, lies in table.items()
        for at, lie in enumerate(lies)
    ]


def check(lie: Lie) -> None:
    before, after, contract = lie
    verdict = verify(wat(before), wat(after), contract)
    assert not isinstance(verdict, Same), verdict.text()
    assert isinstance(verdict, Different) or verdict.reasons()


@pytest.mark.parametrize("lie", listed(LIES))
def test_no_claim_is_believed(lie: Lie) -> None:
    check(lie)


@pytest.mark.parametrize("lie", listed(REDIRECTED))
def test_no_redirection_is_believed(lie: Lie) -> None:
    check(lie)


@pytest.mark.parametrize("lie", listed(MAPS))
def test_no_map_is_believed(lie: Lie) -> None:
    check(lie)


@pytest.mark.parametrize("lie", POINTERS)
def test_no_stack_pointer_is_believed(lie: Lie) -> None:
    check(lie)


def test_there_is_a_lie_for_every_claim() -> None:
    assert set(LIES) == set(get_args(Claim))
    assert {each.name for each in fields(Contract)} == {"claims", "maps", "redirected", "stack_pointer"}
    spaces = {space.name.lower().replace("func", "function") for space in MODULE_SPACES}
    assert set(REDIRECTED) == set(MAPS) == spaces
