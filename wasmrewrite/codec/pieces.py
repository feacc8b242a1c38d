"""What written bytes are made of: new ones, spans of the input, and spans of the input with other indices.

Every level of writing returns a list of pieces, and what moved is read off the finished list. Not here: which pieces a
section or a body is made of (``contents``, ``lower``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ..model.items import Item
from .stream import Span


@dataclass(slots=True)
class Respelled:
    """``start`` to ``end`` of the input with other indices: the same instructions.

    ``shifts`` are pairs (input offset, by how much longer everything before it became); between two of them all is as
    far apart as it was.
    """

    data: bytes
    start: int
    end: int
    shifts: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Brought:
    """New code, and the item that brought it."""

    data: bytes
    item: Item


Piece: TypeAlias = bytes | Span | Respelled | Brought
"""New bytes, a span of the input, such a span with other indices, or new code of an item."""


class Moved(NamedTuple):
    """Instructions at ``old`` to ``old + size`` of the input stand at ``new`` in the output, as far apart as before.

    The bytes are the same, but for indices that changed and kept their width. Absolute offsets.
    """

    old: int
    new: int
    size: int


class New(NamedTuple):
    """New code of ``item`` stands at ``at`` in the output, an absolute offset."""

    at: int
    size: int
    item: Item


def length(piece: Piece) -> int:
    """How many bytes a piece is."""
    if isinstance(piece, tuple):
        return piece[1] - piece[0]
    return len(piece) if isinstance(piece, bytes) else len(piece.data)


def size(pieces: Iterable[Piece]) -> int:
    """How many bytes pieces are together."""
    return sum(map(length, pieces))


def add(pieces: list[Piece], piece: Piece) -> None:
    """Put ``piece`` behind ``pieces``; adjoining spans become one."""
    last = pieces[-1] if pieces else b""
    if isinstance(piece, tuple) and isinstance(last, tuple) and last[1] == piece[0]:
        pieces[-1] = last[0], piece[1]
    else:
        pieces.append(piece)


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Adjoining spans as one."""
    found: list[Piece] = []
    last: Piece = b""
    for piece in pieces:
        if isinstance(piece, tuple) and isinstance(last, tuple) and last[1] == piece[0]:
            found[-1] = piece = last[0], piece[1]
        else:
            found.append(piece)
        last = piece
    return found


def join(pieces: Sequence[Piece], data: bytes) -> bytes:
    """The bytes; spans are of ``data``."""
    view = memoryview(data)
    return b"".join([_bytes(piece, view) for piece in pieces])


def _bytes(piece: Piece, view: memoryview) -> bytes | memoryview:
    if isinstance(piece, tuple):
        return view[piece[0] : piece[1]]
    return piece if isinstance(piece, bytes) else piece.data


def moved(pieces: Iterable[Piece], at: int) -> Iterator[Moved]:
    """Where the spans of the input in ``pieces``, which start at ``at`` of the output, went."""
    for piece in pieces:
        if isinstance(piece, Respelled):
            yield from _runs(piece, at)
        elif isinstance(piece, tuple):
            yield Moved(piece[0], at, piece[1] - piece[0])
        at += length(piece)


def brought(pieces: Iterable[Piece], at: int) -> Iterator[New]:
    """Where new code in ``pieces``, which start at ``at`` of the output, stands."""
    for piece in pieces:
        size = length(piece)
        if isinstance(piece, Brought):
            yield New(at, size, piece.item)
        at += size


def _runs(piece: Respelled, at: int) -> Iterator[Moved]:
    start, growth = piece.start, 0
    for offset, grown in (*piece.shifts, (piece.end, 0)):
        yield Moved(start, at + start - piece.start + growth, offset - start)
        start, growth = offset, grown


def item_at(new: Sequence[New], offset: int) -> Item | None:
    """Whose new code stands at ``offset`` of the output; None for the input's code. ``new`` ascends."""
    place = bisect_right(new, offset, key=lambda run: run.at) - 1
    return new[place].item if place >= 0 and offset < new[place].at + new[place].size else None


def new_offset(runs: Sequence[Moved], old: int) -> int | None:
    """Where the instruction at ``old`` stands now; None if it is gone. ``runs`` ascend by ``old``."""
    place = bisect_right(runs, old, key=lambda run: run.old) - 1
    if place < 0:
        return None
    run = runs[place]
    return run.new + old - run.old if old < run.old + run.size else None
