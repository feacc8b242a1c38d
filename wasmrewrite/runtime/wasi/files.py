"""Files in memory: all that a program can reach, within limits, and how paths are followed in it.

Nothing here knows of the host's files. No path leads out of the directory that it starts from: neither ``..`` nor an
absolute path nor a link. Not here: descriptors (``descriptors``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .abi import Errno, FileType, Refused

LONGEST_NAME: Final = 255
NAME_BYTES: Final = 16 << 20
"""What all names and targets of links may take together, unless it was said otherwise."""
_SPARSE: Final = 4
"""A directory that once had so many times its entries is put together anew, or listing it would go on for nothing."""
MOST_LINKS: Final = 40
"""Symbolic links followed on the way of one path."""
_FIRST_ENTRY: Final = 3
"""Cookies 1 and 2 belong to ``.`` and ``..``."""
_ZEROES: Final = 1 << 20
"""How many bytes a file is filled up with at once."""

Pay: TypeAlias = Callable[[int], None]
"""Takes fuel for as many instructions. Raises ``Exhaustion`` when there is none left."""


@dataclass(slots=True, eq=False)
class Node:
    """What all kinds have. ``links``: directory entries that lead here; times in nanoseconds."""

    inode: int
    accessed: int
    modified: int
    changed: int
    links: int = 0

    @property
    def type(self) -> FileType:
        """What kind this is."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """Bytes."""
        return 0


@dataclass(slots=True, eq=False)
class File(Node):
    """A regular file; ``opened`` counts descriptors."""

    data: bytearray = field(default_factory=bytearray)
    opened: int = 0

    @property
    def type(self) -> FileType:
        """A regular file."""
        return FileType.REGULAR_FILE

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)


@dataclass(slots=True, eq=False)
class Symlink(Node):
    """A symbolic link."""

    target: str = ""

    @property
    def type(self) -> FileType:
        """A symbolic link."""
        return FileType.SYMBOLIC_LINK

    @property
    def size(self) -> int:
        """The length of the target."""
        return len(self.target.encode())


@dataclass(slots=True, eq=False)
class Directory(Node):
    """A directory. ``entries`` are in the order they were made; each has a number that is never used again."""

    parent: Directory | None = None
    entries: dict[str, tuple[int, Node]] = field(default_factory=dict)
    _next: int = _FIRST_ENTRY
    _most: int = 0

    @property
    def type(self) -> FileType:
        """A directory."""
        return FileType.DIRECTORY

    @property
    def used(self) -> bool:
        """True if anything was ever entered here."""
        return self._next > _FIRST_ENTRY

    def get(self, name: str) -> Node | None:
        """What has this name here."""
        return self.entries.get(name, (0, None))[1]

    def put(self, name: str, node: Node) -> None:
        """Enter ``node`` as the last entry."""
        self.entries[name] = self._next, node
        self._next += 1
        self._most = max(self._most, len(self.entries))
        node.links += 1
        if isinstance(node, Directory):
            node.parent = self

    def take(self, name: str) -> Node:
        """Remove an entry, and return what it led to."""
        _, node = self.entries.pop(name)
        node.links -= 1
        if isinstance(node, Directory):
            node.parent = None  # a removed directory that is still open keeps no others
        if len(self.entries) * _SPARSE < self._most:
            self.entries = dict(self.entries)
            self._most = len(self.entries)
        return node

    def listing(self) -> Iterator[tuple[int, str, Node]]:
        """Number, name and node of every entry, ``.`` and ``..`` first."""
        yield 1, ".", self
        yield 2, "..", self
        for name, (number, node) in self.entries.items():
            yield number, name, node


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: ``node`` (None: nothing there yet) is ``name`` in ``parent``.

    The name is empty where the path ends in a directory by itself, as ``.`` does. ``slashed``: it ends in a slash.
    """

    parent: Directory
    name: str
    node: Node | None
    slashed: bool = False

    def existing(self) -> Node:
        """What is there. Raises ``Refused``."""
        if self.node is None:
            raise Refused(Errno.NOENT)
        return self.node

    def vacant(self) -> None:
        """Raise ``Refused`` unless something can be made here."""
        if self.node is not None:
            raise Refused(Errno.EXIST)
        if not self.parent.links:
            raise Refused(Errno.NOENT)


def resolve(base: Directory, path: str, follow: bool, pay: Pay) -> Place:
    """Walk ``path`` from ``base``; ``follow`` a link at its end too. Raises ``Refused``, and what ``pay`` raises.

    Each name costs as one instruction, those of links that are followed included.
    """
    if not path:
        raise Refused(Errno.NOENT)
    way = [base]
    waiting, slashed = _parts(path, pay)
    links = 0
    while waiting:
        name = waiting.pop()
        if name == "..":
            if len(way) == 1:
                raise Refused(Errno.PERM)
            way.pop()
        if name in ("", ".", ".."):
            continue
        if len(name.encode()) > LONGEST_NAME:
            raise Refused(Errno.NAMETOOLONG)
        node = way[-1].get(name)
        if isinstance(node, Symlink) and (waiting or follow or slashed):
            links += 1
            if links > MOST_LINKS:
                raise Refused(Errno.LOOP)
            parts, ends_in_slash = _parts(node.target, pay)
            slashed = slashed or (ends_in_slash and not waiting)
            waiting += parts
        elif not waiting:
            if slashed and node is not None and not isinstance(node, Directory):
                raise Refused(Errno.NOTDIR)
            return Place(way[-1], name, node, slashed)
        else:
            way.append(directory(node))
    return Place(way[-1], "", way[-1], slashed)


