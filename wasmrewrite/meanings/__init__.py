"""What instructions mean: one function per mnemonic, for every engine.

The mappings are joined here by the shape that flat code gives them; a mnemonic has one meaning. Meanings of numbers
keep to a form that can be printed as C (``form``); those of references and of whole memories, tables and segments
(``items``) work on objects of ``runtime``. Where control goes is no meaning: the compiler lays it out (``flat``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ..errors import InternalError
from ..isa.signature import Signature
from ..isa.table import BY_NAME
from . import control, convert, floating, integer, items, memory, reference

M = TypeVar("M")


def join(*mappings: Mapping[str, M]) -> Mapping[str, M]:
    """One mapping of all; InternalError if two have the same mnemonic."""
    joined: dict[str, M] = {}
    for mapping in mappings:
        twice = joined.keys() & mapping.keys()
        if twice:
            raise InternalError(f"two meanings for {', '.join(sorted(twice))}")
        joined.update(mapping)
    return MappingProxyType(joined)


def _shape(mnemonic: str) -> tuple[int, int] | None:
    """How many operands and results; None for what has no row or no plain signature."""
    op = BY_NAME.get(mnemonic)
    if op is None or not isinstance(op.signature, Signature):
        return None
    return len(op.signature.params), len(op.signature.results)


def _shaped(mappings: Mapping[str, M], shape: tuple[int, int]) -> dict[str, M]:
    return {name: meaning for name, meaning in mappings.items() if _shape(name) == shape}


NUMERIC: Final[Mapping[str, Callable[..., Any]]] = join(
    control.MEANINGS, integer.MEANINGS, floating.MEANINGS, convert.MEANINGS
)
"""In the form that can be printed, comparisons left out."""

UNARY: Final[Mapping[str, Callable[[Any], Any]]] = join(_shaped(NUMERIC, (1, 1)), reference.UNARY)
BINARY: Final[Mapping[str, Callable[[Any, Any], Any]]] = join(_shaped(NUMERIC, (2, 1)))
TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = join(integer.TESTS, floating.TESTS)
READS: Final[Mapping[str, tuple[int, memory.Read]]] = join(memory.READS)
WRITES: Final[Mapping[str, tuple[int, memory.Write]]] = join(memory.WRITES)
OTHERS: Final[Mapping[str, Callable[..., Any]]] = join(
    {name: meaning for name, meaning in NUMERIC.items() if name not in UNARY and name not in BINARY}
)
"""Numbers in, numbers out, in another shape: the results are a tuple unless there is exactly one."""
ITEMS: Final[Mapping[str, Callable[..., Any]]] = join(items.ITEMS)
"""The first operands are the instances that the instruction names."""
CHARGES: Final[Mapping[str, Callable[..., int]]] = join(items.CHARGES)
"""What some of them cost beside themselves; takes what the meaning takes."""

ALL: Final[Mapping[str, Any]] = join(UNARY, BINARY, TESTS, READS, WRITES, OTHERS, ITEMS)
"""Every instruction that has a meaning here."""
