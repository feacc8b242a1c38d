"""What a program does with paths: the ``path_*`` functions. Every path starts from an open directory and stays in it.

Not here: how paths are followed (``files``).
"""

from __future__ import annotations

from .abi import (
    CREAT,
    DIRECTORY,
    EXCL,
    FD_WRITE,
    FDFLAGS,
    FILE_RIGHTS,
    OFLAGS,
    SYMLINK_FOLLOW,
    TRUNC,
    U32,
    Edition,
    Errno,
    Refused,
)
from .descriptors import OpenDirectory, OpenFile
from .fd_calls import put_filestat, set_times
from .files import Directory, File, Place, Symlink, resolve
from .guest import Guest
from .system import System


def _place(system: System, guest: Guest, fd: int, path: int, length: int, follow: int = 0) -> Place:
    """Where a path that lies in memory leads."""
    text = guest.path(path, length)
    return resolve(system.descriptors.directory(fd), text, bool(follow & SYMLINK_FOLLOW), guest.pay)


def path_create_directory(system: System, guest: Guest, fd: int, path: int, length: int) -> None:
    """Make a directory."""
    place = _place(system, guest, fd, path, length)
    place.vacant()
    system.tree.make_directory(place.parent, place.name)


def path_filestat_get(
    system: System, guest: Guest, edition: Edition, fd: int, flags: int, path: int, length: int, result: int
) -> None:
    """Size, times and so on."""
    guest.check(edition.filestat, result)
    put_filestat(guest, edition, result, _place(system, guest, fd, path, length, flags).existing())


def path_filestat_set_times(
    system: System, guest: Guest, fd: int, flags: int, path: int, length: int, accessed: int, modified: int, which: int
) -> None:
    """Other times."""
    set_times(system, _place(system, guest, fd, path, length, flags).existing(), accessed, modified, which)


def path_link(
    system: System, guest: Guest, fd: int, flags: int, path: int, length: int, new_fd: int, new: int, new_length: int
) -> None:
    """One more name for a file."""
    old = _place(system, guest, fd, path, length, flags)
    place = _place(system, guest, new_fd, new, new_length)
    node = old.existing()
    place.vacant()
    if isinstance(node, Directory):
        raise Refused(Errno.PERM)
    if place.slashed:
        raise Refused(Errno.NOENT)
    system.tree.link(place.parent, place.name, node)


def path_open(
    system: System, guest: Guest, fd: int, follow: int, path: int, length: int, how: int, rights: int,
    inheriting: int, flags: int, result: int,
) -> None:  # fmt: skip
    """Open a file or directory, or make the file."""
    guest.check(U32, result)
    if how & ~OFLAGS or flags & ~FDFLAGS or (how & CREAT and how & DIRECTORY):
        raise Refused(Errno.INVAL)
    fresh = how & CREAT and how & EXCL
    place = _place(system, guest, fd, path, length, 0 if fresh else follow)
    if fresh and place.node is not None:
        raise Refused(Errno.EXIST)
    allowed = system.descriptors.of(OpenDirectory, fd, Errno.NOTDIR).inheriting
    if isinstance(place.node, Directory):
        if rights & FD_WRITE or how & (CREAT | TRUNC):
            raise Refused(Errno.ISDIR)
        opened = OpenDirectory(place.node, inheriting=inheriting & allowed)
        opened.rights &= rights & allowed
        guest.put(U32, result, system.descriptors.add(opened))
        return
    if how & DIRECTORY and isinstance(place.node, File):
        raise Refused(Errno.NOTDIR)
    file = OpenFile(system.tree, _file(system, place, how), rights & allowed & FILE_RIGHTS, flags)
    number = system.descriptors.add(file)
    if how & TRUNC:
        system.tree.resize(file.file, 0)
    guest.put(U32, result, number)


def _file(system: System, place: Place, how: int) -> File:
    """The file at a place, made if that was asked for."""
    if isinstance(place.node, Symlink):
        raise Refused(Errno.LOOP)
    if isinstance(place.node, File):
        return place.node
    if not how & CREAT:
        raise Refused(Errno.NOENT)
    if place.slashed:
        raise Refused(Errno.ISDIR)
    place.vacant()
    return system.tree.make_file(place.parent, place.name)


def path_readlink(
    system: System, guest: Guest, fd: int, path: int, length: int, buffer: int, room: int, result: int
) -> None:
    """Where a link leads, cut off if it does not fit."""
    guest.memory.check(buffer, room)
    guest.check(U32, result)
    node = _place(system, guest, fd, path, length).existing()
    if not isinstance(node, Symlink):
        raise Refused(Errno.INVAL)
    target = node.target.encode()[:room]
    guest.put_bytes(buffer, target)
    guest.put(U32, result, len(target))


def path_remove_directory(system: System, guest: Guest, fd: int, path: int, length: int) -> None:
    """Remove an empty directory."""
    place = _place(system, guest, fd, path, length)
    node = place.existing()
    if not isinstance(node, Directory):
        raise Refused(Errno.NOTDIR)
    if not place.name:
        raise Refused(Errno.INVAL)
    if node.entries:
        raise Refused(Errno.NOTEMPTY)
    system.tree.remove(place.parent, place.name)


def path_rename(
    system: System, guest: Guest, fd: int, path: int, length: int, new_fd: int, new: int, new_length: int
) -> None:
    """Another name or place."""
    old = _place(system, guest, fd, path, length)
    system.tree.move(old, _place(system, guest, new_fd, new, new_length), guest.pay)


def path_symlink(system: System, guest: Guest, old: int, old_length: int, fd: int, path: int, length: int) -> None:
    """Make a link; what it leads to need not be there."""
    target = guest.path(old, old_length)
    place = _place(system, guest, fd, path, length)
    if not target:
        raise Refused(Errno.NOENT)
    if target.startswith("/"):
        raise Refused(Errno.PERM)
    place.vacant()
    if place.slashed:
        raise Refused(Errno.NOENT)
    system.tree.make_symlink(place.parent, place.name, target)


def path_unlink_file(system: System, guest: Guest, fd: int, path: int, length: int) -> None:
    """Remove a name of a file or link."""
    place = _place(system, guest, fd, path, length)
    if isinstance(place.existing(), Directory):
        raise Refused(Errno.ISDIR)
    system.tree.remove(place.parent, place.name)
