"""Flat code under construction: registers, the operand stack as register numbers, jumps that wait for their target.

Each position of the operand stack has a slot, a register of its own. The register that really holds the operand may
also be a local or a constant: then nothing was emitted yet. Not here: WebAssembly's instructions (``compile``).
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Sequence
from typing import Final, TypeAlias

from ..isa.table import BY_NAME
from . import code as flat
from .code import Code, Constant, FlatInstr, Run

REGISTERS_PER_CALL: Final = 1024
"""A call with more registers than that weighs as several."""
_REGISTERS_PER_INSTRUCTION: Final = 64
"""What a call with more registers than that costs for making them, or a loop of calls could go on for hours."""
EMPTY: Final[Constant] = (BY_NAME["i32.const"].code, 0)
"""What slots hold before anything is put there."""
_FEW: Final = 2  # operands that are moved one by one

Condition: TypeAlias = tuple[int, int, int, int, int]
"""The kind of jump taken if it holds, the kind taken if not, and their f, a, b."""


class Label:
    """Where jumps go; ``count`` and ``at`` are known once it is bound."""

    __slots__ = ("at", "count", "jumps", "tables")

    def __init__(self) -> None:
        self.at = -1
        self.count = 0
        self.jumps: list[int] = []
        self.tables: list[tuple[list[int], int, int]] = []

    @property
    def used(self) -> bool:
        """Whether anything jumps here so far."""
        return bool(self.jumps or self.tables)


class Assembler:
    """Emits flat instructions. ``offset`` and ``count`` are those of the WebAssembly instruction at hand.

    ``stack`` holds the register of each operand, for looking only. ``locals_`` are those behind the parameters.
    ``marking``: code is wanted that says of each instruction that it is executed.
    """

    def __init__(self, params: int, locals_: Sequence[Run], max_height: int, marking: bool) -> None:
        self.stack: list[int] = []
        self.offset = 0
        self._slots = params + sum(count for count, _, _ in locals_)
        self.count = _cost_of_registers(self._slots + max_height)
        self._waiting: dict[int, list[int]] = {}  # local to the positions of the operands that are still in it
        self._locals = locals_
        self._params = params
        self._constants_from = self._slots + max_height
        self._constants: dict[Constant, int] = {}
        self._lists: list[tuple[int, ...]] = []
        self._known_lists: dict[tuple[int, ...], int] = {}
        self._tables: dict[int, list[int]] = {}
        self._instrs: list[FlatInstr] = []
        self._offsets = array("Q")
        self._counts = array("Q")
        self._fresh = -1  # the length of the code when its last instruction pushed its result
        self.marking = marking
        self._marks: set[int] = set()

    # --- emitting ---------------------------------------------------------------------------------------------------

    def emit(self, kind: int, d: int = 0, f: int = 0, a: int = 0, b: int = 0, c: int = 0) -> int:
        """Append an instruction; its position."""
        self._instrs.append((kind, d, f, a, b, c))
        self._offsets.append(self.offset)
        self._counts.append(self.count)
        return len(self._instrs) - 1

    def produce(self, kind: int, f: int = 0, a: int = 0, b: int = 0, c: int = 0) -> None:
        """Append an instruction that computes one value, and push that."""
        register = self._slots + len(self.stack)
        instrs = self._instrs
        instrs.append((kind, register, f, a, b, c))
        self._offsets.append(self.offset)
        self._counts.append(self.count)
        self.stack.append(register)
        self._fresh = len(instrs)

    def pool(self, numbers: Sequence[int]) -> int:
        """The position of a list."""
        key = tuple(numbers)
        position = self._known_lists.get(key)
        if position is None:
            position = self._known_lists[key] = len(self._lists)
            self._lists.append(key)
        return position

    def mark(self) -> None:
        """Note that the instruction at hand is executed."""
        self._marks.add(self.offset)
        self.emit(flat.MARK, self.offset)

    def _is_fresh(self) -> bool:
        """Whether the last instruction computed the top operand, and nothing jumps to behind it."""
        return self._fresh == len(self._instrs) and self.stack[-1] == self._instrs[-1][1]

    def _take_last(self) -> tuple[FlatInstr, int, int]:
        self._fresh = -1
        return self._instrs.pop(), self._offsets.pop(), self._counts.pop()

    def _put_back(self, instr: FlatInstr, offset: int, count: int) -> None:
        self._instrs.append(instr)
        self._offsets.append(offset)
        self._counts.append(count)

    # --- registers --------------------------------------------------------------------------------------------------

    def slot(self, position: int) -> int:
        """The register of a position of the operand stack."""
        return self._slots + position

    def constant(self, opcode: int, bits: int) -> int:
        """The register that holds a constant."""
        register = self._constants.get((opcode, bits))
        if register is None:
            register = self._constants[opcode, bits] = self._constants_from + len(self._constants)
        return register

    def push(self, register: int) -> None:
        """Push an operand that is in ``register``; nothing is emitted."""
        if register < self._slots:
            self.push_local(register)
        else:
            self.stack.append(register)

    def push_local(self, local: int) -> None:
        """Push what is in a local."""
        stack = self.stack
        positions = self._waiting.get(local)
        if positions is None:
            self._waiting[local] = [len(stack)]
        else:
            positions.append(len(stack))
        stack.append(local)

    def push_slots(self, count: int) -> None:
        """Push operands that are in their slots already."""
        start = self.slot(len(self.stack))
        self.stack += range(start, start + count)

    def pop(self) -> int:
        """The register of the top operand, which is taken off."""
        register = self.stack.pop()
        if register < self._slots:
            self._forget(register)
        return register

    def pop_many(self, count: int) -> list[int]:
        """The registers of the top operands, the top one last."""
        stack, slots = self.stack, self._slots
        taken = stack[len(stack) - count :]
        del stack[len(stack) - count :]
        for register in reversed(taken):
            if register < slots:
                self._forget(register)
        return taken

    def truncate(self, height: int) -> list[int]:
        """Take off all operands from position ``height`` on; their registers."""
        taken = self.stack[height:]
        del self.stack[height:]
        for register in reversed(taken):
            if register < self._slots:
                self._forget(register)
        return taken

    def _forget(self, local: int) -> None:
        """The topmost operand that is in ``local`` is no longer."""
        positions = self._waiting[local]
        positions.pop()
        if not positions:
            del self._waiting[local]

    def in_slots(self, start: int, height: int) -> bool:
        """Whether the operands from position ``start`` on are in the slots from position ``height`` on."""
        first = self.slot(height)
        return self.stack[start:] == list(range(first, first + len(self.stack) - start))

    def settle(self, lowest: int) -> None:
        """Put every operand from position ``lowest`` on into its slot."""
        if self.in_slots(lowest, lowest):
            return
        for position, register in enumerate(self.truncate(lowest), lowest):
            if register != self.slot(position):
                self.emit(flat.MOVE, self.slot(position), a=register)
            self.stack.append(self.slot(position))

    def settle_locals(self) -> None:
        """Put every operand that is still in a local into its slot: the local may change before it is used."""
        for local in list(self._waiting):
            self._free(local)

    def _free(self, local: int) -> None:
        """Put every operand that is in ``local`` into its slot."""
        for position in self._waiting.pop(local, ()):
            self.emit(flat.MOVE, self.slot(position), a=local)
            self.stack[position] = self.slot(position)

    def move(self, start: int, height: int) -> None:
        """Copy the operands from position ``start`` on to the slots from position ``height`` on, which is not above."""
        registers = self.stack[start:]
        if len(registers) > _FEW:
            self.emit(flat.MOVE_ALL, self.slot(height), a=self.pool(registers))
            return
        # Upwards: an operand never moves into a slot that a later one is still in.
        for slot, register in enumerate(registers, self.slot(height)):
            if slot != register:
                self.emit(flat.MOVE, slot, a=register)

    def set_local(self, local: int) -> None:
        """Take the top operand off and put it into ``local``."""
        fresh = self._is_fresh()
        register = self.pop()
        if fresh and local not in self._waiting:
            kind, _, f, a, b, c = self._instrs[-1]
            self._instrs[-1] = (kind, local, f, a, b, c)
            self._fresh = -1
        elif fresh:
            # The instruction's own operands stood above all that is settled here, so moving it behind is safe.
            (kind, _, f, a, b, c), offset, count = self._take_last()
            self._free(local)
            self._put_back((kind, local, f, a, b, c), offset, count)
        elif register != local:
            self._free(local)
            self.emit(flat.MOVE, local, a=register)

    def tee_local(self, local: int) -> None:
        """Put the top operand into ``local`` and keep it."""
        register = self.stack[-1]
        if register == local:
            return
        fresh = self._is_fresh()
        self.set_local(local)
        self.push(local if fresh else register)

    # --- jumps ------------------------------------------------------------------------------------------------------

    def bind(self, label: Label) -> None:
        """``label`` is here."""
        label.at, label.count = len(self._instrs), self.count
        self._fresh = -1
        for position in label.jumps:
            kind, _, f, a, b, _ = self._instrs[position]
            self._instrs[position] = (kind, label.at, f, a, b, self._counts[position] - label.count)
        for entries, entry, count in label.tables:
            entries[entry : entry + 2] = label.at, count - label.count

    def jump(self, label: Label, kind: int = flat.JUMP, f: int = 0, a: int = 0, b: int = 0) -> None:
        """Jump to ``label``, always or on a condition."""
        at = self.emit(kind, label.at, f, a, b, self.count - label.count)
        if label.at < 0:
            label.jumps.append(at)

    def jump_table(self, index: int, labels: Sequence[Label]) -> None:
        """Jump to the label at register ``index``, or the last one."""
        entries: list[int] = []
        for label in labels:
            if label.at < 0:
                label.tables.append((entries, len(entries), self.count))
            entries += label.at, self.count - label.count
        self._tables[len(self._lists)] = entries  # in the place of an empty list until all labels are bound
        self._lists.append(())
        self.emit(flat.JUMP_TABLE, index, a=len(self._lists) - 1, b=len(labels) - 1)

    def condition(self, negations: Container[int]) -> Condition:
        """Take off the operand that decides a branch. ``negations`` only turn zero and non-zero."""
        fresh = self._is_fresh()
        register = self.pop()
        if fresh:
            kind, _, f, a, b, _ = self._instrs[-1]
            if kind == flat.TEST:
                self._take_last()
                return flat.JUMP_IF, flat.JUMP_UNLESS, f, a, b
            if kind == flat.UNARY and f in negations:
                self._take_last()
                return flat.JUMP_ZERO, flat.JUMP_NONZERO, 0, a, 0
        return flat.JUMP_NONZERO, flat.JUMP_ZERO, 0, register, 0

    # --- the result -------------------------------------------------------------------------------------------------

    def code(self) -> Code:
        """The finished code."""
        slots = self._constants_from - self._slots
        constants = [(1, opcode, bits) for opcode, bits in self._constants]
        template = [*self._locals, *([(slots, *EMPTY)] if slots else []), *constants]
        weight = 1 + (self._constants_from + len(constants)) // REGISTERS_PER_CALL
        for position, entries in self._tables.items():
            self._lists[position] = tuple(entries)
        return Code(self._instrs, self._lists, template, self._offsets, self._counts, weight, frozenset(self._marks))


def _cost_of_registers(count: int) -> int:
    """Instructions that a call is charged before its first one; nothing for the sizes that compilers use."""
    return count // _REGISTERS_PER_INSTRUCTION if count >= REGISTERS_PER_CALL else 0
