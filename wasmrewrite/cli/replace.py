"""Writing files so that nothing is ever half written: all or nothing, and never over an input before it was read.

A regular target is replaced by a finished temporary that lay beside it. Pipes and devices are written only after
everything else succeeded. Not here: standard output (``streams``).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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
            with open(path, "wb") as stream:
                stream.write(data)


def is_special(path: str) -> bool:
    """Whether ``path`` exists and is neither a file nor a folder: a pipe, a device, a socket."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _stage(path: str, data: bytes) -> _Staged:
    target = os.path.realpath(path)
    mode = _mode_of(target)
    temporary = os.path.join(os.path.dirname(target), f".wasmrewrite-{os.urandom(8).hex()}.tmp")
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
