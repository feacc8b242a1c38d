"""Find where an instruction or an expression ends. Not here: looking for something on the way (``scan``)."""

from __future__ import annotations

from ..errors import MalformedError
from ..isa.leb import Buffer
from ..isa.op import Op
from ..isa.structure import CLOSERS, DIVIDERS, END, OPENERS
from ..messages import (
    end_opcode_expected,
    section_size_mismatch,
    unexpected_end_of_section_or_function,
)
from .first_byte import read_opcode


def skip_instr(buf: Buffer, pos: int, end: int) -> int:
    """The position after the instruction at ``pos``; MalformedError if there is none before ``end``."""
    op, pos, _ = read_opcode(buf, pos, end)
    for operand in op.operands:
        _, pos = operand.read(buf, pos, end)
    return pos


def skip_expr(buf: Buffer, pos: int, end: int) -> int:
    """The position after the ``end`` that closes the expression at ``pos``; MalformedError if there is none."""
    nesting = Nesting()
    while not nesting.closed:
        op, after, _ = read_opcode(buf, pos, end)
        nesting.step(op, pos)
        for operand in op.operands:
            _, after = operand.read(buf, after, end)
        pos = after
    return pos


class Nesting:
    """Open blocks of one expression; ``closed`` once the expression's own ``end`` was seen."""

    __slots__ = ("closed", "parts")

    def __init__(self) -> None:
        self.closed = False
        self.parts: list[Op] = []  # per open block what began its current part: the opener or the last divider

    def step(self, op: Op, offset: int) -> None:
        """Take notice of ``op``; MalformedError "END opcode expected" if it cannot stand here."""
        if op in OPENERS:
            self.parts.append(op)
        elif op in DIVIDERS:
            self._demand(op in DIVIDERS and bool(self.parts) and self.parts[-1] in DIVIDERS[op], offset)
            self.parts[-1] = op
        elif op is END and not self.parts:
            self.closed = True
        elif op in CLOSERS:
            self._demand(bool(self.parts) and self.parts[-1] in CLOSERS[op], offset)
            self.parts.pop()

    @staticmethod
    def _demand(holds: bool, offset: int) -> None:
        if not holds:
            raise end_opcode_expected(offset)


def missing_end(buf: Buffer, end: int) -> MalformedError:
    """The error for a body that stops at ``end`` without its ``end``.

    A decoder that does not look at a body's size reads on into what follows, and the official suite expects its words:
    they depend on whether anything follows, and whether that looks like an ``end``.
    """
    if end >= len(buf):
        return unexpected_end_of_section_or_function(end)
    return section_size_mismatch(end) if buf[end] == END.code else end_opcode_expected(end)
