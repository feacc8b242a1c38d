from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.lint import Settings
from wasmrewrite.lint.features import outside_code
from wasmrewrite.lint.subject import Subject
from wasmrewrite.model import Module


def features(text: str) -> set[str]:
    return {feature for feature, _, _ in outside_code(Subject(Module.from_bytes(wat(f"(module {text})")), Settings()))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(memory 1) (data (i32.const 0) \"a\") (table 1 funcref) (elem (i32.const 0) 0) (func (param i32))", ""),
        ("(memory 1) (memory 1)", "multi-memory"),
        ("(memory i64 1)", "memory64"),
        ("(table i64 1 funcref)", "memory64"),
        ("(memory 1 1 shared)", "threads"),
        ("(tag)", "exceptions"),
        ("(type (func (result i32 i32)))", "multi-value"),
        ("(type (func (param v128)))", "simd"),
        ("(type (func (param externref)))", "reference-types"),
        ("(type (func (param exnref)))", "exceptions"),
        ("(type (func (param i31ref)))", "gc"),
        ("(type (func (param (ref extern))))", "function-references reference-types"),
        ("(type $f (func)) (type (func (param (ref null $f))))", "function-references"),
        ("(type (struct))", "gc"),
        ("(type (sub (func)))", "gc"),
        ("(table 1 externref)", "reference-types"),
        ("(table 1 funcref) (table 1 funcref)", "reference-types"),
        ('(global (export "g") (mut i32) (i32.const 0))', "mutable-globals"),
        ('(import "a" "g" (global (mut i32)))', "mutable-globals"),
        ("(global (mut i32) (i32.const 0))", ""),
        ("(global i32 (i32.add (i32.const 1) (i32.const 2)))", "extended-const"),
        ("(memory 1) (data (i32.add (i32.const 1) (i32.const 2)) \"a\")", "extended-const"),
        ('(memory 1) (data "a")', "bulk-memory"),
        ("(func $f) (elem func $f)", "bulk-memory"),
    ],
)  # fmt: skip
def test_what_is_used(text: str, expected: str) -> None:
    assert features(text) == set(expected.split())
