"""What the name section says, item by item: every old name is where its item went, unless something else is claimed.

A section that was not renumbered gives one item the name of another, and nobody notices until the next stack trace. Not
here: whether the section may differ at all (``customs``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from ...codec import frame
from ...codec.custom import read
from ...codec.custom.subsections import read_spans
from ...isa.immediates import Space
from .comparison import Structure
from .index_maps import OUTER_NAMES, Plan
from .module_view import View

NAME: Final = "name"
_MODULE: Final = 0
_ITEMS: Final = {
    1: Space.FUNC,
    4: Space.TYPE,
    5: Space.TABLE,
    6: Space.MEMORY,
    7: Space.GLOBAL,
    8: Space.ELEM,
    9: Space.DATA,
    11: Space.TAG,
}
"""Subsections that name items."""
_OUTER: Final = {2: "local", 3: "label", 10: "field"}
"""Subsections of names within items."""
_SHOWN: Final = 3


def compare_names(old: View, new: View, plan: Plan, found: Structure) -> None:
    """Add what is stale to ``found.unexplained``, a few of each kind."""
    before, after = _subsections(old), _subsections(new)
    if after is None:
        return
    before = before or {}
    changed = {change.old for change in found.bodies}
    for number in sorted({*before, *after, *_claimed(plan)}):
        was, now = before.get(number, {}), after.get(number, {})
        if number in _ITEMS and isinstance(was, dict) and isinstance(now, dict):
            faults = list(_items(_ITEMS[number], was, now, plan))
        elif number in _OUTER and isinstance(was, dict) and isinstance(now, dict):
            faults = list(_within(_OUTER[number], was, now, plan, changed))
        else:
            faults = [] if was == now else [_whole(number)]
        found.unexplained += faults[:_SHOWN]


def _whole(number: int) -> str:
    return "the name of the module is another" if number == _MODULE else f"subsection {number} of the names is another"


def _claimed(plan: Plan) -> set[int]:
    """Subsections that claims speak of."""
    words = {word for word, _ in plan.names}
    return {number for number, space in _ITEMS.items() if space.value in words}


def _subsections(view: View) -> dict[int, Any] | None:
    """The first name section's contents by subsection: names by index, or bytes where they are not well formed."""
    section = next((each for each in frame(view.data) if not each.id and each.name == NAME), None)
    if section is None:
        return None
    record = read(NAME, view.data, section.start, section.end).record
    if record is None or any(one["id"] >= other["id"] for one, other in pairwise(record)):
        return {-1: view.raw((section.start, section.end))}
    spans = read_spans(view.data, section.start, section.end)
    return {each["id"]: _contents(view, each, span) for each, span in zip(record, spans, strict=True)}


def _contents(view: View, record: Any, span: tuple[int, int]) -> Any:
    """What a subsection says; one that names items that do not exist is not well formed."""
    number, contents = record["id"], record["contents"]
    space = _ITEMS.get(number) or (OUTER_NAMES[_OUTER[number]] if number in _OUTER else None)
    if record.get("problem") is not None or isinstance(contents, tuple):
        return view.raw(span)
    if space is None:
        return contents
    if any(index >= len(view.items(space)) for index, _ in contents):
        return view.raw(span)
    if number in _OUTER:
        return {int(index): {int(inner): str(name) for inner, name in names} for index, names in contents}
    return {int(index): str(name) for index, name in contents}


def _items(space: Space, before: Mapping[int, str], after: Mapping[int, str], plan: Plan) -> Iterator[str]:
    """Sentences on names that are not those of their items."""
    items, word = plan.maps[space], space.value
    claimed = {index: name for (kind, index), name in plan.names.items() if kind == word}
    for index, name in sorted({**dict.fromkeys(claimed, ""), **before}.items()):
        mapped = items.new(index)
        expected = claimed.get(index, name)
        now = None if mapped is None else after.get(mapped)
        if mapped is not None and now != expected:
            was = f" ({name})" if name else ""
            called = "has no name now" if now is None else f"is now called {now}"
            yield f"stale names: {word} {index}{was} {called}"
    nameless = {new: old for old, new in _images(items.runs) if old not in before and old not in claimed}
    for index, name in after.items():
        if index in nameless:
            yield f"stale names: {word} {nameless[index]}, which had no name, is now called {name}"


def _images(runs: Any) -> Iterator[tuple[int, int]]:
    for run in runs:
        yield from ((run.old + at, run.new + at) for at in range(run.count))


def _within(
    word: str, before: Mapping[int, Any], after: Mapping[int, Any], plan: Plan, changed: set[int]
) -> Iterator[str]:
    """Names of locals and labels belong to a function, those of fields to a type. Where code changed labels may go."""
    items = plan.maps[OUTER_NAMES[word]]
    for index, names in sorted(before.items()):
        mapped = items.new(index)
        waived = (word, index) in plan.names or (word == "label" and index in changed)
        if mapped is not None and after.get(mapped, {}) != names and not waived:
            yield f"stale names: {word}s of {OUTER_NAMES[word].value} {index} have other names"
    nameless = {new: old for old, new in _images(items.runs) if old not in before and (word, old) not in plan.names}
    for index, names in after.items():
        if names and index in nameless:
            yield f"stale names: {word}s of {OUTER_NAMES[word].value} {nameless[index]}, which had no names, have some"
