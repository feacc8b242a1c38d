"""Rules for structures, arrays and casts: what they accept and what they refuse."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import InvalidError
from wasmrewrite.model import Module
from wasmrewrite.validate import context, validate_func

TYPES = """
  (type $point (sub (struct (field i32) (field (mut i8)))))
  (type $more (sub $point (struct (field i32) (field (mut i8)) (field (ref $point)))))
  (type $bytes (array (mut i8)))
  (type $points (array (mut (ref null $point))))
  (type $fixed (array i64))
  (type $sure (array (mut (ref $point))))
  (elem $funcs funcref)
  (elem $nothing (ref null $more))
  (data $text "abc")
"""

VALID = [
    "(drop (struct.new $point (i32.const 1) (i32.const 2)))",
    "(drop (struct.new_default $point))",
    "(drop (struct.get $point 0 (struct.new_default $point)))",
    "(drop (struct.get_u $point 1 (struct.new_default $point)))",
    "(struct.set $point 1 (ref.null $more) (i32.const 1))",
    "(drop (array.new $bytes (i32.const 1) (i32.const 2)))",
    "(drop (array.new_default $points (i32.const 2)))",
    "(drop (array.new_fixed $fixed 2 (i64.const 1) (i64.const 2)))",
    "(drop (array.new_data $bytes $text (i32.const 0) (i32.const 1)))",
    "(drop (array.new_elem $points $nothing (i32.const 0) (i32.const 1)))",
    "(drop (array.get_s $bytes (ref.null $bytes) (i32.const 0)))",
    "(drop (array.get $points (ref.null $points) (i32.const 0)))",
    "(array.set $points (ref.null $points) (i32.const 0) (ref.null none))",
    "(array.fill $bytes (ref.null $bytes) (i32.const 0) (i32.const 0) (i32.const 0))",
    "(array.copy $bytes $bytes (ref.null $bytes) (i32.const 0) (ref.null $bytes) (i32.const 0) (i32.const 0))",
    "(array.init_data $bytes $text (ref.null $bytes) (i32.const 0) (i32.const 0) (i32.const 0))",
    "(array.init_elem $points $nothing (ref.null $points) (i32.const 0) (i32.const 0) (i32.const 0))",
    "(drop (array.len (ref.null $fixed)))",
    "(drop (ref.test (ref $more) (ref.null any)))",
    "(drop (ref.cast (ref null $more) (ref.null $point)))",
    "(drop (block (result (ref $more)) (drop (br_on_cast 0 anyref (ref $more) (ref.null any))) (unreachable)))",
    "(drop (block (result anyref) (br_on_cast_fail 0 anyref (ref $more) (ref.null any))))",
    "(drop (any.convert_extern (extern.convert_any (ref.i31 (i32.const 1)))))",
    "(drop (ref.eq (ref.null $point) (ref.null i31)))",
    "(unreachable) (array.new_fixed $fixed 4000000000) (drop)",
]

REFUSED = [
    ("(drop (struct.new $point (i32.const 1)))", "type mismatch: instruction requires [i32 i32] but stack has [i32]"),
    ("(drop (struct.new_default $more))", "type mismatch: (ref 0) has no default value"),
    ("(drop (struct.get $point 1 (ref.null $point)))", "type mismatch: the field is packed"),
    ("(drop (struct.get_s $point 0 (ref.null $point)))", "type mismatch: the field is not packed"),
    ("(struct.set $point 0 (ref.null $point) (i32.const 1))", "immutable field"),
    (
        "(drop (struct.get $more 2 (ref.null $point)))",
        "type mismatch: instruction requires [(ref null 1)] but stack has [(ref null 0)]",
    ),
    ("(drop (array.new_default $sure (i32.const 1)))", "type mismatch: (ref 0) has no default value"),
    (
        "(drop (array.new_fixed $fixed 1 (i32.const 1)))",
        "type mismatch: instruction requires [i64] but stack has [i32]",
    ),
    (
        "(drop (array.new_data $points $text (i32.const 0) (i32.const 1)))",
        "array type is not numeric or vector",
    ),
    (
        "(drop (array.new_elem $points $funcs (i32.const 0) (i32.const 1)))",
        "type mismatch: elements of type funcref in an array of (ref null 0)",
    ),
    ("(drop (array.get $bytes (ref.null $bytes) (i32.const 0)))", "type mismatch: the field is packed"),
    ("(array.set $fixed (ref.null $fixed) (i32.const 0) (i64.const 0))", "immutable array"),
    ("(array.fill $fixed (ref.null $fixed) (i32.const 0) (i64.const 0) (i32.const 0))", "immutable array"),
    (
        "(array.copy $bytes $fixed (ref.null $bytes) (i32.const 0) (ref.null $fixed) (i32.const 0) (i32.const 0))",
        "array types do not match",
    ),
    ("(drop (ref.test (ref func) (ref.null any)))", "type mismatch: anyref cannot be cast to (ref func)"),
    ("(drop (ref.cast (ref $more) (i32.const 1)))", "type mismatch: i32 cannot be cast to (ref 1)"),
    (
        "(drop (block (result anyref) (br_on_cast 0 (ref $more) (ref $point) (unreachable))))",
        "type mismatch: (ref 0) is no subtype of (ref 1)",
    ),
    (
        "(drop (br_on_cast 0 anyref (ref $more) (ref.null any)))",
        "type mismatch: the label of a cast carries no reference",
    ),
    ("(drop (any.convert_extern (ref.null any)))", "type mismatch: anyref is no externref"),
]


def check(body: str) -> None:
    module = Module.from_bytes(wat(f"(module {TYPES} (func {body}))"))
    validate_func(module, context(module), 0)


@pytest.mark.parametrize("body", VALID)
def test_accepted(body: str) -> None:
    check(body)


@pytest.mark.parametrize(("body", "message"), REFUSED)
def test_refused(body: str, message: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check(body)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("(drop (struct.new_default $bytes))", "type mismatch: type 2 is no structure"),
        ("(drop (array.new_default $point (i32.const 1)))", "type mismatch: type 0 is no array"),
        ("(drop (struct.get $point 7 (ref.null $point)))", "unknown field 7"),
    ],
)
def test_types_of_the_wrong_kind(body: str, message: str) -> None:
    test_refused(body, message)
