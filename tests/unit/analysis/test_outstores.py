from __future__ import annotations

from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.analysis import written_exports
from wasmrewrite.model import Module

BUILT = ROOT / "corpus" / "built"
PLACE = "local.get 0 "


def written(body: str, type: str = "(param i32)") -> list[tuple[str, tuple[tuple[int, str], ...]]]:
    found = written_exports(Module.from_bytes(wat(f'(module (memory 1) (func (export "f") {type} {body}))')))
    return [(str(each.result), each.stores) for each in found]


def store(what: str, offset: int) -> str:
    return f"{PLACE} {what.partition('.')[0]}.const 1 {what} offset={offset} "


def test_what_rustc_writes() -> None:
    module = Module.from_bytes((BUILT / "two_i64s.1.96-O3.wasm").read_bytes())
    assert [(each.name, str(each.result)) for each in written_exports(module)] == [("get_two_i64s", "(i64, i64)")]


def test_stores_in_any_order() -> None:
    assert written(store("f32.store", 8) + store("i64.store", 0)) == [("(i64, f32)", ((0, "i64"), (8, "f32")))]
    assert written(store("i32.store8", 0) + store("i32.store16", 2)) == [("(u8, u16)", ((0, "u8"), (2, "u16")))]


def test_a_gap_or_an_overlap_is_no_guess() -> None:
    assert written(store("i32.store", 0) + store("i32.store", 12)) == [("None", ((0, "i32"), (12, "i32")))]
    assert written(store("i64.store", 0) + store("i32.store", 4)) == [("None", ((0, "i64"), (4, "i32")))]


def test_one_store_is_no_struct() -> None:
    assert written(store("i64.store", 0)) == []


def test_setters_of_members_are_no_suspects() -> None:
    assert written(store("i32.store", 20) + store("i32.store", 24)) == []


def test_what_is_read_first_is_an_argument() -> None:
    both = store("i32.store", 0) + store("i32.store", 4)
    assert written(f"{PLACE} i32.load drop " + both) == []
    assert written(both + f"{PLACE} i32.load drop ") == [("(i32, i32)", ((0, "i32"), (4, "i32")))]


def test_other_types_are_not_looked_at() -> None:
    both = store("i32.store", 0) + store("i32.store", 4)
    assert written(both + "i32.const 0", "(param i32) (result i32)") == []
    assert written("", "(param i64)") == []


BOTH = store("i32.store", 0) + store("i32.store", 4)


def handing_on(body: str, *others: str) -> list[tuple[str, int | None]]:
    """What is suspected of an export with that body, and of whom; ``others`` are functions 1, 2, ..."""
    more = "".join(f"(func (param i32) {each})" for each in others)
    module = Module.from_bytes(wat(f'(module (memory 1) (func (export "f") (param i32) {body}) {more})'))
    return [(str(each.result), each.through) for each in written_exports(module)]


def test_a_pointer_that_is_handed_on() -> None:
    assert handing_on("local.get 0 call 1", BOTH) == [("(i32, i32)", 1)]
    assert handing_on("local.get 0 call 1", "local.get 0 call 2", BOTH) == [("(i32, i32)", 2)]
    assert handing_on("local.get 0 call 1 local.get 0 call 1", BOTH) == [("(i32, i32)", 1)]


def test_a_pointer_that_is_handed_on_for_another_reason() -> None:
    assert handing_on("local.get 0 call 1 local.get 0 call 2", BOTH, BOTH) == []
    assert handing_on("local.get 0 i32.const 8 i32.add call 1", BOTH) == []
    assert handing_on("local.get 0 i32.load drop local.get 0 call 1", BOTH) == []
    assert handing_on("local.get 0 call 0") == []
    chain = [f"local.get 0 call {at}" for at in range(2, 7)]
    assert handing_on("local.get 0 call 1", *chain, BOTH) == []


def test_members_stored_at_once() -> None:
    wide = f"{PLACE} i64.const 1 i64.store align=4 "
    assert written(wide) == [("(i32, i32)", ((0, "i32"), (4, "i32")))]
    assert written(f"{PLACE} i64.const 1 i64.store align=2 ")[0][0] == "(u16, u16, u16, u16)"
    unaligned = f"{PLACE} i64.const 1 i64.store offset=4 align=4 "
    assert written(store("i32.store", 0) + unaligned)[0][1] == ((0, "i32"), (4, "i64"))
    assert written(f"{PLACE} f64.const 1 f64.store align=4 ") == []


def test_too_many_members_are_no_result() -> None:
    [(result, stores)] = written("".join(store("i32.store", 4 * at) for at in range(17)))
    assert (result, len(stores)) == ("None", 17)
