"""Custom sections that came back as they were although what they speak of is elsewhere now, or gone.

Which sections those are stands in one table. Not here: names (``names``), sections that differ (``customs``), what the
rewriter does about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, Final, TypeAlias

from ...codec import Section
from ...codec.custom import read
from ...codec.custom.linking import named_sections
from ...isa.immediates import Space
from ...model.items import Custom, Import
from .index_maps import Plan
from .module_view import LINKAGE, View

_CODE: Final = 10
_IMPORTS: Final = 4


@dataclass(frozen=True)
class Shift:
    """What stands elsewhere. ``changed`` are the input's functions with other code."""

    old: View
    new: View
    plan: Plan
    changed: frozenset[int]

    @cached_property
    def code(self) -> bool:
        """Whether code of the input stands elsewhere in the code section."""
        return any(now - was != self._by for was, now in self._ends())

    @property
    def file(self) -> bool:
        """Whether code of the input stands elsewhere in the file."""
        return self.code or (self._by != 0 and any(True for _ in self._ends()))

    @property
    def globals(self) -> bool:
        """Whether globals have other indices."""
        return not self.plan.maps[Space.GLOBAL].identity

    @cached_property
    def _by(self) -> int:
        return _code_start(self.new) - _code_start(self.old)

    def _ends(self) -> Iterator[tuple[int, int]]:
        """Where code that is still there starts, before and now; and ends, unless it is other code."""
        for index, func in enumerate(self.old.module.funcs):
            mapped = self.plan.funcs.new(index)
            if not func.imported and mapped is not None:
                was, now = self.old.span(index), self.new.span(mapped)
                yield was[0], now[0]
                if index not in self.changed:
                    yield was[1], now[1]

    def function(self, index: int) -> bool:
        """Whether a function has other code, or another index."""
        return index in self.changed or self.plan.funcs.new(index) not in (index, None)

    @cached_property
    def _sections(self) -> tuple[list[Section], list[Section]]:
        return list(self.old.sections), list(self.new.sections)

    def section(self, number: int) -> bool:
        """Whether the section of that number is not what it was."""
        before, after = (part[number : number + 1] for part in self._sections)
        return [_what(self.old, each) for each in before] != [_what(self.new, each) for each in after]


def _code_start(view: View) -> int:
    return next((section.start for section in view.sections if section.id == _CODE), 0)


def _what(view: View, section: Section) -> tuple[int, str | None, bytes]:
    return section.id, section.name, view.raw((section.start, section.end))


Stale: TypeAlias = Callable[[Any, Shift], bool]
"""Whether a section is stale, by what it holds; None if that cannot be read."""


def _annotations(record: Any, shift: Shift) -> bool:
    return any(shift.function(int(entry.function)) for entry in record or ())


def _target(record: Any, shift: Shift) -> bool:
    return record is not None and shift.section(int(record["target"]))


def _symbols(record: Any, shift: Shift) -> bool:
    return record is not None and any(map(shift.section, named_sections(record) or ()))


def _imports(record: Any, shift: Shift) -> bool:
    """Whether ``dylink.0`` lists an import that was there and is not any more."""
    parts = [part for part in record or () if part["id"] == _IMPORTS and part["problem"] is None]
    listed = {(str(each.module), str(each.name)) for part in parts for each in part["contents"]}
    return bool(listed & _imported(shift.old) - _imported(shift.new))


def _imported(view: View) -> set[tuple[str, str]]:
    origins = (item.origin for space in LINKAGE for item in view.items(space))
    return {(origin.module, origin.name) for origin in origins if isinstance(origin, Import)}


_STALE: Final[tuple[tuple[str, str, Stale], ...]] = (
    (".debug_*", "code moved", lambda _, shift: shift.code),
    (".debug_*", "globals were renumbered", lambda _, shift: shift.globals),
    ("external_debug_info", "code moved", lambda _, shift: shift.code),
    ("external_debug_info", "globals were renumbered", lambda _, shift: shift.globals),
    ("sourceMappingURL", "code moved in the file", lambda _, shift: shift.file),
    ("build_id", "code moved or changed", lambda _, shift: shift.file or bool(shift.changed)),
    ("metadata.code.*", "functions that it annotates were renumbered or changed", _annotations),
    ("reloc.*", "the section that it is about is not what it was", _target),
    ("linking", "a section that it has a symbol of is not what it was", _symbols),
    ("dylink.0", "an import that it lists is gone", _imports),
)
"""For names of sections (shell style): what makes them stale."""


def stale(old: View, new: View, plan: Plan, changed: Iterable[int], kept: Iterable[Custom]) -> Iterator[str]:
    """What is stale of the sections that were ``kept`` as they were, each once."""
    shift = Shift(old, new, plan, frozenset(changed))
    for custom in kept:
        for pattern, why, is_stale in _STALE:
            if fnmatchcase(custom.name, pattern) and is_stale(_record(custom, old), shift):
                yield f"stale custom section {custom.name!r}: {why}"
                break


def _record(custom: Custom, view: View) -> Any:
    return None if custom.span is None else read(custom.name, view.data, *custom.span).record
