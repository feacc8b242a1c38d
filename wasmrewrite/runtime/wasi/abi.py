"""The binary interface of WASI preview 1: error numbers, flags, and how records lie in the guest's memory.

Each record is described here once, for both directions. Not here: what the functions do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Final

from ...errors import WasmError


class Errno(IntEnum):
    """The error numbers that these functions answer with."""

    SUCCESS = 0
    BADF = 8
    BUSY = 10
    EXIST = 20
    FBIG = 22
    ILSEQ = 25
    INVAL = 28
    ISDIR = 31
    LOOP = 32
    MFILE = 33
    NAMETOOLONG = 37
    NOENT = 44
    NOSPC = 51
    NOTDIR = 54
    NOTEMPTY = 55
    NOTSOCK = 57
    NOTSUP = 58
    PERM = 63
    SPIPE = 70
    NOTCAPABLE = 76


class Refused(WasmError):
    """What a function answers when it cannot do what it was asked; ``errno`` is what the program is told."""

    kind = "refused"

    def __init__(self, errno: Errno) -> None:
        super().__init__(errno.name)
        self.errno = errno


class ProcExit(WasmError):
    """The program ended itself with ``code``, an unsigned 32-bit number. Not a trap: nothing went wrong."""

    kind = "exit"

    def __init__(self, code: int) -> None:
        super().__init__(f"the program ended with code {code}")
        self.code = code


class FileType(IntEnum):
    """What a descriptor or a directory entry is."""

    CHARACTER_DEVICE = 2
    DIRECTORY = 3
    REGULAR_FILE = 4
    SYMBOLIC_LINK = 7


class Clock(IntEnum):
    """The clocks there are."""

    REALTIME = 0
    MONOTONIC = 1
    PROCESS_CPUTIME = 2
    THREAD_CPUTIME = 3


class EventType(IntEnum):
    """What a subscription waits for."""

    CLOCK = 0
    FD_READ = 1
    FD_WRITE = 2


FD_READ: Final = 1 << 1
FD_SEEK: Final = 1 << 2
FD_TELL: Final = 1 << 5
FD_WRITE: Final = 1 << 6
FILE_RIGHTS: Final = sum(1 << bit for bit in (*range(9), 21, 22, 23, 27))
DIRECTORY_RIGHTS: Final = sum(1 << bit for bit in (*range(9, 19), 20, 21, 23, 24, 25, 26))
ALL_RIGHTS: Final = FILE_RIGHTS | DIRECTORY_RIGHTS
STREAM_RIGHTS: Final = FILE_RIGHTS & ~(FD_READ | FD_WRITE | FD_SEEK | FD_TELL)

APPEND: Final = 1
FDFLAGS: Final = 0x1F
SYMLINK_FOLLOW: Final = 1
CREAT: Final = 1
DIRECTORY: Final = 2
EXCL: Final = 4
TRUNC: Final = 8
OFLAGS: Final = 15
SET_ATIM: Final = 1
SET_ATIM_NOW: Final = 2
SET_MTIM: Final = 4
SET_MTIM_NOW: Final = 8
ABSTIME: Final = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """A record: its fields in the notation of ``struct``, and the alignment that a pointer to it must have."""

    fields: Struct
    align: int

    @property
    def size(self) -> int:
        """Bytes, padding included."""
        return self.fields.size


def _layout(fields: str, align: int) -> Layout:
    return Layout(Struct(f"<{fields}"), align)


U32: Final = _layout("I", 4)
"""A size, pointer or descriptor."""
U64: Final = _layout("Q", 8)
"""A time stamp or file offset."""
IOVEC: Final = _layout("II", 4)
"""Address, length."""
PRESTAT: Final = _layout("B3xI", 4)
"""Tag (0: a directory), length of its name."""
FDSTAT: Final = _layout("BxH4xQQ", 8)
"""File type, flags, rights, inheriting rights."""
DIRENT: Final = _layout("QQIB3x", 8)
"""Cookie of the next entry, inode, length of the name, file type."""
EVENT: Final = _layout("QHB5xQH6x", 8)
"""User data, error, event type, bytes available, flags."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What the two editions of preview 1 lay out or number differently.

    ``filestat``: device, inode, file type, links, size, times of access, modification, change. ``on_clock``: user
    data, event type, clock, time, precision, flags. ``on_fd``: user data, event type, descriptor. ``whence``: what
    a seek starts from, by number.
    """

    module: str
    filestat: Layout
    on_clock: Layout
    on_fd: Layout
    whence: tuple[str, str, str]


PREVIEW1: Final = Edition(
    "wasi_snapshot_preview1",
    _layout("QQB7xQQQQQ", 8),
    _layout("QB7xI4xQQH6x", 8),
    _layout("QB7xI28x", 8),
    ("start", "current", "end"),
)
UNSTABLE: Final = Edition(
    "wasi_unstable",
    _layout("QQB3xIQQQQ", 8),
    _layout("QB7x8xI4xQQH6x", 8),
    _layout("QB7xI36x", 8),
    ("current", "end", "start"),
)
EDITIONS: Final = (PREVIEW1, UNSTABLE)
