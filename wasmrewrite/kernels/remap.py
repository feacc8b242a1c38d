"""Rewrite indices in code and nothing else. Not here: which index becomes which (``codec`` knows from the items)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..isa.immediates import Space
from ..isa.leb import Buffer, Padded, read_u32, s_width, u_width, write_padded, write_s, write_u
from ..isa.op import Op
from .grammar import Wanted
from .indices import WRITES_TYPES_SIGNED
from .scan import iter_operands

_FEW: Final = 16
_HAS_MEMORY: Final = 0x40


def remap(
    buf: Buffer,
    start: int,
    end: int,
    maps: Mapping[Space, Mapping[int, int]],
    shifts: list[tuple[int, int]] | None = None,
) -> bytes | None:
    """Replace each index that is in the map of its space; None if nothing changes.

    A new index takes the width of the old one where it fits. Every other byte is copied. Where memory 0 is implicit and
    moves, its index is written out. ``shifts`` gets a pair for each index that did not keep its width: the offset
    behind it, and how much longer all before that became. Raises MalformedError where no instruction can be read.
    """
    out: list[bytes] = []
    copied, grown = start, 0
    for space, offset, width, value, op in iter_operands(buf, start, end, _wanted(maps)):
        mapping = maps.get(space)
        new = None if mapping is None else mapping.get(value)
        if new is None or new == value:
            continue
        out.append(bytes(buf[copied:offset]))
        if width:
            written = _index(op, space, new, width)
            copied = offset + width
        else:
            flags, copied = read_u32(buf, offset, end)
            written = _with_memory(flags, copied - offset) + write_u(new)
        out.append(written)
        if shifts is not None and len(written) != copied - offset:
            grown += len(written) - (copied - offset)
            shifts.append((copied, grown))
    if not out:
        return None
    out.append(bytes(buf[copied:end]))
    return b"".join(out)


def _wanted(maps: Mapping[Space, Mapping[int, int]]) -> Wanted:
    """What to stop at. Only few values are worth a pattern of their own; a large map must not cost anything here."""
    return frozenset(
        (space, frozenset(mapping) if len(mapping) <= _FEW else None) for space, mapping in maps.items() if mapping
    )


def _index(op: Op, space: Space, new: int, width: int) -> bytes:
    if space is Space.TYPE and op in WRITES_TYPES_SIGNED:
        return write_padded(new, width) if s_width(new) <= width else write_s(int(new))
    return write_padded(new, max(width, u_width(new)))


def _with_memory(flags: int, width: int) -> bytes:
    return write_u(Padded(flags | _HAS_MEMORY, width))
