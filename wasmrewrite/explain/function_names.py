"""What the functions of a call graph are called: index, name or import, exports, why it is a root.

Not here: the forms of a call graph (``cli.callgraph_forms``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ..escape import for_terminal, quoted
from ..isa.types import func_type
from ..model import Import
from ..spelling import clipped
from .items import Indices

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet

MOST_NAMES: Final = 4
"""A function exported under more names than this is not shown with all of them."""


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
