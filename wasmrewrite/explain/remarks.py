"""What is remarkable about a module, from lint and from analyses, each with the command that mends or examines it.

Not here: the rules (``lint``), the facts (``analysis``), how it is shown (``cli.explain``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..errors import InvalidError, MalformedError, WasmError
from ..model import Body, Data, Expr, Func, Module
from ..spelling import size_words
from .examined import Examined
from .remark import TOPICS, WEIGHTS, Remark

if TYPE_CHECKING:
    from ..lint import Call, Finding, Fix

VALIDATED: Final = 8 << 20
"""Bytes of code up to which a module is validated, which for so many takes as long as all the rest."""
_NAMES_FROM: Final = 1 << 16
_NAMES_SHARE: Final = 20
_ADDRESS: Final = "WR201"
_SHOWN_BYTES: Final = 8
_SEGMENTS: Final = 10_000
"""Data segments that are looked into."""
_TOPIC_OF: Final = {"WR1": "imports", "WR3": "other", "WR4": "leftovers"}
_RULE_TOPICS: Final = {"WR201": "exports", "WR202": "start", "WR204": "start"}
_POLICY: Final = "feature-policy"


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
        self.about = Examined(module, path)
        self.unknown = self.about.unknown

    def all(self) -> list[Remark]:
        """By topic, the gravest first; topics with an error before the others. Raises ``MalformedError``."""
        from .remarks_results import Results
        from .remarks_start import Starts

        found: list[Remark] = []
        results, starts = Results(self.about), Starts(self.about)
        sources = (
            self._validity, self._lint, results.exported, results.imported,
            starts.running, starts.initializers, self._undeclared, self._names_kept,
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
            command = ("info", self.about.path) if func is None else ("callgraph", self.about.path, "--from", str(func))
            what = f"the module is invalid: {error.message}"
            yield Remark("validity", "error", what, (str(error.position),), command, "invalid")

    # --- lint -------------------------------------------------------------------------------------------------------

    def _lint(self) -> Iterator[Remark]:
        from ..lint import imported_func, lint, with_calls

        findings = lint(self.module)
        try:
            findings = with_calls(self.module, findings, self.about.graph)
        except WasmError as error:
            self.unknown.append(f"who calls imports: {error.message}")
        for finding in findings:
            code, weight = finding.code, str(finding.severity)
            topic = _RULE_TOPICS.get(code, _TOPIC_OF.get(code[:3], "other"))
            func = imported_func(self.module, finding)
            evidence = self._there(finding) if func is None else self._way(func, finding.calls)
            command = self._command(finding.fix, func) or ("rule", code)
            yield Remark(topic, weight, finding.message, evidence, command, code, finding.name, rule=code)

    def _command(self, fix: Fix | None, func: Func | None) -> tuple[str, ...]:
        if fix is not None:
            options = [f"{name}={value}" for name, values in fix.options.items() for value in values]
            return self.about.rewrite(fix.pass_name, *options)
        if func is None:
            return ()
        name = str(func.origin)
        clear = self._imported_as[name] == 1 and name not in self.about.exported and not name.startswith("-")
        return ("callgraph", self.about.path, "--to", name if clear else str(self.about.graph.index(func)))

    @cached_property
    def _imported_as(self) -> Counter[str]:
        return Counter(str(each.origin) for each in self.module.imports if isinstance(each, Func))

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

    def _way(self, func: Func, calls: Sequence[Call] | None) -> tuple[str, ...]:
        """Who calls an imported function; None if nobody looked."""
        from .call_paths import called_by

        if calls == () and func in self.about.exported.values():
            return ("it is exported again",)
        return () if calls is None else (called_by(calls),)

    # --- the rest ---------------------------------------------------------------------------------------------------

    def _undeclared(self) -> Iterator[Remark]:
        """Features that are used and not declared, where anything is declared."""
        declared, used = self.features
        for name, finding in used.items() if declared else ():
            if name not in declared and name != "mvp":
                where = " ".join((*finding.position.path, f"at 0x{finding.position.offset or 0:x}"))
                what = f"feature '{name}' is used, but not declared in target_features"
                see = ("info", self.about.path)
                yield Remark("features", "note", what, (f"first use: {where}",), see, "feature", name)

    def _names_kept(self) -> Iterator[Remark]:
        """A name section that is a good part of the file."""
        spans = [each.span for each in self.module.customs if each.name == "name" and each.span is not None]
        size, total = sum(end - start for start, end in spans), len(self.module.source.data)
        if size >= _NAMES_FROM and size * _NAMES_SHARE >= total:
            what = f"names of functions: {size_words(size)}, {100 * size // total} % of the file"
            evidence = ("stack traces and call graphs show them",)
            yield Remark(
                "leftovers", "note", what, evidence, self.about.rewrite("strip-custom", "pattern=name"), "names", "name"
            )

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
