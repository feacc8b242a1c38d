"""What the judge's host can reach on both sides: what is exported or imported, as it is called on either.

Does not contain: acting (``acting``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ...isa.immediates import Space
from ...isa.types import FuncType, func_type
from ...model.items import Body, Import
from ..structure.index_maps import Plan
from ..structure.module_view import View
from .acting import Reach, enterable


@dataclass(frozen=True, slots=True)
class Stack:
    """What is known of the input's stack, as ``Reach`` has it; ``index`` is the global, None without one."""

    index: int | None
    memory: int
    certain: bool
    slack: int
    frames_alike: bool


def reaches(old: View, new: View, plan: Plan, stack: Stack, by_value: Collection[str]) -> tuple[Reach, Reach]:
    """Return what the host reaches of the input and of the output, in the same order."""
    memories = _visible(old, new, plan, Space.MEMORY)
    tables = _visible(old, new, plan, Space.TABLE)
    globals = {index: own for index, own in _visible(old, new, plan, Space.GLOBAL).items() if index != stack.index}
    globals = {index: own for index, own in globals.items() if old.module.globals[index].type.mutable}
    functions = _functions(old, new, plan, by_value)

    def side(output: bool) -> Reach:
        return Reach(
            {index: own if output else index for index, own in memories.items()},
            {at: (own if output else at, old.module.globals[at].type) for at, own in globals.items()},
            {at: (own if output else at, old.module.tables[at].type) for at, own in tables.items()},
            {at: (own if output else at, type) for at, (own, type) in functions.items()},
            stack.memory,
            stack.certain,
            stack.slack,
            stack.frames_alike,
        )

    return side(False), side(True)


def _shown(view: View, space: Space) -> set[int]:
    found = {index for kind, index in view.export_names().values() if kind is space}
    return found | {index for index, item in enumerate(view.items(space)) if isinstance(item.origin, Import)}


def _visible(old: View, new: View, plan: Plan, space: Space) -> dict[int, int]:
    """Return the output's index, by the input's, of what both sides show."""
    there = _shown(new, space)
    images = {index: plan.maps[space].new(index) for index in sorted(_shown(old, space))}
    return {index: own for index, own in images.items() if own is not None and own in there}


def _functions(old: View, new: View, plan: Plan, by_value: Collection[str]) -> dict[int, tuple[int, FuncType]]:
    """Return exported functions that the host can call by the same name, of the same type, on both sides."""
    before, after = old.export_names(), new.export_names()
    avoided = {*plan.values, *by_value}
    found: dict[int, tuple[int, FuncType]] = {}
    for name, (space, index) in before.items():
        called = plan.new_export(name)
        if space is not Space.FUNC or called is None or called not in after or {name, called} & avoided:
            continue
        other, own = after[called]
        type = func_type(old.func(index).type)
        alike = other is Space.FUNC and old.key(old.func(index).type) is new.key(new.func(own).type)
        if alike and isinstance(old.func(index).origin, Body) and enterable(type):
            found.setdefault(index, (own, type))
    return found
