"""What bodies know of the module around them, and how large and how wild a module is to be.

Not here: writing either (``bodies``, ``modules``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..isa.types import FuncType, GlobalType, TableType


@dataclass(frozen=True, slots=True)
class Shape:
    """How large modules become, and what they may contain.

    ``tame``: code neither traps nor goes on for ever, whatever arguments it gets and whatever the host answers.
    ``by_pointer``: some functions return declared structures through a pointer. ``steps`` is the usual number of
    instructions in a block, ``cost`` how many instructions a call executes at most.
    """

    tame: bool = True
    funcs: int = 4
    steps: int = 6
    depth: int = 3
    imports: bool = True
    by_pointer: bool = True
    tables: bool = True
    segments: bool = True
    sections: bool = True
    cost: int = 4_000


@dataclass(slots=True)
class Target:
    """A function that may be called: ``pointer`` is the parameter for a return pointer, None if there is none."""

    index: int
    type: FuncType
    cost: int = 1
    pointer: int | None = None


@dataclass(slots=True)
class World:
    """The items that bodies may name, by index. ``slots``: table 0 at each constant index, None where it is empty.

    ``globals`` are those that code may touch; the stack pointer is not among them. ``spare_tables`` may be written.
    """

    type_index: Callable[[FuncType], int]
    callables: list[Target] = field(default_factory=list)
    globals: list[tuple[int, GlobalType]] = field(default_factory=list)
    memories: int = 0
    slots: list[Target | None] = field(default_factory=list)
    spare_tables: list[tuple[int, TableType]] = field(default_factory=list)
    passive_elems: list[tuple[int, int]] = field(default_factory=list)
    passive_datas: list[tuple[int, int]] = field(default_factory=list)
    stack_pointer: int | None = None
    referenced: set[int] = field(default_factory=set)
    """Functions named by ``ref.func``, which have to be declared."""
