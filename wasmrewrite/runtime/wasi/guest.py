"""The caller's memory as one call sees it: every pointer is checked, and what costs time costs fuel.

A pointer outside the memory, or one that is not aligned as its record demands, traps, as the interface's
documentation says it shall. Not here: what the bytes mean (``abi``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ...errors import Trap
from ..engine import Instance, Memory
from ..memory import MemoryInst
from ..store import Store
from ..traps import fuel_exhausted
from .abi import IOVEC, Errno, Layout, Refused

MOST_VECTORS: Final = 1024
MOST_BYTES: Final = 1 << 20
"""What one call reads or writes at most; a guest has to expect less than it asked for anyway."""
NO_MEMORY: Final = "WASI was called from a module without memory"
LONGEST_PATH: Final = 4096
_BYTES_PER_FUEL: Final = 64
_FUEL_PER_RECORD: Final = 8

Vector = tuple[int, int]
"""Address, length."""


class Guest:
    """``heard`` collects what the call was told through memory: paths, and data to write."""

    def __init__(self, memory: Memory, store: Store) -> None:
        self.memory = memory
        self.heard: list[bytes] = []
        self._store = store

    def pay(self, instructions: int) -> None:
        """Pay as for this many instructions. Raises ``Exhaustion``."""
        self._store.fuel_left -= instructions
        if self._store.fuel_left < 0:
            raise fuel_exhausted()

    def charge(self, size: int) -> None:
        """Pay for handling this many bytes, before they are handled. Raises ``Exhaustion``."""
        self.pay(size // _BYTES_PER_FUEL)

    def charge_records(self, count: int) -> None:
        """Pay for handling this many records in memory. Raises ``Exhaustion``."""
        self.pay(count * _FUEL_PER_RECORD)

    def check(self, layout: Layout, address: int, count: int = 1) -> None:
        """Trap unless ``count`` records can be at ``address``."""
        self.memory.check(address, layout.size * count)
        if address % layout.align:
            raise Trap("unaligned pointer")

    def get(self, layout: Layout, address: int) -> tuple[Any, ...]:
        """The fields of a record. Raises ``Trap``."""
        self.check(layout, address)
        return layout.fields.unpack_from(self.memory.data, address)

    def put(self, layout: Layout, address: int, *fields: int) -> None:
        """Write a record. Raises ``Trap``."""
        self.check(layout, address)
        self.memory.write(address, layout.fields.pack(*fields))

    def put_bytes(self, address: int, data: bytes | bytearray) -> None:
        """Write bytes. Raises ``Trap``."""
        self.charge(len(data))
        self.memory.write(address, data)

    def path(self, address: int, length: int) -> str:
        """A path. Raises ``Trap``, and ``Refused`` for what cannot be one."""
        self.memory.check(address, length)
        if length > LONGEST_PATH:
            raise Refused(Errno.NAMETOOLONG)
        data = self._told(address, length)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise Refused(Errno.ILSEQ) from None
        if "\0" in text:
            raise Refused(Errno.INVAL)
        return text

    def vectors(self, address: int, count: int) -> list[Vector]:
        """Where data lie, cut off at ``MOST_BYTES``. Raises ``Trap`` if any of it is outside, ``Refused``."""
        self.check(IOVEC, address, count)
        if count > MOST_VECTORS:
            raise Refused(Errno.INVAL)
        self.charge_records(count)
        found = [self.get(IOVEC, address + index * IOVEC.size) for index in range(count)]
        room = MOST_BYTES
        for index, (start, length) in enumerate(found):
            self.memory.check(start, length)
            found[index] = start, min(length, room)
            room -= min(length, room)
        return [(start, length) for start, length in found]

    def gather(self, vectors: Iterable[Vector]) -> bytes:
        """The data that vectors point to."""
        return b"".join(self._told(start, length) for start, length in vectors if length)

    def scatter(self, vectors: Iterable[Vector], data: bytes) -> None:
        """Put data where vectors point, as far as they reach."""
        at = 0
        for start, length in vectors:
            self.put_bytes(start, data[at : at + length])
            at += length

    def _told(self, address: int, length: int) -> bytes:
        self.charge(length)
        data = self.memory.read(address, length)
        self.heard.append(data)
        return data


def memory_of(instance: Instance) -> Memory:
    """The memory that pointers are meant for: the one exported as ``memory``, else the first. Traps without any."""
    exported = instance.exports.get("memory")
    if isinstance(exported, MemoryInst):
        return exported
    if not instance.memories:
        raise Trap(NO_MEMORY)
    return instance.memories[0]
