"""Registers, settling, and jumps that are patched."""

from __future__ import annotations

from wasmrewrite.flat import code as flat
from wasmrewrite.flat.assembler import EMPTY, REGISTERS_PER_CALL, Assembler, Label
from wasmrewrite.isa.table import BY_NAME

I32 = BY_NAME["i32.const"].code


def assembler(marking: bool = False) -> Assembler:
    """Two locals, the first a parameter, and room for three operands."""
    return Assembler(1, [(1, *EMPTY)], 3, marking)


def test_registers_are_locals_then_slots_then_constants() -> None:
    code = assembler()
    assert [code.slot(0), code.slot(2)] == [2, 4]
    assert [code.constant(I32, 7), code.constant(I32, 8), code.constant(I32, 7)] == [5, 6, 5]
    assert code.code().template == [(1, *EMPTY), (3, *EMPTY), (1, I32, 7), (1, I32, 8)]


def test_settling_moves_only_what_is_elsewhere() -> None:
    code = assembler()
    for register in (1, 3, code.constant(I32, 7)):
        code.push(register)
    code.settle_locals()
    assert code.stack == [2, 3, 5]
    code.settle(1)
    assert code.stack == [2, 3, 4]
    assert code.code().instrs == [(flat.MOVE, 2, 0, 1, 0, 0), (flat.MOVE, 4, 0, 5, 0, 0)]


def test_operands_taken_off_are_not_settled() -> None:
    code = assembler()
    for register in (1, 0, 1):
        code.push(register)
    assert code.pop() == 1
    assert code.pop_many(1) == [0]
    code.push(code.constant(I32, 7))
    code.settle_locals()
    assert code.stack == [2, 5]
    assert code.code().instrs == [(flat.MOVE, 2, 0, 1, 0, 0)]


def test_many_operands_move_at_once() -> None:
    code = assembler()
    code.push_slots(3)
    code.move(0, 0)
    code.move(1, 0)
    assert [instr[0] for instr in code.code().instrs] == [flat.MOVE_ALL, flat.MOVE, flat.MOVE]


def test_a_label_behind_the_last_result_keeps_it_where_it_is() -> None:
    code = assembler()
    code.produce(flat.UNARY, BY_NAME["i32.clz"].code, 0)
    code.bind(Label())
    code.set_local(1)
    assert [instr[0] for instr in code.code().instrs] == [flat.UNARY, flat.MOVE]


def test_jumps_cost_what_lies_between() -> None:
    code = assembler()
    back, forth = Label(), Label()
    code.count = 3
    code.bind(back)
    code.count = 5
    code.jump(forth)
    code.jump_table(0, [forth, back])
    code.count = 9
    code.bind(forth)
    code.jump(back)
    made = code.code()
    assert made.instrs == [
        (flat.JUMP, 2, 0, 0, 0, -4),
        (flat.JUMP_TABLE, 0, 0, 0, 1, 0),
        (flat.JUMP, 0, 0, 0, 0, 6),
    ]
    assert made.lists == [(2, -4, 0, 2)]


def test_equal_lists_are_one() -> None:
    code = assembler()
    assert [code.pool([1, 2]), code.pool([]), code.pool((1, 2))] == [0, 1, 0]


def test_marks() -> None:
    code = assembler(marking=True)
    code.offset = 77
    code.mark()
    assert code.code().marks == {77}
    assert code.code().instrs == [(flat.MARK, 77, 0, 0, 0, 0)]


def test_weight() -> None:
    assert assembler().code().weight == 1
    assert Assembler(0, [(3 * REGISTERS_PER_CALL, *EMPTY)], 0, False).code().weight == 4
