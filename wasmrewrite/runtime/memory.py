"""Linear memories: a reservation of address space that the system commits page by page as it is touched.

Growing never moves or invalidates anything. Not here: how numbers lie in the bytes (``meanings``).
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Final

from ..isa.types import I64, Limits, MemoryType, NumType
from .traps import memory_exhausted, out_of_bounds_memory_access
from .values import number_of, of_type, ranged

if TYPE_CHECKING:
    from .store import Store

PAGE: Final = 65536
_MOST_PAGES: Final = {False: 1 << 16, True: 1 << 48}
"""What the address type allows, by whether it is i64."""


class MemoryInst:
    """A memory instance. ``data`` may be longer than ``size``, the bytes that exist; only ``grow`` changes ``size``.

    Raises ``Exhaustion`` when the store's limit does not allow the minimum.
    """

    __slots__ = ("_limits", "_reserved", "data", "size", "store")

    def __init__(self, store: Store, type: MemoryType) -> None:
        of_type(type, MemoryType, "a memory")
        self.store = store
        self._limits = type.limits
        self.size = type.limits.minimum * PAGE
        if not store.take_memory(self.size):
            raise memory_exhausted("memory")
        self._reserved = min(self._most_pages() * PAGE, self.size + store.memory_left)
        self.data = self._reserve()

    def _most_pages(self) -> int:
        most = _MOST_PAGES[self._limits.address is I64]
        return most if self._limits.maximum is None else min(self._limits.maximum, most)

    def _reserve(self) -> mmap.mmap:
        while True:
            try:
                # A mapping cannot be empty, so one of no pages is never looked into.
                return mmap.mmap(-1, max(self._reserved, 1), access=mmap.ACCESS_COPY)
            except (OSError, OverflowError, MemoryError):
                if self._reserved == self.size:
                    raise memory_exhausted("memory") from None
                self._reserved = max(self.size, self._reserved // 2 // PAGE * PAGE)

    @property
    def type(self) -> MemoryType:
        """The type as it is now: the minimum is the current number of pages."""
        limits = self._limits
        return MemoryType(Limits(self.pages, limits.maximum, limits.address, limits.shared))

    @property
    def address(self) -> NumType:
        """The type of addresses."""
        return self._limits.address

    @property
    def pages(self) -> int:
        """The size in pages of 64 KiB."""
        return self.size // PAGE

    def grow(self, pages: int) -> int:
        """Add pages; the old number of them, or -1 if type or limits do not allow it.

        A negative number means its unsigned value, as for an address.
        """
        before = self.pages
        pages = self.at(pages)
        if before + pages > self._most_pages():
            return -1
        if self.size + pages * PAGE > self._reserved or not self.store.take_memory(pages * PAGE):
            self.store.refusals += 1
            return -1
        self.size += pages * PAGE
        return before

    def stop_growing(self) -> None:
        """Let the current size be the maximum from now on, as when an embedder has no more memory to give."""
        limits = self._limits
        self._limits = Limits(limits.minimum, self.pages, limits.address, limits.shared)

    def at(self, address: int) -> int:
        """An address as the module sees it: a negative one, as a host is given it, is its unsigned value.

        Raises ``TypeError`` or ``ValueError`` for what is not an address.
        """
        if address.__class__ is int and address >= 0:
            return address
        number = number_of(address, "an address or a size")
        return number if number >= 0 else ranged(number, 8 * self.address.size, f"{self.address} addresses")

    def check(self, address: int, count: int) -> None:
        """Trap unless ``count`` bytes at ``address`` exist; both unsigned."""
        if address < 0 or count < 0 or address + count > self.size:
            raise out_of_bounds_memory_access()

    def read(self, address: int, count: int) -> bytes:
        """``count`` bytes from ``address``, either of which may be negative (``at``). Raises ``Trap``."""
        address, count = self.at(address), self.at(count)
        self.check(address, count)
        return self.data[address : address + count]

    def write(self, address: int, data: bytes | bytearray | memoryview) -> None:
        """Put bytes at ``address``, which may be negative (``at``), all or none. Raises ``Trap``."""
        if not isinstance(data, (bytes, bytearray)):
            data = _bytes_of(data)
        address = self.at(address)
        self.check(address, len(data))
        self.data[address : address + len(data)] = data

    def snapshot(self) -> bytes:
        """All bytes that exist."""
        return self.data[: self.size]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.type}>"


def _bytes_of(data: object) -> bytes:
    try:
        return bytes(memoryview(data))  # type: ignore[arg-type]  # what has no buffer is refused by it
    except TypeError:
        raise TypeError(f"expected bytes for a memory, found {type(data).__name__}") from None
