from __future__ import annotations

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.analysis import Guess, guess_imports
from wasmrewrite.model import Module

BUILT = ROOT / "corpus" / "built"


def said(guess: Guess) -> str:
    return str(guess.result) if guess.result is not None else guess.why_not


def of_file(name: str) -> dict[str, str]:
    return {str(guess.origin): said(guess) for guess in guess_imports(Module.from_bytes((BUILT / name).read_bytes()))}


def test_what_callers_of_every_kind_show() -> None:
    assert of_file("imports.1.96-O3.wasm") == {
        "js.point": "(i64, i64)",
        "js.point_at": "(i64 @8)",
        "env.env_pair": "(i32, i32)",
        "js.narrow": "(u8, i8, u16, i16, u8)",
        "js.quad": "callers load nothing from it, they pass it on",
        "sensor.v2.point": "(f64, f32, u8)",
        "js.triple": "(u16, u8, i32)",
        "js.wide": "(i64 @8)",
    }


@pytest.mark.parametrize("name", ["structs.clang14-O2.wasm", "structs.clang14-O0-g.wasm"])
def test_what_clang_writes(name: str) -> None:
    found = of_file(name)
    assert found["js.get_pair"] == "(i64, i64)"
    assert found["js.get_narrow"] in ("(u8, i8, u16, i16, u8, f32)", "(u8, u8, u16, u16, u8, f32)")


def test_wide_pointers() -> None:
    assert of_file("memory64.wat.wasm") == {"js.get_two_i64s": "(i64, i64)"}


def guesses(body: str, params: str = "i32") -> list[tuple[str, int, tuple[tuple[int, int], ...]]]:
    """Guesses for an import of type ``params`` from a function with local 1 as frame pointer, lowered by 32."""
    text = f"""(module (import "m" "f" (func $f (param {params}))) (import "m" "g" (func $g (param i32)))
      (memory 1) (global $sp (mut i32) (i32.const 1024))
      (func (param i32) (local i32 i32)
        global.get $sp i32.const 32 i32.sub local.tee 1 global.set $sp {body}
        local.get 1 i32.const 32 i32.add global.set $sp))"""
    found = guess_imports(Module.from_bytes(wat(text)))
    return [(said(each), each.sites, each.gaps) for each in found if each.origin.name == "f"]


CALL = "local.get 1 i32.const 8 i32.add call $f "


def load(what: str, offset: int) -> str:
    return f"local.get 1 {what} offset={offset} drop "


def test_members_are_told_by_width_and_sign() -> None:
    body = CALL + load("i32.load16_s", 10) + load("i64.load8_u", 8) + load("f32.load", 12) + load("i64.load32_u", 16)
    assert guesses(body) == [("(u8, i16, f32, u32)", 1, ())]


def test_what_is_not_loaded_is_a_gap() -> None:
    assert guesses(CALL + load("i64.load", 24)) == [("(i64 @16)", 1, ((0, 16),))]


def test_room_filled_before_the_call_is_an_argument() -> None:
    assert guesses("local.get 1 i32.const 7 i32.store offset=8 " + CALL + load("i32.load", 8)) == []


def test_the_next_object_in_the_frame_is_not_part_of_it() -> None:
    other = "local.get 1 i32.const 16 i32.add call $g "
    assert guesses(other + CALL + load("i32.load", 8) + load("i32.load", 16)) == [("(i32)", 1, ())]


def test_room_lent_again_holds_the_result_of_the_second_call() -> None:
    again = "local.get 1 i32.const 8 i32.add call $g "
    assert guesses(CALL + load("i32.load", 8) + again + load("i64.load", 16)) == [("(i32)", 1, ())]


def test_members_patched_afterwards_count() -> None:
    patch = "local.get 1 local.get 1 i64.load offset=16 i64.store offset=16 "
    assert guesses(CALL + load("i64.load", 8) + patch) == [("(i64, i64)", 1, ())]


def test_overlapping_members_are_no_guess() -> None:
    body = CALL + load("i64.load", 8) + load("i32.load", 12)
    assert guesses(body) == [("callers load overlapping members", 1, ())]
    assert guesses(CALL + load("i64.load", 8) + load("i32.load", 8)) == [("callers load overlapping members", 1, ())]


def test_a_local_set_twice_is_forgotten_where_ways_meet() -> None:
    body = (
        CALL
        + "local.get 0 if local.get 0 local.set 2 else local.get 1 local.set 2 end local.get 2 i32.load offset=8 drop"
    )
    assert guesses(body) == [("callers load nothing from it, they pass it on", 1, ())]


def test_parameters_and_constants_are_no_frame() -> None:
    assert guesses("local.get 0 call $f") == []
    assert guesses("i32.const 64 call $f i32.const 64 i32.load drop") == []
    assert guesses("local.get 0 call $f local.get 0 i32.load drop") == [("(i32)", 1, ())]


def test_other_parameters_do_not_matter() -> None:
    body = "local.get 1 i32.const 8 i32.add local.get 0 i64.extend_i32_u call $f " + load("f64.load", 8)
    assert guesses(body, "i32 i64") == [("(f64)", 1, ())]
