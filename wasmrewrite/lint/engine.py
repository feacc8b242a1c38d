"""One walk over a module for all rules: each part is visited once, and only if some rule wants to see it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ..errors import Position
from ..model import Module
from .finding import Finding
from .registry import refuse_clashes, selected, severities
from .rule import Rule
from .settings import Settings
from .subject import Subject

_TEXTS: Final = re.compile(r"name|sourceMappingURL|external_debug_info|\.debug_(?:str|line_str|line|info)")
"""Custom sections in which texts are looked for."""
_DATA: Final = 11


def lint(
    module: Module,
    settings: Settings | None = None,
    rules: Iterable[type[Rule]] | None = None,
    plugins: bool = True,
) -> list[Finding]:
    """What ``rules`` (by default all that the settings select) find in a module as it was read, in order of offset.

    Without ``plugins`` the settings can only mean built-in rules. Raises ``MalformedError`` or ``InvalidError`` for a
    module that cannot be read, ``ConfigError`` for a word in the settings that means no rule, and for rules that share
    a code or a name.
    """
    settings = settings or Settings()
    wanted = severities(settings, plugins)
    kinds = list(selected(settings.select, settings.ignore, plugins) if rules is None else rules)
    refuse_clashes(kinds)
    subject = Subject(module, settings)
    walk = _Walk(subject, [kind(subject) for kind in kinds])
    found = [
        replace(each, severity=wanted[each.code]) if each.code in wanted else each for each in walk.findings()
    ]
    return sorted(found, key=lambda each: (each.position.offset or 0, each.code, each.name, each.detail))


class _Walk:
    """The parts of a module in turn, each shown to the rules that implement the method for it."""

    def __init__(self, subject: Subject, rules: Sequence[Rule]) -> None:
        self.subject = subject
        self.rules = rules
        self._starts: list[int] | None = None

    def _with(self, method: str) -> list[Rule]:
        return [rule for rule in self.rules if getattr(type(rule), method) is not getattr(Rule, method)]

    def findings(self) -> Iterator[Finding]:
        for rule in self._with("whole"):
            yield from rule.whole()
        yield from self._sections()
        yield from self._imports()
        yield from self._exports()
        yield from self._function_names()
        yield from self._texts()
        for rule in self._with("after"):
            yield from rule.after()

    def _sections(self) -> Iterator[Finding]:
        rules = self._with("section")
        for custom in self.subject.module.customs if rules else ():
            for rule in rules:
                yield from rule.section(custom)

    def _imports(self) -> Iterator[Finding]:
        rules = self._with("imported")
        for entry in self.subject.imports if rules else ():
            for rule in rules:
                yield from rule.imported(entry)

    def _exports(self) -> Iterator[Finding]:
        rules = self._with("exported")
        for at, export in self.subject.exports if rules else ():
            for rule in rules:
                yield from rule.exported(at, export)

    def _function_names(self) -> Iterator[Finding]:
        rules = self._with("function_name")
        if not rules or not self._marked(rules):
            return
        for func in self.subject.module.funcs:
            name = func.name
            for rule in rules if name is not None else ():
                yield from rule.function_name(func, name or "")

    def _marked(self, rules: Sequence[Rule]) -> bool:
        """Whether it is worth while to read names: functions are many, and few modules have one that matters."""
        names = self.subject.custom("name")
        if names is None or names.span is None:
            return False
        markers = b"|".join(re.escape(marker) for rule in rules for marker in rule.markers)
        return re.search(markers, self.subject.data[slice(*names.span)]) is not None

    def _texts(self) -> Iterator[Finding]:
        rules = self._with("text")
        if not rules:
            return
        by_group = {f"r{at}": rule for at, rule in enumerate(rules)}
        pattern = re.compile(b"|".join(b"(?P<%s>%s)" % (group.encode(), r.pattern) for group, r in by_group.items()))
        for where, span in self._spans():
            for found in pattern.finditer(self.subject.data, *span):
                place = Position(found.start(), where or self._segment(found.start()))
                yield from by_group[found.lastgroup or ""].text(place, found)

    def _spans(self) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
        for custom in self.subject.module.customs:
            if custom.span is not None and _TEXTS.fullmatch(custom.name):
                yield (f"custom section {custom.name!r}",), custom.span
        for section in self.subject.sections:
            if section.id == _DATA:  # as one: segments can be a hundred thousand, and no text goes beyond one
                yield (), (section.start, section.end)

    def _segment(self, offset: int) -> tuple[str, ...]:
        """The path of the data segment at an offset."""
        if self._starts is None:
            self._starts = [data.span[0] for data in self.subject.module.datas if data.span is not None]
        return ("data section", f"data[{max(bisect_right(self._starts, offset) - 1, 0)}]")
