"""What validating a body tells those who want to run or read it: arrays, one place for each instruction.

An interpreter runs from them, and a compiled validator fills them without making an object. Not here: filling them in
plain Python (``recording``).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any, Final

from ...isa.leb import Buffer
from ...isa.op import Op
from ...isa.table import BY_NUMBER
from ...kernels.decode import RawInstr, decode

_READERS: Final = tuple(tuple(operand.read for operand in op.operands) if op else () for op in BY_NUMBER)
"""By row number, what reads each of the operands."""


@dataclass(frozen=True, slots=True)
class SideTable:
    """A validated body; instructions are counted in decode order, the last ``end`` included.

    ``code`` is the buffer with the body, ``offsets`` where each instruction starts in it and, one more, where the last
    one ends; ``heads`` how many bytes its opcode takes, so that operands start behind that. ``ops`` are row numbers as
    in ``isa.table.BY_NUMBER``.

    ``heights``: operands on the stack before each instruction, -1 where no execution gets. ``pops`` and ``pushes``: how
    many it takes and leaves. Of a row that has a signature in the table they are that signature's, of others 0 where no
    execution gets; a branch that is always taken leaves nothing, and what comes behind it has its own height.

    ``ends``: for what opens a block, the number of its ``end`` (or ``delegate``). ``parts``: for what opens a block or
    divides it, the number of what comes next: ``else``, ``catch``, ``catch_all`` or the end. For others both are 0.

    ``max_height``: the most operands at once. ``decoded``: the instructions as objects, if somebody has made them.
    """

    code: Buffer
    offsets: array[int]
    heads: bytes
    ops: array[int]
    heights: array[int]
    pops: array[int]
    pushes: array[int]
    ends: array[int]
    parts: array[int]
    max_height: int
    decoded: list[RawInstr] | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        """The number of instructions."""
        return len(self.ops)

    def op(self, at: int) -> Op:
        """The row of an instruction."""
        found = BY_NUMBER[self.ops[at]]
        assert found is not None
        return found

    def values(self, at: int) -> tuple[Any, ...]:
        """The operands of an instruction, as the bytes have them."""
        readers = _READERS[self.ops[at]]
        if not readers:
            return ()
        code, pos, end = self.code, self.offsets[at] + self.heads[at], self.offsets[-1]
        first, pos = readers[0](code, pos, end)
        if len(readers) == 1:
            return (first,)
        values = [first]
        for read in readers[1:]:
            value, pos = read(code, pos, end)
            values.append(value)
        return tuple(values)

    def instrs(self) -> list[RawInstr]:
        """Offset, row and operands of each instruction, in order."""
        return decode(self.code, self.offsets[0], self.offsets[-1]) if self.decoded is None else self.decoded
