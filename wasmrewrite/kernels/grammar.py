"""A regular expression, made from the table, that runs over instructions nobody asked for.

Instructions that no regular expression can describe (counted vectors), over-long forms nobody writes, and whatever is
malformed do not match: the run stops before them, and the caller reads that one instruction by the table. Not here:
what to do at a stop (``scan``, ``remap``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from ..isa.immediates import ORDER, OperandKind, Shape, Space
from ..isa.leb import write_u
from ..isa.op import Kind, Op
from ..isa.operand_bytes import EMPTY_BLOCK, HEAP_OF_CODE, SIMPLE_OF_CODE
from ..isa.table import ROWS


def _class(members: Iterable[int]) -> str:
    """A pattern for one byte out of ``members``, as ranges: every character costs time when it is compiled."""
    runs: list[list[int]] = []
    for byte in sorted(members):
        if runs and byte == runs[-1][1] + 1:
            runs[-1][1] = byte
        else:
            runs.append([byte, byte])
    return "[" + "".join(f"\\x{low:02x}" + f"-\\x{high:02x}" * (high > low) for low, high in runs) + "]"


def _leb(full: int, last: str) -> str:
    """An integer of up to ``full`` bytes with nothing to check, or of one more whose last byte is in ``last``."""
    return rf"[\x80-\xff]{{0,{full - 1}}}+(?:[\x00-\x7f]|[\x80-\xff]{last})"


U32: Final = _leb(4, r"[\x00-\x0f]")
_S32: Final = _leb(4, r"[\x00-\x07\x78-\x7f]")
_U64: Final = _leb(9, r"[\x00\x01]")
_S64: Final = _leb(9, r"[\x00\x7f]")
_TYPE_INDEX: Final = r"[\x80-\xff]{0,3}+[\x00-\x3f]"

_PATTERN_OF: Final[dict[Shape, str]] = {
    Shape.U32: U32,
    Shape.S32: _S32,
    Shape.S64: _S64,
    Shape.BYTE: ".",
    Shape.FOUR: ".{4}",
    Shape.EIGHT: ".{8}",
    Shape.SIXTEEN: ".{16}",
    Shape.MEMARG: rf"(?:[\x00-\x3f]|[\x40-\x7f]{U32}){_U64}",
    Shape.BLOCKTYPE: rf"(?:{_class((*SIMPLE_OF_CODE, EMPTY_BLOCK))}|{_TYPE_INDEX})",
    Shape.HEAPTYPE: rf"(?:{_class(HEAP_OF_CODE)}|{_TYPE_INDEX})",
}
"""How an operand looks; shapes left out stop the run."""

_WITHOUT_INDEX: Final[dict[Shape, str]] = {
    Shape.BLOCKTYPE: _class((*SIMPLE_OF_CODE, EMPTY_BLOCK)),
    Shape.HEAPTYPE: _class(HEAP_OF_CODE),
}
"""How an operand looks when it happens to name nothing."""

Wanted: TypeAlias = frozenset[tuple[Space, frozenset[int] | None]]
"""Spaces whose indices stop a run, all of them (None) or those given."""


def _one_of(values: frozenset[int]) -> str:
    """A pattern for unsigned integers, padded or not, that are one of ``values``."""
    choices = []
    for value in sorted(values):
        *first, last = write_u(value)
        head = "".join(f"\\x{byte:02x}" for byte in first)
        choices.append(rf"{head}(?:\x{last:02x}|\x{last | 0x80:02x}\x80{{0,4}}+\x00)")
    return "|".join(choices)


def _operand(operand: OperandKind, wanted: dict[Space, frozenset[int] | None]) -> str | None:
    """The pattern of an operand that names nothing wanted; None if there can be no such pattern."""
    if operand is ORDER:
        return r"\x00"
    if operand.space is None or operand.space not in wanted:
        return _PATTERN_OF.get(operand.shape)
    values = wanted[operand.space]
    if operand.shape is Shape.U32 and values is not None:
        return f"(?!{_one_of(values)}){U32}"
    if operand.shape is Shape.MEMARG and values is not None and 0 not in values:
        return rf"[\x00-\x3f]{_U64}"
    return _WITHOUT_INDEX.get(operand.shape)


def operands_pattern(op: Op, wanted: dict[Space, frozenset[int] | None]) -> str | None:
    """The pattern of all operands of ``op``, which name nothing wanted; None if there can be no such pattern."""
    patterns = [_operand(operand, wanted) for operand in op.operands]
    return None if None in patterns else "".join(filter(None, patterns))


def heads(ops: list[Op]) -> str:
    """A pattern for the opcodes of ``ops``: one class over the last byte for each way to begin."""
    last_bytes: dict[bytes, bytearray] = defaultdict(bytearray)
    for op in ops:
        last_bytes[op.head[:-1]].append(op.head[-1])
    choices = ["".join(f"\\x{byte:02x}" for byte in first) + _class(last) for first, last in last_bytes.items()]
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _run(ops: Iterable[Op], wanted: dict[Space, frozenset[int] | None]) -> str:
    groups: dict[tuple[bool, int, str], list[Op]] = defaultdict(list)
    for op in ops:
        operands = operands_pattern(op, wanted)
        if operands is not None:
            groups[op.prefix is not None, op.kind, operands].append(op)
    # In the order of use: unprefixed ones first, then by kind. Runs of instructions without operands go in one step.
    choices = [
        heads(ops) + ("++" if not operands and not prefixed else operands)
        for (prefixed, _kind, operands), ops in sorted(groups.items())
    ]
    return f"(?:{'|'.join(choices)})*+"


def compile_pattern(pattern: str) -> re.Pattern[bytes]:
    """``pattern`` over bytes; a dot is any byte."""
    return re.compile(pattern.encode("latin-1"), re.DOTALL)


@lru_cache(maxsize=64)
def run_without(stops: frozenset[Op]) -> re.Pattern[bytes]:
    """A pattern for as many instructions as possible, none of ``stops``.

    It matches at every position, perhaps nothing; with ``endpos`` given, only instructions wholly before that.
    """
    return compile_pattern(_run((op for op in ROWS if op not in stops), {}))


@lru_cache(maxsize=64)
def run_to_index(wanted: Wanted) -> re.Pattern[bytes]:
    """A pattern for as many instructions as possible that have no index that is ``wanted``, and for the next one.

    Group 1 is the index that stops the run if its instruction is a byte and that index, as most are; otherwise the
    group is empty-handed and the match ends before the instruction that could not be passed.
    """
    spaces = dict(wanted)
    simple = [op for op in ROWS if op.prefix is None and op.kind == Kind.U32 and op.operands[0].space in spaces]
    stop = f"(?:{heads(simple)}({U32}))?+" if simple else "()??"
    return compile_pattern(_run(ROWS, spaces) + stop)
