"""Wrappers: what fits is accepted, code is as short as it can be, what does not fit is refused with a reason."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.contract import Declaration, parse_type
from wasmrewrite.errors import RewriteError
from wasmrewrite.isa.types import F32, F64, I32, I64, FuncType, ValType
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Code, PointerReturn, export_wrapper, import_wrapper, pointer_return, returns_already

MODULE = Module.from_bytes(
    wat("(module (memory 1) (global (mut i32) (i32.const 64)) (func (param i32 f32)) (func (param i32 f32)))")
)


def found(params: tuple[ValType, ...], result: str, **others: object) -> PointerReturn:
    declared = Declaration("f", result=parse_type(result), **others)  # type: ignore[arg-type]
    return pointer_return(MODULE, FuncType(params), declared, 16)


def words(code: Code) -> list[str]:
    """Instructions with their immediate numbers; items are left out."""
    lines = []
    for each in code.instrs:
        args = [f"align={arg.align} offset={arg.offset}" if hasattr(arg, "align") else str(arg) for arg in each.args]
        lines.append(" ".join([each.op.name, *(arg for arg in args if not arg.startswith("<"))]))
    return lines


def test_types_before_and_after() -> None:
    fits = found((F32, I32, I64), "(u8, i64, f64)", pointer=1)
    assert fits.after == FuncType((F32, I64), (I32, I64, F64))
    assert fits.arguments(9) == [0, 9, 1]


@pytest.mark.parametrize(
    ("before", "result", "expected"),
    [
        (FuncType((), (I64, I64)), "(i64, u64)", True),
        (FuncType((I32,), (I64, I64)), "u128", True),
        (FuncType((), (I64, I64)), "(i64, u32)", False),
        (FuncType((I32,), ()), "(i64, i64)", False),
        (FuncType((), (I64,)), "(ptr)", True),
        (FuncType((), ()), "()", False),
    ],
)
def test_what_returns_by_value_already(before: FuncType, result: str, expected: bool) -> None:
    assert returns_already(before, Declaration("f", result=parse_type(result))) is expected


@pytest.mark.parametrize(
    ("before", "declared", "message"),
    [
        (FuncType((I32,)), Declaration("f"), "no result is declared"),
        (
            FuncType((I32,), (I32,)),
            Declaration("f", result=parse_type("(i64, i64)")),
            "its type [i32] -> [i32] has results already",
        ),
        (
            FuncType(()),
            Declaration("f", result=parse_type("(i64, i64)")),
            "its type [] -> [] has no i32 pointer as parameter 0",
        ),
        (
            FuncType((I64,)),
            Declaration("f", result=parse_type("(i8, i8)")),
            "its type [i64] -> [] has no i32 pointer as parameter 0",
        ),
        (
            FuncType((I32,)),
            Declaration("f", result=parse_type("(i8, i8)"), pointer=1),
            "its type [i32] -> [] has no i32 pointer as parameter 1",
        ),
        (
            FuncType((I32, I64)),
            Declaration("f", params=(parse_type("u128"),), result=parse_type("(i8, i8)")),
            "its parameters [i32 i64] -> [] are not a pointer and the declared ones (i64 i64)",
        ),
        (FuncType((I32,)), Declaration("f", result=parse_type("[u8; 17]")), "17 results are more than max-results=16"),
        (
            FuncType((I32,)),
            Declaration("f", result=parse_type("(u8 @0, u8 @65536)")),
            "a result of 65537 bytes, aligned to 1, is more than 65536 bytes",
        ),
        (
            FuncType((I32,)),
            Declaration("f", result=parse_type("(u8 @1, u16 @0)")),
            "declared type (u8 @1, u16 @0): fields overlap at offset 1",
        ),
    ],
)
def test_what_does_not_fit_is_refused(before: FuncType, declared: Declaration, message: str) -> None:
    with pytest.raises(RewriteError) as caught:
        pointer_return(MODULE, before, declared, 16)
    assert caught.value.message == message


def test_a_struct_among_the_parameters_is_not_checked() -> None:
    declared = Declaration("f", params=(parse_type("(u8, u8)"),), result=parse_type("(i8, i8)"))
    assert pointer_return(MODULE, FuncType((I32, I32, I32)), declared, 16).after.params == (I32, I32)


def test_an_export_wrapper() -> None:
    fits = found((I32, F32), "(u8 @12, i64 @0)")
    code = export_wrapper(fits, MODULE.funcs[0], MODULE.globals[0], zero=True)
    assert code.local_runs == ((2, I32),)
    assert words(code) == [
        "global.get",
        "local.tee 1",
        "i32.const 16",
        "i32.sub",
        "local.tee 2",
        "global.set",
        "local.get 2",
        "i64.const 0",
        "i64.store align=3 offset=0",
        "local.get 2",
        "i64.const 0",
        "i64.store align=3 offset=8",
        "local.get 2",
        "local.get 0",
        "call",
        "local.get 2",
        "i32.load8_u align=0 offset=12",
        "local.get 2",
        "i64.load align=3 offset=0",
        "local.get 1",
        "global.set",
    ]


@pytest.mark.parametrize(("result", "masked"), [("(u32; align 16)", False), ("(u32; align 32)", True)])
def test_only_large_alignments_are_masked(result: str, masked: bool) -> None:
    code = export_wrapper(found((I32,), result), MODULE.funcs[0], MODULE.globals[0], zero=False)
    assert ("i32.and" in words(code)) is masked


@pytest.mark.parametrize(
    ("catch", "extra"),
    [
        (None, []),
        (
            "try_table",
            ["block exnref", "try_table None (Catch(kind=3, tag=None, label=0),)", "end", "return", "end", "throw_ref"],
        ),
        ("try", ["try None", "catch_all", "rethrow 0", "end"]),
    ],
)
def test_exceptions_do_not_lose_the_stack(catch: object, extra: list[str]) -> None:
    code = export_wrapper(found((I32,), "(i32, i32)"), MODULE.funcs[0], MODULE.globals[0], False, catch)  # type: ignore[arg-type]
    structure = ("block", "try", "end", "return", "throw", "catch", "rethrow")
    assert [each for each in words(code) if each.startswith(structure)] == extra
    assert words(code).count("global.set") == (2 if catch is None else 3)


def test_an_import_wrapper() -> None:
    fits = found((F32, I32), "(u8 @4, f32 @0, i16 @6)", pointer=1)
    code = import_wrapper(fits, MODULE.funcs[0])
    assert code.local_runs == ((1, I32), (1, F32))
    assert words(code) == [
        "local.get 0",
        "call",
        "local.set 2",
        "local.get 1",
        "local.get 2",
        "i32.store16 align=1 offset=6",
        "local.set 3",
        "local.get 1",
        "local.get 3",
        "f32.store align=2 offset=0",
        "local.set 2",
        "local.get 1",
        "local.get 2",
        "i32.store8 align=0 offset=4",
    ]


def test_stores_promise_no_more_than_the_pointer() -> None:
    code = import_wrapper(found((I32,), "(i64 @0, i64 @8; align 4)"), MODULE.funcs[0])
    assert [each for each in words(code) if each.startswith("i64.store")] == [
        "i64.store align=2 offset=8",
        "i64.store align=2 offset=0",
    ]
