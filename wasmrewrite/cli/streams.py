"""Bytes in and out of the process: files and the standard streams, where ``-`` stands for the latter."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TextIO

import click

from ..errors import ConfigError, WasmError
from ..escape import for_terminal, quoted
from .replace import is_special, replace_files

STANDARD = "-"

_MAGIC: Final = b"\0asm"
_BEGINNING: Final = 4096
"""Bytes of a stream that is no module, enough to say so."""
_MOST_STREAMED: Final = 64 << 20
"""Bytes of text from a pipe or device, which may have no end."""

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


def read(path: str, most: int = -1) -> Input:
    """Read a file, or standard input for ``-``; ``most`` bytes of it unless that is negative. Raises ``OSError``."""
    if path == STANDARD:
        return Input("standard input", sys.stdin.buffer.read(most))
    with opened(path) as stream, naming(path):
        return Input(for_terminal(path), stream.read(most))


def read_module(path: str) -> Input:
    """Read a module; one in the text format is assembled.

    Of a stream that begins neither as modules nor as text do, which may have no end, only the beginning is read. As
    ``read``, and ``BlamedError`` for text that is wrong.
    """
    source = read(path) if path != STANDARD and not is_special(path) else _from_stream(path)
    return assembled(source) if source.is_text else source


def _from_stream(path: str) -> Input:
    with nullcontext(sys.stdin.buffer) if path == STANDARD else opened(path) as stream, naming(path):
        begins = stream.peek(len(_MAGIC))[: len(_MAGIC)] if isinstance(stream, io.BufferedReader) else _MAGIC
        data = stream.read(_expected(begins))
    name = "standard input" if path == STANDARD else for_terminal(path)
    if len(data) > _MOST_STREAMED and not data.startswith(_MAGIC):
        raise click.UsageError(f"{name}: larger than {_MOST_STREAMED >> 20} MiB")
    return Input(name, data)


def _expected(begins: bytes) -> int:
    """How many bytes of a stream are worth reading, by its first few; all of them if negative."""
    if _MAGIC.startswith(begins):
        return -1
    return _MOST_STREAMED + 1 if begins.lstrip()[:1] in (b"", b"(", b";") else _BEGINNING


def opened(path: str) -> BinaryIO:
    """A file to read from. Raises ``OSError``, and ``click.UsageError`` for what cannot be the name of one."""
    if "\0" in path:
        # Files may name files, so this can come from one; Python would raise something that is no OSError.
        raise click.UsageError(f"{for_terminal(path)!r} is no file name: it holds a NUL")
    return open(path, "rb")


@contextmanager
def naming(path: str) -> Iterator[None]:
    """``OSError`` raised inside, by reading what is open already, says what was read."""
    try:
        yield
    except OSError as error:
        name = "standard input" if path == STANDARD else path
        raise OSError(error.errno, error.strerror, name) from error


def read_settings(path: str, files_only: bool = False) -> str:
    """Read the text of a configuration or interface file, as ``read_text``, but no more of it than such a file has.

    ``files_only``: as ``refuse_streams``. Raises ``OSError``, ``click.UsageError``.
    """
    from ..rewrite.toml import LARGEST

    if files_only:
        refuse_streams(path)
    source = read(path, LARGEST + 1)
    if len(source.data) > LARGEST:
        raise click.UsageError(f"{source.name}: larger than {LARGEST >> 20} MiB")
    return _text_of(source)


def refuse_streams(path: str) -> None:
    """Raise ``click.UsageError`` for a device, a pipe and standard input, which only a command line may name.

    For names that come out of a file or were found: reading one of these may never end.
    """
    if path == STANDARD or is_special(path):
        raise click.UsageError(f"{quoted(path)} is not a regular file")


def assembled(source: Input) -> Input:
    """The module that a text is. Raises ``BlamedError``."""
    from ..text.assemble import assemble

    with source.blamed():
        return Input(source.name, assemble(source.data), source.data)


def read_text(path: str) -> str:
    """Read UTF-8 text; as ``read``. Raises ``click.UsageError`` for anything else, and for a stream without end."""
    if path != STANDARD and not is_special(path):
        return _text_of(read(path))
    source = read(path, _MOST_STREAMED + 1)
    if len(source.data) > _MOST_STREAMED:
        raise click.UsageError(f"{source.name}: larger than {_MOST_STREAMED >> 20} MiB")
    return _text_of(source)


def _text_of(source: Input) -> str:
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
            stream = standard_output()
            stream.flush()
            stream.buffer.write(data)
            stream.buffer.flush()


def standard_output() -> TextIO:
    """Where a result goes that was asked for on standard output. Raises ``OSError`` if that was closed from the start.

    What is only said beside a result goes to ``sys.stdout`` itself.
    """
    if isinstance(sys.stdout, _Nowhere):
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), OUTPUT)
    return sys.stdout


OUTPUT: Final = "standard output"
"""What messages call it."""


class _Nowhere(io.TextIOWrapper):
    """Stands for a standard stream that was closed before the process started."""


class _Named(io.FileIO):
    """A standard stream whose errors say which one it is."""

    def write(self, data: Any, /) -> int:
        """Write. Raises ``OSError`` that names the stream."""
        try:
            return super().write(data) or 0
        except OSError as error:
            raise OSError(error.errno, error.strerror, OUTPUT) from error


def _nowhere() -> TextIO:
    return _Nowhere(open(os.devnull, "wb"), encoding="utf-8")


def _named(stream: TextIO) -> TextIO:
    """``stream``, over a descriptor whose errors name it; anything but a plain file or pipe as it is."""
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # without buffering, Python leaves that layer out
    if not isinstance(stream, io.TextIOWrapper) or type(raw) is not io.FileIO:
        return stream
    stream.flush()
    named = io.BufferedWriter(_Named(raw.fileno(), "wb", closefd=False))
    by_lines = stream.line_buffering or raw is buffer
    return io.TextIOWrapper(named, stream.encoding, stream.errors, line_buffering=by_lines)


def tame_standard_streams() -> None:
    """Printing never fails for what is printed: what the encoding of a stream lacks is written as an escape.

    A closed stream takes what nobody asked for; see ``standard_output``.
    """
    # Python has None for a standard stream that was closed before it started.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open as long as the process
    sys.stdout = _named(sys.stdout) if sys.stdout else _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
