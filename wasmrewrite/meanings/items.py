"""Instructions on whole memories, tables and segments, and ``ref.func`` (specification 4.6.6 to 4.6.8).

Each function takes the instances its operands name, in their order, and then its operands from the stack. Ranges are
checked as a whole before anything is written, and long ones are worked through in pieces, so that nothing of their
length is ever built beside them. What an instruction costs is a function of its own, ``CHARGES``: the machine asks
it, and is paid, before the work begins. Not here: loads and stores of one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, Final

from ..isa.types import I64
from ..runtime.instances import Segment
from ..runtime.memory import MemoryInst
from ..runtime.table import TableInst
from ..runtime.traps import out_of_bounds_memory_access, out_of_bounds_table_access


def memory_size(memory: MemoryInst) -> int:
    """Pages."""
    return memory.pages


def memory_grow(memory: MemoryInst, pages: int) -> int:
    """The old number of pages, or -1."""
    return _or_minus_one(memory.grow(pages), memory)


def memory_fill(memory: MemoryInst, address: int, value: int, count: int) -> None:
    """Set bytes to the low byte of ``value``."""
    memory.check(address, count)
    piece = bytes((value & 0xFF,)) * min(count, PIECE)
    for start, end in _pieces(address, count):
        memory.data[start:end] = piece[: end - start]


def memory_copy(target: MemoryInst, source: MemoryInst, to: int, start: int, count: int) -> None:
    """Copy bytes; the ranges may overlap."""
    source.check(start, count)
    target.check(to, count)
    if target is source:
        target.data.move(to, start, count)
    else:
        target.data[to : to + count] = memoryview(source.data)[start : start + count]


def memory_init(segment: Segment, memory: MemoryInst, to: int, start: int, count: int) -> None:
    """Copy bytes out of a data segment."""
    check_init(segment, memory, to, start, count)
    memory.data[to : to + count] = memoryview(segment.contents)[start : start + count]


def table_size(table: TableInst) -> int:
    """Elements."""
    return len(table.elements)


def table_grow(table: TableInst, initial: Any, count: int) -> int:
    """The old number of elements, or -1."""
    return _or_minus_one(table.extend(count, initial), table)


def table_fill(table: TableInst, index: int, reference: Any, count: int) -> None:
    """Set elements to one reference."""
    table.check(index, count)
    for start, end in _pieces(index, count):
        table.elements[start:end] = repeat(reference, end - start)


def table_copy(target: TableInst, source: TableInst, to: int, start: int, count: int) -> None:
    """Copy elements; the ranges may overlap."""
    source.check(start, count)
    target.check(to, count)
    # Backwards if the target lies above: a piece is read before anything is written over it.
    pieces = _pieces(start, count) if to <= start else reversed(list(_pieces(start, count)))
    for low, high in pieces:
        target.elements[low - start + to : high - start + to] = source.elements[low:high]


def table_init(segment: Segment, table: TableInst, to: int, start: int, count: int) -> None:
    """Copy references out of an element segment."""
    check_init(segment, table, to, start, count)
    for low, high in _pieces(start, count):
        table.elements[low - start + to : high - start + to] = segment.contents[low:high]


def check_init(segment: Segment, target: MemoryInst | TableInst, to: int, start: int, count: int) -> None:
    """Trap unless both ranges exist."""
    if start + count > len(segment.contents):
        raise out_of_bounds_memory_access() if isinstance(target, MemoryInst) else out_of_bounds_table_access()
    target.check(to, count)


def _pieces(start: int, count: int) -> Iterator[tuple[int, int]]:
    """(start, end) of successive parts of a range."""
    end = start + count
    return ((low, min(low + PIECE, end)) for low in range(start, end, PIECE))


def _or_minus_one(before: int, grown: MemoryInst | TableInst) -> int:
    return before & (0xFFFF_FFFF_FFFF_FFFF if grown.address is I64 else 0xFFFF_FFFF)


def _itself(func: Any) -> Any:
    return func


CHUNK: Final = 64
"""Bytes or elements that cost as much as one instruction, or a loop of few instructions could go on for hours."""
PIECE: Final = 1 << 13
"""How many bytes or elements are worked on at once."""


def _charge_fill(target: MemoryInst | TableInst, address: int, _value: Any, count: int) -> int:
    target.check(address, count)
    return count // CHUNK


def _charge_copy(target: Any, source: Any, to: int, start: int, count: int) -> int:
    source.check(start, count)
    target.check(to, count)
    return count // CHUNK


def _charge_init(segment: Segment, target: MemoryInst | TableInst, to: int, start: int, count: int) -> int:
    check_init(segment, target, to, start, count)
    return count // CHUNK


def _charge_grow(table: TableInst, _initial: Any, count: int) -> int:
    return count // CHUNK if table.can_grow(count) else 0


CHARGES: Final[dict[str, Callable[..., int]]] = {
    "memory.fill": _charge_fill,
    "memory.copy": _charge_copy,
    "memory.init": _charge_init,
    "table.grow": _charge_grow,
    "table.fill": _charge_fill,
    "table.copy": _charge_copy,
    "table.init": _charge_init,
}
"""What takes longer the greater its last operand is: the instructions that it costs beside itself.

Takes what the meaning takes, and traps as that does, so that what cannot be done costs nothing more.
"""

ITEMS: Final[dict[str, Callable[..., Any]]] = {
    "memory.size": memory_size,
    "memory.grow": memory_grow,
    "memory.fill": memory_fill,
    "memory.copy": memory_copy,
    "memory.init": memory_init,
    "data.drop": Segment.drop,
    "table.get": TableInst.element_at,
    "table.set": TableInst.put,
    "table.size": table_size,
    "table.grow": table_grow,
    "table.fill": table_fill,
    "table.copy": table_copy,
    "table.init": table_init,
    "elem.drop": Segment.drop,
    "ref.func": _itself,
}
