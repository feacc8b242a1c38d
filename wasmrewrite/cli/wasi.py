"""The world that ``run`` gives a module which imports from WASI. Not here: what that world does (``runtime.wasi``)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import click

from ..errors import Exhaustion, Trap
from ..escape import quoted
from ..isa.types import func_type
from ..messages import incompatible_import_type
from ..model import Func, Import, Module
from ..runtime.wasi import BY_NAME, MODULES, Directory, Node, ProcExit, Refused, Wasi, find
from .folders import Shared, copy_in, copy_out
from .streams import STANDARD, naming, opened

_OPTIONS = ("dir", "copy_out", "env", "stdin")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A folder to write when the program has ended: ``host`` here, ``guest`` there, found from ``root`` along ``way``.

    ``offered``: the folder is only there because it is to be written; the program may have made nothing of it.
    """

    host: str
    guest: str
    root: Directory
    way: tuple[str, ...] = ()
    offered: bool = False

    def directory(self) -> Directory:
        """The folder. Raises ``click.UsageError`` if there is none, or nothing was ever put into it."""
        node: Node | None = self.root
        for name in self.way:
            node = node.get(name) if isinstance(node, Directory) else None
        if not isinstance(node, Directory) or (self.offered and not node.used):
            raise click.UsageError(f"the program has no folder {quoted(self.guest)} to write to {quoted(self.host)}")
        return node


@dataclass(slots=True)
class World:
    """A program's world, and the folders that are written when it has ended."""

    wasi: Wasi
    written: Sequence[Outgoing]
    collects: bool
    source: BinaryIO

    @contextmanager
    def written_back(self, found: dict[str, Any]) -> Iterator[None]:
        """Run a program inside: what it printed, if collected, goes to ``found``, and folders are written back.

        A trap is an end like others. Where a limit or a mistake stopped the program, folders stay as they are. Raises
        ``OSError``, and ``click.UsageError`` where a folder is not there; of a program that trapped this is only said.
        """
        try:
            yield
        except Exhaustion:
            raise
        except Trap:
            try:
                self._write_back()
            except click.UsageError as error:
                print(f"note: {error.message}", file=sys.stderr)
            raise
        except ProcExit:
            self._write_back()
            raise
        else:
            self._write_back()
        finally:
            if self.source is not sys.stdin.buffer:
                self.source.close()
            if self.collects:
                found["stdout"], found["stderr"] = map(_text, (self.wasi.output, self.wasi.errors))

    def _write_back(self) -> None:
        """Write folders, all or none of which have to be there."""
        folders = [(each.directory(), each.host) for each in self.written]
        for folder, host in folders:
            for note in copy_out(folder, host):
                print(note, file=sys.stderr)


def _text(data: bytearray) -> str:
    return data.decode("utf-8", "backslashreplace")


def imports_wasi(module: Module) -> bool:
    """Whether the module imports anything from WASI."""
    return any(origin.module in MODULES for _, origin in _functions(module))


def _functions(module: Module) -> Iterator[tuple[Func, Import]]:
    for item in module.imports:
        if isinstance(item, Func) and isinstance(item.origin, Import):
            yield item, item.origin


def refuse_other_types(module: Module) -> None:
    """Raise ``LinkError`` if a function of WASI is imported with another type than it has."""
    for item, origin in _functions(module):
        given = BY_NAME.get((origin.module, origin.name))
        of = func_type(item.type)
        if given is not None and find(origin.module, origin.name, of) is None:
            raise incompatible_import_type(origin.module, origin.name, f"function of type {given.type} instead of {of}")


def make_world(module: Module, path: str, arguments: Sequence[str], settings: dict[str, Any]) -> World | None:
    """The world for a module, None if it does not ask for one. Raises ``OSError``, ``click.UsageError``."""
    if not imports_wasi(module):
        for name in _OPTIONS:
            if settings[name]:
                raise click.UsageError(f"--{name.replace('_', '-')} is for modules that import from WASI")
        return None
    collects = bool(settings["collect"])
    source = _source(settings["stdin"])
    name = "-" if path == STANDARD else os.path.basename(path)
    wasi = Wasi(
        [name, *arguments],
        dict(_variable(text) for text in settings["env"]),
        stdin=_feed(source, settings["stdin"] or STANDARD),
        stdout=None if collects else _writer("stdout"),
        stderr=None if collects else _writer("stderr"),
        seed=settings["host_seed"] or 0,
    )
    return World(wasi, _share(wasi, settings["dir"], settings["copy_out"]), collects, source)


def _source(path: str | None) -> BinaryIO:
    """Where a program's standard input comes from. Raises ``OSError``, ``click.UsageError``."""
    return sys.stdin.buffer if path in (None, STANDARD) else opened(path)


def _feed(source: BinaryIO, name: str) -> Callable[[int], bytes]:
    """Gives up to so many bytes: of a terminal, what has been typed; else fewer at the end only, so that what a program
    reads does not depend on when the bytes come. Nothing is read before the program wants it: there may be no end.
    """

    def feed(count: int) -> bytes:
        with naming(name):
            if isinstance(source, io.BufferedReader) and source.isatty():
                return source.read1(count)
            return source.read(count)

    return feed


def _share(wasi: Wasi, incoming: Sequence[Shared], outgoing: Sequence[Shared]) -> list[Outgoing]:
    """Copy folders in; those that are to be written later."""
    folders: dict[tuple[str, ...], Directory] = {}
    for shared in incoming:
        if shared.parts in folders:
            raise click.UsageError(f"two folders are called {quoted(shared.guest)}")
        folders[shared.parts] = _folder(wasi, shared.guest)
        copy_in(wasi.tree, folders[shared.parts], shared.host)
    given = dict(folders)
    written = []
    for shared in outgoing:
        around = _around(shared.parts, given)
        if around is None and shared.parts not in folders:
            folders[shared.parts] = _folder(wasi, shared.guest)
        way = shared.parts if around is None else around
        root, rest = folders[way], shared.parts[len(way) :]
        written.append(Outgoing(shared.host, shared.guest, root, rest, offered=around is None))
    return written


def _around(parts: tuple[str, ...], given: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The innermost of the ``given`` folders that ``parts`` leads into, None if none does."""
    return max((each for each in given if parts[: len(each)] == each), key=len, default=None)


def _folder(wasi: Wasi, name: str) -> Directory:
    try:
        return wasi.folder(name)
    except Refused:
        raise click.UsageError("more folders than a program can have open") from None


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise click.UsageError(f"{quoted(text)} is not of the form NAME=VALUE")
    return name, value


def _writer(stream: str) -> Callable[[bytes], None]:
    """Writes to a standard stream at once, so that both keep their order."""

    def write(data: bytes) -> None:
        target = getattr(sys, stream)
        target.flush()
        target.buffer.write(data)
        target.buffer.flush()

    return write


def exit_code(code: int) -> int:
    """The code for this process: the low eight bits, but no failure becomes a success."""
    return code & 0xFF or min(code, 1)
