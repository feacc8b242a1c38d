"""The numbers of kinds, and that flat code holds nothing but integers."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.flat import code as flat
from wasmrewrite.flat.compile import compile_body
from wasmrewrite.interp import Program
from wasmrewrite.isa.types import func_type
from wasmrewrite.model import Body
from wasmrewrite.validate import validate_func

EVERYTHING = """(module (memory 1) (memory $m 1) (table 1 funcref) (global $g (mut i32) (i32.const 1)) (data $d "abc")
  (type $t (func (param i32 f64) (result i32 i32)))
  (func $f (type $t) (local i64 funcref v128)
    (memory.init $m $d (i32.const 1) (i32.const 2) (i32.const 3))
    (i64.store offset=5 (i32.const 0) (local.get 2))
    (i64.store $m offset=0xffffffff (i32.const 0) (i64.load $m (i32.const 0)))
    (global.set $g (i32.trunc_f64_s (f64.mul (local.get 1) (f64.const -nan:0x123))))
    (block (block (br_table 0 1 0 (global.get $g))))
    (block (drop (br_on_null 0 (local.get 3))))
    (if (ref.is_null (local.get 3)) (then (unreachable)) (else))
    (return_call_indirect (type $t) (local.get 0) (f64.const 1) (i32.const 0))))"""


def test_kinds_are_numbered_in_order() -> None:
    assert [getattr(flat, name) for name in flat.KINDS] == list(range(len(flat.KINDS)))


def test_flat_code_is_integers() -> None:
    program = Program(wat(EVERYTHING))
    func = program.module.funcs[0]
    assert isinstance(func.origin, Body)
    side = validate_func(program.module, program.context, 0)
    code = compile_body(program.context, side, func_type(func.type), func.origin.locals, marking=True)
    numbers = [number for each in (*code.instrs, *code.lists, *code.template) for number in each]
    assert {type(number) for number in numbers} == {int}
    assert {len(instr) for instr in code.instrs} == {6}
