"""Flat code: what is folded, what must not be, what costs how much."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.errors import LimitError
from wasmrewrite.flat import code as flat
from wasmrewrite.interp import Program, instantiate


def kinds(text: str) -> list[str]:
    """The kinds of flat instructions that the first function of a module becomes."""
    code = Program(wat(f"(module {text})")).code(0)
    return [flat.KINDS[instr[0]] for instr in code.instrs]


def run(text: str, *args: int) -> object:
    """Call the export ``f`` of a module."""
    return instantiate(wat(f"(module {text})")).exports["f"](*args)  # type: ignore[operator]


def test_operands_out_of_locals_and_constants_cost_nothing() -> None:
    assert kinds("(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))") == ["BINARY", "RETURN"]


def test_results_go_straight_into_locals() -> None:
    assert kinds("(func (param i32) (local.set 0 (i32.mul (local.get 0) (i32.const 3))))") == ["BINARY", "RETURN_ALL"]


def test_comparisons_decide_branches() -> None:
    text = "(func (param i32) (loop (br_if 0 (i32.lt_s (local.get 0) (i32.const 3)))))"
    assert kinds(text) == ["JUMP_IF", "RETURN_ALL"]
    assert kinds("(func (param i32) (loop (br_if 0 (i32.eqz (local.get 0)))))") == ["JUMP_ZERO", "RETURN_ALL"]
    assert kinds("(func (param i32) (loop (br_if 0 (local.get 0))))") == ["JUMP_NONZERO", "RETURN_ALL"]


def test_what_nothing_reaches_is_left_out() -> None:
    text = "(func (result i32) (return (i32.const 1)) (drop (i32.div_u (i32.const 1) (i32.const 0))) (i32.const 2))"
    assert kinds(text) == ["RETURN"]
    assert kinds("(func (block (br 0) (unreachable)))") == ["JUMP", "RETURN_ALL"]
    assert kinds("(func (block (return) (unreachable)) (unreachable))") == ["RETURN_ALL"]


def test_a_local_may_change_while_its_old_value_waits() -> None:
    assert (
        run('(func (export "f") (param i32) (result i32) local.get 0 i32.const 7 local.set 0 local.get 0 i32.sub)', 9)
        == 2
    )
    assert run('(func (export "f") (param i32) (result i32) local.get 0 i32.const 7 local.tee 0 i32.sub)', 9) == 2
    # The old value waits below what is computed straight into the local.
    text = (
        '(func (export "f") (param i32) (result i32) local.get 0 local.get 0 i32.const 1 i32.add local.tee 0 i32.sub)'
    )
    assert run(text, 9) == -1


def test_a_local_may_change_in_a_block_while_its_old_value_waits() -> None:
    text = """(func (export "f") (param i32 i32) (result i32)
      local.get 0 (if (local.get 1) (then (local.set 0 (i32.const 100)))) local.get 0 i32.sub)"""
    assert run(text, 9, 0) == 0
    assert run(text, 9, 1) == 9 - 100


def test_a_result_that_two_ways_meet_in_is_not_computed_into_a_local() -> None:
    text = """(func (export "f") (param i32) (result i32) (local i32)
      (block (result i32) (br_if 0 (i32.const 5) (local.get 0)) drop (i32.add (local.get 0) (i32.const 1)))
      local.set 1 local.get 1)"""
    assert [run(text, 0), run(text, 1)] == [1, 5]


def test_branches_carry_their_operands_past_others() -> None:
    text = """(func (export "f") (param i32) (result i32 i32)
      i32.const 1 i32.const 2
      (block (param i32 i32) (result i32 i32)
        i32.const 3 i32.const 4 i32.const 5
        (br_if 0 (local.get 0))
        drop drop drop))"""
    assert [run(text, 0), run(text, 1)] == [(1, 2), (4, 5)]


def test_many_branches_with_many_operands_stay_small() -> None:
    results = "i32 " * 500
    operands = "i32.const 1 " * 501
    branches = "i32.const 0 br_if 0 " * 1000
    text = f"(func (result {results}) (block (result {results}) {operands} {branches} return))"
    assert len(kinds(text)) < 5000


def test_many_locals_that_wait_are_settled_once() -> None:
    text = f"(func (param i32) {'local.get 0 ' * 500} {'(block (nop)) ' * 500} return)"
    assert kinds(text) == ["MOVE"] * 500 + ["RETURN_ALL"]


def test_loops_take_their_parameters_anew() -> None:
    text = """(func (export "f") (param i32) (result i32 i32)
      i32.const 0 local.get 0
      (loop (param i32 i32) (result i32 i32)
        local.set 0
        i32.const 2 i32.add
        local.get 0 i32.const 1 i32.sub local.tee 0 local.get 0
        br_if 0))"""
    assert run(text, 5) == (10, 0)


def test_a_table_of_branches_with_operands() -> None:
    text = """(func (export "f") (param i32) (result i32)
      (block (result i32)
        (block (result i32)
          i32.const 99
          (br_table 0 1 2 0 (i32.const 10) (local.get 0)))
        i32.const 1 i32.add)
      i32.const 100 i32.add)"""
    assert [run(text, index) for index in (0, 1, 2, 3, -1)] == [111, 110, 10, 111, 111]


@pytest.mark.parametrize(
    ("body", "args", "cost"),
    [
        ("", (), 0),
        ("nop nop", (), 2),
        ("(drop (i32.const 1))", (), 2),
        ("(block (block))", (), 2),
        ("(block (br 0) (nop))", (), 2),
        ("(if (local.get 0) (then (nop)) (else (nop) (nop)))", (1,), 3),
        ("(if (local.get 0) (then (nop)) (else (nop) (nop)))", (0,), 4),
        ("(if (local.get 0) (then (nop)))", (0,), 2),
        ("(block (br_if 0 (local.get 0)) (nop))", (0,), 4),
        ("(block (br_if 0 (local.get 0)) (nop))", (1,), 3),
        ("(block (br_table 0 1 (local.get 0))) (nop)", (0,), 4),
        ("(block (br_table 0 1 (local.get 0))) (nop)", (1,), 3),
        # a loop once, then six in each round
        ("(loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))", (1,), 1 + 5),
        ("(loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))", (10,), 1 + 50),
        ("(call $g) (nop)", (), 1 + 3 + 1),
        ("(return_call $g)", (), 1 + 3),
        ("(return (nop))", (), 2),
    ],
)
def test_fuel_counts_instructions(body: str, args: tuple[int, ...], cost: int) -> None:
    params = "i32 " * len(args)
    text = f'(module (func (export "f") (param {params}) {body}) (func $g (nop) (drop (i32.const 1))))'
    instance = instantiate(wat(text))
    instance.invoke(0, args)
    assert instance.store.executed == cost


def test_instructions_that_are_not_executed_are_refused_when_a_call_gets_there() -> None:
    instance = instantiate(wat('(module (func (export "f")) (func (drop (v128.const i32x4 0 0 0 0))))'))
    instance.invoke(0)
    with pytest.raises(LimitError) as caught:
        instance.invoke(1)
    assert caught.value.message == "the interpreter does not execute v128.const"
    assert caught.value.position.path == ("func[1]",)
    assert caught.value.position.offset is not None
