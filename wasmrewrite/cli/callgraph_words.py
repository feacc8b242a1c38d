"""The words of a call graph's forms: what is selected, names of functions, sets of targets.

Not here: the forms (``callgraph_forms``, ``callgraph_tree``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..isa.types import func_type
from ..model import Import
from ..spelling import clipped
from .describe import Indices
from .escape import for_terminal, quoted

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet, Path

MOST_NAMES: Final = 4
"""A function exported under more names than this is not shown with all of them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to show: functions (None: all) and ways, each with the function that it is about.

    ``imports``: the ways lead to imports; ``depth``: how far the functions may be from the roots; ``whole``: a tree is
    not to be cut short otherwise.
    """

    roots: Sequence[int]
    target: int | None
    shown: Collection[int] | None
    ways: Sequence[tuple[int, Path]]
    imports: bool = False
    depth: int | None = None
    whole: bool = False

    def has(self, index: int) -> bool:
        """Whether a function is to be shown."""
        return self.shown is None or index in self.shown

    def indices(self, graph: CallGraph) -> list[int]:
        """The functions to show, ascending."""
        return list(range(len(graph))) if self.shown is None else sorted(self.shown)


class Names:
    """What functions are called, mangled or not."""

    def __init__(self, graph: CallGraph, demangle: bool) -> None:
        from ..analysis import Demangler

        self.graph = graph
        self._demangler = Demangler()
        self._demangle = self._demangler if demangle else str
        self.exports: dict[int, list[str]] = defaultdict(list)
        for name, index in graph.exported():
            self.exports[index].append(name)
        self._types = Indices(graph.module)
        self._words: dict[int, str] = {}

    def readable(self, name: str | None) -> str | None:
        """A name from the name section, demangled if that is wanted; as it is otherwise."""
        return self._demangle(name) if name is not None else None

    def words(self, index: int) -> str:
        """Index, name and where it comes from, the export if it has no name; harmless on a terminal."""
        if index not in self._words:
            own, exports = self.own(index), self.exports.get(index, ())
            named = f"{own} export {quoted(clipped(exports[0]))}" if exports and own == str(index) else own
            self._words[index] = named
        return self._words[index]

    def own(self, index: int) -> str:
        """Index, and import or name if there is one; harmless on a terminal."""
        func = self.graph.module.funcs[index]
        origin, name = func.origin, self.readable(func.name)
        if isinstance(origin, Import):
            return f"{index} import {quoted(clipped(origin.module))} {quoted(clipped(origin.name))}"
        return str(index) if name is None else f"{index} {for_terminal(clipped(name))}"

    def root(self, index: int) -> str:
        """What makes a function one to begin with: exports, being the start function, or having been asked for."""
        start = self.graph.module.start
        words = [f"export {quoted(clipped(name))}" for name in self.exports.get(index, ())[:MOST_NAMES]]
        words += ["..."] * (len(self.exports.get(index, ())) > MOST_NAMES)
        words += ["the start function"] if start is not None and self.graph.index(start) == index else []
        return ", ".join(words) or f"function {index}"

    def type(self, targets: CallSet) -> str:
        """The type of calls through a table or a reference."""
        return clipped(self._types.functype(func_type(targets.type)))

    def called(self, wanted: str) -> list[int]:
        """The functions whose name, as it is or demangled, is ``wanted``; names as they are come first."""
        named = [(index, func.name) for index, func in enumerate(self.graph.module.funcs) if func.name is not None]
        found = [index for index, name in named if name == wanted]
        return found or [index for index, name in named if self._demangler(name) == wanted]


def through_words(names: Names, targets: CallSet) -> str:
    """Which table or else references, and which type."""
    return f"{'references' if targets.table is None else f'table {targets.table}'}, {names.type(targets)}"


def unknown_words(targets: CallSet) -> str:
    """That nobody knows whether these are all, if so."""
    return "" if targets.complete else ", or others?"


def set_words(names: Names, targets: CallSet) -> str:
    """Which table, which type, how many targets."""
    return f"{through_words(names, targets)}: {count_words(len(targets.funcs))}{unknown_words(targets)}"


def count_words(functions: int) -> str:
    """A number of functions."""
    return "1 function" if functions == 1 else f"{functions} functions"
