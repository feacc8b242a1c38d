"""What executing an instruction can do besides computing its results from its operands.

Not here: effects of functions (``analysis`` sums them up), and which condition makes an instruction trap (``runtime``).
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final


class Effect(Flag):
    """Each member says what *may* happen when the instruction runs; its absence promises that it never does."""

    TRAPS = auto()
    READS_MEM = auto()
    WRITES_MEM = auto()
    READS_GLOBAL = auto()
    WRITES_GLOBAL = auto()
    READS_TABLE = auto()
    WRITES_TABLE = auto()
    READS_LOCAL = auto()
    WRITES_LOCAL = auto()
    READS_SEGMENT = auto()  # an element or data segment, which can have been dropped
    WRITES_SEGMENT = auto()
    READS_HEAP = auto()  # fields and elements of structures and arrays
    WRITES_HEAP = auto()
    ALLOCATES = auto()  # a new object, or more of a memory or table
    CALLS = auto()
    BRANCHES = auto()  # control does not simply go on to the next instruction
    THROWS = auto()
    WAITS = auto()  # may block on, or wake, other threads
    VARIES = auto()  # the specification allows several results (relaxed SIMD, growth)
    CONST = auto()  # no effect, a permission: legal in constant expressions


PURE: Final = Effect(0)
TRAPS: Final = Effect.TRAPS
READS_MEM: Final = Effect.READS_MEM
WRITES_MEM: Final = Effect.WRITES_MEM
READS_GLOBAL: Final = Effect.READS_GLOBAL
WRITES_GLOBAL: Final = Effect.WRITES_GLOBAL
READS_TABLE: Final = Effect.READS_TABLE
WRITES_TABLE: Final = Effect.WRITES_TABLE
READS_LOCAL: Final = Effect.READS_LOCAL
WRITES_LOCAL: Final = Effect.WRITES_LOCAL
READS_SEGMENT: Final = Effect.READS_SEGMENT
WRITES_SEGMENT: Final = Effect.WRITES_SEGMENT
READS_HEAP: Final = Effect.READS_HEAP
WRITES_HEAP: Final = Effect.WRITES_HEAP
ALLOCATES: Final = Effect.ALLOCATES
CALLS: Final = Effect.CALLS
BRANCHES: Final = Effect.BRANCHES
THROWS: Final = Effect.THROWS
WAITS: Final = Effect.WAITS
VARIES: Final = Effect.VARIES
CONST: Final = Effect.CONST
