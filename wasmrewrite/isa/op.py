"""``Op``, one row of the instruction table, and its maker. Not here: the rows (``ops``), their index (``table``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ..features import Feature
from .effects import Effect
from .immediates import OperandKind, Shape
from .leb import write_u
from .signature import Custom, Signature, signature


class Kind(IntEnum):
    """The forms that the operands of one instruction take together: what the loops of ``kernels`` dispatch on.

    The first ones are the usual forms; any other sequence of operands is ``SEQUENCE`` and needs no number of its own.
    """

    NONE = 0
    U32 = 1
    S32 = 2
    MEMARG = 3
    BLOCKTYPE = 4
    S64 = 5
    FOUR = 6
    EIGHT = 7
    SIXTEEN = 8
    BYTE = 9
    U32_U32 = 10
    LABELS = 11
    VALTYPES = 12
    HEAPTYPE = 13
    CAST = 14
    MEMARG_BYTE = 15
    SEQUENCE = 16
    # What a first byte can be besides:
    STRUCTURE = 17  # opens, divides or closes a block
    PREFIX = 18  # the instruction's number follows
    ILLEGAL = 19


_KIND_OF: Final[dict[tuple[Shape, ...], Kind]] = {
    (): Kind.NONE,
    (Shape.U32, Shape.U32): Kind.U32_U32,
    (Shape.MEMARG, Shape.BYTE): Kind.MEMARG_BYTE,
    **{(shape,): Kind[shape.name] for shape in Shape if shape.name in Kind.__members__},
}


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """An instruction; compared by identity. ``code`` is its byte, or prefix << 16 | number.

    ``name`` is unique in the table: where several codes share a mnemonic, words of their operands are added
    ("ref.test", "ref.test null"). ``head`` holds the opcode's bytes. ``feature`` is the proposal. ``signed`` is true of
    loads that extend the sign of what they read. ``kind`` is a ``Kind``, as a plain int because loops compare it.
    """

    code: int
    name: str
    signature: Signature | Custom
    effects: Effect
    operands: tuple[OperandKind, ...]
    kind: int
    feature: Feature
    head: bytes
    signed: bool = False

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Op {self.name}>"

    def __copy__(self) -> Op:
        return self

    def __deepcopy__(self, _memo: object) -> Op:
        return self

    @property
    def since(self) -> str:
        """The version of the specification that includes the instruction, "" if none does."""
        return self.feature.since

    @property
    def access(self) -> int:
        """How many bytes of memory the instruction reads or writes; 0 if it has no memory operand of a fixed size."""
        return next((1 << kind.natural for kind in self.operands if kind.shape is Shape.MEMARG), 0)

    @property
    def prefix(self) -> int | None:
        """The prefix byte, None if there is none."""
        return self.code >> 16 or None

    @property
    def number(self) -> int:
        """What follows the prefix; the code itself if there is none."""
        return self.code & 0xFFFF

    @property
    def mnemonic(self) -> str:
        """The keyword in text."""
        return self.name.partition(" ")[0]

    @property
    def text_order(self) -> tuple[int, ...]:
        """The positions of the operands in the order in which text writes them: those it may leave out come first."""
        return tuple(sorted(range(len(self.operands)), key=lambda at: not self.operands[at].optional))


def proposal(feature: Feature) -> Callable[..., Op]:
    """A maker of rows, ``op(code, name, signature, effects, *operands)``, that all belong to one proposal."""

    def op(
        code: int, name: str, text: str | Custom, effects: Effect, *operands: OperandKind, signed: bool = False
    ) -> Op:
        prefix, number = code >> 16, code & 0xFFFF
        head = bytes((prefix,)) + write_u(number) if prefix else bytes((number,))
        kind = _KIND_OF.get(tuple(operand.shape for operand in operands), Kind.SEQUENCE)
        return Op(code, name, signature(text), effects, operands, int(kind), feature, head, signed)

    return op
