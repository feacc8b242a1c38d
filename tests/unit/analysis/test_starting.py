from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.analysis import CallGraph, shares_memory, start_obstacles
from wasmrewrite.model import Module

CASES = {
    '(func $f (export "f"))': [],
    '(func $g) (func $f (export "f") call $g)': [],
    '(func $f (export "f") (param i32))': ["its type is [i32] -> [], and a start function takes and returns nothing"],
    '(memory 1 1 shared) (func $f (export "f"))': [
        "memory is shared: each thread that instantiates the module would run it again"
    ],
    '(func $f (export "f") (export "g"))': ["it has 2 names among the exports, and hosts may call it by any of them"],
    '(import "m" "a" (func $a)) (func $f (export "f") call $a call $a)': [
        "it can call 1 import, which must not need the instance yet"
    ],
    """(import "m" "a" (func $a)) (import "m" "b" (func $b)) (table 1 funcref) (elem (i32.const 0) $b)
    (func $f (export "f") call $a i32.const 0 call_indirect)""": [
        "it can call 2 imports, which must not need the instance yet"
    ],
    '(import "m" "t" (table 1 funcref)) (func $f (export "f") i32.const 0 call_indirect)': [
        "it calls through a table or a reference that the host may have filled",
    ],
    '(table 1 funcref) (func $g) (elem (i32.const 0) $g) (func $f (export "f") i32.const 0 call_indirect)': [],
    '(func $f (export "f")) (func call $f)': ["other functions of the module run it, too"],
    '(func $f (export "f")) (func return_call $f)': ["other functions of the module run it, too"],
    '(func $f (export "f")) (table 1 funcref) (elem (i32.const 0) $f)': ["other functions of the module run it, too"],
    '(func $f (export "f")) (table 1 funcref) (elem func $f)': ["other functions of the module run it, too"],
    '(func $f (export "f")) (global funcref (ref.func $f))': ["other functions of the module run it, too"],
    '(func $f (export "f")) (table 1 funcref (ref.func $f))': ["other functions of the module run it, too"],
}


@pytest.mark.parametrize("text", CASES)
def test_what_speaks_against_it(text: str) -> None:
    module = Module.from_bytes(wat(f"(module {text})"))
    assert list(start_obstacles(CallGraph(module), module.find_func("f"))) == CASES[text]


@pytest.mark.parametrize(("memory", "shared"), [("(memory 1 2 shared)", True), ("(memory 1 2)", False), ("", False)])
def test_shared_memory(memory: str, shared: bool) -> None:
    assert shares_memory(Module.from_bytes(wat(f"(module {memory})"))) == shared
