"""Exports by name and kind, so that what comes back has a type: ``instance.func("add")(1, 2)``.

Not here: what there is to export (``instances``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from ..spelling import clipped, nearest
from .instances import Callee, Extern, FuncInst, GlobalInst, HostFunc, TagInst
from .memory import MemoryInst
from .table import TableInst

Kind = TypeVar("Kind")

_WORDS: Final[dict[type, str]] = {
    FuncInst: "function",
    HostFunc: "function",
    TableInst: "table",
    MemoryInst: "memory",
    GlobalInst: "global",
    TagInst: "tag",
}


def word_for(item: object) -> str:
    """What an extern is, in a word; the name of its class for anything else."""
    return next((word for kind, word in _WORDS.items() if isinstance(item, kind)), type(item).__name__)


def exported(exports: Mapping[str, Extern], name: str, kind: type[Kind], word: str) -> Kind:
    """The export called ``name``. Raises ``LookupError`` if there is none, or if it is not a ``word``."""
    found = exports.get(name)
    if isinstance(found, kind):
        return found
    if not isinstance(name, str):
        raise TypeError(f"expected the name of an export, found {type(name).__name__}")
    if found is not None:
        raise LookupError(f"export {clipped(name)!r} is a {word_for(found)}, not a {word}")
    close = nearest(name, (each for each, item in exports.items() if isinstance(item, kind)))
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise LookupError(f"unknown export {clipped(name)!r}{hint}")


class Exports:
    """What has ``exports``, and finds them by name and kind. Each method raises ``LookupError``."""

    __slots__ = ()

    @property
    def exports(self) -> Mapping[str, Extern]:
        """Exports by name."""
        raise NotImplementedError

    def func(self, name: str) -> Callee:
        """The exported function called ``name``; calling it converts Python's values."""
        return exported(self.exports, name, Callee, "function")

    def table(self, name: str) -> TableInst:
        """The exported table called ``name``."""
        return exported(self.exports, name, TableInst, "table")

    def global_(self, name: str) -> GlobalInst:
        """The exported global called ``name``."""
        return exported(self.exports, name, GlobalInst, "global")

    def tag(self, name: str) -> TagInst:
        """The exported tag called ``name``."""
        return exported(self.exports, name, TagInst, "tag")
