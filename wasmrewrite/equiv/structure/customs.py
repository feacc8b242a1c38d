"""Custom sections, compared under the claims; and whether those that name items or code still tell the truth.

A custom section must come back as it was, in its place, unless a claim says that it was removed or changed on purpose.
Not here: what makes a section stale (``stale``), what names say (``names``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set

from .comparison import Structure
from .index_maps import Plan
from .module_view import View
from .names import compare_names
from .stale import stale


def compare_customs(old: View, new: View, plan: Plan, found: Structure) -> None:
    """Add what is to say about custom sections to ``found``."""
    before, after = _by_name(old), _by_name(new)
    for name in dict.fromkeys((*before, *after)):
        _compare_named(name, before[name], after[name], plan, found)
    claimed = {*plan.removed_customs, *plan.changed_customs}
    found.unexplained += [
        f"claims about custom section {name!r}, but there is none"
        for name in sorted(claimed)
        if not before[name] and (name in plan.removed_customs or not after[name])
    ]
    _placement(old, new, found)
    if before["name"] != after["name"] or plan.names or not all(items.identity for items in plan.maps.values()):
        compare_names(old, new, plan, found)
    kept = [custom for custom in old.module.customs if before[custom.name] == after[custom.name]]
    found.unexplained += stale(old, new, plan, (change.old for change in found.bodies), kept)


def _by_name(view: View) -> dict[str, list[bytes]]:
    sections: dict[str, list[bytes]] = defaultdict(list)
    for custom in view.module.customs:
        sections[custom.name].append(custom.data)
    return sections


def _compare_named(name: str, before: Sequence[bytes], after: Sequence[bytes], plan: Plan, found: Structure) -> None:
    same = list(before) == list(after)
    found.total += len(before)
    if same:
        found.same += len(before)
        if name in plan.removed_customs:
            found.unexplained.append(f"custom section {name!r} is there although it is said to be removed")
        elif name in plan.changed_customs:
            found.unexplained.append(f"custom section {name!r} is the same although it is said to be changed")
    elif not after and name in plan.removed_customs:
        found.removed.append(f"custom section {name!r} was removed")
    elif name in plan.changed_customs:
        listed = found.notes if before else found.added
        listed.append(f"custom section {name!r} was changed on purpose ({plan.changed_customs[name]})")
    else:
        what = "was changed" if before and after else "was added" if after else "was removed"
        found.unexplained.append(f"custom section {name!r} {what}")


def _placement(old: View, new: View, found: Structure) -> None:
    """Custom sections stand in the same order, behind the same sections; those on one side only do not count."""
    shared = {section.id for section in old.sections} & {section.id for section in new.sections}
    before, after = _places(old, shared), _places(new, shared)
    both = {name for name in before.keys() & after.keys() if len(before[name]) == len(after[name])}
    moved = sorted(name for name in both if before[name] != after[name])
    if moved:
        found.unexplained.append(f"custom section {moved[0]!r} stands in another place")
    elif [name for name in _order(old) if name in both] != [name for name in _order(new) if name in both]:
        found.unexplained.append("custom sections are in another order")


def _order(view: View) -> list[str]:
    return [section.name or "" for section in view.sections if not section.id]


def _places(view: View, shared: Set[int]) -> dict[str, list[int]]:
    """For each name of custom sections, behind which of the ``shared`` sections they stand."""
    places: dict[str, list[int]] = defaultdict(list)
    behind = 0
    for section in view.sections:
        if section.id:
            behind = section.id if section.id in shared else behind
        else:
            places[section.name or ""].append(behind)
    return places
