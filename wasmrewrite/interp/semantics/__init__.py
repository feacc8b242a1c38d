"""What instructions mean: pure functions, bound to mnemonics in one mapping per file and shape.

The mappings are joined here; a mnemonic has one meaning. Control instructions are not here: the compiler lays them out
(``compile``) and the machine follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ...errors import InternalError
from . import convert, floating, integer, items, memory, reference

Meaning = TypeVar("Meaning")


def join(*mappings: Mapping[str, Meaning]) -> Mapping[str, Meaning]:
    """One mapping of all; InternalError if two have the same mnemonic."""
    joined: dict[str, Meaning] = {}
    for mapping in mappings:
        twice = joined.keys() & mapping.keys()
        if twice:
            raise InternalError(f"two meanings for {', '.join(sorted(twice))}")
        joined.update(mapping)
    return MappingProxyType(joined)


UNARY: Final[Mapping[str, Callable[[Any], Any]]] = join(integer.UNARY, floating.UNARY, convert.UNARY, reference.UNARY)
BINARY: Final[Mapping[str, Callable[[Any, Any], Any]]] = join(integer.BINARY, floating.BINARY)
TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = join(integer.TESTS, floating.TESTS)
READS: Final[Mapping[str, tuple[int, memory.Read]]] = join(memory.READS)
WRITES: Final[Mapping[str, tuple[int, memory.Write]]] = join(memory.WRITES)
ITEMS: Final[Mapping[str, Callable[..., Any]]] = join(items.ITEMS)
CHARGES: Final[Mapping[str, Callable[..., int]]] = join(items.CHARGES)

ALL: Final[Mapping[str, Any]] = join(UNARY, BINARY, TESTS, READS, WRITES, ITEMS)
"""Every instruction that has a meaning here."""
