"""One constructor per reason to trap, in the official test suite's wording, and the resources that can run out.

Each returns the error without a place; the machine that catches it knows function and offset. Not here: the classes
(``errors``).
"""

from __future__ import annotations

from ..errors import Exhaustion, Trap


def unreachable() -> Trap:
    """``unreachable`` was executed."""
    return Trap("unreachable")


def integer_divide_by_zero() -> Trap:
    """Division or remainder by zero."""
    return Trap("integer divide by zero")


def integer_overflow() -> Trap:
    """A quotient or a converted float outside the range of the result."""
    return Trap("integer overflow")


def invalid_conversion_to_integer() -> Trap:
    """NaN has no integer."""
    return Trap("invalid conversion to integer")


def out_of_bounds_memory_access() -> Trap:
    """Bytes outside a memory or data segment."""
    return Trap("out of bounds memory access")


def out_of_bounds_table_access() -> Trap:
    """Elements outside a table or element segment."""
    return Trap("out of bounds table access")


def undefined_element(index: int) -> Trap:
    """An indirect call's index outside its table."""
    return Trap(f"undefined element {index}")


def uninitialized_element(index: int) -> Trap:
    """An indirect call's element is null."""
    return Trap(f"uninitialized element {index}")


def indirect_call_type_mismatch() -> Trap:
    """An indirect call's function has another type than the instruction names."""
    return Trap("indirect call type mismatch")


def null_reference() -> Trap:
    """``ref.as_non_null`` of null."""
    return Trap("null reference")


def null_function_reference() -> Trap:
    """A call through null."""
    return Trap("null function reference")


def call_stack_exhausted() -> Exhaustion:
    """More calls are open than the store's limit allows."""
    return Exhaustion("call stack exhausted")


def fuel_exhausted() -> Exhaustion:
    """More instructions were executed than the store's limit allows."""
    return Exhaustion("fuel exhausted")


def memory_exhausted(what: str) -> Exhaustion:
    """A memory or table is larger than the store's limit allows from the start."""
    return Exhaustion(f"{what} exceeds the limit of this store")
