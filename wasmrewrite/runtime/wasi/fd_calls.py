"""What a program does with descriptors: the ``fd_*`` functions.

Not here: paths (``path_calls``).
"""

from __future__ import annotations

from typing import Final

from .abi import (
    DIRENT,
    FDFLAGS,
    FDSTAT,
    PRESTAT,
    SET_ATIM,
    SET_ATIM_NOW,
    SET_MTIM,
    SET_MTIM_NOW,
    U32,
    U64,
    Edition,
    Errno,
    Refused,
)
from .descriptors import LARGEST_OFFSET, Descriptor, OpenDirectory, OpenFile, OpenNode
from .files import Node
from .guest import Guest
from .system import System

_DIRENT_ESTIMATE: Final = 8
_LAST_ADVICE: Final = 5


def fd_advise(system: System, guest: Guest, fd: int, offset: int, length: int, advice: int) -> None:
    """Advice is not needed."""
    system.descriptors.of(OpenFile, fd)
    if advice > _LAST_ADVICE:
        raise Refused(Errno.INVAL)


def fd_allocate(system: System, guest: Guest, fd: int, offset: int, length: int) -> None:
    """Make a file at least so long."""
    file = system.descriptors.of(OpenFile, fd)
    size = max(len(file.file.data), offset + length)
    guest.charge(min(size - len(file.file.data), system.tree.bytes_left))
    file.resize(size)


def fd_close(system: System, guest: Guest, fd: int) -> None:
    """Close."""
    system.descriptors.close(fd)


def fd_sync(system: System, guest: Guest, fd: int) -> None:
    """Everything is where it belongs at once; ``fd_datasync`` is the same."""
    system.descriptors.get(fd)


def fd_fdstat_get(system: System, guest: Guest, fd: int, result: int) -> None:
    """What a descriptor is, and what may be done with it."""
    guest.check(FDSTAT, result)
    found = system.descriptors.get(fd)
    guest.put(FDSTAT, result, found.type, found.flags, found.rights, found.inheriting)


def fd_fdstat_set_flags(system: System, guest: Guest, fd: int, flags: int) -> None:
    """Other flags, such as for appending."""
    found = system.descriptors.of(OpenFile, fd)
    if flags & ~FDFLAGS:
        raise Refused(Errno.INVAL)
    found.flags = flags


def fd_fdstat_set_rights(system: System, guest: Guest, fd: int, rights: int, inheriting: int) -> None:
    """Fewer rights; more are not to be had."""
    found = system.descriptors.get(fd)
    if rights & ~found.rights or inheriting & ~found.inheriting:
        raise Refused(Errno.NOTCAPABLE)
    found.rights, found.inheriting = rights, inheriting


def fd_filestat_get(system: System, guest: Guest, edition: Edition, fd: int, result: int) -> None:
    """Size, times and so on."""
    guest.check(edition.filestat, result)
    found = system.descriptors.get(fd)
    if isinstance(found, OpenNode):
        put_filestat(guest, edition, result, found.node)
    else:
        guest.put(edition.filestat, result, 0, 0, found.type, 0, 0, 0, 0, 0)


def put_filestat(guest: Guest, edition: Edition, result: int, node: Node) -> None:
    """Tell about a node; all are on device 1."""
    times = node.accessed, node.modified, node.changed
    guest.put(edition.filestat, result, 1, node.inode, node.type, node.links, node.size, *times)


def fd_filestat_set_size(system: System, guest: Guest, fd: int, size: int) -> None:
    """Cut off, or fill up with zeroes."""
    file = system.descriptors.file(fd)
    guest.charge(min(size, system.tree.bytes_left))
    file.resize(size)


def fd_filestat_set_times(system: System, guest: Guest, fd: int, accessed: int, modified: int, flags: int) -> None:
    """Other times."""
    set_times(system, system.descriptors.of(OpenNode, fd).node, accessed, modified, flags)


def set_times(system: System, node: Node, accessed: int, modified: int, flags: int) -> None:
    """Set what ``flags`` ask for. Raises ``Refused``."""
    both = (flags & SET_ATIM and flags & SET_ATIM_NOW) or (flags & SET_MTIM and flags & SET_MTIM_NOW)
    if both or flags & ~(SET_ATIM | SET_ATIM_NOW | SET_MTIM | SET_MTIM_NOW):
        raise Refused(Errno.INVAL)
    now = system.time.now
    if flags & (SET_ATIM | SET_ATIM_NOW):
        node.accessed = accessed if flags & SET_ATIM else now
    if flags & (SET_MTIM | SET_MTIM_NOW):
        node.modified = modified if flags & SET_MTIM else now
    node.changed = now