def _parts(path: str, pay: Pay) -> tuple[list[str], bool]:
    """The names of a path, last one first, and whether it ends in a slash. Raises ``Refused`` for absolute ones."""
    if path.startswith("/"):
        raise Refused(Errno.PERM)
    pay(path.count("/"))
    bare = path.rstrip("/")
    return bare.split("/")[::-1], bare != path


def directory(node: Node | None) -> Directory:
    """``node`` if it is a directory. Raises ``Refused``."""
    if node is None:
        raise Refused(Errno.NOENT)
    if not isinstance(node, Directory):
        raise Refused(Errno.NOTDIR)
    return node


class Tree:
    """All files of one program; ``now`` is its clock.

    ``bytes_left`` (of files), ``names_left`` (bytes of names and of what links lead to) and ``entries_left`` are what
    may still be added. Everything that adds raises ``Refused`` (NOSPC) when that is not enough.
    """

    def __init__(
        self, most_bytes: int, most_entries: int, now: Callable[[], int], most_name_bytes: int = NAME_BYTES
    ) -> None:
        self.bytes_left = most_bytes
        self.entries_left = most_entries
        self.names_left = most_name_bytes
        self._now = now
        self._inodes = 0

    def root(self) -> Directory:
        """A new directory that is in no other."""
        made = Directory(*self._born())
        made.links = 1
        return made

    def make_directory(self, parent: Directory, name: str) -> Directory:
        """A new directory."""
        made = Directory(*self._born())
        self._enter(parent, name, made)
        return made

    def make_file(self, parent: Directory, name: str, data: bytes = b"") -> File:
        """A new file."""
        made = File(*self._born())
        self._enter(parent, name, made)
        self.resize(made, len(data))
        made.data[:] = data
        return made

    def make_symlink(self, parent: Directory, name: str, target: str) -> Symlink:
        """A new symbolic link."""
        made = Symlink(*self._born(), target=target)
        self._enter(parent, name, made)
        return made

    def link(self, parent: Directory, name: str, node: Node) -> None:
        """One more entry for something that there is."""
        self._enter(parent, name, node)
        node.changed = self._now()

    def remove(self, parent: Directory, name: str) -> None:
        """Remove an entry; the contents go with the last link and the last descriptor."""
        node = parent.take(name)
        self.entries_left += 1
        self.names_left += len(name.encode())
        self._touch(parent)
        self.release(node)

    def release(self, node: Node) -> None:
        """Let go of the contents if nothing leads to them any more."""
        if isinstance(node, File) and not node.links and not node.opened:
            self.bytes_left += len(node.data)
            node.data = bytearray()
        elif isinstance(node, Symlink) and not node.links:
            self.names_left += node.size

    def move(self, source: Place, target: Place, pay: Pay) -> None:
        """Give an entry another name or place; what is there is replaced if it is of the same kind.

        Each directory on the way up costs as one instruction. Raises ``Refused``, and what ``pay`` raises.
        """
        if not source.name or not target.name:
            raise Refused(Errno.BUSY)
        node = source.existing()
        if target.node is node:
            return
        if isinstance(node, Directory) and _is_inside(target.parent, node, pay):
            raise Refused(Errno.INVAL)
        if isinstance(target.node, Directory) and _is_inside(source.parent, target.node, pay):
            raise Refused(Errno.NOTEMPTY)
        longer = len(target.name.encode()) - len(source.name.encode())
        if target.node is not None:
            _refuse_to_replace(target.node, node)
            self.remove(target.parent, target.name)
        elif target.slashed and not isinstance(node, Directory):
            raise Refused(Errno.NOTDIR)
        elif not target.parent.links:
            raise Refused(Errno.NOENT)
        if longer > self.names_left:
            raise Refused(Errno.NOSPC)
        self.names_left -= longer
        source.parent.take(source.name)
        target.parent.put(target.name, node)
        self._touch(source.parent)
        self._touch(target.parent)

    def resize(self, file: File, size: int) -> None:
        """Cut a file off, or fill it up with zeroes."""
        more = size - len(file.data)
        if more > self.bytes_left:
            raise Refused(Errno.NOSPC)
        self.bytes_left -= more
        if more < 0:
            del file.data[size:]
        else:
            for start in range(0, more, _ZEROES):
                file.data += bytes(min(_ZEROES, more - start))
        self._touch(file)

    def write(self, file: File, position: int, data: bytes) -> None:
        """Put data at ``position``, which may lie behind the end."""
        if not data:
            return
        if position + len(data) > len(file.data):
            self.resize(file, position + len(data))
        file.data[position : position + len(data)] = data
        self._touch(file)

    def _enter(self, parent: Directory, name: str, node: Node) -> None:
        size = len(name.encode()) + (node.size if isinstance(node, Symlink) and not node.links else 0)
        if not self.entries_left or size > self.names_left:
            raise Refused(Errno.NOSPC)
        self.entries_left -= 1
        self.names_left -= size
        parent.put(name, node)
        self._touch(parent)

    def _touch(self, node: Node) -> None:
        node.modified = node.changed = self._now()

    def _born(self) -> tuple[int, int, int, int]:
        self._inodes += 1
        now = self._now()
        return self._inodes, now, now, now


def _is_inside(inner: Directory, outer: Directory, pay: Pay) -> bool:
    """Whether a directory is another one, or lies somewhere in it."""
    above: Directory | None = inner
    while above is not None and above is not outer:
        pay(1)
        above = above.parent
    return above is not None


def _refuse_to_replace(there: Node, node: Node) -> None:
    if isinstance(there, Directory):
        if not isinstance(node, Directory):
            raise Refused(Errno.ISDIR)
        if there.entries:
            raise Refused(Errno.NOTEMPTY)
    elif isinstance(node, Directory):
        raise Refused(Errno.NOTDIR)
