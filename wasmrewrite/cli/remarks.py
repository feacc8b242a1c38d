"""What is remarkable about a module, from lint and from analyses, each with the command that mends or examines it.

Not here: the rules (``lint``), the facts (``analysis``), how it is shown (``explain``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ..errors import InvalidError, MalformedError, RewriteError, WasmError
from ..isa.types import func_type
from ..model import Body, Data, Expr, Func, Module
from .describe import size_words

if TYPE_CHECKING:
    from ..analysis import CallGraph, Maker
    from ..lint import Call, Finding, Fix
    from .callgraph_words import Names

TOPICS: Final = ("validity", "imports", "results", "exports", "start", "features", "leftovers", "other")
"""In the order in which they are told, unless one holds an error."""
WEIGHTS: Final = ("error", "warning", "suspicion", "note")
"""As lint has them, and "suspicion" for what only a person can confirm; the gravest first."""
OUT: Final = "out.wasm"
VALIDATED: Final = 8 << 20
"""Bytes of code up to which a module is validated, which for so many takes as long as all the rest."""
_DEBUG_READS: Final = 1_000_000
"""What of debug information is read unasked: about three seconds."""
_NAMES_FROM: Final = 1 << 16
_NAMES_SHARE: Final = 20
_LISTED: Final = 12
_DYNAMIC: Final = ("dylink", "dylink.0")
_ADDRESS: Final = "WR201"
_SHOWN_BYTES: Final = 8
_SEGMENTS: Final = 10_000
"""Data segments that are looked into."""
_TOPIC_OF: Final = {"WR1": "imports", "WR3": "other", "WR4": "leftovers"}
_RULE_TOPICS: Final = {"WR201": "exports", "WR202": "start", "WR204": "start"}
_POLICY: Final = "feature-policy"
_GLUE: Final = "wasm-bindgen's JavaScript lends the pointers: change them for a host that does without it"
_PLACING: Final = frozenset(
    {"global.get", "global.set", "i32.const", "i32.add", "i64.const", "i64.add", "memory.fill", "end"}
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark. ``what`` and ``evidence`` may hold names as they are; ``command`` is what to say to wasmrewrite.

    ``weight`` is one of ``WEIGHTS``; ``caution`` is what to bear in mind with everything of the kind.
    """

    topic: str
    weight: str
    what: str
    evidence: tuple[str, ...]
    command: tuple[str, ...]
    rule: str | None = None
    caution: str = ""

    @property
    def mends(self) -> bool:
        """Whether the command does something about it, rather than showing more."""
        return self.command[0] == "rewrite"

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "topic": self.topic,
            "weight": self.weight,
            "what": self.what,
            "evidence": list(self.evidence),
            "command": ["wasmrewrite", *self.command],
            "mends": self.mends,
            "caution": self.caution,
            "rule": self.rule,
        }


def _constant(expr: object) -> int | None:
    """The address that an initialiser gives, if it is a plain one."""
    instrs = list(expr) if isinstance(expr, Expr) else []
    plain = len(instrs) == 1 and instrs[0].op.name in ("i32.const", "i64.const")
    return int(instrs[0].args[0]) % (1 << 32) if plain else None


