"""A call graph as a tree for people: every function once, under the caller nearest to a root; elsewhere it is named.

Modules have tens of thousands of functions, and nobody reads such a tree. So, unless all of it is wanted, it ends where
it gets too long, and says so. Not here: the other forms (``callgraph_forms``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..explain.function_names import Names
from .callgraph_words import Selection, count_words, set_words, through_words, unknown_words

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet

LINES: Final = 200
"""A tree of more lines than this is cut short."""
ROOTS: Final = 100
"""In a tree that is cut short, no more roots than this are shown."""
WIDTHS: Final = (3, 12)
"""In a tree that is cut short, so much of what one function calls is shown: the less the more roots there are."""
NAMED: Final = 3
"""Up to so many functions that a call through a table may run are named."""
_INDENT: Final = 40
"""From this depth on lines are not indented further, but say how deep they are."""


def tree_lines(graph: CallGraph, names: Names, selection: Selection) -> Iterator[str]:
    """The tree, and what is not in it."""
    tree = _Tree(graph, names, selection)
    yield ""
    yield from tree.lines()
    if selection.depth is None:
        yield from _missed(graph, selection, tree.reached)
    if tree.cut:
        yield ""
        yield f"cut short: the tree has {tree.total} lines"
        yield "  --from, --to, --depth and --to-imports choose, --full shows all of it"


def _missed(graph: CallGraph, selection: Selection, reached: int) -> Iterator[str]:
    """How many functions of the module are not in the tree, and how many nothing reaches at all."""
    from ..analysis import reachable

    funcs = graph.module.funcs
    missed = sum(not func.imported for func in funcs) - reached
    if not missed:
        return
    by_host = [] if selection.shown is not None else graph.references.host_callable()
    anyhow = sum(not funcs[index].imported for index in reachable(graph, [*selection.roots, *by_host]).distance)
    left = missed + reached - anyhow
    others = ", nor by others" if left == missed else f"; by others: all but {left}" if left else "; by others: all"
    yield ""
    yield f"not reached from here by direct calls: {count_words(missed)}{others}"


class _Tree:
    """``total``: its lines if it were not cut short; ``reached``: how many functions of the module's it would have.

    ``width``: how much of what one function calls is shown, None for all.
    """

    def __init__(self, graph: CallGraph, names: Names, selection: Selection) -> None:
        from ..analysis import reachable

        self.graph = graph
        self.names = names
        self.roots = list(dict.fromkeys(selection.roots))
        # Breadth first, so that nothing is deeper than it must be.
        reach = reachable(graph, self.roots, selection.depth, indirect=False)
        self.parent = {index: reach.before(index) for index in reach.distance}
        funcs = graph.module.funcs
        self.reached = sum(not funcs[index].imported for index in self.parent)
        unfolding = [index for index, far in reach.distance.items() if selection.depth is None or far < selection.depth]
        self.total = len(self.roots) + sum(map(self._lines_of, unfolding))
        self.cut = selection.depth is None and not selection.whole and self.total > LINES
        least, most = WIDTHS
        self.width = max(least, min(most, LINES // max(len(self.roots), 1))) if self.cut else None
        self.more_roots = max(len(self.roots) - ROOTS, 0) if self.cut else 0
        self.roots = self.roots[:ROOTS] if self.cut else self.roots
        self.unfolded = set(unfolding) if self.width is None else self._levels(self.width)
        self.path: set[int] = set()

    def _lines_of(self, index: int) -> int:
        return len(self.graph.callees(index)) + len(self.graph.sets(index))

    def _levels(self, width: int) -> set[int]:
        """The functions to unfold when the tree is cut short: roots, and level by level more while there is room."""
        unfolded: set[int] = set()
        level, lines = self.roots, len(self.roots)
        while level:
            lines += sum(min(self._lines_of(index), width + 1) for index in level)
            if unfolded and lines > LINES:
                break
            unfolded.update(level)
            shown = [(child, index) for index in level for child in self.graph.callees(index)[:width]]
            level = [child for child, index in shown if self._is_child(child, index)]
        return unfolded

    def _is_child(self, index: int, of: int) -> bool:
        return self.parent.get(index) == of and index != of

    def lines(self) -> Iterator[str]:
        """All roots and what unfolds under them; a stack of iterators stands for the way down."""
        for root in self.roots:
            yield f"{self.names.root(root)}: {self.names.own(root)}{self._more(root)}"
            self.path = {root}
            stack = [(root, self._children(root, 1))]
            while stack:
                caller, children = stack[-1]
                child = next(children, None)
                if child is None:
                    stack.pop()
                    self.path.discard(caller)
                    continue
                index, line = child
                yield line
                if index is not None:
                    self.path.add(index)
                    stack.append((index, self._children(index, len(stack) + 1)))
        if self.more_roots:
            yield f"... and {self.more_roots} more to begin with"

    def _children(self, caller: int, depth: int) -> Iterator[tuple[int | None, str]]:
        """Lines for what ``caller`` calls, each with the function that unfolds below it."""
        if caller not in self.unfolded:
            return
        callees, sets = self.graph.callees(caller), self.graph.sets(caller)
        most = len(callees) + len(sets) if self.width is None else self.width
        for callee in callees[:most]:
            below = self._is_child(callee, caller)
            mark = self._more(callee) if below else self._elsewhere(callee)
            yield (callee if below else None), _indented(depth, self.names.words(callee) + mark)
        room = max(most - len(callees), 0)
        for targets in sets[:room]:
            yield None, _indented(depth, self._set_line(targets))
        left = len(callees) + len(sets) - most
        if left > 0:
            yield None, _indented(depth, f"... and {left} more")

    def _set_line(self, targets: CallSet) -> str:
        """A call through a table or a reference; with a question mark unless it can run one function only."""
        mark = "" if targets.exact else "? "
        if 0 < len(targets.funcs) <= NAMED:
            funcs = ", ".join(map(self.names.words, targets.funcs))
            return f"{mark}{through_words(self.names, targets)}: {funcs}{unknown_words(targets)}"
        return mark + set_words(self.names, targets)

    def _more(self, index: int) -> str:
        """The mark of a function that does not unfold, although it calls something."""
        return "" if index in self.unfolded or not self._lines_of(index) else " ..."

    def _elsewhere(self, index: int) -> str:
        """The mark of a function where it is only named."""
        if index in self.path:
            return " (cycle)"
        return " (unfolded elsewhere)" if index in self.unfolded and self._lines_of(index) else self._more(index)


def _indented(depth: int, words: str) -> str:
    if depth < _INDENT:
        return f"{'  ' * depth}{words}"
    return f"{'  ' * _INDENT}({depth}) {words}"
