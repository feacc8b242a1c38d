"""Flat code made ready for the plain machine, once per function: Python functions in the place of numbers.

Bound instructions have the kinds of flat code. What is other in them:

====================  =====================================================================================
UNARY BINARY TEST     f is the meaning; likewise for JUMP_IF and JUMP_UNLESS
LOAD STORE            f reads or writes c bytes
LOAD_AT STORE_AT      the same; c is (bytes, memory)
JUMP_TABLE            f is a list of (target, cost)
CALL and the like     f fetches arguments out of the registers; RETURN_ALL and MOVE_ALL fetch with f, too
APPLY                 d says where results go, None for nowhere; a: the instances that come first, (index space, index)
                      each; b fetches what follows them, with the numbers that stand in the code in front; c: None, or
                      what the instruction costs beside itself
====================  =====================================================================================

Not here: running it (``machine``).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from ..flat import code as flat
from ..isa.immediates import Shape, Space
from ..isa.op import Op
from ..isa.table import BY_CODE, BY_NAME
from ..meanings import BINARY, CHARGES, ITEMS, OTHERS, READS, TESTS, UNARY, WRITES
from ..runtime.values import f64_of_bits

BoundInstr: TypeAlias = tuple[int, Any, Any, Any, Any, Any]
Fetch: TypeAlias = Callable[[list[Any]], Sequence[Any]]

INSTANCES: Final = {
    Space.FUNC: "funcs",
    Space.TABLE: "tables",
    Space.MEMORY: "memories",
    Space.ELEM: "elems",
    Space.DATA: "datas",
}
"""Index space to the list of a module instance that an operand of an instruction stands for an entry of."""


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """``flat.Code`` of one function, bound; ``template`` has the values themselves."""

    instrs: Sequence[BoundInstr]
    template: Sequence[Any]
    offsets: array[int]
    counts: array[int]
    weight: int
    marks: frozenset[int]


def bind(code: flat.Code) -> Bound:
    """Put functions in the place of numbers."""
    functions, lists = _FUNCTIONS, code.lists
    instrs: list[BoundInstr] = []
    for instr in code.instrs:
        kind, d, f, a, b, c = instr
        found = functions[kind]
        if found is None:
            instrs.append(instr)
        elif f in found:
            instrs.append((kind, d, found[f], a, b, c))
        else:
            instrs.append(_BINDERS[kind](lists, *instr))
    template: list[Any] = []
    for count, opcode, bits in code.template:
        template += [constant(opcode, bits)] * count
    return Bound(instrs, template, code.offsets, code.counts, code.weight, code.marks)


@lru_cache(maxsize=1024)
def fetch(registers: tuple[int, ...]) -> Fetch:
    """A function that takes the values of these registers out of all registers."""
    if not registers:
        return itemgetter(slice(0, 0))
    first = registers[0]
    if registers == tuple(range(first, first + len(registers))):
        return itemgetter(slice(first, first + len(registers)))
    return itemgetter(*registers)


# --- constants --------------------------------------------------------------------------------------------------------

_CONSTANTS: Final[dict[int, Callable[[int], Any]]] = {
    BY_NAME["i32.const"].code: int,
    BY_NAME["i64.const"].code: int,
    BY_NAME["f32.const"].code: int,
    BY_NAME["f64.const"].code: f64_of_bits,
    BY_NAME["v128.const"].code: lambda bits: bits.to_bytes(16, "little"),
    BY_NAME["ref.null"].code: lambda _bits: None,
}


def constant(opcode: int, bits: int) -> Any:
    """A constant as the machine holds it."""
    return _CONSTANTS[opcode](bits)


# --- by kind ----------------------------------------------------------------------------------------------------------

Lists: TypeAlias = Sequence[tuple[int, ...]]
Binder: TypeAlias = Callable[[Lists, int, int, int, int, int, int], BoundInstr]


def _by_code(mapping: Any) -> dict[int, Any]:
    return {BY_NAME[name].code: meaning for name, meaning in mapping.items()}


_UNARY: Final = _by_code(UNARY)
_BINARY: Final = _by_code(BINARY)
_TESTS: Final = _by_code(TESTS)
_ACCESSES: Final = {**_by_code(READS), **_by_code(WRITES)}
_READS: Final = {code: read for code, (_, read) in _by_code(READS).items()}
_WRITES: Final = {code: write for code, (_, write) in _by_code(WRITES).items()}
_APPLIED: Final = {**_by_code(OTHERS), **_by_code(ITEMS)}
_CHARGES: Final = _by_code(CHARGES)
BOUND: Final = _UNARY.keys() | _BINARY.keys() | _TESTS.keys() | _ACCESSES.keys() | _APPLIED.keys()
"""Opcodes that something is put in the place of."""


def _access_at(_lists: Lists, kind: int, d: int, f: int, a: int, b: int, memory: int) -> BoundInstr:
    size, function = _ACCESSES[f]
    return kind, d, function, a, b, (size, memory)


def _call(lists: Lists, kind: int, d: int, f: int, a: int, b: int, c: int) -> BoundInstr:
    return kind, d, fetch(lists[f]), a, b, c


def _all(lists: Lists, kind: int, d: int, _f: int, a: int, b: int, c: int) -> BoundInstr:
    return kind, d, fetch(lists[a]), a, b, c


def _jump_table(lists: Lists, kind: int, index: int, _f: int, a: int, b: int, c: int) -> BoundInstr:
    entries = lists[a]
    return kind, 0, list(zip(entries[::2], entries[1::2], strict=True)), index, b, c


def _apply(lists: Lists, kind: int, d: int, f: int, a: int, b: int, results: int) -> BoundInstr:
    op = BY_CODE[f]
    places, numbers = _operands(op, lists[b])
    target = None if not results else d if results == 1 else slice(d, d + results)
    return kind, target, _APPLIED[f], places, _arguments(lists[a], numbers), _CHARGES.get(f)


def _arguments(registers: tuple[int, ...], numbers: tuple[int, ...]) -> Fetch:
    values = fetch(registers)
    return values if not numbers else lambda all_registers: (*numbers, *values(all_registers))


def _operands(op: Op, numbers: Sequence[int]) -> tuple[tuple[tuple[str, int], ...], tuple[int, ...]]:
    """What the operands in the code stand for: instances, each by list and index, and numbers."""
    places: list[tuple[str, int]] = []
    others: list[int] = []
    waiting = iter(numbers)
    for kind in op.operands:
        if kind.shape is Shape.MEMARG:
            others.append(next(waiting))
        number = next(waiting)
        space = None if kind.space is None else INSTANCES.get(kind.space)
        if space is None:
            others.append(number)
        else:
            places.append((space, number))
    return tuple(places), tuple(others)


_NONE: Final[dict[int, Any]] = {}
_BINDERS: Final[dict[int, Binder]] = {
    flat.LOAD_AT: _access_at,
    flat.STORE_AT: _access_at,
    flat.JUMP_TABLE: _jump_table,
    flat.CALL: _call,
    flat.CALL_VALUE: _call,
    flat.TAIL_CALL: _call,
    flat.TAIL_VALUE: _call,
    flat.RETURN_ALL: _all,
    flat.MOVE_ALL: _all,
    flat.APPLY: _apply,
}
"""By kind, where more than a function takes the place of an opcode."""

_FUNCTIONS: Final[tuple[dict[int, Any] | None, ...]] = tuple(
    {
        flat.BINARY: _BINARY,
        flat.UNARY: _UNARY,
        flat.TEST: _TESTS,
        flat.JUMP_IF: _TESTS,
        flat.JUMP_UNLESS: _TESTS,
        flat.LOAD: _READS,
        flat.STORE: _WRITES,
        **dict.fromkeys(_BINDERS, _NONE),
    }.get(kind)
    for kind in range(len(flat.KINDS))
)
"""By kind, what takes the place of an opcode: nothing of ``_BINDERS``; None where the machine wants the numbers."""
