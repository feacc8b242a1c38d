"""The words of a call graph's forms: what is selected, sets of targets.

Not here: names of functions (``explain.function_names``), the forms (``callgraph_forms``, ``callgraph_tree``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet, Path
    from ..explain.function_names import Names


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
