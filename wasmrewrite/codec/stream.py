"""The two streams that Construct declarations of this package read from and write to.

``Window`` is a range of the one input buffer: positions are absolute in the file, nothing is sliced. ``Sink`` collects
pieces of output and knows the buffer that spans in a record point into. Not here: any declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..isa.leb import Buffer

Span: TypeAlias = tuple[int, int]
"""Absolute (start, end) in the input buffer."""

Piece: TypeAlias = bytes | bytearray | memoryview
Rewrite: TypeAlias = Callable[[Span], Piece]
"""How the bytes of an expression of the input are written."""


class Window:
    """The bytes ``start`` to ``end`` of ``buf`` as a readable stream; ``tell`` is absolute in ``buf``.

    ``entries`` counts the records that vectors made of it, nested ones included.
    """

    __slots__ = ("buf", "end", "entries", "pos")

    def __init__(self, buf: Buffer, start: int, end: int) -> None:
        self.buf = buf
        self.pos = start
        self.end = end
        self.entries = 0

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, all that are left if negative."""
        start = self.pos
        self.pos = self.end if size < 0 else min(self.end, start + size)
        return bytes(self.buf[start : self.pos])

    def tell(self) -> int:
        """The absolute position of the next byte."""
        return self.pos


class Sink:
    """Output under construction. Spans in a record are ranges of ``source``.

    ``rewrite`` writes expressions given as spans; without it they are copied.
    """

    __slots__ = ("_expression", "_view", "pieces", "source")

    def __init__(self, source: Buffer, rewrite: Rewrite | None = None) -> None:
        self.pieces: list[Piece] = []
        self.source = source
        self._view = memoryview(source)
        self._expression = rewrite or self.content

    def write(self, data: Piece) -> int:
        """Append ``data``."""
        self.pieces.append(data)
        return len(data)

    def content(self, value: Span | Piece) -> Piece:
        """The bytes meant by ``value``: those of a span, or ``value`` itself."""
        return self._view[value[0] : value[1]] if isinstance(value, tuple) else value

    def expression(self, value: Span | Piece) -> Piece:
        """The bytes of an expression, written as this sink was asked to."""
        return self._expression(value) if isinstance(value, tuple) else value

    def getvalue(self) -> bytes:
        """Everything written so far, in one piece."""
        return b"".join(self.pieces)
