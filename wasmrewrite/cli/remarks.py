"""What is remarkable about a module, from lint and from analyses, each with the command that mends or examines it.

Not here: the rules (``lint``), the facts (``analysis``), how it is shown (``explain``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ..errors import WasmError
from ..model import Func, Module
from .escape import quoted

if TYPE_CHECKING:
    from ..analysis import CallGraph, Path
    from ..lint import Finding, Fix
    from .callgraph_forms import Names

TOPICS: Final = ("imports", "results", "exports", "start", "features", "leftovers", "other")
"""In the order in which they are told."""
OUT: Final = "out.wasm"
_TOPIC_OF: Final = {"WR1": "imports", "WR3": "other", "WR4": "leftovers"}
_RULE_TOPICS: Final = {"WR201": "exports", "WR202": "start", "WR204": "start"}
_ENTRY: Final = re.compile(r"import\[(\d+)\]")
_POLICY: Final = "feature-policy"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark. ``what`` and ``evidence`` may hold names as they are; ``command`` is what to say to wasmrewrite.

    ``weight``: "error", "warning" or "note" as lint has it, "suspicion" for what only a person can confirm.
    """

    topic: str
    weight: str
    what: str
    evidence: tuple[str, ...]
    command: tuple[str, ...]
    rule: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "topic": self.topic,
            "weight": self.weight,
            "what": self.what,
            "evidence": list(self.evidence),
            "command": ["wasmrewrite", *self.command],
            "rule": self.rule,
        }


