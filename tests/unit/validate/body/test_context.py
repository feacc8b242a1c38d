"""Types in index form: matching, block types, unknown indices."""

from __future__ import annotations

import pytest

from tests.unit.validate.body.contexts import context_of
from wasmrewrite.errors import InvalidError
from wasmrewrite.isa.types import (
    ANY,
    ARRAY,
    EQ,
    EXTERN,
    F64,
    FUNC,
    FUNCREF,
    I31,
    I32,
    I64,
    NOFUNC,
    NONE,
    STRUCT,
    ArrayType,
    FieldType,
    FuncType,
    RefType,
    StructType,
    ValType,
)
from wasmrewrite.validate.body.types import BOTTOM, BOTTOM_REF, DEFINED, code_of, heap_number

# 0 and 2 are equal; 3 is declared below 1, and 4 below 3.
CONTEXT = context_of(
    types=[
        FuncType((I32,), (F64, I32)),
        StructType((FieldType(I32),)),
        FuncType((I32,), (F64, I32)),
        StructType((FieldType(I32), FieldType(I64, True))),
        StructType((FieldType(I32), FieldType(I64, True))),
        ArrayType(FieldType(RefType(False, 1))),
    ],
    canon=[0, 1, 0, 3, 4, 5],
    supers={3: 1, 4: 3},
)


def ref(heap: object) -> RefType:
    return RefType(False, heap)  # type: ignore[arg-type]


def null(heap: object) -> RefType:
    return RefType(True, heap)  # type: ignore[arg-type]


def code(value: ValType | int) -> int:
    return value if isinstance(value, int) else CONTEXT.value_type(value)


@pytest.mark.parametrize(
    ("sub", "sup"),
    [
        (I32, I32), (BOTTOM, I64), (BOTTOM, FUNCREF), (BOTTOM_REF, FUNCREF), (BOTTOM_REF, ref(1)),
        (ref(0), FUNCREF), (ref(0), ref(0)), (ref(0), null(0)), (null(NOFUNC), null(0)), (ref(NONE), ref(4)),
        (ref(4), ref(1)), (ref(4), ref(3)), (ref(1), ref(STRUCT)), (ref(1), null(EQ)), (ref(5), ref(ARRAY)),
        (ref(5), ref(ANY)), (ref(I31), ref(EQ)), (null(NONE), null(I31)),
    ],
    ids=str,
)  # fmt: skip
def test_matches(sub: ValType | int, sup: ValType | int) -> None:
    assert CONTEXT.matches(code(sub), code(sup))


@pytest.mark.parametrize(
    ("sub", "sup"),
    [
        (I32, I64), (I32, FUNCREF), (FUNCREF, I32), (null(0), ref(0)), (FUNCREF, null(0)), (ref(1), ref(3)),
        (ref(3), ref(4)), (ref(0), ref(1)), (ref(1), ref(ARRAY)), (ref(NONE), ref(0)), (ref(NOFUNC), ref(1)),
        (ref(EXTERN), ref(ANY)), (BOTTOM_REF, I32), (ref(5), ref(FUNC)),
    ],
    ids=str,
)  # fmt: skip
def test_does_not_match(sub: ValType | int, sup: ValType | int) -> None:
    assert not CONTEXT.matches(code(sub), code(sup))


def test_tops() -> None:
    heaps = [CONTEXT.heap_type(heap) for heap in (0, 1, 5, I31, NOFUNC, EXTERN)]
    assert [CONTEXT.top(heap) for heap in heaps] == list(map(heap_number, (FUNC, ANY, ANY, ANY, FUNC, EXTERN)))


def test_equal_types_have_equal_codes() -> None:
    assert CONTEXT.value_type(RefType(True, 2)) == CONTEXT.value_type(RefType(True, 0))
    assert CONTEXT.heap_type(2) == DEFINED
    assert CONTEXT.value_type(FUNCREF) == code_of(FUNCREF)
    with pytest.raises(InvalidError) as caught:
        CONTEXT.value_type(RefType(True, 6), 77)
    assert (caught.value.message, caught.value.position.offset) == ("unknown type 6", 77)


def test_block_types() -> None:
    assert CONTEXT.block_type(None) == ([], [])
    assert CONTEXT.block_type(I64) == ([], [code_of(I64)])
    assert CONTEXT.block_type(2) == ([code_of(I32)], [code_of(F64), code_of(I32)])
    with pytest.raises(InvalidError) as caught:
        CONTEXT.block_type(6, 5)
    assert (caught.value.message, caught.value.position.offset) == ("unknown type 6", 5)
    with pytest.raises(InvalidError) as caught:
        CONTEXT.block_type(1)
    assert caught.value.message == "unknown type 1: not a function type"
