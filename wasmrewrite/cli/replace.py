"""Writing files so that nothing is ever half written: all or nothing, and never over an input before it was read.

A regular target is replaced by a finished temporary that lay beside it; what killed runs left of these is removed.
Pipes and devices are written only after everything else succeeded. Not here: standard output (``streams``).
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_TEMPORARY: Final = re.compile(r"\.wasmrewrite-([0-9]{1,10})-[0-9a-f]{16}\.tmp")
_STALE: Final = 600
"""Seconds; a process in another container, or on another machine that shares the folder, cannot be asked for."""
_MOST_ENTRIES: Final = 10_000
"""Of a folder, looked at for such files."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A finished temporary and the file it will become."""

    temporary: str
    target: str


def replace_files(outputs: Sequence[tuple[str, bytes]]) -> None:
    """Write every (path, contents); links are followed, modes kept, new files honour the umask.

    Raises ``OSError`` that names the target; then no regular target has changed unless replacing itself failed midway.
    """
    regular = [(path, data) for path, data in outputs if not is_special(path)]
    staged: list[_Staged] = []
    try:
        for path, data in regular:
            staged.append(_stage(path, data))
        while staged:
            os.replace(staged[0].temporary, staged[0].target)
            _settle(os.path.dirname(staged.pop(0).target))
    finally:
        for left in staged:
            with suppress(OSError):
                os.unlink(left.temporary)
    for path, data in outputs:
        if is_special(path):
            _fill(path, data)


def _fill(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as stream:
            stream.write(data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error


def is_special(path: str) -> bool:
    """Whether ``path`` exists and is neither a file nor a folder: a pipe, a device, a socket."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):  # the latter for a name that no file can have
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _stage(path: str, data: bytes) -> _Staged:
    _refuse_folder(path)
    target = os.path.realpath(path)
    mode = _mode_of(target)
    folder = os.path.dirname(target)
    _remove_stale(folder)
    temporary = os.path.join(folder, f".wasmrewrite-{os.getpid()}-{os.urandom(8).hex()}.tmp")
    try:
        descriptor = os.open(temporary, _NEW_FILE, 0o666)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if mode is not None:
                os.chmod(temporary, mode)
            os.fsync(stream.fileno())
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, path) from error
        raise
    return _Staged(temporary, target)


def _refuse_folder(path: str) -> None:
    """Raise ``OSError`` for a path that means a folder by how it is written: its last part would be left out."""
    if os.path.basename(path) in ("", os.curdir, os.pardir):
        code = errno.EISDIR if os.path.isdir(path) else errno.ENOTDIR
        raise OSError(code, os.strerror(code), path)


def _remove_stale(folder: str) -> None:
    """Remove temporaries of runs that were killed: their process is gone, and nothing was written to them for long."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_ENTRIES):
            name = _TEMPORARY.fullmatch(entry.name)
            if name is not None and not _is_running(int(name[1])):
                _remove_old(entry)


def _remove_old(entry: os.DirEntry[str]) -> None:
    with suppress(OSError):
        found = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > _STALE:
            os.unlink(entry.path)


def _is_running(process: int) -> bool:
    """Whether there is a process of this number here; where asking would end it, the age of a file has to do."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # somebody else's
    return True


def _mode_of(target: str) -> int | None:
    """The permission bits of a file that is there. Replacing needs no right to write to it; we want it all the same."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(21, "Is a directory", target)
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied", target)
    return stat.S_IMODE(mode)


def _settle(folder: str) -> None:
    """Make the new directory entry durable, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
