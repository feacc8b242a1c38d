"""``instr`` took any operand, and what did not fit ended as somebody else's error, or as a malformed module.

Operands that name items were typed as indices, so that the only right way to write them failed every type check; and
what changes or looks for items in operands guessed at their structure.
"""

from __future__ import annotations

import struct
from typing import Any

import pytest

from tests.helpers.wat import assert_valid, wat
from wasmrewrite import Module, instr
from wasmrewrite.isa import types as t
from wasmrewrite.isa.immediates import KINDS, BrTable, Shape
from wasmrewrite.isa.op import Op
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.model import Cast, Catch, Func, MemArg
from wasmrewrite.model.checks import checked
from wasmrewrite.model.operands import RAW, exchanged, items_in, map_operand
from wasmrewrite.rewrite import Code, Editor, RewriteError

TEXT = """
(module (func $f) (func $g) (memory 1) (memory $second 1) (tag $e) (table $t 1 funcref) (global $n i32 (i32.const 0))
  (type $s (struct)) (data "x") (elem func $f))
"""


@pytest.fixture
def module() -> Module:
    return Module.from_bytes(wat(TEXT))


@pytest.mark.parametrize(
    ("args", "kept"),
    [
        (("i32.const", -5), -5),
        (("i32.const", 0xFFFF_FFFF), -1),
        (("i32.const", True), 1),
        (("i64.const", (1 << 64) - 2), -2),
        (("f64.const", 1.5), 0x3FF8_0000_0000_0000),
        (("f64.const", 0x3FF8_0000_0000_0000), 0x3FF8_0000_0000_0000),
        (("f32.const", -0.25), 0xBE80_0000),
        (("f32.const", 1e300), 0x7F80_0000),
        (("f32.const", -1e300), 0xFF80_0000),
        (("local.get", 3), 3),
        (("v128.const", bytes(16)), bytes(16)),
        (("block", t.I32), t.I32),
        (("i8x16.extract_lane_u", 15), 15),
    ],
)
def test_what_fits_is_kept_as_the_bytes_need_it(args: tuple[Any, ...], kept: object) -> None:
    assert instr(*args).args == (kept,)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("i32.addd",), "ValueError: unknown instruction 'i32.addd'; did you mean 'i32.add'?"),
        ((5,), "ValueError: unknown instruction 5"),
        (("i32.const",), "ValueError: i32.const takes 1 operand(s) (i32), not 0"),
        (("nop", 1), "ValueError: nop takes 0 operand(s) (none), not 1"),
        (("i32.const", "x"), "TypeError 1: expected an int, found 'x'"),
        (("i32.const", 1.0), "TypeError 1: expected an int, found 1.0"),
        (("i32.const", 2**40), "ValueError 1: 1099511627776 is outside the range of i32"),
        (("i64.const", 10**400), "ValueError 1: an int of 1329 bits is outside the range of i64"),
        (("f64.const", "1.5"), "TypeError 1: expected an int, found '1.5'"),
        (("f32.const", -1), "ValueError 1: -1 is outside the range of an unsigned integer of 32 bits"),
        (("local.get", -1), "ValueError 1: -1 is outside the range of an unsigned integer of 32 bits"),
        (("call", 0), "TypeError 1: expected a function of the module, not its index, found 0"),
        (("global.get", None), "TypeError 1: expected a global of the module, not its index, found None"),
        (("elem.drop", 1), "TypeError 1: expected an elem segment of the module, not its index, found 1"),
        (("i32.load", 0), "TypeError 1: expected MemArg(align, offset, memory), found 0"),
        (("i32.load", MemArg(2, -1)), "ValueError 1: -1 is outside the range of an unsigned integer of 64 bits"),
        (("i32.load", (2, 0, 1)), "TypeError 1: expected a memory of the module, not its index, found 1"),
        (("i32.load", MemArg(64, 0)), "ValueError 1: alignment 2**64 is too large"),
        (("block", 3), "TypeError 1: expected a block type: None, a value type or a type of the module, found 3"),
        (("br_table", ([0], 1)), "TypeError 1: expected a tuple of labels, found [0]"),
        (("try_table", None, [1]), "TypeError 2: expected a tuple of Catch(kind, tag, label), found [1]"),
        (("try_table", None, (Catch(4, None, 0),)), "ValueError 2: catch kind 4 is not one of 0 to 3"),
        (("try_table", None, ((0, 1, 0),)), "TypeError 2: expected a tag of the module, not its index, found 1"),
        (("ref.null", "func"), "TypeError 1: expected a heap type, found 'func'"),
        (("i8x16.extract_lane_u", 16), "ValueError 1: lane 16 of 16 lanes"),
        (("v128.const", 5), "TypeError 1: expected 16 bytes, found 5"),
        (("v128.const", b"123"), "ValueError 1: expected 16 bytes, found 3"),
        (("br_on_cast", (0, t.ANYREF, None)), "TypeError 1: expected a reference type, found None"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(args: tuple[Any, ...], said: str) -> None:
    """``TypeError 1: ...`` is an error that blames operand 1."""
    with pytest.raises((TypeError, ValueError)) as caught:
        instr(*args)
    kind, where, problem = said.partition(" ")[0], said.partition(": ")[0].rpartition(" ")[2], said.partition(": ")[2]
    place = f"operand {where} of {args[0]}: " if where.isdecimal() else ""
    assert f"{type(caught.value).__name__}: {caught.value}" == f"{kind.rstrip(':')}: {place}{problem}"


def refusal(op: Op, args: tuple[object, ...]) -> str | None:
    try:
        checked(op, args)
    except (TypeError, ValueError) as error:
        return str(error)
    return None


@pytest.mark.parametrize("value", [None, "x", -1, 1 << 70, 1.5, object, (), [1], (1, 2, 3), b"x"], ids=repr)
def test_no_operand_of_any_kind_ends_as_another_error(value: object) -> None:
    """Every kind, with everything: it is taken and can be written, or the error names the operand."""
    seen = set()
    for op in BY_NAME.values():
        for at, kind in enumerate(op.operands):
            seen.add(kind)
            said = refusal(op, tuple(value if other == at else None for other in range(len(op.operands))))
            assert said is None or said.startswith("operand "), (op, said)
    assert seen >= {kind for kind in KINDS if kind.shape is not Shape.BYTE}


def test_floats_are_written_as_they_are() -> None:
    module = Module.empty()
    edit = Editor(module)
    func = edit.add_func(edit.type([], [t.F64]), (), [instr("f64.const", 1.5)])
    edit.export("f", func)
    assert struct.pack("<d", 1.5) in module.to_bytes()
    assert_valid(module.to_bytes())


def test_operands_that_name_items_can_be_written(module: Module) -> None:
    """This file is checked with ``mypy --strict``: that these lines have no ignore is what it shows."""
    edit = Editor(module)
    code = Code(())
    code.add("i32.const", 0).add("i32.load", MemArg(2, 4, module.memories[1])).add("drop")
    code.add("block", None).add("try_table", None, (Catch(0, module.tags[0], 0),)).add("call", module.funcs[0])
    code.add("end").add("end")
    edit.export("f", edit.add_func(edit.type([]), code.local_runs, code.instrs))
    out = module.to_bytes()
    assert_valid(out)
    body = Module.from_bytes(out).funcs[2].origin
    assert "MemArg(align=2, offset=4, memory=<Memory 1>)" in " ".join(map(str, body.expr))  # type: ignore[union-attr]


def named(module: Module) -> list[tuple[Any, ...]]:
    """Instructions that name items in every shape of operand, with the item that each names."""
    struct_type = next(each for each in module.types if isinstance(each.composite, t.StructType))
    reference = t.RefType(True, struct_type)
    return [
        ("call", module.funcs[0], module.funcs[0]),
        ("memory.size", module.memories[1], module.memories[1]),
        ("i32.load", MemArg(2, 0, module.memories[1]), module.memories[1]),
        ("block", struct_type, struct_type),
        ("block", reference, struct_type),
        ("select t", (reference,), struct_type),
        ("try_table", None, (Catch(1, module.tags[0], 0), Catch(2, None, 0)), module.tags[0]),
        ("ref.null", struct_type, struct_type),
        ("ref.test", t.RefType(False, struct_type), struct_type),
        ("br_on_cast", Cast(0, t.ANYREF, reference), struct_type),
        ("data.drop", module.datas[0], module.datas[0]),
        ("elem.drop", module.elems[0], module.elems[0]),
        ("table.size", module.tables[0], module.tables[0]),
        ("global.get", module.globals[0], module.globals[0]),
    ]


def test_items_are_found_exchanged_and_lowered_in_every_shape(module: Module) -> None:
    shapes = set()
    for name, *operands, item in named(module):
        if name not in BY_NAME:
            name = next(each for each in BY_NAME if each.startswith("select") and BY_NAME[each].operands)
        made = instr(name, *operands)
        shapes |= {kind.shape for kind in made.op.operands}
        assert item in [found for _, found in items_in(made)], made
        other = object()
        changed = exchanged(made, item, other)
        assert other in [found for _, found in items_in(changed)], changed
        assert exchanged(made, other, item) is made
        pairs = zip(made.op.operands, made.args, strict=True)
        raw = [map_operand(kind, each, lambda *_: 7, RAW) for kind, each in pairs]
        assert "7" in repr(raw)
        assert "<" not in repr(raw).replace("<Op", "").replace("heap=", ""), raw
    assert shapes >= {shape for shape in Shape if any(
        kind.shape is shape and kind.space is not None and kind.space.is_module for kind in KINDS
    )}  # fmt: skip


def test_labels_and_locals_are_left_alone() -> None:
    table = instr("br_table", BrTable((0, 1), 2))
    assert list(items_in(table)) == []
    assert exchanged(table, 0, 1) is table


def test_a_memory_that_is_left_out_is_the_first_one(module: Module) -> None:
    edit = Editor(module)
    edit.add_func(edit.type([]), (), [instr("i32.const", 0), instr("i32.load", MemArg(2, 0)), instr("drop")])
    with pytest.raises(RewriteError, match="is still used by function 2"):
        edit.remove(module.memories[0])
    edit.remove(module.memories[1])
    assert_valid(module.to_bytes())


def test_redirecting_keeps_other_operands(module: Module) -> None:
    edit = Editor(module)
    f, g = module.funcs
    code = Code(()).add("i32.const", 0).add("i32.load", MemArg(2, 0)).add("drop").call(f, ())
    made = edit.add_func(edit.type([]), (), code.instrs)
    edit.redirect(f, g)
    assert isinstance(made, Func)
    assert [item for each in made.origin.expr for _, item in items_in(each)] == [None, g]  # type: ignore[union-attr]


def test_instructions_are_asked_for() -> None:
    edit = Editor(Module.empty())
    with pytest.raises(TypeError, match=r"expected instructions, found str; instr\(\.\.\.\) makes one"):
        edit.add_func(edit.type([]), (), ["nop"])  # type: ignore[list-item]
