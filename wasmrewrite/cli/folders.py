"""Copying folders into a program's files, and back. The program itself only ever sees the copy.

Links are copied as links and never followed, in either direction, so nothing outside a folder is read or written. Not
here: the files of a program (``runtime.wasi``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from ..escape import quoted
from ..runtime.wasi import Directory, File, Refused, Symlink, Tree
from .completion import folders
from .streams import write_all

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class Shared:
    """A folder here and its name there, ``HOST::GUEST``."""

    host: str
    guest: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The names on the way to the folder there; the same for ``a``, ``./a``, ``a/`` and ``/a``, which are one
        folder to C libraries of WASI.
        """
        return PurePosixPath("/", self.guest).parts[1:]


class SharedFolder(click.ParamType[Shared]):
    """Reads ``HOST::GUEST``, or a path that both sides have."""

    name = "shared folder"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Folders here."""
        return folders(incomplete)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Shared:
        """Read one. Fails with a usage error."""
        host, colons, guest = str(value).rpartition("::")
        if not colons:
            host, guest = str(value), str(value).replace(os.sep, "/")
        if not host or not guest:
            self.fail(f"{quoted(str(value))} is not of the form HOST::GUEST or PATH", param, ctx)
        return Shared(host, guest)


def copy_in(tree: Tree, folder: Directory, host: str) -> None:
    """Copy everything in the folder ``host``. Raises ``OSError``, ``click.UsageError`` for what cannot be copied."""
    waiting = [(folder, host)]
    while waiting:
        into, path = waiting.pop()
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        try:
            waiting += list(_copy_entries(tree, into, found))
        except Refused:
            raise click.UsageError(f"{quoted(host)} holds more than a program is given here") from None


def _copy_entries(tree: Tree, into: Directory, entries: list[os.DirEntry[str]]) -> Iterator[tuple[Directory, str]]:
    """Copy files and links; the folders among ``entries``, made but still empty, with their paths."""
    for entry in entries:
        name = _as_utf8(entry.name)
        if entry.is_symlink():
            tree.make_symlink(into, name, _as_utf8(os.readlink(entry.path)))
        elif entry.is_dir(follow_symlinks=False):
            yield tree.make_directory(into, name), entry.path
        elif entry.is_file(follow_symlinks=False):
            with open(entry.path, "rb") as stream:
                # One byte more than fits is enough to be refused.
                tree.make_file(into, name, stream.read(tree.bytes_left + 1))
        else:
            raise click.UsageError(f"{quoted(entry.path)} is neither a file nor a folder nor a link")


def _as_utf8(name: str) -> str:
    try:
        return os.fsencode(name).decode()
    except UnicodeDecodeError:
        raise click.UsageError(f"{quoted(name)} is no name in UTF-8") from None


def _left_out(link: Symlink, target: str) -> list[str]:
    """What to say of a link: nothing if the same one is there."""
    if os.path.islink(target) and _as_utf8(os.readlink(target)) == link.target:
        return []
    return [f"note: {quoted(target)} is a link and was not written back"]


def copy_out(folder: Directory, host: str) -> list[str]:
    """Write files that are new or differ into the folder ``host``; nothing is removed. What was left out, as lines.

    Raises ``OSError``, and ``click.UsageError`` where a link or another kind of thing is in the way.
    """
    os.makedirs(host, exist_ok=True)
    outputs: list[tuple[str, bytes]] = []
    notes: list[str] = []
    waiting = [(folder, host)]
    while waiting:
        directory, path = waiting.pop()
        for name, (_, node) in directory.entries.items():
            target = os.path.join(path, _plain(name))
            if isinstance(node, Symlink):
                notes.extend(_left_out(node, target))
                continue
            _refuse_link(target)
            if isinstance(node, Directory):
                _make_folder(target)
                waiting.append((node, target))
            elif isinstance(node, File) and _differs(target, node.data):
                outputs.append((target, bytes(node.data)))
    write_all(outputs)
    return notes


def _plain(name: str) -> str:
    """``name`` if it is a name on this system too, where other characters may separate folders."""
    if os.path.basename(name) != name or os.path.splitdrive(name)[0]:
        raise click.UsageError(f"{quoted(name)} cannot be the name of a file here")
    return name


def _refuse_link(path: str) -> None:
    if os.path.islink(path):
        raise click.UsageError(f"{quoted(path)} is a link; what the program has in its place is not written through it")


def _make_folder(path: str) -> None:
    if not os.path.isdir(path):
        os.mkdir(path)


def _differs(path: str, data: bytearray) -> bool:
    if os.path.exists(path) and not os.path.isfile(path):
        raise click.UsageError(f"{quoted(path)} is no file, and the program has one in its place")
    try:
        with open(path, "rb") as stream:
            return stream.read(len(data) + 1) != data
    except FileNotFoundError:
        return True
