"""Instructions and expressions as a person thinks of them: operands are items, never indices.

Not here: bytes. An ``Expr`` read from a module keeps its span, and decodes only when somebody looks inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from ..arguments import expect
from ..isa.op import Op
from ..isa.table import BY_NAME
from ..spelling import clipped, nearest
from .checks import checked

Span: TypeAlias = tuple[int, int]
"""Absolute offsets (start, end) into the file."""


class ExprSource(Protocol):
    """What an expression asks of the bytes it came from."""

    def instrs(self, span: Span) -> list[Instr]:
        """Decode an expression, its final ``end`` left out. Raises ``MalformedError`` or ``InvalidError``."""

    def offsets(self, span: Span) -> list[int]:
        """Absolute start offsets of the instructions of ``instrs(span)``."""


@dataclass(frozen=True, slots=True)
class Instr:
    """One instruction. ``args`` follow the table's operand kinds; an index operand is the item itself."""

    op: Op
    args: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.op.name, *map(str, self.args)])


def instr(mnemonic: str, *args: Any) -> Instr:
    """Build an instruction by the specification's mnemonic; an operand that names an item is the item itself.

    Integers may have either sign; ``f32.const`` and ``f64.const`` take a float, or their bits as an int. Raises
    ``ValueError`` or ``TypeError``: unknown, wrong operand count, or an operand that is not of its kind.
    """
    op = BY_NAME.get(mnemonic)
    if op is None:
        close = nearest(str(mnemonic), BY_NAME)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown instruction {clipped(repr(mnemonic))}{hint}")
    return Instr(op, checked(op, args))


def _instructions(given: Any) -> tuple[Instr, ...]:
    expect(given, Iterable, "instructions")
    found = tuple(given)
    for each in found:
        if not isinstance(each, Instr):
            expect(each, Instr, "instructions", "instr(...) makes one")
    return found


class Expr:
    """A sequence of instructions; the final ``end`` is implied.

    ``span`` is where the bytes are if the expression came from a module. An expression made with ``of`` has none;
    ``base`` is then the expression whose instructions were reused, so that those keep their bytes.
    """

    __slots__ = ("_base", "_instrs", "_source", "_span")

    def __init__(self, source: ExprSource | None, span: Span | None) -> None:
        self._span = span
        self._base: Expr | None = None
        self._source = source
        self._instrs: tuple[Instr, ...] | None = None

    @classmethod
    def of(cls, instrs: Iterable[Instr], base: Expr | None = None) -> Expr:
        """A new expression; instructions that are the very objects of ``base`` keep their bytes when written."""
        self = cls(None, None)
        self._instrs = _instructions(instrs)
        self._base = base
        return self

    @property
    def span(self) -> Span | None:
        """Where the bytes are."""
        return self._span

    @property
    def base(self) -> Expr | None:
        """The expression whose instructions were reused."""
        return self._base

    @property
    def instrs(self) -> Sequence[Instr]:
        """The instructions, decoded on first use. Raises ``MalformedError`` or ``InvalidError`` (unknown index)."""
        if self._instrs is None:
            if self._source is None or self.span is None:
                return ()
            self._instrs = tuple(self._source.instrs(self.span))
        return self._instrs

    @property
    def offsets(self) -> Sequence[int]:
        """Absolute offsets of ``instrs`` in the file; empty for a new expression."""
        if self._source is None or self.span is None:
            return ()
        return tuple(self._source.offsets(self.span))

    def __iter__(self) -> Iterator[Instr]:
        return iter(self.instrs)

    def __len__(self) -> int:
        return len(self.instrs)

    def __repr__(self) -> str:
        place = "new" if self.span is None else f"at {self.span[0]:#x}"
        return f"<Expr {place}>"
