"""Hosts that the user supplies: one function answers both sides, whatever the rewrite made of its import."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

import pytest

from tests.helpers.rewrites import DEMO, Pair
from tests.helpers.wat import wat
from wasmrewrite import Caller, Store, with_caller
from wasmrewrite.contract import (
    Added,
    Contract,
    CustomChanged,
    IndexMap,
    Redirected,
    Renamed,
    ReturnsByValue,
    Run,
    parse_type,
)
from wasmrewrite.equiv import Different, Inconclusive, Same, Verdict, replay, verify
from wasmrewrite.errors import ConfigError, LinkError
from wasmrewrite.isa.types import I32, I64, FuncType, GlobalType, Limits, MemoryType
from wasmrewrite.runtime import GlobalInst, HostFunc, MemoryInst


def judged(pair: Pair, host: object, calls: int = 60) -> Verdict:
    return verify(*pair.modules(), pair.contract, calls=calls, host=host)  # type: ignore[arg-type]


# --- imports under claims ---------------------------------------------------------------------------------------------

PAIR = {"js": {"get_two": lambda: (3, -4)}}


def test_one_function_answers_an_import_that_returns_by_value_now() -> None:
    verdict = judged(DEMO, PAIR)
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.host == "1 of 1 imported functions are the user's"
    assert "1 of 1 imported functions are the user's" in verdict.text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("local.get 0  local.get 1  i64.store\n    local.get 0  local.get 2  i64.store offset=8)",
         "local.get 0  local.get 2  i64.store\n    local.get 0  local.get 1  i64.store offset=8)"),
        ("call $import\n", "i64.const 3  i64.const -4\n"),
    ],
    ids=["fields swapped", "not called"],
)  # fmt: skip
def test_a_wrong_shim_is_seen(old: str, new: str) -> None:
    assert isinstance(judged(DEMO.changed((old, new)), PAIR), Different)


def test_fields_are_cut_to_their_width_on_both_sides() -> None:
    text = """(module (type (func (param i32))) (type (func (result i32))) {types}
      (import "js" "f" (func $f (type {type}))) (memory 1) (global $__stack_pointer (mut i32) (i32.const 4096))
      (func (export "g") (type 1) i32.const 64 call {callee} i32.const 64 i32.load) {shim})"""
    shim = """(func $shim (type 0) (local i32 i32) call $f local.set 1 local.set 2
      local.get 0 local.get 2 i32.store8 local.get 0 local.get 1 i32.store16 offset=2)"""
    before = text.format(types="", type=0, callee="$f", shim="")
    after = text.format(types="(type (func (result i32 i32)))", type=2, callee="$shim", shim=shim)
    claim = ReturnsByValue("import", "f", parse_type("(u8, i16)"), module="js", old=0, new=0)
    contract = Contract(redirected=(Redirected("function", 0, 2),), claims=(claim, CustomChanged("name", "added")))
    verdict = judged(Pair(before, after, contract), {"js": {"f": lambda: (0x1FF, -2)}})
    assert isinstance(verdict, Same), verdict.text()


def test_a_function_of_the_old_type_is_refused() -> None:
    old = HostFunc(FuncType((I32,)), lambda pointer: None)
    with pytest.raises(LinkError, match=r"under its by-value claim it has to be \[\] -> \[i64 i64\]"):
        judged(DEMO, {"js": {"get_two": old}})
    assert isinstance(judged(DEMO, {"js": {"get_two": HostFunc(FuncType((), (I64, I64)), lambda: [1, 2])}}), Same)


def test_names_are_those_of_the_input() -> None:
    pair = Pair(
        '(module (import "env" "a" (func $a (result i32))) (func (export "f") (result i32) call $a))',
        """(module (import "js" "b" (func $a (result i32))) (import "js" "new" (func $new))
          (func (export "f") (result i32) call $new call $a))""",
        None,
    )
    names = (Renamed("import", "a", "b", "env", "js"), Added("import", "new", "js", type="function [] -> []"))
    told: list[str] = []
    host: dict[str, dict[str, Callable[[], object]]] = {
        "env": {"a": lambda: 7},
        "js": {"b": lambda: told.append("b"), "new": lambda: told.append("new")},
    }
    maps = (IndexMap("function", (Run(0, 0, 1), Run(1, 2, 1))), IndexMap("type", (Run(0, 0, 1),)))
    custom = (CustomChanged("name", "renumbered"),)
    verdict = verify(*pair.modules(), Contract(maps=maps, claims=(*names, *custom)), host=host)
    assert isinstance(verdict, Same), verdict.text()
    # An import that the rewrite added is asked under its own name, and is no business of the input's.
    assert set(told) == {"new"}


# --- what a host does -------------------------------------------------------------------------------------------------

CALLS = """(module (import "env" "h" (func $h (param i32) (result i32))) (memory (export "memory") 1)
  (func (export "f") (param i32) (result i32) NOP
    i32.const 8 i32.const WORD i32.store local.get 0 call $h i32.const 8 i32.const 0 i32.store)
  (func (export "twice") (param i32) (result i32) local.get 0 i32.const TIMES i32.mul))"""


def calls(nop: str = "", word: int = 1, times: int = 2) -> bytes:
    return wat(CALLS.replace("NOP", nop).replace("WORD", str(word)).replace("TIMES", str(times)))


def held(after: bytes, make: object) -> Verdict:
    return verify(calls(), after, Contract(), calls=40, host=make)  # type: ignore[arg-type]


def counting(store: Store) -> dict[str, dict[str, Callable[..., object]]]:
    numbers = count()
    return {"env": {"h": lambda n: next(numbers)}}


def test_state_of_its_own_is_made_for_every_instance() -> None:
    assert isinstance(held(calls("nop"), counting), Same)
    assert isinstance(held(calls("i32.const 9 call $h drop"), counting), Different)


def test_shared_state_and_chance_prove_nothing() -> None:
    shared = counting(Store())
    verdict = held(calls("nop"), shared)
    assert isinstance(verdict, Inconclusive)
    assert "the input itself does not do the same twice" in verdict.text()
    chance = Random(1)
    assert isinstance(held(calls("nop"), {"env": {"h": lambda n: chance.getrandbits(32)}}), Inconclusive)


def test_what_a_host_reads_is_something_the_module_said() -> None:
    read = {"env": {"h": with_caller(lambda caller, n: caller.memory.read(8, 4)[0] * 0)}}
    assert isinstance(held(calls("nop"), read), Same)
    verdict = held(calls(word=2), read)
    assert isinstance(verdict, Different)
    assert "h(i32:" in str(verdict.difference)
    assert "reading 01000000 before" in str(verdict.difference)
    # Through an export it is the same memory.
    through = {"env": {"h": with_caller(lambda caller, n: int(caller.exports["memory"].read(8, 1) == b""))}}
    assert isinstance(held(calls(word=2), through), Different)


def test_a_host_may_call_back_and_write() -> None:
    def h(caller: Caller, number: int) -> int:
        caller.memory.write(100, bytes([number & 0xFF]))
        return int(caller.call("twice", number & 0xFF))

    host = {"env": {"h": with_caller(h)}}
    assert isinstance(held(calls("nop"), host), Same)
    assert isinstance(held(calls(times=3), host), Different)


@pytest.mark.parametrize(
    "raises", [ValueError("no"), KeyError("x"), ZeroDivisionError()], ids=lambda error: type(error).__name__
)
def test_what_a_host_raises_is_an_outcome(raises: Exception) -> None:
    def h(number: int) -> int:
        if number % 2:
            raise raises
        return number

    verdict = held(calls("nop"), {"env": {"h": h}})
    assert isinstance(verdict, Same), verdict.text()
    assert f"host function env.h raised {type(raises).__name__}" in verdict.text()
    swallowed = held(calls("local.get 0 i32.const 1 i32.and if unreachable end"), {"env": {"h": h}})
    assert isinstance(swallowed, Different)
    assert "unreachable" in str(swallowed.difference)


@pytest.mark.parametrize("answer", [None, (1, 2), "1", 1 << 40, 1.5], ids=repr)
def test_an_answer_that_is_none_is_told_and_proves_nothing(answer: object) -> None:
    verdict = held(calls("nop"), {"env": {"h": lambda n: answer}})
    assert not isinstance(verdict, Different), verdict.text()
    assert "host function env.h raised " in verdict.text()


def test_raw_answers_are_checked_too() -> None:
    raw = HostFunc(FuncType((I32,), (I32,)), lambda n: 1 << 32, name="h")
    assert (
        "raised ValueError: result 1 of host function 'h': 4294967296 is outside the range of i32"
        in held(calls("nop"), {"env": {"h": raw}}).text()
    )
    assert isinstance(held(calls("nop"), {"env": {"h": HostFunc(FuncType((I32,), (I32,)), lambda n: -1)}}), Same)


def test_calls_back_and_forth_end() -> None:
    again = {"env": {"h": with_caller(lambda caller, n: caller.call("f", n))}}
    assert isinstance(held(calls("nop"), again), Inconclusive)

    def swallow(caller: Caller, number: int) -> int:
        try:
            return int(caller.call("f", number))
        except Exception:  # noqa: BLE001 - a host that hides what it met
            return 1

    assert isinstance(held(calls("nop"), {"env": {"h": with_caller(swallow)}}), Inconclusive)


def test_a_claimed_export_is_called_by_value_from_the_host_on_both_sides() -> None:
    seen: list[object] = []

    def text(export: str, more: str) -> str:
        return f"""(module (import "env" "h" (func $h (result i64))) (memory 1)
          (global $__stack_pointer (mut i32) (i32.const 4096))
          (func $pair {export} (param i32 i64)
            local.get 0 local.get 1 i64.store local.get 0 i64.const 5 i64.store offset=8)
          (func (export "go") (result i64) call $h) {more})"""

    wrapper = """(func (export "pair") (param i64) (result i64 i64) (local i32 i32)
      global.get 0 local.tee 1 i32.const 16 i32.sub local.tee 2 global.set 0
      local.get 2 local.get 0 call $pair
      local.get 2 i64.load local.get 2 i64.load offset=8 local.get 1 global.set 0)"""

    def h(caller: Caller) -> int:
        seen.append(caller.call("pair", 9))
        return 1

    claims = (ReturnsByValue("export", "pair", parse_type("(i64, i64)")),)
    pair = Pair(text('(export "pair")', ""), text("", wrapper), Contract(claims=claims))
    verdict = judged(pair, {"env": {"h": with_caller(h)}})
    assert isinstance(verdict, Same), verdict.text()
    assert set(seen) == {(9, 5)}


def test_what_is_left_out_and_other_kinds() -> None:
    text = """(module (import "env" "h" (func $h (result i32))) (import "env" "other" (func $other (result i32)))
      (import "env" "memory" (memory 1)) (import "env" "base" (global $base i32))
      (func (export "f") (result i32) NOP call $h call $other i32.add global.get $base i32.add i32.const 0 i32.load
        i32.add))"""

    def host(store: Store) -> dict[str, dict[str, object]]:
        memory = MemoryInst(store, MemoryType(Limits(1)))
        memory.write(0, b"\1")
        return {"env": {"h": lambda: 1, "memory": memory, "base": GlobalInst(GlobalType(I32), 41)}}

    verdict = verify(wat(text.replace("NOP", "")), wat(text.replace("NOP", "nop")), Contract(), calls=20, host=host)
    assert isinstance(verdict, Same), verdict.text()
    assert verdict.evidence.host == "1 of 2 imported functions are the user's"


@pytest.mark.parametrize(
    ("host", "error", "message"),
    [
        ({"env": {"h": HostFunc(FuncType(), lambda: None)}}, LinkError, r"function of type \[\] -> \[\] instead"),
        ({"env": {"h": 5}}, LinkError, "not a function"),
        ([], ConfigError, "a host is a mapping"),
        (lambda store: None, ConfigError, "a host is a mapping"),
        ({"env": None}, ConfigError, "a host is a mapping"),
    ],
    ids=["type", "kind", "list", "nothing made", "no names"],
)
def test_hosts_that_do_not_fit(host: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        held(calls("nop"), host)


def test_a_difference_is_replayed_before_the_same_host() -> None:
    wrong = calls("i32.const 9 call $h drop")
    verdict = held(wrong, counting)
    assert isinstance(verdict, Different)
    assert verdict.script is not None
    assert replay(verdict.script, calls(), wrong, counting) == verdict.difference
    assert replay(verdict.script, calls(), calls("nop"), counting) is None
