"""Open descriptors: the standard streams, files and directories, behind the numbers that a program knows.

Not here: the files themselves (``files``), the functions that a program calls (``fd_calls``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final, TypeAlias, TypeVar

from .abi import (
    ALL_RIGHTS,
    APPEND,
    DIRECTORY_RIGHTS,
    FD_READ,
    FD_WRITE,
    STREAM_RIGHTS,
    Errno,
    FileType,
    Refused,
)
from .files import Directory, File, Node, Tree

FIRST_FREE: Final = 3
LARGEST_OFFSET: Final = 1 << 63

Sink: TypeAlias = Callable[[bytes], object]
"""Takes what the program writes."""
Feed: TypeAlias = Callable[[int], bytes]
"""Gives at most so many bytes of what the program reads, none at the end."""
MOST_AT_ONCE: Final = 1 << 20
"""Bytes that one read asks a ``Feed`` for, however many the program asks for."""


@dataclass(slots=True, eq=False)
class Descriptor:
    """What all kinds have: what may be done with it, and the flags it was opened with."""

    rights: int
    inheriting: int = 0
    flags: int = 0

    @property
    def type(self) -> FileType:
        """A terminal, so to speak: it can be neither seeked in nor told the place of."""
        return FileType.CHARACTER_DEVICE

    def readable(self) -> None:
        """Raise ``Refused`` unless reading is allowed."""
        if not self.rights & FD_READ:
            raise Refused(Errno.BADF)

    def writable(self) -> None:
        """Raise ``Refused`` unless writing is allowed."""
        if not self.rights & FD_WRITE:
            raise Refused(Errno.BADF)

    def read(self, count: int) -> bytes:
        """The next bytes, none at the end. Raises ``Refused``."""
        raise Refused(Errno.BADF)

    def write(self, data: bytes) -> int:
        """Write; how many bytes were taken. Raises ``Refused``."""
        raise Refused(Errno.BADF)

    def available(self) -> int:
        """Bytes that can be read at once."""
        return 0

    def close(self) -> None:
        """Let go of what this leads to."""


@dataclass(slots=True, eq=False)
class Input(Descriptor):
    """The standard input: bytes that were there from the start, or that ``feed`` has when they are asked for."""

    data: bytes = b""
    position: int = 0
    feed: Feed | None = None

    def read(self, count: int) -> bytes:
        """The next bytes."""
        self.readable()
        taken = self.data[self.position : self.position + count]
        self.position += len(taken)
        if taken or self.feed is None or not count:
            return taken
        taken = self.feed(min(count, MOST_AT_ONCE))
        if not taken:
            self.feed = None
        return taken

    def available(self) -> int:
        """What is left; of what has not been asked for, a byte, since looking could mean to wait."""
        return len(self.data) - self.position or int(self.feed is not None)


@dataclass(slots=True, eq=False)
class Output(Descriptor):
    """The standard output or error."""

    sink: Sink = bytes

    def write(self, data: bytes) -> int:
        """Hand it to the sink."""
        self.writable()
        self.sink(data)
        return len(data)


@dataclass(slots=True, eq=False)
class OpenNode(Descriptor):
    """A descriptor of something in the tree."""

    @property
    def node(self) -> Node:
        """What is open."""
        raise NotImplementedError

    @property
    def type(self) -> FileType:
        """What kind that is."""
        return self.node.type


class OpenFile(OpenNode):
    """A file, and the place in it where reading and writing go on."""

    __slots__ = ("_tree", "file", "position")

    def __init__(self, tree: Tree, file: File, rights: int, flags: int) -> None:
        super().__init__(rights, 0, flags)
        self._tree = tree
        self.file = file
        self.position = 0
        file.opened += 1

    @property
    def node(self) -> Node:
        """The file."""
        return self.file

    def read(self, count: int) -> bytes:
        """The next bytes."""
        data = self.read_at(self.position, count)
        self.position += len(data)
        return data

    def read_at(self, position: int, count: int) -> bytes:
        """Bytes from anywhere."""
        self.readable()
        return bytes(self.file.data[position : position + count])

    def write(self, data: bytes) -> int:
        """Write here, or at the end if the file was opened for appending."""
        if self.flags & APPEND:
            self.position = len(self.file.data)
        self.write_at(self.position, data)
        self.position += len(data)
        return len(data)

    def write_at(self, position: int, data: bytes) -> None:
        """Write anywhere."""
        self.writable()
        if position + len(data) > LARGEST_OFFSET:
            raise Refused(Errno.FBIG)
        self._tree.write(self.file, position, data)

    def resize(self, size: int) -> None:
        """Cut off or fill up."""
        self.writable()
        if size > LARGEST_OFFSET:
            raise Refused(Errno.FBIG)
        self._tree.resize(self.file, size)

    def available(self) -> int:
        """What lies behind the place."""
        return max(0, len(self.file.data) - self.position)

    def close(self) -> None:
        """Let go of the file."""
        self.file.opened -= 1
        self._tree.release(self.file)


class OpenDirectory(OpenNode):
    """A directory; ``name`` is what the program was told that it is called, None if it opened it itself."""

    __slots__ = ("directory", "name")

    def __init__(self, directory: Directory, name: bytes | None = None, inheriting: int = ALL_RIGHTS) -> None:
        super().__init__(DIRECTORY_RIGHTS, inheriting)
        self.directory = directory
        self.name = name

    @property
    def node(self) -> Node:
        """The directory."""
        return self.directory


def _input(stdin: bytes | Feed) -> Input:
    rights = STREAM_RIGHTS | FD_READ
    return Input(rights, feed=stdin) if callable(stdin) else Input(rights, data=stdin)


Kind = TypeVar("Kind", bound=Descriptor)


class Descriptors:
    """Descriptors by number; at most ``most`` of them."""

    def __init__(self, stdin: bytes | Feed, stdout: Sink, stderr: Sink, most: int) -> None:
        self._most = most
        self._free = list(range(FIRST_FREE, most + FIRST_FREE))  # a heap
        self._open: dict[int, Descriptor] = {
            0: _input(stdin),
            1: Output(STREAM_RIGHTS | FD_WRITE, sink=stdout),
            2: Output(STREAM_RIGHTS | FD_WRITE, sink=stderr),
        }

    def add(self, made: Descriptor) -> int:
        """Give a descriptor the lowest free number. Raises ``Refused``."""
        if len(self._open) >= self._most:
            made.close()
            raise Refused(Errno.MFILE)
        number = heappop(self._free)
        self._open[number] = made
        return number

    def get(self, number: int) -> Descriptor:
        """Any descriptor. Raises ``Refused``."""
        found = self._open.get(number)
        if found is None:
            raise Refused(Errno.BADF)
        return found

    def of(self, kind: type[Kind], number: int, otherwise: Errno = Errno.BADF) -> Kind:
        """A descriptor of one kind. Raises ``Refused``: BADF if there is none, else ``otherwise``."""
        found = self.get(number)
        if not isinstance(found, kind):
            raise Refused(otherwise)
        return found

    def file(self, number: int) -> OpenFile:
        """A file. Raises ``Refused``: SPIPE for a stream, BADF for a directory."""
        directory = isinstance(self.get(number), OpenDirectory)
        return self.of(OpenFile, number, Errno.BADF if directory else Errno.SPIPE)

    def directory(self, number: int) -> Directory:
        """A directory that paths can start from. Raises ``Refused``."""
        return self.of(OpenDirectory, number, Errno.NOTDIR).directory

    def close(self, number: int) -> None:
        """Close. Raises ``Refused``."""
        self.get(number)
        self._open.pop(number).close()
        self._release(number)

    def renumber(self, number: int, to: int) -> None:
        """Let ``to`` be what ``number`` was; both must be open. Raises ``Refused``."""
        self.get(number)
        self.get(to)
        if number != to:
            self._open.pop(to).close()
            self._open[to] = self._open.pop(number)
            self._release(number)

    def _release(self, number: int) -> None:
        # The standard streams' numbers are not given away.
        if number >= FIRST_FREE:
            heappush(self._free, number)
