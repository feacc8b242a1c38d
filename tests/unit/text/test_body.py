"""Flat, folded and mixed instructions give the same code; mistakes end what they stand in and nothing else."""

from __future__ import annotations

from tests.helpers.every import every
from tests.unit.text.test_fields import problems
from wasmrewrite.text.assemble import assemble


@every(
    ("folded", "flat"),
    [
        ("(i32.add (i32.const 1) (i32.const 2)) drop", "i32.const 1 i32.const 2 i32.add drop"),
        ("(drop (block (result i32) i32.const 1))", "block (result i32) i32.const 1 end drop"),
        ("(if (i32.const 1) (then nop) (else nop nop))", "i32.const 1 if nop else nop nop end"),
        ("(loop $l (br_if $l (i32.const 0)))", "loop $l i32.const 0 br_if $l end $l"),
        ("(if (i32.const 0) (i32.eqz) (then))", "i32.const 0 i32.eqz if end"),
        ("(try (do nop) (catch 0 drop) (catch_all nop))", "try nop catch 0 drop catch_all nop end"),
        ("(try (do (throw 0 (i32.const 1))) (delegate 0))", "try i32.const 1 throw 0 delegate 0"),
        ("(try_table (catch_all 0) (nop))", "try_table (catch_all 0) nop end"),
        ("(if $x (i32.const 1) (then (br $x)) (else))", "i32.const 1 if $x br $x else $x end $x"),
        ("(block (block) (block))", "block block end block end end"),
        ("(drop (select (result i32) (i32.const 1) (i32.const 1) (i32.const 1)))",
         "i32.const 1 i32.const 1 i32.const 1 select (result i32) drop"),
    ],
)  # fmt: skip
def test_folded_is_flat(folded: str, flat: str) -> None:
    head = "(tag (param i32)) (func {})"
    # The name section says the same for both: labels are numbered in the order in which blocks open.
    assert assemble(head.format(folded)) == assemble(head.format(flat))


@every(
    ("body", "found"),
    [
        ("block", ["unexpected token ')'; expected 'end'"]),
        ("end", ["unexpected token 'end'; expected an instruction, no block is open"]),
        ("block $a end $b", ["mismatching label '$b' behind 'end'; the block is '$a'"]),
        ("(if (then) (else))", []),
        ("(if (i32.const 1))", ["unexpected token ')'; expected '(then'"]),
        ("(if i32.const 1 (then))",
         ["unexpected token 'i32.const'; expected '(' or ')'; an instruction inside a folded one is folded as well"]),
        ("(i32.add i32.const 1)",
         ["unexpected token 'i32.const'; expected '(' or ')'; an instruction inside a folded one is folded as well"]),
        ("br $x", ["unknown label '$x'"]),
        ("block $long br $lang end", ["unknown label '$lang'; did you mean '$long'?"]),
        ("i32.const", ["unexpected token ')'; expected an i32 constant"]),
        ("i32.const 99999999999", ["constant out of range for i32"]),
        ("i32.load align=3", ["alignment must be a power of two"]),
        ("(nop) (nope) nop (nip)",
         ["unknown operator nope; did you mean 'nop'?", "unknown operator nip; did you mean 'nop'?"]),
        ("local.get $x local.get $y", ["unknown local '$x'", "unknown local '$y'"]),
        ("(block (i32.add (i32.ad) (i32.const x)))",
         ["unknown operator i32.ad; did you mean 'i32.add'?", "unexpected token 'x'; expected an i32 constant"]),
        ("br_if (br_if 0 (i32.const 1))", ["unexpected token '('; expected a label index or name"]),
        ("v128.const i32x4 1 2 3", ["wrong number of lane literals; i32x4 has 4, not 3"]),
        ("i8x16.shuffle 0", ["invalid lane length; expected 16 lane indices, found 1"]),
    ],
)  # fmt: skip
def test_problems(body: str, found: list[str]) -> None:
    assert [each.partition(" ")[2] for each in problems(f"(func {body})")] == found
