"""A program's world that tests call into as a module would, with a memory of one page."""

from __future__ import annotations

import pytest

from wasmrewrite.isa.types import Limits, MemoryType
from wasmrewrite.runtime.memory import MemoryInst
from wasmrewrite.runtime.store import Store, StoreLimits
from wasmrewrite.runtime.wasi import BY_NAME, Wasi, WasiLimits
from wasmrewrite.runtime.wasi.abi import PREVIEW1, Errno
from wasmrewrite.runtime.wasi.files import Directory
from wasmrewrite.runtime.wasi.guest import Guest

LIMITS = WasiLimits(file_bytes=10_000, entries=20, descriptors=10, output_bytes=100)
FOLDER = 3
"""The descriptor of the one folder."""


class Calls:
    """``call`` calls a function; results lie in ``memory``."""

    def __init__(self) -> None:
        self.store = Store(StoreLimits(fuel=1_000_000))
        self.memory = MemoryInst(self.store, MemoryType(Limits(1)))
        self.wasi = Wasi(["name", "one"], {"A": "1"}, stdin=b"0123456789", seed=1, limits=LIMITS)
        self.folder: Directory = self.wasi.folder("/here")
        self.guest = Guest(self.memory, self.store)

    def call(self, name: str, *args: int, module: str = PREVIEW1.module) -> Errno:
        """Call; the error number."""
        self.guest = Guest(self.memory, self.store)
        return Errno(self.wasi.perform(BY_NAME[module, name], self.guest, args)[0])

    def number(self, address: int, size: int = 4) -> int:
        """A number in memory."""
        return int.from_bytes(self.memory.read(address, size), "little")

    def text(self, text: str, address: int = 0) -> tuple[int, int]:
        """Put text into memory; address and length."""
        self.memory.write(address, text.encode())
        return address, len(text.encode())

    def vector(self, address: int, length: int, at: int = 512) -> tuple[int, int]:
        """Put one vector into memory; its address and how many there are."""
        self.memory.write(at, address.to_bytes(4, "little") + length.to_bytes(4, "little"))
        return at, 1

    def open(self, path: str, how: int = 0, rights: int = 0x7F) -> int:
        """Open a path in the folder; the descriptor."""
        assert self.call("path_open", FOLDER, 1, *self.text(path), how, rights, 0, 0, 256) is Errno.SUCCESS
        return self.number(256)


@pytest.fixture
def calls() -> Calls:
    return Calls()
