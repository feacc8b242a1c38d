"""What a contract may take out of the comparison: state that others could see, segments that only a part is read of.

A claim that something was removed explains why the output does not have it; that nobody misses it is another matter.
What is listed here makes a verdict Inconclusive. Not here: what no claim explains (``comparison``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ...isa.immediates import Space
from ...model.items import Import
from .comparison import Structure
from .index_maps import Plan
from .module_view import LINKAGE, View, place

_STATE: Final = (Space.MEMORY, Space.TABLE, Space.GLOBAL)
_SEGMENTS: Final = (Space.ELEM, Space.DATA)


def lost(old: View, new: View, plan: Plan, found: Structure) -> list[str]:
    """Sentences about what was changed where nobody compares it."""
    return [*_state(old, plan, found), *_segments(old, new, plan), *_twice(old, new, plan)]


def _state(old: View, plan: Plan, found: Structure) -> Iterator[str]:
    """Exported or imported state that the input's code used, and that the output does not have."""
    for space in _STATE:
        gone = {
            index: item
            for index, item in enumerate(old.items(space))
            if plan.maps[space].new(index) is None and (space is not Space.GLOBAL or item.type.mutable)
        }
        exported = {place[1]: name for name, place in old.export_names().items() if place[0] is space}
        seen = {index: item for index, item in gone.items() if index in exported or isinstance(item.origin, Import)}
        used = _mentioned(old, plan, found, space) if seen else set()
        for index in sorted(seen.keys() & used):
            item = seen[index]
            known = f"import {item.origin}" if isinstance(item.origin, Import) else f"export {exported[index]!r}"
            yield f"{space.value} {index} ({known}) was removed: what the input does with it was not compared"


def _mentioned(old: View, plan: Plan, found: Structure, space: Space) -> set[int]:
    """Items of ``space`` that segments mention, or code that is not in the output as it was."""
    segments: list[Any] = [*old.module.datas] if space is Space.MEMORY else [*old.module.elems]
    mentioned = {place(getattr(each, space.value)) for each in segments} if space is not Space.GLOBAL else set()
    removed = (index for index in range(len(old.module.funcs)) if plan.funcs.new(index) is None)
    for func in (*(change.old for change in found.bodies), *removed):
        for _, op, operands in old.code(func):
            named = (value for kind, value in zip(op.operands, operands, strict=True) if kind.space is space)
            mentioned.update(int(getattr(value, space.value, value) or 0) for value in named)
    return mentioned


def _segments(old: View, new: View, plan: Plan) -> Iterator[str]:
    """Of a segment that is no active one only a part may ever be read: another one in its place shows in that part."""
    for space in _SEGMENTS:
        images = plan.maps[space].images(len(new.items(space)))
        added = [index for index, each in enumerate(new.items(space)) if not images[index] and each.mode == "passive"]
        for index, each in enumerate(old.items(space)):
            if added and each.mode == "passive" and plan.maps[space].new(index) is None:
                what = f"{space.value} {index} was removed and {space.value} {added[0]} added"
                yield f"{what}: they were compared only as far as calls read them"


def _twice(old: View, new: View, plan: Plan) -> Iterator[str]:
    """State imported once more under a name that the input imports too: a host gives the same to both."""
    for space in LINKAGE:
        if space is Space.FUNC:  # whose calls are logged
            continue
        before = {(item.origin.module, item.origin.name) for item in old.items(space) if item.imported}
        known = {plan.new_import(name) for name in before}
        images = plan.maps[space].images(len(new.items(space)))
        for index, item in enumerate(new.items(space)):
            if item.imported and not images[index] and (item.origin.module, item.origin.name) in known:
                yield f"{space.value} {index} (import {item.origin}) is imported twice, and was taken for two"
