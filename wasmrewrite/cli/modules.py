"""Which modules the words of a command line mean: files, folders, patterns. Not here: reading them (``streams``)."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import click

from ..escape import quoted
from .streams import STANDARD

_ENDING = ".wasm"


@dataclass(frozen=True, slots=True)
class Meant:
    """Paths of modules, each once. ``several``: not one file that was named, so that there might have been more."""

    paths: tuple[str, ...]
    several: bool


def modules_of(words: Sequence[str]) -> Meant:
    """What ``words`` mean: a file, ``-``, all modules in and below a folder, or what matches a pattern such as
    ``target/**/*.wasm``, where a shell has not looked it up already.

    Raises ``OSError``, and ``click.UsageError`` for a folder without modules and a pattern that nothing matches.
    """
    found = [path for word in words for path in _meant(word)]
    once: dict[str, str] = {}
    for path in found:
        once.setdefault(os.path.normpath(path), path)
    return Meant(tuple(once.values()), several=found != [words[0]])


def _meant(word: str) -> Iterable[str]:
    if word == STANDARD:
        return [word]
    if os.path.isdir(word):
        return _some(_below(word), f"no module ({_ENDING}) in {quoted(word)}")
    if os.path.lexists(word) or not glob.has_magic(word):
        return [word]
    return _some(_matching(word), f"nothing matches {quoted(word)}")


def _matching(pattern: str) -> Iterator[str]:
    for path in sorted(glob.glob(pattern, recursive=True)):
        if os.path.isfile(path):
            yield path


def _below(folder: str) -> Iterator[str]:
    """Modules in and below a folder, by name; links to folders are not followed, as they may lead back."""

    def fail(error: OSError) -> NoReturn:
        raise error

    for place, folders, files in os.walk(folder, onerror=fail):
        folders.sort()
        paths = [os.path.join(place, name) for name in sorted(files) if name.lower().endswith(_ENDING)]
        yield from filter(os.path.isfile, paths)


def _some(paths: Iterable[str], otherwise: str) -> list[str]:
    found = list(paths)
    if not found:
        raise click.UsageError(otherwise)
    return found
