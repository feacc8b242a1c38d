"""Body validation: the side table, errors with their place, the quick way against the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.validate.body.contexts import context_of
from wasmrewrite.errors import InvalidError, LimitError, MalformedError
from wasmrewrite.isa.immediates import BrTable, Catch, MemArg
from wasmrewrite.isa.signature import Signature
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.isa.types import (
    EXN,
    EXTERN,
    F32,
    FUNC,
    FUNCREF,
    I32,
    I64,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RefType,
    TableType,
    ValType,
)
from wasmrewrite.kernels.decode import decode
from wasmrewrite.kernels.encode import encode
from wasmrewrite.validate.body import check_body, side_table
from wasmrewrite.validate.body.context import ModuleContext
from wasmrewrite.validate.body.side_table import SideTable

BASE = 5  # bodies start here, so that an offset from elsewhere would show

CONTEXT = context_of(
    types=[FuncType(), FuncType((I32, I32), (I32,)), FuncType((I32,), (I64, I32)), FuncType((I64,))],
    funcs=[1, 2, 0],
    tables=[TableType(FUNCREF, Limits(1)), TableType(RefType(True, EXTERN), Limits(1, None, I64))],
    memories=[MemoryType(Limits(1)), MemoryType(Limits(1, None, I64))],
    globals=[GlobalType(I32, True), GlobalType(I64)],
    tags=[3],
    elems=[FUNCREF],
    data_count=1,
    refs=frozenset({1}),
)

Line = tuple[Any, ...]


def code(*lines: Line | str) -> bytes:
    """Bytes of instructions given as (mnemonic, operands...) or as a mnemonic; the last ``end`` is added."""
    words = [(line,) if isinstance(line, str) else line for line in (*lines, "end")]
    return encode((BY_NAME[name], operands) for name, *rest in words for operands in [tuple(rest)])


def check(
    *lines: Line | str,
    params: tuple[ValType, ...] = (),
    results: tuple[ValType, ...] = (),
    local_runs: tuple[tuple[int, ValType], ...] = (),
    context: ModuleContext = CONTEXT,
) -> SideTable:
    """Validate a body with and without a table to be kept; the two must agree."""
    data = bytes(BASE) + code(*lines)
    type = FuncType(params, results)
    check_body(data, BASE, len(data), context, signature(context, type), local_runs)
    return table_of(data, context, type, local_runs)


def table_of(
    data: bytes, context: ModuleContext, type: FuncType, local_runs: tuple[tuple[int, ValType], ...] = ()
) -> SideTable:
    """The side table of a body; its columns agree with what decoding says, and with what each row says."""
    table = side_table(data, BASE, len(data), context, signature(context, type), local_runs)
    instrs = decode(data, BASE, len(data))
    assert table.instrs() == instrs
    assert list(table.offsets) == [*(offset for offset, _, _ in instrs), len(data)]
    assert [(table.op(at), table.values(at)) for at in range(len(table))] == [instr[1:] for instr in instrs]
    assert {len(column) for column in (table.heights, table.pops, table.pushes, table.ends, table.parts)} == {
        len(instrs)
    }
    for at, (_, op, _) in enumerate(instrs):
        if isinstance(op.signature, Signature):
            assert (table.pops[at], table.pushes[at]) == (len(op.signature.params), len(op.signature.results))
    return table


def signature(context: ModuleContext, type: FuncType) -> tuple[list[int], list[int]]:
    """A function type in codes."""
    return list(map(context.value_type, type.params)), list(map(context.value_type, type.results))


def numbered(column: Sequence[int]) -> dict[int, int]:
    """What a sparse column holds."""
    return {at: number for at, number in enumerate(column) if number}


def refuse(
    message: str,
    *lines: Line | str,
    at: int | None = None,
    error: type[InvalidError | MalformedError | LimitError] = InvalidError,
    **rest: Any,
) -> None:
    """The body is refused, with and without a table to be kept, at the instruction number ``at`` (the last line)."""
    data = bytes(BASE) + code(*lines)
    starts = [offset for offset, _, _ in decode(data, BASE, len(data))]
    type = FuncType(rest.pop("params", ()), rest.pop("results", ()))
    runs = rest.pop("local_runs", ())
    context = rest.pop("context", CONTEXT)
    assert not rest
    for validate in (check_body, side_table):
        with pytest.raises(error) as caught:
            validate(data, BASE, len(data), context, signature(context, type), runs)
        assert caught.value.message == message
        assert caught.value.position.offset == starts[len(lines) - 1 if at is None else at]


def test_heights_are_those_before_each_instruction() -> None:
    table = check(("local.get", 0), ("i32.const", 7), "i32.add", params=(I32,), results=(I32,))
    assert list(table.heights) == [0, 1, 2, 1]
    assert table.max_height == 2
    assert (numbered(table.ends), numbered(table.parts)) == ({}, {})


def test_blocks_and_their_ends() -> None:
    table = check(
        ("block", None),  # 0
        ("loop", I32),  # 1
        ("i32.const", 1),
        ("if", None),  # 3
        ("br", 2),
        "else",  # 5
        "nop",
        "end",  # 7
        ("i32.const", 2),
        "end",  # 9
        "drop",
        "end",  # 11
    )
    assert numbered(table.ends) == {0: 11, 1: 9, 3: 7}
    assert numbered(table.parts) == {0: 11, 1: 9, 3: 5, 5: 7}
    assert list(table.heights) == [0, 0, 0, 1, 0, -1, 0, 0, 0, 1, 1, 0, 0]


def test_try_table_has_an_end() -> None:
    table = check(
        ("block", I64),
        ("try_table", None, (Catch(0, 0, 0), Catch(2, None, 1))),
        "end",
        ("i64.const", 1),
        "end",
        "drop",
    )
    assert numbered(table.ends) == {0: 4, 1: 2}


def test_what_nothing_reaches_has_no_height() -> None:
    table = check(
        "unreachable",
        "i32.add",
        ("block", None),  # nothing reaches it, though it has a beginning of its own
        ("i32.const", 1),
        ("br_if", 0),
        "end",
        "drop",
        results=(),
    )
    assert list(table.heights) == [0, -1, -1, -1, -1, -1, -1, -1]
    assert table.max_height == 0


def test_after_a_block_that_stops_code_goes_on() -> None:
    table = check(("block", I32), "unreachable", "end", ("local.set", 0), local_runs=((1, I32),))
    assert list(table.heights) == [0, 0, -1, 1, 0]


def test_multi_value_blocks_take_and_leave() -> None:
    table = check(
        ("i32.const", 0), ("block", 2), ("call", 1), ("br", 0), "end", "drop", "drop",
    )  # fmt: skip
    assert list(table.heights) == [0, 1, 1, 2, -1, 2, 1, 0]


def test_if_without_else_passes_its_parameters_on() -> None:
    refuse(
        "type mismatch: block requires [i64 i32] but stack has [i32]",
        ("i32.const", 0), ("i32.const", 1), ("if", 2), ("call", 1), "end",
    )  # fmt: skip


def test_branch_takes_only_what_the_label_carries() -> None:
    table = check(
        ("block", I32), ("i64.const", 1), ("i32.const", 2), ("br", 0), "end", "drop",
    )  # fmt: skip
    assert list(table.heights) == [0, 0, 1, 2, -1, 1, 0]


def test_branch_table() -> None:
    check(
        ("block", None), ("block", None), ("i32.const", 0), ("br_table", BrTable((0, 1), 2)), "end", "end",
    )  # fmt: skip
    refuse(
        "type mismatch: the labels of br_table carry different numbers of operands",
        ("block", I32), ("i32.const", 1), ("i32.const", 0), ("br_table", BrTable((1,), 0)),
        "end", "drop",
        at=3,
    )  # fmt: skip


def test_operands_of_other_types() -> None:
    refuse(
        "type mismatch: instruction requires [i32 i32] but stack has [i64 i32]",
        ("i64.const", 0), ("i32.const", 0), "i32.add",
    )  # fmt: skip
    refuse("type mismatch: instruction requires [i32 i32] but stack has [i32]", ("i32.const", 0), "i32.add")
    refuse("type mismatch: instruction requires [any] but stack has []", "drop")


def test_operands_below_the_block_are_out_of_reach() -> None:
    refuse(
        "type mismatch: instruction requires [i32 i32] but stack has [i32]",
        ("i32.const", 0), ("block", None), ("i32.const", 0), "i32.add", "end", "drop",
        at=3,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["local.set", "local.tee", "global.set", "br_if", "drop", "i32.eqz", "i32.load"])
def test_nothing_below_the_block_is_popped(name: str) -> None:
    operands: Line = {"i32.load": (MemArg(2, 0),), "drop": (), "i32.eqz": ()}.get(name, (0,))
    lines: list[Line | str] = [("i32.const", 0), ("block", None), (name, *operands), "end", "drop"]
    with pytest.raises(InvalidError, match="type mismatch"):
        check(*lines, local_runs=((1, I32),))


def test_what_is_left_at_the_end() -> None:
    refuse("type mismatch: block requires [] but stack has [i32]", ("i32.const", 0), at=1)
    refuse("type mismatch: block requires [i32] but stack has []", at=0, results=(I32,))
    refuse(
        "type mismatch: block requires [i32] but stack has [i32 i32]",
        ("i32.const", 0), ("i32.const", 0),
        at=2, results=(I32,),
    )  # fmt: skip


def test_unreachable_code_is_checked_too() -> None:
    check("unreachable", "i32.add", "drop")
    refuse(
        "type mismatch: instruction requires [i32 i32] but stack has [i64]",
        "unreachable", ("i64.const", 0), "i32.add",
    )  # fmt: skip
    refuse("type mismatch: block requires [] but stack has [i32]", "unreachable", ("i32.const", 0), at=2)


def test_unknown_indices() -> None:
    refuse("unknown local 1", ("local.get", 1), params=(I32,))
    refuse("unknown local 300", ("local.get", 300), params=(I32,))
    refuse("unknown local 0", ("i32.const", 0), ("local.set", 0))
    refuse("unknown global 2", ("global.get", 2))
    refuse("unknown function 3", ("call", 3))
    refuse("unknown function 70000", ("call", 70000))
    refuse("unknown label 1", ("br", 1))
    refuse("unknown type 4", ("block", 4), "end", at=0)
    refuse("unknown table 2", ("table.size", 2))
    refuse("unknown memory 2", ("memory.size", 2))
    refuse("unknown elem segment 1", ("elem.drop", 1))
    refuse("unknown data segment 1", ("data.drop", 1))
    refuse("unknown tag 1", ("throw", 1))


def test_globals() -> None:
    check(("i32.const", 1), ("global.set", 0), ("global.get", 1), "drop")
    refuse("immutable global", ("i64.const", 1), ("global.set", 1))


def test_memory_accesses() -> None:
    check(("i32.const", 0), ("i32.load", MemArg(2, 1 << 31)), "drop")
    check(("i64.const", 0), ("i32.load", MemArg(2, 1 << 40, 1)), "drop")
    refuse("alignment must not be larger than natural", ("i32.const", 0), ("i32.load16_u", MemArg(2, 0)))
    refuse("offset out of range", ("i32.const", 0), ("i32.load", MemArg(2, 1 << 32)))
    refuse("unknown memory 2", ("i32.const", 0), ("i32.load", MemArg(2, 0, 2)))
    refuse("unknown memory 0", ("i32.const", 0), ("i32.load", MemArg(2, 0)), context=context_of())
    refuse(
        "type mismatch: instruction requires [i64] but stack has [i32]",
        ("i32.const", 0), ("i32.load", MemArg(2, 0, 1)),
    )  # fmt: skip


def test_a_first_memory_of_64_bits() -> None:
    context = context_of(memories=[MemoryType(Limits(1, None, I64))])
    check(("i64.const", 0), ("i64.load", MemArg(3, 1 << 33)), "drop", context=context)
    refuse(
        "type mismatch: instruction requires [i64] but stack has [i32]",
        ("i32.const", 0), ("i64.load", MemArg(3, 0)),
        context=context,
    )  # fmt: skip


def test_bulk_operations_between_address_types() -> None:
    check(("i64.const", 0), ("i32.const", 0), ("i32.const", 0), ("memory.copy", 1, 0))
    check(("i32.const", 0), ("i64.const", 0), ("i32.const", 0), ("memory.copy", 0, 1))
    check(("i64.const", 0), ("i64.const", 0), ("i64.const", 0), ("memory.copy", 1, 1))
    check(("i64.const", 0), ("i32.const", 0), ("i32.const", 0), ("memory.init", 0, 1))
    refuse(
        "type mismatch: elements of type funcref in a table of externref",
        ("i64.const", 0), ("i32.const", 0), ("i32.const", 0), ("table.init", 0, 1),
    )  # fmt: skip


def test_data_segments_need_their_count() -> None:
    context = context_of(memories=[MemoryType(Limits(1))])
    refuse("data count section required", ("data.drop", 0), error=MalformedError, context=context)


def test_select() -> None:
    check(("f32.const", 0), ("f32.const", 0), ("i32.const", 0), "select", "drop")
    check("unreachable", "select", "drop")
    check(("ref.null", FUNC), ("ref.null", FUNC), ("i32.const", 0), ("select t", (FUNCREF,)), "drop")
    refuse(
        "type mismatch: instruction requires [f32 f32 i32] but stack has [f32 i32 i32]",
        ("f32.const", 0), ("i32.const", 0), ("i32.const", 0), "select",
    )  # fmt: skip
    refuse(
        "type mismatch: select of references needs a type",
        ("ref.null", FUNC), ("ref.null", FUNC), ("i32.const", 0), "select",
    )  # fmt: skip
    refuse("invalid result arity", "unreachable", ("select t", (I32, I32)))


def test_references() -> None:
    check(("ref.func", 1), "ref.is_null", "drop")
    check(("i32.const", 3), ("ref.func", 1), ("call_ref", 2), "drop", "drop")
    refuse("undeclared function reference 0", ("ref.func", 0))
    refuse("type mismatch: instruction requires [ref] but stack has [i32]", ("i32.const", 0), "ref.is_null")


def test_calls() -> None:
    check(("i32.const", 1), ("i32.const", 2), ("call", 0), "drop")
    check(("i32.const", 1), ("i32.const", 0), ("call_indirect", 2, 0), "drop", "drop")
    refuse(
        "type mismatch: call_indirect needs a table of functions, not externref",
        ("i32.const", 1), ("i64.const", 0), ("call_indirect", 2, 1),
    )  # fmt: skip
    refuse("type mismatch: instruction requires [i32 i32] but stack has [i32]", ("i32.const", 1), ("call", 0))


def test_tail_calls_return_what_the_caller_returns() -> None:
    table = check(("i32.const", 1), ("i32.const", 2), ("return_call", 0), results=(I32,))
    assert list(table.heights) == [0, 1, 2, -1]
    refuse(
        "type mismatch: a tail call returns other types than the function",
        ("i32.const", 1), ("i32.const", 2), ("return_call", 0),
        results=(I64,),
    )  # fmt: skip


def test_locals_without_default_value() -> None:
    runs: tuple[tuple[int, ValType], ...] = ((1, RefType(False, FUNC)),)
    check(("ref.func", 1), ("local.set", 0), ("local.get", 0), "drop", local_runs=runs)
    refuse("uninitialized local 0", ("local.get", 0), local_runs=runs)
    refuse(
        "uninitialized local 0",
        ("block", None), ("ref.func", 1), ("local.set", 0), "end", ("local.get", 0),
        local_runs=runs,
    )  # fmt: skip
    refuse(
        "uninitialized local 0",
        ("block", None), ("ref.func", 1), ("local.set", 0), ("br", 0), "end", ("local.get", 0),
        local_runs=runs,
    )  # fmt: skip
    table = check("nop", ("i32.const", 0), "drop", local_runs=runs)
    assert list(table.heights) == [0, 0, 1, 0]


def test_exceptions() -> None:
    check(("i64.const", 1), ("throw", 0))
    check(("ref.null", EXN), "throw_ref")
    refuse(
        "type mismatch: catch clause and label",
        ("try_table", None, (Catch(0, 0, 0),)), "end",
        at=0,
    )  # fmt: skip


def test_legacy_exceptions() -> None:
    table = check(("try", I64), ("i64.const", 0), ("catch", 0), "catch_all", ("rethrow", 0), "end", "drop")
    assert numbered(table.ends) == {0: 5}
    assert numbered(table.parts) == {0: 2, 2: 3, 3: 5}
    assert list(table.heights) == [0, 0, 1, 1, 0, -1, 1, 0]
    table = check(("try", None), ("delegate", 0))
    assert numbered(table.ends) == {0: 1}
    refuse("invalid rethrow label", ("block", None), ("rethrow", 0), "end", at=1)
    refuse("unknown label 1", ("try", None), ("delegate", 1))


def test_lanes() -> None:
    vector = ("v128.const", bytes(16))
    check(vector, ("i8x16.extract_lane_s", 15), "drop")
    check(vector, vector, ("i8x16.shuffle", tuple(range(16, 32))), "drop")
    refuse("invalid lane index 2 of 2", vector, ("i64x2.extract_lane", 2))
    refuse("invalid lane index 32 of 32", vector, vector, ("i8x16.shuffle", (0,) * 15 + (32,)))


def test_atomic_accesses_are_aligned() -> None:
    check(("i32.const", 0), ("i32.atomic.load", MemArg(2, 0)), "drop")
    refuse("alignment must be equal to natural", ("i32.const", 0), ("i32.atomic.load", MemArg(1, 0)))


def test_more_than_engines_take() -> None:
    refuse("locals: more than 50000", at=0, error=LimitError, local_runs=((50_001, I32),))
    refuse("locals: more than 50000", at=0, error=LimitError, local_runs=(((1 << 32) - 1, I64),))
    wide = context_of(types=[FuncType((), (F32,) * 1000)], funcs=[0])
    many = code(*[("call", 0)] * 1001, "unreachable")
    with pytest.raises(LimitError, match="operands on the stack: more than 1000000"):
        check_body(many, 0, len(many), wide, ([], []), ())


@pytest.mark.parametrize(
    ("data", "message", "offset"),
    [
        ("20", "unexpected end of section or function", 6),
        ("20 00", "unexpected end of section or function", 7),
        ("0b 00", "section size mismatch", 6),
        ("05 0b", "END opcode expected", 5),
        ("41 80", "unexpected end of section or function", 7),
        ("20 80 80 80 80 80 00 0b", "integer representation too long", 11),
        ("43 00 00 00 00", "unexpected end of section or function", 10),
        ("1a ff 0b", "illegal opcode ff", 6),  # malformed goes before invalid
        ("02 40 0b", "unexpected end of section or function", 8),
    ],
)
def test_malformed_bodies(data: str, message: str, offset: int) -> None:
    body = bytes(BASE) + bytes.fromhex(data)
    for validate in (check_body, side_table):
        with pytest.raises(MalformedError) as caught:
            validate(body, BASE, len(body), CONTEXT, signature(CONTEXT, FuncType((I32,))), ())
        assert (caught.value.message, caught.value.position.offset) == (message, offset)


def test_nesting_of_any_depth() -> None:
    deep = code(*[("block", None)] * 50_000, *["end"] * 50_000)
    table = side_table(deep, 0, len(deep), ModuleContext(), ([], []), ())
    assert numbered(table.ends) == {index: 99_999 - index for index in range(50_000)}