def fd_read(system: System, guest: Guest, fd: int, vectors: int, count: int, result: int) -> None:
    """Read where the last read ended."""
    guest.check(U32, result)
    found = guest.vectors(vectors, count)
    data = system.descriptors.get(fd).read(sum(length for _, length in found))
    guest.scatter(found, data)
    guest.put(U32, result, len(data))


def fd_pread(system: System, guest: Guest, fd: int, vectors: int, count: int, offset: int, result: int) -> None:
    """Read anywhere."""
    guest.check(U32, result)
    found = guest.vectors(vectors, count)
    data = system.descriptors.file(fd).read_at(offset, sum(length for _, length in found))
    guest.scatter(found, data)
    guest.put(U32, result, len(data))


def fd_write(system: System, guest: Guest, fd: int, vectors: int, count: int, result: int) -> None:
    """Write where the last write ended."""
    guest.check(U32, result)
    found = guest.vectors(vectors, count)
    descriptor = system.descriptors.get(fd)
    _charge_gap(system, guest, descriptor)
    guest.put(U32, result, descriptor.write(guest.gather(found)))


def fd_pwrite(system: System, guest: Guest, fd: int, vectors: int, count: int, offset: int, result: int) -> None:
    """Write anywhere."""
    guest.check(U32, result)
    found = guest.vectors(vectors, count)
    file = system.descriptors.file(fd)
    _charge_gap(system, guest, file, offset)
    data = guest.gather(found)
    file.write_at(offset, data)
    guest.put(U32, result, len(data))


def _charge_gap(system: System, guest: Guest, descriptor: Descriptor, offset: int | None = None) -> None:
    """Zeroes between the end of a file and what is written behind it cost like data."""
    if isinstance(descriptor, OpenFile):
        position = descriptor.position if offset is None else offset
        guest.charge(max(0, min(position - len(descriptor.file.data), system.tree.bytes_left)))


def fd_prestat_get(system: System, guest: Guest, fd: int, result: int) -> None:
    """Whether a directory was open from the start, and how long its name is."""
    guest.check(PRESTAT, result)
    guest.put(PRESTAT, result, 0, len(_name(system, fd)))


def fd_prestat_dir_name(system: System, guest: Guest, fd: int, buffer: int, length: int) -> None:
    """The name of a directory that was open from the start."""
    guest.memory.check(buffer, length)
    system.descriptors.directory(fd)
    name = _name(system, fd)
    if length < len(name):
        raise Refused(Errno.NAMETOOLONG)
    guest.put_bytes(buffer, name)


def _name(system: System, fd: int) -> bytes:
    name = system.descriptors.of(OpenDirectory, fd).name
    if name is None:
        raise Refused(Errno.BADF)
    return name


def fd_readdir(system: System, guest: Guest, fd: int, buffer: int, length: int, cookie: int, result: int) -> None:
    """Entries after the one with number ``cookie``, as many as fit; the last one may be cut off."""
    guest.check(U32, result)
    guest.memory.check(buffer, length)
    directory = system.descriptors.of(OpenDirectory, fd).directory
    guest.charge(len(directory.entries) * _DIRENT_ESTIMATE)
    data = bytearray()
    for number, name, node in directory.listing():
        if len(data) >= length:
            break
        if number > cookie:
            encoded = name.encode()
            guest.charge_records(1)
            data += DIRENT.fields.pack(number, node.inode, len(encoded), node.type) + encoded
    guest.put_bytes(buffer, data[:length])
    guest.put(U32, result, min(len(data), length))


def fd_renumber(system: System, guest: Guest, fd: int, to: int) -> None:
    """Let one descriptor take the place of another."""
    system.descriptors.renumber(fd, to)


def fd_seek(system: System, guest: Guest, edition: Edition, fd: int, offset: int, whence: int, result: int) -> None:
    """Go on elsewhere in a file."""
    guest.check(U64, result)
    file = system.descriptors.file(fd)
    if whence >= len(edition.whence):
        raise Refused(Errno.INVAL)
    signed = offset - (offset >> 63 << 64)
    starts = {"start": 0, "current": file.position, "end": len(file.file.data)}
    position = starts[edition.whence[whence]] + signed
    if not 0 <= position < LARGEST_OFFSET:
        raise Refused(Errno.INVAL)
    file.position = position
    guest.put(U64, result, position)


def fd_tell(system: System, guest: Guest, fd: int, result: int) -> None:
    """Where reading goes on."""
    guest.check(U64, result)
    guest.put(U64, result, system.descriptors.file(fd).position)