class Remarks:
    """Everything remarkable about ``module``, which was read from ``path``; both sides of the command line agree on it.

    ``unknown`` collects what could not be looked at, and why.
    """

    def __init__(self, module: Module, path: str) -> None:
        self.module = module
        self.path = f"./{path}" if path.startswith("-") and path != "-" else path
        self.unknown: list[str] = []

    def all(self) -> list[Remark]:
        """By topic, the gravest first; topics with an error before the others. Raises ``MalformedError``."""
        found: list[Remark] = []
        sources = (
            self._validity, self._lint, self._exported_results, self._imported_results, self._start,
            self._initialisers, self._undeclared, self._names_kept,
        )  # fmt: skip
        for source in sources:
            try:
                found += source()
            except MalformedError:
                raise
            except WasmError as error:  # the rest is worth telling all the same
                if not any(each.topic == "validity" for each in found):
                    self.unknown.append(error.message)
        wrong = {each.topic for each in found if each.weight == WEIGHTS[0]}
        return sorted(
            found,
            key=lambda each: (each.topic not in wrong, TOPICS.index(each.topic), WEIGHTS.index(each.weight)),
        )

    @cached_property
    def makers(self) -> list[Maker]:
        """The tools that the module seems to come from."""
        from ..analysis import makers

        return makers(self.module)

    @cached_property
    def _caution(self) -> str:
        return _GLUE if any(each.name == "wasm-bindgen" for each in self.makers) else ""

    def _rewrite(self, name: str, *options: str) -> tuple[str, ...]:
        sets = [word for option in options for word in ("--set", f"{name}.{option}")]
        return ("rewrite", self.path, "-o", OUT, "--pass", name, *sets)

    # --- validity ---------------------------------------------------------------------------------------------------

    def _validity(self) -> Iterator[Remark]:
        from ..validate import validate

        size = sum(
            func.origin.span[1] - func.origin.span[0]
            for func in self.module.funcs
            if isinstance(func.origin, Body) and func.origin.span is not None
        )
        if size > VALIDATED:
            self.unknown.append(f"whether it is valid: it has more than {size_words(VALIDATED)} of code")
            return
        try:
            validate(self.module)
        except InvalidError as error:
            func = error.position.function
            command = ("info", self.path) if func is None else ("callgraph", self.path, "--from", str(func))
            what = f"the module is invalid: {error.message}"
            yield Remark("validity", "error", what, (str(error.position),), command)

    # --- lint -------------------------------------------------------------------------------------------------------

    def _lint(self) -> Iterator[Remark]:
        from ..lint import imported_func, lint, with_calls

        findings = lint(self.module)
        try:
            findings = with_calls(self.module, findings, self._graph)
        except WasmError as error:
            self.unknown.append(f"who calls imports: {error.message}")
        for finding in findings:
            topic = _RULE_TOPICS.get(finding.code, _TOPIC_OF.get(finding.code[:3], "other"))
            func = imported_func(self.module, finding)
            evidence = self._there(finding) if func is None else self._way(func, finding.calls)
            command = self._command(finding.fix, func) or ("rule", finding.code)
            yield Remark(topic, str(finding.severity), finding.message, evidence, command, finding.code)

    def _command(self, fix: Fix | None, func: Func | None) -> tuple[str, ...]:
        if fix is not None:
            options = [f"{name}={value}" for name, values in fix.options.items() for value in values]
            return self._rewrite(fix.pass_name, *options)
        if func is None:
            return ()
        name = str(func.origin)
        clear = self._imported_as[name] == 1 and name not in self._exported and not name.startswith("-")
        return ("callgraph", self.path, "--to", name if clear else str(self._graph.index(func)))

    @cached_property
    def _imported_as(self) -> Counter[str]:
        return Counter(str(each.origin) for each in self.module.imports if isinstance(each, Func))

    @cached_property
    def _exported(self) -> dict[str, Func]:
        return {each.name: each.item for each in self.module.exports if isinstance(each.item, Func)}

    def _there(self, finding: Finding) -> tuple[str, ...]:
        """What memory holds at first where an exported address points."""
        export = self.module.export(finding.name) if finding.code == _ADDRESS else None
        address = None if export is None else _constant(export.item.origin)
        if address is None:
            return ()
        at = bisect_right(self._segments, address, key=lambda each: each[0]) - 1
        start, data = self._segments[at] if at >= 0 else (0, None)
        held = b"" if data is None else data.data[address - start : address - start + _SHOWN_BYTES]
        return (f"memory there starts as {held.hex(' ')}" if held else "memory there starts as zeroes",)

    @cached_property
    def _segments(self) -> list[tuple[int, Data]]:
        """Data segments with a constant place in the first memory, by that."""
        first = self.module.memories[0] if self.module.memories else None
        placed = [(_constant(each.offset), each) for each in self.module.datas[:_SEGMENTS] if each.memory is first]
        return sorted(((at, each) for at, each in placed if at is not None), key=lambda each: each[0])

    # --- calls ------------------------------------------------------------------------------------------------------

    @cached_property
    def _graph(self) -> CallGraph:
        from ..analysis import CallGraph

        return CallGraph(self.module)

    @cached_property
    def _names(self) -> Names:
        from .callgraph_words import Names

        return Names(self._graph, demangle=True)

    def _way(self, func: Func, calls: Sequence[Call] | None) -> tuple[str, ...]:
        """Who calls an imported function; None if nobody looked."""
        from .ways import called_by

        if calls == () and func in self._exported.values():
            return ("it is exported again",)
        return () if calls is None else (called_by(calls),)

    # --- results ----------------------------------------------------------------------------------------------------

    def _exported_results(self) -> Iterator[Remark]:
        from ..analysis import DebugLayouts, written_exports
        from ..analysis.dwarf_entries import Budget

        debug = DebugLayouts(self.module, Budget(reads=_DEBUG_READS))
        if debug.problem is not None and not isinstance(debug.problem, RewriteError):  # that one says: there is none
            self.unknown.append(debug.problem.message)
        proved = {each.name: each.declaration for each in debug.exports if each.by_pointer and each.declaration}
        for name, declared in proved.items():
            what = f"export {name!r} returns {declared.result} through a pointer"
            evidence = ("debug information says so", *self._no_stack_pointer)
            command = self._by_value(f"export={name}", "layouts=dwarf")
            yield Remark("results", "note", what, evidence, command)
        refused = {each.name: each.reason for each in debug.exports if debug.problem is None and each.reason}
        cleared = {each.name for each in debug.exports if each.declaration is not None}
        for each in written_exports(self.module):
            if each.name in cleared:
                continue
            seen = [f"{scalar} @{offset}" for offset, scalar in each.stores[:_LISTED]]
            seen += ["..."] if len(each.stores) > _LISTED else []
            where = "its first parameter"
            if each.through is not None:
                where += f", in function {self._names.words(each.through)}, which it hands that to"
            evidence = (f"it stores {', '.join(seen)} through {where}; nothing is loaded there before",)
            evidence += (f"debug information: {refused[each.name]}",) if each.name in refused else ()
            memory = [f"memory={each.memory}"] if len(self.module.memories) > 1 else []
            confirm = self._by_value(f"export={each.name}={each.result}", *memory)
            command = confirm if each.result else self._draft
            what = f"export {each.name!r} may return through a pointer"
            evidence += self._no_stack_pointer if each.result else ()
            yield Remark("results", "suspicion", what, evidence, command, caution=self._caution)

    @property
    def _draft(self) -> tuple[str, ...]:
        return ("info", self.path, "--interface")

    def _by_value(self, *options: str) -> tuple[str, ...]:
        return self._draft if self._no_stack_pointer else self._rewrite("multi-value", *options)

    @cached_property
    def _no_stack_pointer(self) -> tuple[str, ...]:
        """Why a wrapper could not lend room for a result; nothing if it could."""
        from ..analysis import find_stack_pointer

        try:
            find_stack_pointer(self.module)
        except WasmError as error:
            return (error.message,)
        return ()

    def _imported_results(self) -> Iterator[Remark]:
        from ..analysis import guess_imports

        for guess in guess_imports(self.module, self._graph):
            if guess.result is None or len(guess.result.fields) < 2:  # too little to tell anybody unasked
                continue
            what = f"import '{guess.origin}' may return through a pointer"
            calls = "1 call" if guess.sites == 1 else f"{guess.sites} calls"
            evidence = (f"after {calls} with an address in the caller's frame, {guess.result} is loaded from there",)
            yield Remark("results", "suspicion", what, evidence, self._draft, caution=self._caution)

    # --- start ------------------------------------------------------------------------------------------------------

    def _start(self) -> Iterator[Remark]:
        start = self.module.start
        if start is None:
            return
        index = self.module.funcs.index(start)
        evidence = [f"it is function {self._names.words(index)}", *self._role(start), *self._told(start)]
        what = "the module runs a start function when it is instantiated"
        yield Remark("start", "note", what, tuple(evidence), ("callgraph", self.path, "--from", str(index)))

    def _told(self, func: Func) -> list[str]:
        """What running a function before there is an instance means for the host."""
        from ..analysis import imports_reached

        reached = len(imports_reached(self._graph, func))
        if not reached:
            return []
        return [f"it can call {reached} import{'s' * (reached > 1)}, which must not need the instance yet"]

    def _role(self, func: Func) -> list[str]:
        """What linkers have such a function for, by the instructions in it."""
        if not isinstance(func.origin, Body) or func.origin.span is None or len(func.origin.expr) > 1000:
            return []
        names = {instr.op.name for instr in func.origin.expr}
        if "memory.init" in names and any(each.type.limits.shared for each in self.module.memories):
            return ["it copies data into memory: the linker's, for threads that share one"]
        if names <= _PLACING and any(each.name in _DYNAMIC for each in self.module.customs):
            return ["it works out addresses: the linker's, for a module that can be loaded anywhere"]
        return []

    def _initialisers(self) -> Iterator[Remark]:
        """What hosts have to call first, or that it is a program."""
        exported = self._exported
        if "_start" in exported:
            what = "it is a program for WASI: export '_start' runs it"
            yield Remark("start", "note", what, (), ("run", self.path))
        func = exported.get("_initialize")
        if func is not None and not self._run_at_start(func):
            what = "export '_initialize' has to be called before any other, instantiation does not run it"
            told, type = self._told(func), func_type(func.type)
            mended = not told and not type.params and not type.results
            mend = self._rewrite("add-start", "function=_initialize")
            command = mend if mended else ("callgraph", self.path, "--from", "_initialize")
            yield Remark("start", "note", what, tuple(told), command)
        if "__wbindgen_start" in exported and self.module.start is None:
            what = "export '__wbindgen_start' has to be called before any other: wasm-bindgen's JavaScript does that"
            yield Remark("start", "note", what, (), ("callgraph", self.path, "--from", "__wbindgen_start"))

    def _run_at_start(self, func: Func) -> bool:
        start = self.module.start
        if start is None or start is func:
            return start is func
        return self._graph.index(func) in self._graph.callees(self._graph.index(start))

    # --- the rest ---------------------------------------------------------------------------------------------------

    def _undeclared(self) -> Iterator[Remark]:
        """Features that are used and not declared, where anything is declared."""
        declared, used = self.features
        for name, finding in used.items() if declared else ():
            if name not in declared and name != "mvp":
                where = " ".join((*finding.position.path, f"at 0x{finding.position.offset or 0:x}"))
                what = f"feature '{name}' is used, but not declared in target_features"
                yield Remark("features", "note", what, (f"first use: {where}",), ("info", self.path))

    def _names_kept(self) -> Iterator[Remark]:
        """A name section that is a good part of the file."""
        spans = [each.span for each in self.module.customs if each.name == "name" and each.span is not None]
        size, total = sum(end - start for start, end in spans), len(self.module.source.data)
        if size >= _NAMES_FROM and size * _NAMES_SHARE >= total:
            what = f"names of functions: {size_words(size)}, {100 * size // total} % of the file"
            evidence = ("stack traces and call graphs show them",)
            yield Remark("leftovers", "note", what, evidence, self._rewrite("strip-custom", "pattern=name"))

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
