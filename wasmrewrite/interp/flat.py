"""Flat code: what the machine runs. Each instruction is a tuple ``(kind, d, f, a, b, c)``.

Registers are one list per call: locals, then one slot per position of the operand stack, then constants. ``f`` is a
meaning out of ``semantics`` or fetches arguments out of the registers. A cost is a number of WebAssembly instructions,
counted in code order: a jump costs the count where it stands less the count where it goes, so that straight code
needs no counting at all. Not here: making flat code (``compile``), running it (``machine``).

====================  =========================================================================================
MOVE                  register d = register a
MOVE_ALL              registers from d on = the list f fetches
UNARY BINARY TEST     register d = f of registers a (and b); TEST makes 0 or 1
SELECT                register d = register a, or b if register c is 0
LOAD STORE            memory 0 at register a + b, c bytes; LOAD into register d, STORE from register d
LOAD_AT STORE_AT      the same in another memory: c is (bytes, memory)
GLOBAL_GET            register d = global a
GLOBAL_SET            global a = register b
JUMP                  to d, cost c
JUMP_IF JUMP_UNLESS   the same if f of registers a and b holds (or not)
JUMP_ZERO             the same if register a is 0
JUMP_NONZERO          the same if it is not
JUMP_TABLE            to f[register a], or the last of f; each is (target, cost)
CALL                  function a with the arguments f fetches; results into registers from d on
CALL_VALUE            the same, the function being in register a
TAIL_CALL TAIL_VALUE  the same instead of returning; cost c
RESOLVE               register d = the element register a of table b, checked to have type c
RETURN                to the caller with register a; cost c
RETURN_ALL            the same with the list f fetches
ITEMS                 register d (-1: none) = f of the instances a, (index space, index) each, and what b fetches;
                      unless c is None, as many more instructions as c of the same are paid first
MARK                  offset d is about to be executed
STOP                  leave the machine
====================  =========================================================================================
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, TypeAlias

FlatInstr: TypeAlias = tuple[int, int, Any, Any, Any, Any]
Fetch: TypeAlias = Callable[[list[Any]], Sequence[Any]]

KINDS: Final = (
    "BINARY", "MOVE", "LOAD", "JUMP_IF", "JUMP_NONZERO", "JUMP_ZERO", "STORE", "UNARY", "JUMP",
    "JUMP_UNLESS", "TEST", "CALL", "RETURN", "GLOBAL_GET", "GLOBAL_SET", "SELECT", "JUMP_TABLE", "RETURN_ALL",
    "RESOLVE", "CALL_VALUE", "ITEMS", "MOVE_ALL", "LOAD_AT", "STORE_AT", "TAIL_CALL", "TAIL_VALUE", "MARK", "STOP",
)  # fmt: skip
"""In the order of their numbers, which is about the order of how often they run."""

(
    BINARY, MOVE, LOAD, JUMP_IF, JUMP_NONZERO, JUMP_ZERO, STORE, UNARY, JUMP,
    JUMP_UNLESS, TEST, CALL, RETURN, GLOBAL_GET, GLOBAL_SET, SELECT, JUMP_TABLE, RETURN_ALL,
    RESOLVE, CALL_VALUE, ITEMS, MOVE_ALL, LOAD_AT, STORE_AT, TAIL_CALL, TAIL_VALUE, MARK, STOP,
) = range(len(KINDS))  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """The flat code of one function.

    ``template``: the registers after the parameters as a call finds them. ``offsets`` and ``counts``: per instruction,
    where in the file it comes from, and how many WebAssembly instructions stand up to there, with what a call costs
    that makes very many registers. ``weight``: what a call takes of the depth limit. ``marks``: the offsets of all
    ``MARK`` instructions.
    """

    instrs: Sequence[FlatInstr]
    template: Sequence[Any]
    offsets: array[int]
    counts: array[int]
    weight: int
    marks: frozenset[int]


def fetch(registers: Sequence[int]) -> Fetch:
    """A function that takes the values of these registers out of all registers."""
    if not registers:
        return itemgetter(slice(0, 0))
    first = registers[0]
    if list(registers) == list(range(first, first + len(registers))):
        return itemgetter(slice(first, first + len(registers)))
    return itemgetter(*registers)
