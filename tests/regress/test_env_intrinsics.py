"""``llvm.*`` under ``env`` was called a forgotten attribute, and without a producers section nothing was said of it."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.lint import lint
from wasmrewrite.model import Module

PRODUCERS = '(@producers (language "Rust" "") (processed-by "rustc" "1.70.0"))'
IMPORTS = """
  (import "env" "memset" (func (param i32 i32 i32) (result i32)))
  (import "env" "ring_core_0_17_8_bn_from_montgomery_in_place" (func (param i32)))
  (import "env" "llvm.wasm.load32.zero" (func (param i32) (result i32)))
  (import "env" "llvm.memcpy.p0i8.p0i8.i32" (func (param i32 i32 i32 i32)))
  (import "env" "__multi3" (func (param i32 i64 i64 i64 i64)))
  (import "env" "fmaf" (func (param f32 f32 f32) (result f32)))
  (import "env" "syscall/js.valueGet" (func (param i32 i32 i32 i32 i32)))
  (import "env" "odd.name" (func))
  (import "env" "limit" (global i32))
  (import "env" "__indirect_function_table" (table 1 funcref))
"""
EXPECTED = {
    "memset": "WR112",
    "ring_core_0_17_8_bn_from_montgomery_in_place": "WR114",
    "llvm.wasm.load32.zero": "WR115",
    "llvm.memcpy.p0i8.p0i8.i32": "WR115",
    "__multi3": "WR110",
    "fmaf": "WR111",
    "odd.name": "WR114",
    "limit": "WR114",
}
FORGOTTEN = "was #[link(wasm_import_module"


def found(text: str) -> dict[str, tuple[str, str]]:
    """Code and message by name."""
    return {each.name: (each.code, each.message) for each in lint(Module.from_bytes(wat(f"(module {text})")))}


@pytest.mark.parametrize("producers", [PRODUCERS, ""], ids=["producers", "stripped"])
def test_each_has_its_own_finding(producers: str) -> None:
    assert {name: code for name, (code, _) in found(f"{IMPORTS} {producers}").items()} == EXPECTED


def test_only_what_an_extern_block_can_declare_was_forgotten_there() -> None:
    forgotten = {name for name, (_, message) in found(f"{IMPORTS} {PRODUCERS}").items() if FORGOTTEN in message}
    assert forgotten == {"ring_core_0_17_8_bn_from_montgomery_in_place"}
    assert not any(FORGOTTEN in message for _, message in found(IMPORTS).values())


SIGNS = {
    "compiler-rt": '(import "env" "__divti3" (func))',
    "an intrinsic": '(import "env" "llvm.trap" (func))',
    "a C++ name": '(import "env" "_Z3foov" (func))',
    "the linker's table": '(import "env" "__indirect_function_table" (table 1 funcref))',
    "the linker's export": '(table 1 funcref) (export "__indirect_function_table" (table 0))',
    "__heap_base": '(global (export "__heap_base") i32 (i32.const 66560))',
    "__wasm_call_ctors": '(func $c (export "__wasm_call_ctors")) (start $c)',
    "a stack": """(memory 2) (global (mut i32) (i32.const 66560)) (func (local i32)
      (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16)))) (call 0)
      (global.set 0 (i32.add (local.get 0) (i32.const 16))))""",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_a_linker_is_known_by_what_it_leaves(sign: str) -> None:
    code, message = found(f'(import "env" "greet" (func)) {sign}')["greet"]
    assert (code, message) == ("WR114", "'greet' is imported from 'env', where linkers put what nobody defined")


@pytest.mark.parametrize("name", ["_ZN3app1h17h0123456789abcdefE", "_RNvCs1234_7mycrate3foo", "__rust_alloc"])
def test_rustc_is_known_by_the_names_of_imports(name: str) -> None:
    assert FORGOTTEN in found(f'(import "env" "greet" (func)) (import "env" "{name}" (func))')["greet"][1]


HANDS = {
    "nothing": "",
    "a counter": "(memory 1) (global (mut i32) (i32.const 0)) (func (global.set 0 (i32.const 1)))",
    "a heap": """(memory 2) (global (mut i32) (i32.const 65536))
      (func (param i32) (result i32) (global.get 0) (global.set 0 (i32.add (global.get 0) (local.get 0))))""",
    "AssemblyScript": f'(import "env" "abort" (func (param i32 i32 i32 i32))) {SIGNS["a stack"]}',
}


@pytest.mark.parametrize("rest", HANDS.values(), ids=HANDS)
def test_what_no_linker_made_may_import_what_it_likes(rest: str) -> None:
    imports, others = rest.partition(" (memory")[::2] if rest.startswith("(import") else ("", rest)
    others = f"(memory{others}" if imports else others
    assert found(f'(import "env" "greet" (func)) {imports} {others}') == {}


def test_an_object_imports_from_env_what_its_linker_will_define() -> None:
    memory = '(import "env" "__linear_memory" (memory 1))'
    text = f'{memory} (import "env" "greet" (func)) (import "env" "__multi3" (func))'
    assert set(found(f'{text} (@custom "linking" "\\02")')) == {"linking"}
    assert set(found(text)) == {"__linear_memory", "greet", "__multi3"}
