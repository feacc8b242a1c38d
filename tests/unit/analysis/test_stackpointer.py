"""The stack pointer by every kind of evidence; no answer where it is doubtful."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.helpers.external import ROOT, fetched_modules
from tests.helpers.wat import wat
from wasmrewrite.analysis import find_stack_pointer
from wasmrewrite.errors import RewriteError
from wasmrewrite.model import Module

PROLOGUE = """
  (func (param i32) (local i32 i32)
    global.get {g} i32.const 16 i32.sub local.tee 1 global.set {g}
    local.get 0 i32.eqz if  local.get 1 i32.const 16 i32.add global.set {g}  return  end
    local.get 1 i32.const 16 i32.add global.set {g})
"""
UNOPTIMISED = """
  (func (param i32) (local i32 i32 i32 i32)
    global.get {g} local.set 1  i32.const 32 local.set 2
    local.get 1 local.get 2 i32.sub local.set 3  local.get 3 global.set {g}
    local.get 3 i32.const 32 i32.add local.set 4  local.get 4 global.set {g})
"""
ALIGNED = """
  (func (local i32)
    global.get {g} local.tee 0 i32.const 64 i32.sub i32.const -32 i32.and global.set {g}
    local.get 0 global.set {g})
"""


def module(text: str) -> Module:
    """A module of ``text`` without a name section, so that only what is said otherwise can tell."""
    data = Module.from_bytes(wat(f"(module {text})"))
    data.customs[:] = [each for each in data.customs if each.name != "name"]
    return Module.from_bytes(data.to_bytes())


def found(text: str, given: str | None = None) -> tuple[int, tuple[str, ...]]:
    """Index and evidence."""
    read = module(text)
    answer = find_stack_pointer(read, given)
    return read.globals.index(answer.item), answer.evidence


def refusal(text: str, given: str | None = None) -> str:
    """Why there is no answer."""
    with pytest.raises(RewriteError) as caught:
        found(text, given)
    return caught.value.message


def test_an_import() -> None:
    text = '(import "env" "other" (global (mut i32))) (import "env" "__stack_pointer" (global (mut i32)))'
    assert found(text) == (1, ("import env.__stack_pointer",))


def test_an_export() -> None:
    text = '(global (mut i32) (i32.const 0)) (global (export "__stack_pointer") (mut i32) (i32.const 5))'
    assert found(text) == (1, ("export __stack_pointer",))


def test_a_name() -> None:
    read = Module.from_bytes(
        wat("(module (global (mut i32) (i32.const 0)) (global $__stack_pointer (mut i64) (i64.const 0)))")
    )
    answer = find_stack_pointer(read)
    assert (answer.item, answer.evidence) == (read.globals[1], ("the name section calls global 1 __stack_pointer",))


def test_a_name_of_the_wrong_type_is_no_evidence() -> None:
    read = Module.from_bytes(wat("(module (global $__stack_pointer i32 (i32.const 64)))"))
    with pytest.raises(RewriteError, match="no mutable i32 or i64 global starts at a multiple of 16"):
        find_stack_pointer(read)


def test_the_helper_that_moves_it() -> None:
    text = """(global (mut i32) (i32.const 7)) (global (mut i32) (i32.const 7))
      (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32)
        local.get 0 global.get 1 i32.add global.set 1 global.get 1)"""
    assert found(text) == (1, ("__wbindgen_add_to_stack_pointer moves global 1",))


def test_names_that_disagree_are_doubt() -> None:
    text = """(import "env" "__stack_pointer" (global (mut i32)))
      (global (export "__stack_pointer") (mut i32) (i32.const 16))"""
    assert "import env.__stack_pointer says global 0 but export __stack_pointer says global 1" in refusal(text)


@pytest.mark.parametrize("body", [PROLOGUE, UNOPTIMISED, ALIGNED])
def test_the_only_candidate_is_confirmed_by_code(body: str) -> None:
    index, evidence = found("(global i32 (i32.const 64)) (global (mut i32) (i32.const 1024))" + body.format(g=1))
    assert index == 1
    assert evidence == (
        "global 1 is mutable and starts at 1024",
        "1 of the first functions that set it lower it",
    )


def test_the_only_candidate_without_code_needs_the_linker() -> None:
    text = "(global (mut i32) (i32.const 1024))"
    assert "global 0 could be it, but no function lowers it" in refusal(text)
    index, evidence = found(text + '(global (export "__heap_base") i32 (i32.const 1024))')
    assert (index, evidence[1]) == (0, "the linker exported __heap_base")


def test_a_flag_is_no_stack_pointer() -> None:
    text = "(global (mut i32) (i32.const 1024)) (func i32.const 1 global.set 0)" + PROLOGUE.format(g=0)
    assert "global 0 could be it, but function 0 sets it to something else" in refusal(text)


@pytest.mark.parametrize("start", [0, 8, -1])
def test_a_global_that_starts_elsewhere_is_no_candidate(start: int) -> None:
    assert "no mutable i32 or i64 global starts" in refusal(
        f"(global (mut i32) (i32.const {start}))" + PROLOGUE.format(g=0)
    )


def test_of_several_candidates_one_is_lowered() -> None:
    text = "(global (mut i32) (i32.const 64)) (global (mut i32) (i32.const 1024))" + PROLOGUE.format(g=1)
    assert found(text) == (1, ("global 1 is mutable and starts at 1024", "1 functions lower it"))


def test_of_several_candidates_two_are_lowered() -> None:
    text = "(global (mut i32) (i32.const 64)) (global (mut i32) (i32.const 1024))"
    assert "several qualify: global 0 (1 prologues), global 1 (1 prologues)" in refusal(
        text + PROLOGUE.format(g=0) + PROLOGUE.format(g=1)
    )


def test_what_is_given_overrides() -> None:
    text = """(import "env" "sp" (global (mut i32))) (global (export "mine") (mut i32) (i32.const 3))
      (global $__stack_pointer (mut i32) (i32.const 64))"""
    assert found(text, "1") == (1, ("given as '1'",))
    assert found(text, "mine")[0] == 1
    assert found(text, "env.sp")[0] == 0
    assert found(text, "sp")[0] == 0


def test_what_is_given_has_to_be_a_stack_pointer() -> None:
    text = "(global i32 (i32.const 3)) (global (mut f32) (f32.const 3))"
    assert refusal(text, "0") == "global 0 (i32) is no stack pointer: it is no mutable i32 or i64"
    assert refusal(text, "1") == "global 1 ((mut f32)) is no stack pointer: it is no mutable i32 or i64"
    assert refusal(text, "2") == "stack-pointer=2: the module has 2 globals"
    assert refusal(text, "sp") == "stack-pointer='sp': no globals are called so"


CORPUS = [
    ROOT / "corpus" / entry["file"]
    for entry in tomllib.loads((ROOT / "corpus" / "MANIFEST.toml").read_text("utf-8"))["module"]
]
UNCONFIRMED = {"gc.wat.wasm", "simd.wat.wasm", "threads.wat.wasm"}
"""Written by hand: no function needs stack, and no linker exported anything."""


@pytest.mark.parametrize("path", [*CORPUS, *fetched_modules()], ids=lambda path: path.name)
def test_code_says_what_the_name_says(path: Path) -> None:
    read = Module.from_bytes(path.read_bytes())
    named = [each for each in read.globals if each.name == "__stack_pointer"]
    if len(named) != 1 or read.export("__wbindgen_add_to_stack_pointer") is not None:
        return
    for custom in [each for each in read.customs if each.name == "name"]:
        read.customs.remove(custom)
    bare = Module.from_bytes(read.to_bytes())
    if path.name in UNCONFIRMED:
        with pytest.raises(RewriteError, match="no function lowers it"):
            find_stack_pointer(bare)
        return
    assert bare.globals.index(find_stack_pointer(bare).item) == read.globals.index(named[0])
