"""A call graph as text, DOT and JSON. Everything is in the order of indices, or of the file: equal input, equal output.

Calls through tables are shown as sets of targets that sites share, never target by target and site by site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from ..errors import LimitError
from ..escape import as_json_row, as_json_rows, for_dot, for_terminal, quoted
from ..explain.function_names import Names
from ..model import Func, Import
from ..spelling import clipped
from .callgraph_tree import tree_lines
from .callgraph_words import Selection, count_words, set_words

if TYPE_CHECKING:
    from ..analysis import CallGraph, CallSet, Path
    from ..analysis.mentions import Mention

SCHEMA: Final = "wasmrewrite.callgraph/1"
MAX_TARGETS: Final = 2_000_000
"""No more than so many targets of calls through tables, and functions in tables, are listed."""


# --- text -------------------------------------------------------------------------------------------------------------


def text(name: str, graph: CallGraph, names: Names, selection: Selection) -> str:
    """For people: an overview, then a tree, or ways."""
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
