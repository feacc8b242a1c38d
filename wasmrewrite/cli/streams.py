"""Bytes in and out of the process: files and the standard streams, where ``-`` stands for the latter."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click

from ..errors import ConfigError, WasmError
from .escape import for_terminal
from .replace import replace_files

STANDARD = "-"

# What people pass by mistake, by its first bytes.
_LOOKS_LIKE = {
    b"(component": "this is text, and of a component",
    b"\x1f\x8b": "this is compressed with gzip",
    b"\x28\xb5\x2f\xfd": "this is compressed with zstd",
    b"PK\x03\x04": "this is a zip archive",
    b"!<arch>\n": "this is an archive of object files",
    b"\x7fELF": "this is a native program",
    b"\xcf\xfa\xed\xfe": "this is a native program",
    b"MZ": "this is a native program",
    b"BC\xc0\xde": "this is LLVM bitcode",
    b"<": "this is markup; perhaps a server answered with an error page",
    b"version https://git-lfs": "this is a Git LFS pointer, not the file",
}


@dataclass(frozen=True, slots=True)
class Input:
    """What was read; ``name`` is harmless to print. ``text``: what ``data`` was assembled from, if it was."""

    name: str
    data: bytes
    text: bytes | None = None

    @property
    def is_text(self) -> bool:
        """True if the data seem to be a module in the text format."""
        head = self.data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
        return head.startswith((b"(", b";;")) and not head.startswith(b"(component")

    def hint(self) -> str | None:
        """What the data seem to be if they are no binary module."""
        head = self.data[:64].lstrip() if not self.data.startswith(b"\0asm") else b""
        return next((what for magic, what in _LOOKS_LIKE.items() if head.startswith(magic)), None)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Errors raised inside, unless about what the user wrote, are shown with the name and bytes of this input."""
        try:
            yield
        except ConfigError:
            raise
        except WasmError as error:
            raise BlamedError(self, error) from error


class BlamedError(Exception):
    """An error together with the input it is about."""

    def __init__(self, source: Input, error: WasmError) -> None:
        super().__init__(str(error))
        self.source = source
        self.error = error


def read(path: str) -> Input:
    """Read a file, or standard input for ``-``. Raises ``OSError``."""
    if path == STANDARD:
        return Input("standard input", sys.stdin.buffer.read())
    if "\0" in path:
        # Files may name files, so this can come from one; Python would raise something that is no OSError.
        raise click.UsageError(f"{for_terminal(path)!r} is no file name: it holds a NUL")
    with open(path, "rb") as stream:
        return Input(for_terminal(path), stream.read())


def read_module(path: str) -> Input:
    """Read a module; one in the text format is assembled. As ``read``, and ``BlamedError`` for text that is wrong."""
    source = read(path)
    return assembled(source) if source.is_text else source


def assembled(source: Input) -> Input:
    """The module that a text is. Raises ``BlamedError``."""
    from ..text.assemble import assemble

    with source.blamed():
        return Input(source.name, assemble(source.data), source.data)


def read_text(path: str) -> str:
    """Read UTF-8 text; as ``read``. Raises ``click.UsageError`` for anything else."""
    source = read(path)
    try:
        return source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{source.name}: not UTF-8 text (byte {error.start})") from None


def refuse_twice(paths: Sequence[str | None], what: str) -> None:
    """Raise ``click.UsageError`` if more than one of ``paths`` is a standard stream."""
    if sum(path == STANDARD for path in paths) > 1:
        raise click.UsageError(f"only one {what} can be '-'")


def refuse_binary_to_terminal(path: str | None) -> None:
    """Raise ``click.UsageError`` where a module would be printed to a terminal; called before any work is done."""
    if path == STANDARD and sys.stdout.isatty():
        raise click.UsageError("the output is binary and would go to a terminal; redirect it, or name a file with -o")


def write_all(outputs: Sequence[tuple[str, bytes]]) -> None:
    """Write files, all or none, then what goes to standard output. Raises ``OSError``."""
    replace_files([(path, data) for path, data in outputs if path != STANDARD])
    for path, data in outputs:
        if path == STANDARD:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()


def tame_standard_streams() -> None:
    """Printing never fails: what the encoding of a stream lacks is written as an escape, a closed one takes nothing."""
    # Python has None for a standard stream that was closed before it started.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open as long as the process
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
