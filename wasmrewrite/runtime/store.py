"""The store: what all instances made in it share, and the resources they may use.

Not here: the instances themselves (``instances``, ``memory``, ``table``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from ..arguments import expect, expect_count
from ..isa.types import FuncType, Keys, RecGroup, TypeDef, TypeKey, canonical_keys
from ..isa.types import Store as TypeStore

UNLIMITED: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """What the instances of a store may use; ``Exhaustion`` (or -1 from growing) when it is not enough.

    ``fuel``: instructions, None for no limit; one on many bytes or elements counts for several, and so does a call
    with very many locals. ``depth``: open calls; one with very many locals counts for several. ``nesting``: calls from
    the host into a module that is calling the host, and so on. ``memory_bytes`` and ``table_elements``: of all memories
    and tables together.
    """

    fuel: int | None = None
    depth: int = 20_000
    nesting: int = 50
    memory_bytes: int = 1 << 30
    table_elements: int = 10_000_000

    def __post_init__(self) -> None:
        for each in fields(self):
            expect_count(getattr(self, each.name), each.name, optional=each.name == "fuel")


class Store:
    """Shared by instances that may import from each other. Not for use from several threads at once.

    ``fuel_left`` and ``depth_left`` are what remains; ``refusals`` counts what only the limits refused: growth, and
    calls that were cut off, which a host function in between may have hidden.
    """

    def __init__(self, limits: StoreLimits | None = None) -> None:
        expect(limits, (StoreLimits, type(None)), "StoreLimits")
        self.limits = limits or StoreLimits()
        self.depth_left = self.limits.depth
        self.nesting_left = self.limits.nesting
        self.memory_left = self.limits.memory_bytes
        self.elements_left = self.limits.table_elements
        self.refusals = 0
        self._granted = self.fuel_left = 0
        self.refuel(self.limits.fuel)
        self._interned: TypeStore = {}
        self._keys: dict[TypeDef, TypeKey] = {}
        self._func_keys: dict[FuncType, TypeKey] = {}

    def __repr__(self) -> str:
        return f"<Store {self.limits}: {self.executed} instructions executed>"

    def refuel(self, fuel: int | None) -> None:
        """Allow this many instructions from now on, None for no limit; ``executed`` starts at 0 again."""
        expect_count(fuel, "fuel", optional=True)
        self._granted = self.fuel_left = UNLIMITED if fuel is None else fuel

    @property
    def executed(self) -> int:
        """Instructions executed since the store was made or refuelled (``else`` and ``end`` are none)."""
        return self._granted - self.fuel_left

    def take_memory(self, size: int) -> bool:
        """Set bytes aside for a memory; whether there are enough."""
        if size > self.memory_left:
            return False
        self.memory_left -= size
        return True

    def take_elements(self, count: int) -> bool:
        """Set elements aside for a table; whether there are enough."""
        if count > self.elements_left:
            return False
        self.elements_left -= count
        return True

    @property
    def keys(self) -> Keys:
        """The keys of all types seen."""
        return self._keys

    def intern(self, typedefs: list[TypeDef]) -> list[TypeKey]:
        """The keys of a module's types: the same key if and only if the types are equal, across modules."""
        groups: dict[RecGroup, None] = dict.fromkeys(typedef.group for typedef in typedefs)
        self._keys.update(canonical_keys(groups, self._interned))
        return [self._keys[typedef] for typedef in typedefs]

    def key(self, typedef: TypeDef) -> TypeKey:
        """The key of one type."""
        return self._keys[typedef] if typedef in self._keys else self.intern([typedef])[0]

    def func_key(self, type: FuncType) -> TypeKey:
        """The key of a function type that stands alone and is final."""
        if type not in self._func_keys:
            self._func_keys[type] = self.key(TypeDef(type))
        return self._func_keys[type]
