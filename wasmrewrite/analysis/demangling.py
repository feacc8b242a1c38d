"""Names as their authors wrote them: Rust (both manglings) and C++ (Itanium, the part of it that names use).

What is not understood stays as it is. The result is text from the module still: escape it before showing it anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from .demangle_cpp import demangle_cpp
from .demangle_rust import demangle_v0
from .mangled import MAX_LENGTH, Budget, UnknownName, allowance

_HASH: Final = re.compile(r"h[0-9a-f]{16}")
_SUFFIX: Final = re.compile(r"(?:\.[A-Za-z0-9_.$@]*)?")
_ESCAPE: Final = re.compile(r"\$(?:(SP|BP|RF|LT|GT|LP|RP|C)|u([0-9a-f]{1,6}))\$|(\.\.)")
_SHORT: Final = MappingProxyType(
    {"SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ","}
)


def demangle(name: str, budget: Budget | None = None) -> str:
    """``name`` demangled, or as it is: no mangled name, one of another kind, or one that is too much.

    ``budget``: what all names of a module may cost together; without it only each name is limited.
    """
    if len(name) > MAX_LENGTH or not name.startswith(("_", "ZN", "R")):
        return name
    work = allowance(name) if budget is None else min(allowance(name), budget.left)
    try:
        shown, left = _demangle(name, work)
    except UnknownName as unknown:
        shown, left = name, unknown.left
    if budget is not None:
        budget.left -= work - left
    return shown


class Demangler:
    """Demangles the names of one module, each once, within one budget."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """``name`` demangled, or as it is."""
        shown = self._known.get(name)
        if shown is None:
            shown = self._known[name] = demangle(name, self.budget)
        return shown


def _demangle(name: str, work: int) -> tuple[str, int]:
    """What ``name`` stands for, and what is left of ``work``. Raises ``UnknownName``."""
    if name.startswith(("_R", "__R")):
        return demangle_v0(name[name.index("R") + 1 :], work)
    if name.startswith(("_ZN", "__ZN", "ZN")):
        rust = _legacy(name, name.index("N") + 1)
        if rust is not None:
            return rust, work - len(name)
    if name.startswith(("_Z", "__Z")):
        return demangle_cpp(name[name.index("Z") + 1 :], work)
    raise UnknownName(work)


def _legacy(name: str, start: int) -> str | None:
    """Rust's first mangling: C++'s nested names with a hash as the last part, which is left out."""
    parts: list[str] = []
    at = start
    while not name.startswith("E", at):
        digits = _number(name, at)
        at += len(digits)
        length = int(digits or 0)
        if length == 0 or at + length > len(name):
            return None
        parts.append(name[at : at + length])
        at += length
    if len(parts) < 2 or not _HASH.fullmatch(parts[-1]) or not _SUFFIX.fullmatch(name, at + 1):
        return None
    return "::".join("".join(_unescaped(part)) for part in parts[:-1])


def _number(name: str, at: int) -> str:
    end = at
    while end < len(name) and end - at < 6 and name[end] in "0123456789":
        end += 1
    return name[at:end]


def _unescaped(part: str) -> Iterator[str]:
    text = part[1:] if part.startswith("_$") else part
    at = 0
    for found in _ESCAPE.finditer(text):
        yield text[at : found.start()]
        short, code, dots = found.groups()
        yield "::" if dots else _SHORT[short] if short else _character(code, found[0])
        at = found.end()
    yield text[at:]


def _character(code: str, written: str) -> str:
    value = int(code, 16)
    return written if value > 0x10FFFF or 0xD800 <= value < 0xE000 else chr(value)
