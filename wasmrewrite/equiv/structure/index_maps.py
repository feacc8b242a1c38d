"""A contract as the judge uses it: index maps that answer questions, and claims sorted by what they speak of.

A contract is made by the side that is judged. Nothing in it is believed here beyond being well-formed: ``problems``
lists what contradicts itself or the modules, and any problem makes the verdict Different. Not here: whether the claims
are true (``comparison`` and ``script_runs`` find out).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from ...contract import (
    Added,
    BehaviourChanged,
    Claim,
    Contract,
    CustomChanged,
    InstantiationCalls,
    InstantiationNoLongerCalls,
    NameChanged,
    Removed,
    Renamed,
    ReturnsByValue,
    Run,
)
from ...isa.immediates import MODULE_SPACES, Space

SPACES: Final[Mapping[str, Space]] = {space.value: space for space in MODULE_SPACES}
OUTER_NAMES: Final[Mapping[str, Space]] = {"local": Space.FUNC, "label": Space.FUNC, "field": Space.TYPE}
"""What names within an item are called, and the space of the item."""
ImportName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SpaceMap:
    """Which input index became which output index, in one space; ``declared``: the contract says so itself."""

    runs: tuple[Run, ...]
    declared: bool
    redirects: Mapping[int, int]
    calls_can_tell: bool = False
    """Whether these are functions."""

    @property
    def identity(self) -> bool:
        """Whether every mapped item keeps its index."""
        return all(run.old == run.new for run in self.runs)

    def new(self, old: int) -> int | None:
        """The output index of input item ``old``; None if it was removed."""
        at = bisect_right(self.runs, old, key=lambda run: run.old) - 1
        if at < 0 or old >= self.runs[at].old + self.runs[at].count:
            return None
        return self.runs[at].new + old - self.runs[at].old

    def use(self, old: int) -> int | None:
        """What a mention of ``old`` in code, segments and expressions has to say in the output.

        Whether one function stands for another calls can tell. Of no other item they can, so for those a redirection
        is no licence: what names another item then is changed code.
        """
        return self.redirects.get(old, self.new(old)) if self.calls_can_tell else self.new(old)

    def images(self, count: int) -> bytearray:
        """One byte per output item, 1 where it is the image of an input item."""
        seen = bytearray(count)
        for run in self.runs:
            seen[run.new : run.new + run.count] = b"\1" * run.count
        return seen

    def mentions_change(self, count: int) -> bool:
        """Whether a mention of any of the ``count`` input items may have to read differently in the output."""
        return bool(self.redirects) or not self.identity or sum(run.count for run in self.runs) != count


@dataclass(slots=True)
class Plan:
    """A contract, sorted. Keys are input names and indices.

    ``exports`` are by-value claims by the *output's* name: one function may return by value under several.
    """

    maps: dict[Space, SpaceMap]
    stack_pointer: int | None = None
    exports: dict[str, ReturnsByValue] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    """The names in ``exports``, by the input's name."""
    imports: dict[int, ReturnsByValue] = field(default_factory=dict)
    renamed_exports: dict[str, str] = field(default_factory=dict)
    renamed_imports: dict[ImportName, ImportName] = field(default_factory=dict)
    added_exports: dict[str, str | None] = field(default_factory=dict)
    added_imports: dict[ImportName, set[str | None]] = field(default_factory=dict)
    """With their types."""
    removed_exports: set[str] = field(default_factory=set)
    removed_imports: set[ImportName] = field(default_factory=set)
    removed_customs: set[str] = field(default_factory=set)
    changed_customs: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, int], str | None] = field(default_factory=dict)
    calls: list[InstantiationCalls] = field(default_factory=list)
    no_longer: list[int] = field(default_factory=list)
    excused: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def funcs(self) -> SpaceMap:
        """The map of functions."""
        return self.maps[Space.FUNC]

    def new_export(self, name: str) -> str | None:
        """The output's name of input export ``name``; None if it was removed."""
        if name in self.values:
            return name if name in self.values[name] else self.values[name][0]
        return None if name in self.removed_exports else self.renamed_exports.get(name, name)

    def new_import(self, name: ImportName) -> ImportName:
        """The output's name of an input import."""
        return self.renamed_imports.get(name, name)


def plan(contract: Contract | None, old: Mapping[Space, int], new: Mapping[Space, int]) -> Plan:
    """Sort ``contract``; ``old`` and ``new`` say how many items either module has in each space."""
    contract = contract or Contract()
    problems: list[str] = []
    maps = {space: _map(contract, space, old[space], new[space], problems) for space in SPACES.values()}
    known = set(SPACES)
    spaces = [entry.space for entry in contract.maps] + [entry.space for entry in contract.redirected]
    problems += [f"unknown index space {space!r}" for space in spaces if space not in known]
    found = Plan(maps, contract.stack_pointer, problems=problems)
    for claim in contract.claims:
        _sort(claim, found, old, new)
    # What returns by value under another name leaves its old name to the original, which may be removed.
    named_anew = {name for name, new in found.values.items() if name not in new}
    twice = sorted(
        (found.values.keys() & (found.renamed_exports.keys() | found.removed_exports - named_anew))
        | (found.renamed_exports.keys() & found.removed_exports)
    )
    problems += [f"claims about export {name!r} contradict each other" for name in twice]
    return found


