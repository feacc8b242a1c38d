"""Tables of references. Not here: segments, which are plain lists of references."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from ..isa.types import I64, Limits, NumType, TableType
from .traps import memory_exhausted, out_of_bounds_table_access
from .values import number_of, of_type, ranged, reference

if TYPE_CHECKING:
    from .store import Store

_MOST: Final = {False: (1 << 32) - 1, True: (1 << 64) - 1}
"""What the address type allows, by whether it is i64."""


class TableInst:
    """A table instance of references (None is null). ``get``, ``set`` and ``grow`` check what they are given.

    ``elements`` is the list itself, for engines: nothing checks what is put there, and only growing changes its length.
    Raises ``Exhaustion`` when the store's limit does not allow the minimum.
    """

    __slots__ = ("_limits", "element", "elements", "store")

    def __init__(self, store: Store, type: TableType, initial: Any = None) -> None:
        of_type(type, TableType, "a table")
        self.store = store
        self._limits = type.limits
        self.element = type.element
        if not store.take_elements(type.limits.minimum):
            raise memory_exhausted("table")
        self.elements: list[Any] = [reference(type.element, initial, store) if initial is not None else None]
        self.elements *= type.limits.minimum

    @property
    def type(self) -> TableType:
        """The type as it is now: the minimum is the current number of elements."""
        limits = self._limits
        return TableType(self.element, Limits(len(self.elements), limits.maximum, limits.address, limits.shared))

    @property
    def address(self) -> NumType:
        """The type of indices."""
        return self._limits.address

    def grow(self, count: int, initial: Any = None) -> int:
        """Add elements; the old number of them, or -1 if type or limits do not allow it.

        Raises ``TypeError`` for what the table cannot hold.
        """
        return self.extend(self.at(count), reference(self.element, initial, self.store))

    def extend(self, count: int, initial: Any) -> int:
        """As ``grow``, of a reference that an engine knows to be right."""
        before = len(self.elements)
        if before + count > self._most():
            return -1
        if not self.store.take_elements(count):
            self.store.refusals += 1
            return -1
        self.elements.extend(repeat(initial, count))
        return before

    def can_grow(self, count: int) -> bool:
        """Whether ``grow`` would add so many elements."""
        return len(self.elements) + count <= self._most() and count <= self.store.elements_left

    def _most(self) -> int:
        most = _MOST[self._limits.address is I64]
        return most if self._limits.maximum is None else min(self._limits.maximum, most)

    def get(self, index: int) -> Any:
        """The reference at ``index``; a negative index means its unsigned value. Raises ``Trap``."""
        return self.element_at(self.at(index))

    def set(self, index: int, value: Any) -> None:
        """Replace the reference at ``index``. Raises ``Trap``, and ``TypeError`` for what the table cannot hold."""
        self.put(self.at(index), reference(self.element, value, self.store))

    @property
    def size(self) -> int:
        """The number of elements."""
        return len(self.elements)

    def at(self, index: int) -> int:
        """An index as the module sees it: a negative one is its unsigned value.

        Raises ``TypeError`` or ``ValueError`` for what is not an index.
        """
        number = number_of(index, "an index or a size")
        return number if number >= 0 else ranged(number, 8 * self.address.size, f"{self.address} indices")

    def element_at(self, index: int) -> Any:
        """The reference at an unsigned index. Raises ``Trap``."""
        self.check(index, 1)
        return self.elements[index]

    def put(self, index: int, value: Any) -> None:
        """As ``set``, of a reference that an engine knows to be right."""
        self.check(index, 1)
        self.elements[index] = value

    def check(self, index: int, count: int) -> None:
        """Trap unless ``count`` elements at ``index`` exist."""
        if index < 0 or index + count > len(self.elements):
            raise out_of_bounds_table_access()

    def snapshot(self) -> tuple[Any, ...]:
        """All references."""
        return tuple(self.elements)

    def __repr__(self) -> str:
        return f"<TableInst {self.type}>"
