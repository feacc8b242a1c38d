"""Any mutable global that started at a multiple of 16 was put back after each call, and memory below it left out.

A counter never counted then, and what a buffer's cursor wrote was compared nowhere. And the dead stack was filled on
one side only where the output did without a stack pointer, so a right rewrite differed.
"""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Contract, IndexMap, Run
from wasmrewrite.equiv import Different, Inconclusive, Same, verify

COUNTER = """(module (global $n (mut i32) (i32.const 16))
  (func (export "next") (result i32) {value} global.get $n i32.const 1 i32.add global.set $n))"""
CURSOR = """(module (memory (export "m") 1) (global $n (mut i32) (i32.const 32768))
  (func (export "push") (param i32) global.get $n i32.const 4 i32.sub global.set $n
    global.get $n local.get 0 {more} i32.store) {peek})"""
PEEK = '(func (export "peek") (result i32) global.get $n i32.load)'
POINTER = """(module (memory (export "memory") 2) (global (export "x") i32 (i32.const 1)) {pointer}
  (func (export "f") (result i32) {code}))"""


def judged(before: str, after: str, contract: Contract | None = None, pointer: int | None = None) -> object:
    return verify(wat(before), wat(after), contract or Contract(), stack_pointer=pointer)


def test_a_counter_counts() -> None:
    found = judged(COUNTER.format(value="global.get $n"), COUNTER.format(value="i32.const 16"))
    assert isinstance(found, Different)
    assert len(found.script.calls if found.script else ()) == 2


@pytest.mark.parametrize("contract", [Contract(), Contract(stack_pointer=0)])
def test_what_a_cursor_writes_is_not_left_out(contract: Contract) -> None:
    wrong = "i32.const 1 i32.add"
    unseen = judged(CURSOR.format(more="", peek=""), CURSOR.format(more=wrong, peek=""), contract)
    assert isinstance(unseen, Inconclusive)
    assert unseen.why[0].startswith("memory differs below global 0, which may be the stack pointer (")
    assert unseen.why[0].endswith("): if it is, --stack-pointer 0 says so")
    seen = judged(CURSOR.format(more="", peek=PEEK), CURSOR.format(more=wrong, peek=PEEK), contract)
    assert isinstance(seen, Different)


def test_the_users_word_counts() -> None:
    wrong = CURSOR.format(more="i32.const 1 i32.add", peek="")
    assert isinstance(judged(CURSOR.format(more="", peek=""), wrong, pointer=0), Same)


@pytest.mark.parametrize("pointer", [None, 1])
def test_an_output_may_do_without_a_stack_pointer(pointer: int | None) -> None:
    before = POINTER.format(pointer="(global (mut i32) (i32.const 65536))", code="i32.const 1")
    after = POINTER.format(pointer="", code="i32.const 2 i32.const 1 i32.sub")
    assert isinstance(judged(before, after, Contract(maps=(IndexMap("global", (Run(0, 0, 1),)),)), pointer), Same)
