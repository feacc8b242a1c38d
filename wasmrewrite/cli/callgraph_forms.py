"""A call graph as text, DOT and JSON. Everything is in the order of indices, or of the file: equal input, equal output.

Calls through tables are shown as sets of targets that sites share, never target by target and site by site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..errors import LimitError
from ..isa.types import func_type
from ..model import Func, Import
from ..spelling import clipped
from .describe import Indices
from .escape import as_json_row, as_json_rows, for_dot, for_terminal, quoted

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet, Path
    from ..analysis.callgraph import Mention

SCHEMA: Final = "wasmrewrite.callgraph/1"
MAX_TARGETS: Final = 2_000_000
"""No more than so many targets of calls through tables, and functions in tables, are listed."""
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
        from ..analysis import demangle

        named = [(index, func.name) for index, func in enumerate(self.graph.module.funcs) if func.name is not None]
        found = [index for index, name in named if name == wanted]
        return found or [index for index, name in named if demangle(name) == wanted]


def through_words(names: Names, targets: CallSet) -> str:
    """Which table or else references, and which type."""
    return f"{'references' if targets.table is None else f'table {targets.table}'}, {names.type(targets)}"


def unknown_words(targets: CallSet) -> str:
    """That nobody knows whether these are all, if so."""
    return "" if targets.complete else ", or others?"


def set_words(names: Names, targets: CallSet) -> str:
    """Which table, which type, how many targets."""
    return f"{through_words(names, targets)}: {count_words(len(targets.funcs))}{unknown_words(targets)}"


# --- text -------------------------------------------------------------------------------------------------------------


def text(name: str, graph: CallGraph, names: Names, selection: Selection) -> str:
    """For people: an overview, then a tree, or ways."""
    from .callgraph_tree import tree_lines

    lines = list(_overview(name, graph))
    if selection.imports or selection.target is not None:
        lines += _ways(graph, names, selection)
    else:
        lines += tree_lines(graph, names, selection)
    return "".join(f"{line}\n" for line in lines)


def _overview(name: str, graph: CallGraph) -> Iterator[str]:
    funcs = graph.module.funcs
    imported = sum(func.imported for func in funcs)
    yield f"{name}: {count_words(len(funcs) - imported)}, {imported} imported"
    for index, table in enumerate(graph.references.tables):
        if table.pool.funcs or table.reasons:
            why = f" ({for_terminal(clipped(', '.join(table.reasons)))})" if table.reasons else ""
            yield f"table {index}: {count_words(len(table.pool.funcs))}{'' if table.complete else ', or others?'}{why}"


def count_words(functions: int) -> str:
    """A number of functions."""
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
        yield f"{names.root(start)} reaches {names.words(end)} in {_calls(len(way))}"
        yield f"  {names.words(start)}"
        for step in way:
            place = "" if step.offset is None else f" at 0x{step.offset:x}"
            through = "" if step.through is None else f" ({set_words(names, step.through)})"
            yield f"  {step.kind}{place}{through}: {names.words(step.callee)}"


def _calls(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"


def _used_sets(graph: CallGraph, chosen: Iterable[int]) -> list[CallSet]:
    """What the chosen functions may run through tables and references, each set once, by number.

    Raises ``LimitError`` if that is too much to list.
    """
    used = {targets.number: targets for index in chosen for targets in graph.sets(index)}
    _refuse_too_many(sum(len(targets.funcs) for targets in used.values()))
    return [used[number] for number in sorted(used)]


def _refuse_too_many(targets: int) -> None:
    """A hundred kilobytes can describe a thousand tables that may hold any of ten thousand functions."""
    if targets > MAX_TARGETS:
        raise LimitError(f"tables, and calls through them, have more than {MAX_TARGETS} targets; text lists none")


# --- DOT --------------------------------------------------------------------------------------------------------------


def dot(graph: CallGraph, names: Names, selection: Selection) -> str:
    """A graph in the DOT language: functions, sets of targets as diamonds, the host with what it may call.

    Dashed: perhaps; dotted: a reference is taken.
    """
    lines = ["digraph calls {", "  rankdir=LR;", "  node [shape=box];", '  host [label="host" shape=ellipse];']
    chosen = selection.indices(graph)
    used = _used_sets(graph, chosen)
    for index in chosen:
        style = " style=dashed" if graph.module.funcs[index].imported else ""
        lines.append(f"  f{index} [label={for_dot(names.words(index))}{style}];")
    lines += _host_lines(graph, selection)
    for index in chosen:
        lines += [f"  f{index} -> f{each};" for each in graph.callees(index) if selection.has(each)]
        lines += [f"  f{index} -> f{each} [style=dotted];" for each in graph.referred(index) if selection.has(each)]
        lines += [f"  f{index} -> s{targets.number} [style=dashed];" for targets in graph.sets(index)]
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
    held = [index for index in graph.references.host_callable() if selection.has(index)]
    if held:
        yield '  held [label="tables and references" shape=diamond];'
        yield "  host -> held [style=dashed];"
        yield from (f"  held -> f{index} [style=dashed];" for index in held)


# --- JSON -------------------------------------------------------------------------------------------------------------


def json_text(graph: CallGraph, names: Names, selection: Selection) -> str:
    """Everything, in lines: functions with sites and offsets, sets of targets, tables, roots, ways."""
    chosen = selection.indices(graph)
    funcs, edges = graph.module.funcs, _Edges(graph)
    functions = (_function(index, funcs[index], names, edges.of(index)) for index in chosen)
    used = _used_sets(graph, chosen)
    pools = [each.pool.funcs for each in graph.references.tables]
    _refuse_too_many(sum(map(len, pools)))
    start = graph.module.start
    return as_json_rows(
        {
            "schema": SCHEMA,
            "functions": functions,
            "sets": (_set(names, targets) for targets in used),
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
