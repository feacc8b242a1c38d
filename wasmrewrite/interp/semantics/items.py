"""Instructions on whole memories, tables and segments, and ``ref.func`` (specification 4.6.6 to 4.6.8).

Each function takes the instances its operands name, in their order, and then its operands from the stack. Ranges are
checked as a whole before anything is written. Not here: loads and stores of one number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...isa.types import I64
from ...runtime.instances import Segment
from ...runtime.memory import MemoryInst
from ...runtime.table import TableInst
from ...runtime.traps import out_of_bounds_memory_access, out_of_bounds_table_access


def memory_size(memory: MemoryInst) -> int:
    """Pages."""
    return memory.pages


def memory_grow(memory: MemoryInst, pages: int) -> int:
    """The old number of pages, or -1."""
    return _or_minus_one(memory.grow(pages), memory)


def memory_fill(memory: MemoryInst, address: int, value: int, count: int) -> None:
    """Set bytes to the low byte of ``value``."""
    memory.check(address, count)
    memory.data[address : address + count] = bytes((value & 0xFF,)) * count


def memory_copy(target: MemoryInst, source: MemoryInst, to: int, start: int, count: int) -> None:
    """Copy bytes; the ranges may overlap."""
    source.check(start, count)
    target.check(to, count)
    if target is source:
        target.data.move(to, start, count)
    else:
        target.data[to : to + count] = source.data[start : start + count]


def memory_init(segment: Segment, memory: MemoryInst, to: int, start: int, count: int) -> None:
    """Copy bytes out of a data segment."""
    if start + count > len(segment.contents):
        raise out_of_bounds_memory_access()
    memory.check(to, count)
    memory.data[to : to + count] = segment.contents[start : start + count]


def table_size(table: TableInst) -> int:
    """Elements."""
    return len(table.elements)


def table_grow(table: TableInst, initial: Any, count: int) -> int:
    """The old number of elements, or -1."""
    return _or_minus_one(table.extend(count, initial), table)


def table_fill(table: TableInst, index: int, reference: Any, count: int) -> None:
    """Set elements to one reference."""
    table.check(index, count)
    table.elements[index : index + count] = [reference] * count


def table_copy(target: TableInst, source: TableInst, to: int, start: int, count: int) -> None:
    """Copy elements; the ranges may overlap."""
    source.check(start, count)
    target.check(to, count)
    target.elements[to : to + count] = source.elements[start : start + count]


def table_init(segment: Segment, table: TableInst, to: int, start: int, count: int) -> None:
    """Copy references out of an element segment."""
    if start + count > len(segment.contents):
        raise out_of_bounds_table_access()
    table.check(to, count)
    table.elements[to : to + count] = segment.contents[start : start + count]


def _or_minus_one(before: int, grown: MemoryInst | TableInst) -> int:
    return before & (0xFFFF_FFFF_FFFF_FFFF if grown.address is I64 else 0xFFFF_FFFF)


def _itself(func: Any) -> Any:
    return func


CHUNK: Final = 64
"""Bytes or elements that cost as much as one instruction, or a loop of few instructions could go on for hours."""
BULK: Final = frozenset(
    {"memory.fill", "memory.copy", "memory.init", "table.grow", "table.fill", "table.copy", "table.init"}
)
"""What takes longer the greater its last operand is."""

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
