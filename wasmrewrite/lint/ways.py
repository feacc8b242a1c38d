"""Who pulls in what an import is found fault with: ways through the call graph. Not here: rules, the call graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from ..analysis import CallGraph, Demangler, Path, ways_to
from ..errors import LimitError
from ..model import Func, Module
from .finding import Call, Finding

_ENTRY: Final = re.compile(r"import\[(\d+)\]")


def with_calls(module: Module, findings: Sequence[Finding], graph: CallGraph | None = None) -> list[Finding]:
    """The findings, those about imported functions with the calls that lead there: direct ones if such a way exists.

    ``graph`` is the module's if the caller has it already. Looks at code, at all of it if direct calls do not reach an
    import. Altogether the ways have no more than ``analysis.reach.MAX_STEPS`` calls; what comes after that stays
    without. Raises ``MalformedError`` or ``InvalidError`` for code that cannot be read.
    """
    about = {at: func for at, finding in enumerate(findings) if (func := imported_func(module, finding)) is not None}
    if not about:
        return list(findings)
    graph = graph or CallGraph(module)
    calls = _Calls(graph)
    known = calls.of([graph.index(func) for func in about.values()])
    found = list(findings)
    for at, func in about.items():
        found[at] = replace(findings[at], calls=known.get(graph.index(func)))
    return found


def imported_func(module: Module, finding: Finding) -> Func | None:
    """The imported function that a finding is about, None if it is about something else."""
    entry = _ENTRY.fullmatch(finding.position.path[-1]) if finding.position.path else None
    item = module.imports[int(entry[1])] if entry is not None else None
    return item if isinstance(item, Func) else None


class _Calls:
    """Ways as plain data."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self.readable = Demangler()
        self.exports = {index: name for name, index in reversed(graph.exported())}

    def of(self, targets: Iterable[int]) -> dict[int, tuple[Call, ...]]:
        """The calls to each of ``targets``; those for which there was no room are left out."""
        wanted = list(dict.fromkeys(targets))
        found: dict[int, tuple[Call, ...]] = {}
        try:
            for index, way in ways_to(self.graph, self.graph.roots(), wanted):
                found[index] = self._words(way)
        except LimitError:
            return found
        return {index: found.get(index, ()) for index in wanted}

    def _words(self, way: Path) -> tuple[Call, ...]:
        funcs = self.graph.module.funcs
        calls = []
        for step in way:
            name = funcs[step.caller].name
            readable = None if name is None else self.readable(name)
            export = self.exports.get(step.caller)
            calls.append(Call(step.caller, readable, export, step.kind, step.offset, step.exact))
        return tuple(calls)
