"""Flat code: what engines run. Each instruction is six integers, ``(kind, d, f, a, b, c)``; unused ones are 0.

Registers are one list per call: locals, then one slot per position of the operand stack, then constants. ``f`` is the
opcode (``Op.code``) whose meaning is applied. A *list* is a position in ``Code.lists``. A cost is a number of
WebAssembly instructions, counted in code order: a jump costs the count where it stands less the count where it goes,
so that straight code needs no counting at all. Not here: making flat code (``compile``), running it (the engines).

=======================  =====================================================================================
MOVE                     register d = register a
MOVE_ALL                 registers from d on = the registers of list a
UNARY BINARY TEST        register d = f of registers a (and b); TEST makes 0 or 1
SELECT                   register d = register a, or b if register c is 0
LOAD STORE               c bytes of memory 0 at register a + b; LOAD into register d, STORE from register d; f says how
LOAD_AT STORE_AT         the same in memory c, as many bytes as f says
GLOBAL_GET               register d = global a
GLOBAL_SET               global a = register b
JUMP                     to d, cost c
JUMP_IF JUMP_UNLESS      the same if f of registers a and b holds (or not)
JUMP_ZERO JUMP_NONZERO   the same if register a is 0 (or not)
JUMP_NULL JUMP_NON_NULL  the same if register a is a null reference (or not)
JUMP_TABLE               to one of the b + 1 pairs (target, cost) of list a: the one at register d, or the last
CALL                     function a with the registers of list f; results into registers from d on
CALL_VALUE               the same, the function being in register a
TAIL_CALL TAIL_VALUE     the same instead of returning; cost c
RESOLVE                  register d = the element register a of table b, checked to have type c
RETURN                   to the caller with register a; cost c
RETURN_ALL               the same with the registers of list a
APPLY                    c registers from d on = f of the registers of list a; list b has the operands that stand in
                         the code: indices, of which engines make instances, and numbers
MARK                     offset d is about to be executed
STOP                     leave the engine
=======================  =====================================================================================
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

FlatInstr: TypeAlias = tuple[int, int, int, int, int, int]

KINDS: Final = (
    "BINARY", "MOVE", "LOAD", "JUMP_IF", "JUMP_NONZERO", "JUMP_ZERO", "STORE", "UNARY", "JUMP",
    "JUMP_UNLESS", "TEST", "CALL", "RETURN", "GLOBAL_GET", "GLOBAL_SET", "SELECT", "JUMP_TABLE", "RETURN_ALL",
    "RESOLVE", "CALL_VALUE", "APPLY", "MOVE_ALL", "LOAD_AT", "STORE_AT", "TAIL_CALL", "TAIL_VALUE", "JUMP_NULL",
    "JUMP_NON_NULL", "MARK", "STOP",
)  # fmt: skip
"""In the order of their numbers, which is about the order of how often they run."""

(
    BINARY, MOVE, LOAD, JUMP_IF, JUMP_NONZERO, JUMP_ZERO, STORE, UNARY, JUMP,
    JUMP_UNLESS, TEST, CALL, RETURN, GLOBAL_GET, GLOBAL_SET, SELECT, JUMP_TABLE, RETURN_ALL,
    RESOLVE, CALL_VALUE, APPLY, MOVE_ALL, LOAD_AT, STORE_AT, TAIL_CALL, TAIL_VALUE, JUMP_NULL,
    JUMP_NON_NULL, MARK, STOP,
) = range(len(KINDS))  # fmt: skip

Constant: TypeAlias = tuple[int, int]
"""The opcode of a constant instruction, and the bits of its operand."""
Run: TypeAlias = tuple[int, int, int]
"""How many registers, and the constant in each of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """The flat code of one function.

    ``template``: the registers after the parameters as a call finds them. ``offsets`` and ``counts``: per instruction,
    where in the file it comes from, and how many WebAssembly instructions stand up to there, with what a call costs
    that makes very many registers. ``weight``: what a call takes of the depth limit. ``marks``: the offsets of all
    ``MARK`` instructions.
    """

    instrs: Sequence[FlatInstr]
    lists: Sequence[tuple[int, ...]]
    template: Sequence[Run]
    offsets: array[int]
    counts: array[int]
    weight: int
    marks: frozenset[int]
