"""WR504: more of something than the policy's limits allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from ...errors import Position
from ...isa.types import func_type
from ...model import Body, Func, Item
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..settings import LIMITS
from ..subject import Subject


def _longest(part: str) -> Callable[[Subject], int]:
    return lambda subject: max((len(getattr(each.composite, part, ())) for each in subject.module.types), default=0)


def _largest(part: str) -> Callable[[Subject], int]:
    return lambda subject: max((int(each.type.limits.minimum) for each in getattr(subject.module, part)), default=0)


_COUNTS: Final[Mapping[str, tuple[str, Callable[[Subject], int]]]] = {
    "file-size": ("", lambda subject: len(subject.data)),
    "imports": ("import", lambda subject: len(subject.imports)),
    "exports": ("export", lambda subject: len(subject.exports)),
    "functions": ("function", lambda subject: len(subject.module.funcs)),
    "parameters": ("type", _longest("params")),
    "results": ("type", _longest("results")),
    "memory-pages": ("memory", _largest("memories")),
    "table-size": ("table", _largest("tables")),
    "data-size": (
        "data",
        lambda subject: sum(one.span[1] - one.span[0] for one in subject.module.datas if one.span),
    ),
}
"""What is counted once: the section it is found in, and how it is counted."""


class Limit(Rule):
    """The module exceeds one of ``limits``: numbers and sizes that a host, a chain or a plug-in format refuses.

    Engines tell only an offset; here the function is named. Each function that is too large or has too many locals is
    reported; other limits are reported once.
    """

    code, severity = "WR504", Severity.ERROR
    message = "{count} {what}{of}, more than the limit of {limit}"
    good = (Example('(module (func (export "f")))', config="limits = { exports = 1, function-size = 10, locals = 0 }"),)
    bad = (
        Example('(module (func (export "f")) (func (export "g")))', ("exports",), config="limits = { exports = 1 }"),
        Example("(module (func $big (local i64 i64)))", ("big",), config="limits = { locals = 1 }"),
        Example('(module (func (export "run") (local i64 i64)))', ("run",), config="limits = { locals = 1 }"),
        Example("(module (memory 100))", ("memory-pages",), config="limits = { memory-pages = 16 }"),
    )

    def whole(self) -> Iterable[Finding]:
        """Count only what has a limit."""
        limits = self.settings.limits
        for key in limits:
            if key in _COUNTS:
                section, count = _COUNTS[key]
                yield from self._judged(key, count(self.subject), self.subject.at_section(section))
        if {"function-size", "locals"} & set(limits):
            for func in self.subject.module.funcs:
                yield from self._function(func)

    def _judged(self, key: str, count: int, position: Position) -> Iterable[Finding]:
        if count > self.settings.limits[key]:
            yield self._exceeded(key, count, position, key, "")

    def _exceeded(self, key: str, count: int, position: Position, name: str, of: str) -> Finding:
        limit = self.settings.limits[key]
        return self.found(position, name, detail=key, count=count, what=LIMITS[key], of=of, limit=limit)

    @cached_property
    def _exported(self) -> dict[Item, str]:
        """The first name under which an item is exported."""
        return {export.item: export.name for _, export in reversed(self.subject.exports)}

    def _function(self, func: Func) -> Iterator[Finding]:
        body, limits = func.origin, self.settings.limits
        if not isinstance(body, Body) or body.span is None:
            return
        # An index moves with every function in front: it is a name only where there is no other.
        name = func.name or self._exported.get(func) or f"func[{func.index0}]"
        readable = "" if func.name is None else f" {self.subject.readable(func.name)}"
        of, position = f" in function {func.index0}{readable}", self.subject.at_item(func)
        size = body.span[1] - body.span[0]
        if size > limits.get("function-size", size):
            yield self._exceeded("function-size", size, position, name, of)
        if "locals" in limits:
            count = sum(run for run, _ in body.locals) + len(func_type(func.type).params)
            if count > limits["locals"]:
                yield self._exceeded("locals", count, position, name, of)