def _map(contract: Contract, space: Space, old: int, new: int, problems: list[str]) -> SpaceMap:
    declared = [entry for entry in contract.maps if entry.space == space.value]
    if len(declared) > 1:
        problems.append(f"two maps of the {space.value} space")
    runs = tuple(run for run in declared[0].runs if run.count) if declared else (Run(0, 0, min(old, new)),)
    _check_runs(space, runs, old, new, problems)
    redirects: dict[int, int] = {}
    for entry in contract.redirected:
        if entry.space != space.value:
            continue
        if not (0 <= entry.old < old and 0 <= entry.new < new) or entry.old in redirects:
            problems.append(f"cannot redirect {space.value} {entry.old} to {entry.new}")
        redirects[entry.old] = entry.new
    return SpaceMap(runs, bool(declared), redirects, space is Space.FUNC)


def _check_runs(space: Space, runs: Sequence[Run], old: int, new: int, problems: list[str]) -> None:
    for side, count in (("old", old), ("new", new)):
        spans = [(getattr(run, side), getattr(run, side) + run.count) for run in runs]
        if any(start < 0 or end > count or end < start for start, end in spans):
            problems.append(f"the map of the {space.value} space speaks of {side} items that are not there")
        ordered = spans if side == "old" else sorted(spans)
        if any(one[1] > other[0] for one, other in pairwise(ordered)):
            problems.append(f"the map of the {space.value} space uses {side} items twice or out of order")


def _sort(claim: Claim, found: Plan, old: Mapping[Space, int], new: Mapping[Space, int]) -> None:
    """Put one claim where it belongs, or list it as a problem."""
    index = getattr(claim, "old", None)
    target = getattr(claim, "new", None)
    word = claim.space if isinstance(claim, NameChanged) else Space.FUNC.value
    space = OUTER_NAMES.get(word) or SPACES.get(word)
    if space is None:
        found.problems.append(f"unknown index space {word!r}")
    elif (index is not None and not 0 <= index < old[space]) or (target is not None and not 0 <= target < new[space]):
        found.problems.append(f"{type(claim).__name__} speaks of a {space.value} that is not there")
    elif not _SORTERS[type(claim)](claim, found):
        found.problems.append(f"{type(claim).__name__} is incomplete or contradicts another claim: {claim}")


def _by_value(claim: ReturnsByValue, found: Plan) -> bool:
    if claim.kind == "export":
        new_name = claim.name if claim.new_name is None else claim.new_name
        fresh = new_name not in found.exports
        found.exports[new_name] = claim
        found.values.setdefault(claim.name, []).append(new_name)
        return fresh
    if claim.old is None or claim.new is None or claim.module is None or claim.old in found.imports:
        return False
    found.imports[claim.old] = claim
    return True


def _renamed(claim: Renamed, found: Plan) -> bool:
    if claim.kind == "export":
        fresh = claim.name not in found.renamed_exports
        found.renamed_exports[claim.name] = claim.new_name
        return fresh
    if claim.module is None:
        return False
    old = (claim.module, claim.name)
    fresh = old not in found.renamed_imports
    new_module = claim.module if claim.new_module is None else claim.new_module
    found.renamed_imports[old] = (new_module, claim.new_name)
    return fresh


def _added(claim: Added, found: Plan) -> bool:
    if claim.kind == "export":
        fresh = claim.name not in found.added_exports
        found.added_exports[claim.name] = claim.same_as
        return fresh
    if claim.module is None:
        return False
    found.added_imports.setdefault((claim.module, claim.name), set()).add(claim.type)
    return True


def _removed(claim: Removed, found: Plan) -> bool:
    if claim.kind == "export":
        found.removed_exports.add(claim.name)
    elif claim.kind == "custom":
        found.removed_customs.add(claim.name)
    elif claim.module is None:
        return False
    else:
        found.removed_imports.add((claim.module, claim.name))
    return True


def _custom(claim: CustomChanged, found: Plan) -> bool:
    found.changed_customs[claim.name] = claim.reason
    return True


def _named(claim: NameChanged, found: Plan) -> bool:
    fresh = (claim.space, claim.old) not in found.names
    found.names[claim.space, claim.old] = claim.name
    return fresh


def _calls(claim: InstantiationCalls, found: Plan) -> bool:
    found.calls.append(claim)
    return True


def _no_longer(claim: InstantiationNoLongerCalls, found: Plan) -> bool:
    fresh = not found.no_longer
    found.no_longer.append(claim.old)
    return fresh


def _excused(claim: BehaviourChanged, found: Plan) -> bool:
    found.excused[claim.old] = claim.reason
    return True


_SORTERS: Final[Mapping[type, Callable[[Any, Plan], bool]]] = {
    ReturnsByValue: _by_value,
    Renamed: _renamed,
    Added: _added,
    Removed: _removed,
    CustomChanged: _custom,
    NameChanged: _named,
    InstantiationCalls: _calls,
    InstantiationNoLongerCalls: _no_longer,
    BehaviourChanged: _excused,
}
