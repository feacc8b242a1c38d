"""A call graph as text, DOT and JSON. Everything is in the order of indices, or of the file: equal input, equal output.

Calls through tables are shown as sets of targets that sites share, never target by target and site by site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..isa.types import func_type
from ..model import Func, Import
from .describe import Indices
from .escape import as_json_row, as_json_rows, for_dot, for_terminal, quoted

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet, Path
    from ..analysis.callgraph import Mention

SCHEMA: Final = "wasmrewrite.callgraph/1"
_INDENT: Final = 40
"""From this depth on lines are not indented further, but say how deep they are."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to show: functions (None: all) and ways, each with the function that it is about.

    ``imports``: the ways lead to imports; ``depth``: how far the functions may be from the roots.
    """

    roots: Sequence[int]
    target: int | None
    shown: Collection[int] | None
    ways: Sequence[tuple[int, Path]]
    imports: bool = False
    depth: int | None = None

    def has(self, index: int) -> bool:
        """Whether a function is to be shown."""
        return self.shown is None or index in self.shown

    def indices(self, graph: CallGraph) -> list[int]:
        """The functions to show, ascending."""
        return list(range(len(graph))) if self.shown is None else sorted(self.shown)


class Names:
    """What functions are called, mangled or not."""

    def __init__(self, graph: CallGraph, demangle: bool) -> None:
        from ..analysis import demangle as readable

        self.graph = graph
        self._demangle = readable if demangle else str
        self.exports: dict[int, list[str]] = defaultdict(list)
        for name, index in graph.exported():
            self.exports[index].append(name)
        self._types = Indices(graph.module)
        self._words: dict[int, str] = {}

    def readable(self, name: str | None) -> str | None:
        """A name from the name section, demangled if that is wanted; as it is otherwise."""
        return self._demangle(name) if name is not None else None

    def words(self, index: int) -> str:
        """Index, name and where it comes from; harmless on a terminal."""
        if index not in self._words:
            self._words[index] = self._make(index)
        return self._words[index]

    def _make(self, index: int) -> str:
        func = self.graph.module.funcs[index]
        origin, name = func.origin, self.readable(func.name)
        if isinstance(origin, Import):
            return f"{index} import {quoted(origin.module)} {quoted(origin.name)}"
        if name is not None:
            return f"{index} {for_terminal(name)}"
        exports = self.exports.get(index)
        return f"{index} export {quoted(exports[0])}" if exports else str(index)

    def type(self, targets: CallSet) -> str:
        """The type of calls through a table or a reference."""
        return self._types.functype(func_type(targets.type))

    def called(self, wanted: str) -> list[int]:
        """The functions whose name, as it is or demangled, is ``wanted``; names as they are come first."""
        from ..analysis import demangle

        named = [(index, func.name) for index, func in enumerate(self.graph.module.funcs) if func.name is not None]
        found = [index for index, name in named if name == wanted]
        return found or [index for index, name in named if demangle(name) == wanted]


def set_words(names: Names, targets: CallSet) -> str:
    """Which table, which type, how many targets."""
    where = "references" if targets.table is None else f"table {targets.table}"
    unknown = "" if targets.complete else ", or others?"
    return f"{where}, {names.type(targets)}: {_count(len(targets.funcs))}{unknown}"


# --- text -------------------------------------------------------------------------------------------------------------


def text(name: str, graph: CallGraph, names: Names, selection: Selection) -> str:
    """For people: an overview, then a tree, or ways."""
    lines = list(_overview(name, graph))
    if selection.imports or selection.target is not None:
        lines += _ways(graph, names, selection)
    else:
        lines += _Tree(graph, names, selection).lines()
    return "".join(f"{line}\n" for line in lines)


def _overview(name: str, graph: CallGraph) -> Iterator[str]:
    funcs = graph.module.funcs
    imported = sum(func.imported for func in funcs)
    yield f"{name}: {_count(len(funcs) - imported)}, {imported} imported"
    for index, table in enumerate(graph.references.tables):
        if table.pool.funcs or table.reasons:
            why = f" ({for_terminal(', '.join(table.reasons))})" if table.reasons else ""
            yield f"table {index}: {_count(len(table.pool.funcs))}{'' if table.complete else ', or others?'}{why}"


def _count(functions: int) -> str:
    return "1 function" if functions == 1 else f"{functions} functions"


def _ways(graph: CallGraph, names: Names, selection: Selection) -> Iterator[str]:
    target = selection.target
    if not selection.ways:
        yield ""
        yield "no import is reached" if target is None else f"nothing asked for reaches {names.words(target)}"
    for index, way in sorted(selection.ways, key=lambda each: len(each[1])):
        yield ""
        end = way[-1].callee if way else index
        start = way[0].caller if way else index
        yield f"{_root(graph, names, start)} reaches {names.words(end)} in {_calls(len(way))}"
        yield f"  {names.words(start)}"
        for step in way:
            place = "" if step.offset is None else f" at 0x{step.offset:x}"
            through = "" if step.through is None else f" ({set_words(names, step.through)})"
            yield f"  {step.kind}{place}{through}: {names.words(step.callee)}"


def _calls(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"


def _root(graph: CallGraph, names: Names, index: int) -> str:
    exports = names.exports.get(index)
    if exports:
        return f"export {quoted(exports[0])}"
    start = graph.module.start
    return "the start function" if start is not None and graph.index(start) == index else f"function {index}"


class _Tree:
    """Every function once, with what it calls, under the caller nearest to a root; elsewhere it is only named."""

    def __init__(self, graph: CallGraph, names: Names, selection: Selection) -> None:
        from ..analysis import reachable

        self.graph = graph
        self.names = names
        self.selection = selection
        # Breadth first, so that nothing is deeper than it must be.
        reach = reachable(graph, selection.roots, selection.depth, indirect=False)
        self.parent = {index: reach.before(index) for index in reach.distance}
        self.path: set[int] = set()

    def lines(self) -> Iterator[str]:
        """The whole."""
        for root in self.selection.roots:
            yield ""
            yield f"{_root(self.graph, self.names, root)}:"
            yield from self._under(root)
        missed = sum(not func.imported for func in self.graph.module.funcs) - sum(
            not self.graph.module.funcs[index].imported for index in self.parent
        )
        if missed and self.selection.depth is None:
            yield ""
            yield f"not reached from here by direct calls: {_count(missed)}"

    def _under(self, root: int) -> Iterator[str]:
        """A root and what unfolds under it; a stack of iterators stands for the way down."""
        yield self._line(0, root, "")
        self.path = {root}
        stack = [(root, self._children(root, 0))]
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
                stack.append((index, self._children(index, len(stack))))

    def _children(self, caller: int, depth: int) -> Iterator[tuple[int | None, str]]:
        """Lines for what ``caller`` calls, each with the function that unfolds below it."""
        if depth == self.selection.depth:
            return
        for callee in self.graph.callees(caller):
            unfolds = self.parent[callee] == caller and callee != caller
            mark = "" if unfolds else " (cycle)" if callee in self.path else " (unfolded elsewhere)"
            mark = mark if self._calls_anything(callee) or callee in self.path else ""
            yield (callee if unfolds else None), self._line(depth + 1, callee, mark)
        for targets in self.graph.sets(caller):
            yield None, self._indented(depth + 1, f"? {set_words(self.names, targets)}")

    def _calls_anything(self, index: int) -> bool:
        return bool(self.graph.callees(index) or self.graph.sets(index))

    def _line(self, depth: int, index: int, mark: str) -> str:
        return self._indented(depth, self.names.words(index) + mark)

    @staticmethod
    def _indented(depth: int, words: str) -> str:
        if depth < _INDENT:
            return f"{'  ' * (depth + 1)}{words}"
        return f"{'  ' * _INDENT}({depth}) {words}"


# --- DOT --------------------------------------------------------------------------------------------------------------


def dot(graph: CallGraph, names: Names, selection: Selection) -> str:
    """A graph in the DOT language: functions, sets of targets as diamonds, the host with what it may call by name."""
    lines = ["digraph calls {", "  rankdir=LR;", "  node [shape=box];", '  host [label="host" shape=ellipse];']
    used: dict[CallSet, None] = {}
    chosen = selection.indices(graph)
    for index in chosen:
        style = " style=dashed" if graph.module.funcs[index].imported else ""
        lines.append(f"  f{index} [label={for_dot(names.words(index))}{style}];")
    lines += _host_lines(graph, selection)
    for index in chosen:
        lines += [f"  f{index} -> f{each};" for each in graph.callees(index) if selection.has(each)]
        lines += [f"  f{index} -> f{each} [style=dotted];" for each in graph.referred(index) if selection.has(each)]
        for targets in graph.sets(index):
            used[targets] = None
            lines.append(f"  f{index} -> s{targets.number} [style=dashed];")
    for targets in used:
        lines.append(f"  s{targets.number} [label={for_dot(set_words(names, targets))} shape=diamond];")
        lines += [f"  s{targets.number} -> f{each} [style=dashed];" for each in targets.funcs if selection.has(each)]
        lines += [] if targets.complete else [f'  s{targets.number} -> host [style=dashed label="?"];']
    return "\n".join(lines) + "\n}\n"


def _host_lines(graph: CallGraph, selection: Selection) -> Iterator[str]:
    for name, index in graph.exported():
        if selection.has(index):
            yield f"  host -> f{index} [label={for_dot('export ' + quoted(name))}];"
    start = graph.module.start
    if start is not None and selection.has(graph.index(start)):
        yield f'  host -> f{graph.index(start)} [label="start"];'


# --- JSON -------------------------------------------------------------------------------------------------------------


def json_text(graph: CallGraph, names: Names, selection: Selection) -> str:
    """Everything, in lines: functions with sites and offsets, sets of targets, tables, roots, ways."""
    chosen = selection.indices(graph)
    funcs, edges = graph.module.funcs, _Edges(graph)
    functions = (_function(index, funcs[index], names, edges.of(index)) for index in chosen)
    used = {targets.number: targets for index in chosen for targets in graph.sets(index)}
    start = graph.module.start
    return as_json_rows(
        {
            "schema": SCHEMA,
            "functions": functions,
            "sets": (_set(names, used[number]) for number in sorted(used)),
            "tables": (
                {"index": at, "functions": list(each.pool.funcs), "complete": each.complete, "reasons": each.reasons}
                for at, each in enumerate(graph.references.tables)
            ),
            "exports": ({"name": name, "function": index} for name, index in graph.exported()),
            "start": None if start is None else graph.index(start),
            "host_callable": graph.references.host_callable(),
            "roots": list(selection.roots),
            "ways": ({"of": index, "steps": list(_steps(way))} for index, way in selection.ways),
        }
    )


def _function(index: int, func: Func, names: Names, edges: str) -> str:
    origin, name = func.origin, func.name
    row = {
        "index": index,
        "name": name,
        "readable": names.readable(name),
        "import": {"module": origin.module, "name": origin.name} if isinstance(origin, Import) else None,
    }
    return f'{as_json_row(row)[:-1]}, "edges": [{edges}]}}'


class _Edges:
    """Edges as JSON: by far the most of it, so what is mentioned often is put into words once."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self._words: dict[Mention, str] = {}

    def of(self, index: int) -> str:
        """The edges out of a function, each with the offsets of its sites, with commas between."""
        words = self._words
        found = []
        for mention, offsets in self.graph.grouped(index):
            if mention not in words:
                words[mention] = self._put(mention)
            if words[mention]:
                found.append(f"{words[mention]}{offsets}}}")
        text = ", ".join(found)
        return text.replace("None", "null") if "None" in text else text

    def _put(self, mention: Mention) -> str:
        """The beginning of an edge; empty for what is none."""
        targets = self.graph.set_of(mention)
        if targets is not None:
            edge = {"kind": mention.kind, "set": targets.number, "exact": targets.exact}
        elif mention.callee is not None:
            edge = {"kind": mention.kind, "to": mention.callee, "exact": True}
        else:
            return ""
        return f'{as_json_row(edge)[:-1]}, "offsets": '


def _set(names: Names, targets: CallSet) -> dict[str, Any]:
    return {
        "number": targets.number,
        "table": targets.table,
        "type": names.type(targets),
        "functions": list(targets.funcs),
        "complete": targets.complete,
    }


def _steps(way: Path) -> Iterator[dict[str, Any]]:
    for step in way:
        place = {"caller": step.caller, "callee": step.callee, "kind": step.kind, "offset": step.offset}
        yield {**place, "set": None if step.through is None else step.through.number, "exact": step.exact}
