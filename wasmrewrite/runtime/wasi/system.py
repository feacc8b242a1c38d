"""What one program sees of the world: arguments, environment, a clock, random numbers, files. All of it deterministic.

Not here: the functions through which a program sees it (``functions``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from .abi import Errno, Refused
from .descriptors import Descriptors, Feed, OpenDirectory, Sink
from .files import NAME_BYTES, Directory, Tree

EPOCH: Final = 1_577_836_800 * 10**9
"""The instant at which every program starts: the beginning of 2020 (UTC), in nanoseconds since 1970."""
TICK: Final = 10**6
"""Nanoseconds that pass when somebody looks at a clock."""
_WRAP: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class WasiLimits:
    """What a program may use.

    Bytes in files, directory entries, open descriptors, bytes of collected output, bytes of the names of all entries
    and of what links lead to.
    """

    file_bytes: int = 64 << 20
    entries: int = 1 << 16
    descriptors: int = 1024
    output_bytes: int = 64 << 20
    name_bytes: int = NAME_BYTES


class Time:
    """A clock that only moves when it is looked at, or waited for. ``passed`` is in nanoseconds since the start."""

    def __init__(self) -> None:
        self.passed = 0

    @property
    def now(self) -> int:
        """Nanoseconds since 1970; looking in this way takes no time."""
        return EPOCH + self.passed & _WRAP

    def tick(self) -> int:
        """Let a moment pass; nanoseconds since the start."""
        self.passed += TICK
        return self.passed & _WRAP


class System:
    """The world of one program.

    ``args`` begins with the program's name. ``stdin`` is what it reads, or gives it when it is asked for. ``stdout``
    and ``stderr`` take what is written; without them it is collected in ``output`` and ``errors``. Strings may carry
    undecodable bytes in Python's way; ValueError if one holds a null character, or the name of a variable an equals
    sign.
    """

    def __init__(
        self, args: Sequence[str] = ("program",), env: Mapping[str, str] | None = None, *, stdin: bytes | Feed = b"",
        stdout: Sink | None = None, stderr: Sink | None = None, seed: int | str = 0, limits: WasiLimits | None = None,
    ) -> None:  # fmt: skip
        limits = limits or WasiLimits()
        self.args = [_encoded(arg) for arg in args]
        self.env = [_encoded(_variable(name, value)) for name, value in (env or {}).items()]
        self.random = Random(f"wasi\0{seed}")
        self.time = Time()
        self.tree = Tree(limits.file_bytes, limits.entries, lambda: self.time.now, limits.name_bytes)
        self.output = bytearray()
        self.errors = bytearray()
        self._room = limits.output_bytes
        self.descriptors = Descriptors(
            stdin, stdout or self._collector(self.output), stderr or self._collector(self.errors), limits.descriptors
        )

    def folder(self, name: str) -> Directory:
        """A new directory, empty, that the program finds open under ``name``. Raises ``Refused`` if it is one too many.

        Files get into it by way of ``tree``.
        """
        made = self.tree.root()
        self.descriptors.add(OpenDirectory(made, _encoded(name)))
        return made

    def _collector(self, into: bytearray) -> Sink:
        def collect(data: bytes) -> None:
            if len(data) > self._room:
                raise Refused(Errno.NOSPC)
            self._room -= len(data)
            into.extend(data)

        return collect


def _variable(name: str, value: str) -> str:
    if not name or "=" in name:
        raise ValueError(f"{name!r} cannot name a variable")
    return f"{name}={value}"


def _encoded(text: str) -> bytes:
    if "\0" in text:
        raise ValueError(f"{text!r} contains a null character")
    return text.encode("utf-8", "surrogateescape")