class Remarks:
    """Everything remarkable about ``module``, which was read from ``path``; both sides of the command line agree on it.

    ``unknown`` collects what could not be looked at, and why.
    """

    def __init__(self, module: Module, path: str) -> None:
        self.module = module
        self.path = path
        self.unknown: list[str] = []

    def all(self) -> list[Remark]:
        """By topic, the gravest first."""
        found: list[Remark] = []
        for source in (self._lint, self._exported_results, self._imported_results, self._start, self._undeclared):
            try:
                found += source()
            except WasmError as error:  # the rest is worth telling all the same
                self.unknown.append(error.message)
        weights = ("error", "warning", "suspicion", "note")
        return sorted(found, key=lambda each: (TOPICS.index(each.topic), weights.index(each.weight)))

    # --- lint -------------------------------------------------------------------------------------------------------

    def _lint(self) -> Iterator[Remark]:
        from ..lint import lint

        for finding in lint(self.module):
            topic = _RULE_TOPICS.get(finding.code, _TOPIC_OF.get(finding.code[:3], "other"))
            func = self._imported(finding)
            evidence = () if func is None else self._way(func)
            command = self._command(finding.fix, func) or ("rule", finding.code)
            yield Remark(topic, str(finding.severity), finding.message, evidence, command, finding.code)

    def _imported(self, finding: Finding) -> Func | None:
        """The imported function that a finding is about."""
        entry = _ENTRY.fullmatch(finding.position.path[-1]) if finding.position.path else None
        item = self.module.imports[int(entry[1])] if entry else None
        return item if isinstance(item, Func) else None

    def _command(self, fix: Fix | None, func: Func | None) -> tuple[str, ...]:
        if fix is not None:
            options = [f"{fix.pass_name}.{name}={value}" for name, values in fix.options.items() for value in values]
            sets = [word for option in options for word in ("--set", option)]
            return ("rewrite", self.path, "-o", OUT, "--pass", fix.pass_name, *sets)
        if func is None:
            return ()
        name = str(func.origin)
        clear = [str(each.origin) for each in self.module.imports if isinstance(each, Func)].count(name) == 1
        clear = clear and self.module.export(name) is None and not name.startswith("-")
        return ("callgraph", self.path, "--to", name if clear else str(self.module.funcs.index(func)))

    # --- calls ------------------------------------------------------------------------------------------------------

    @cached_property
    def _graph(self) -> CallGraph:
        from ..analysis import CallGraph

        return CallGraph(self.module)

    @cached_property
    def _names(self) -> Names:
        from .callgraph_forms import Names

        return Names(self._graph, demangle=True)

    @cached_property
    def _ways(self) -> dict[int, Path]:
        from ..analysis import ways_to_imports

        return dict(ways_to_imports(self._graph, self._graph.roots()))

    def _way(self, func: Func) -> tuple[str, ...]:
        """The shortest way from an export to an import, in words."""
        way = self._ways.get(self._graph.index(func))
        if way is None:
            return ("no export reaches it",)
        if not way:
            return ("it is exported again",)
        exports = self._names.exports.get(way[0].caller)
        start = f"export {quoted(exports[0])}" if exports else f"function {self._names.words(way[0].caller)}"
        between = [self._names.words(step.caller) for step in way[1:]]
        sure = "" if all(step.exact for step in way) else ", through a table"
        return ("called by " + " → ".join([start, *between]) + sure,)

    # --- results ----------------------------------------------------------------------------------------------------

    def _exported_results(self) -> Iterator[Remark]:
        from ..analysis import DebugLayouts, written_exports

        debug = DebugLayouts(self.module)
        rewrite = ("rewrite", self.path, "-o", OUT, "--pass", "multi-value")
        proved = {each.name: each.declaration for each in debug.exports if each.by_pointer and each.declaration}
        for name, declared in proved.items():
            what = f"export {name!r} returns {declared.result} through a pointer"
            command = (*rewrite, "--set", f"multi-value.export={name}", "--set", "multi-value.layouts=dwarf")
            yield Remark("results", "note", what, ("debug information says so",), command)
        refused = {each.name: each.reason for each in debug.exports if debug.problem is None and each.reason}
        cleared = {each.name for each in debug.exports if each.declaration is not None}
        for each in written_exports(self.module):
            if each.name in cleared:
                continue
            seen = ", ".join(f"{scalar} @{offset}" for offset, scalar in each.stores)
            evidence = [f"it stores {seen} through its first parameter, and loads nothing there before"]
            evidence += [f"debug information: {refused[each.name]}"] if each.name in refused else []
            examine = ("info", self.path, "--interface")
            confirm = (*rewrite, "--set", f"multi-value.export={each.name}={each.result}")
            what = f"export {each.name!r} may return through a pointer"
            yield Remark("results", "suspicion", what, tuple(evidence), confirm if each.result else examine)

    def _imported_results(self) -> Iterator[Remark]:
        from ..analysis import guess_imports

        for guess in guess_imports(self.module, self._graph):
            if guess.result is None or len(guess.result.fields) < 2:  # too little to tell anybody unasked
                continue
            what = f"import '{guess.origin}' may return through a pointer"
            calls = "1 call" if guess.sites == 1 else f"{guess.sites} calls"
            evidence = f"after {calls} with an address in the caller's frame, {guess.result} is loaded from there"
            yield Remark("results", "suspicion", what, (evidence,), ("info", self.path, "--interface"))

    # --- the rest ---------------------------------------------------------------------------------------------------

    def _start(self) -> Iterator[Remark]:
        from ..analysis import imports_reached

        start = self.module.start
        if start is None:
            return
        index = self.module.funcs.index(start)
        reached = imports_reached(self._graph, start)
        evidence = [f"it is function {self._names.words(index)}"]
        if reached:
            evidence.append(f"it can call {len(reached)} imports, which must not need the instance yet")
        command = ("callgraph", self.path, "--from", str(index))
        yield Remark(
            "start", "note", "the module runs a start function when it is instantiated", tuple(evidence), command
        )

    def _undeclared(self) -> Iterator[Remark]:
        """Features that are used and not declared, where anything is declared."""
        declared, used = self.features
        for name, finding in used.items() if declared else ():
            if name not in declared and name != "mvp":
                where = " ".join((*finding.position.path, f"at 0x{finding.position.offset or 0:x}"))
                what = f"feature '{name}' is used, but not declared in target_features"
                config = ("info", self.path)
                yield Remark("features", "note", what, (f"first use: {where}",), config)

    @cached_property
    def features(self) -> tuple[list[str], dict[str, Finding]]:
        """Declared features, and the first use of each that is used; by the names of proposals."""
        from ..lint import Settings, find, lint
        from ..lint.settings import Policy

        settings = Settings(policy=Policy(deny_features=("*",)))
        found: dict[str, dict[str, Finding]] = defaultdict(dict)
        for finding in lint(self.module, settings, [find(_POLICY)]):
            found[finding.detail].setdefault(finding.name, finding)
        return list(found["declared"]), found["used"]
