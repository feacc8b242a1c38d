"""What to call, how often, with which arguments: subjects first to last by how much a difference there would matter.

Not here: calling (``script_runs``) and drawing single values (``values``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ...isa.immediates import Space
from ...isa.types import FuncType
from ...kernels.decode import RawInstr
from ..by_value.claims import ByValue
from ..structure.comparison import Structure
from ..structure.index_maps import Plan
from ..structure.module_view import View
from .script import Call, Script
from .values import Draw, Value, kind_of

LENGTH: Final = 12
"""Calls in one script."""
LEAST: Final = 6
"""Calls at least that a function which changed gets in one script of its own."""
MAX_CONSTANTS: Final = 200
_CONSTANTS: Final = ("i32.const", "i64.const")
_STACK_MARGIN: Final = 256
_PAGE: Final = 65536


@dataclass(frozen=True, slots=True)
class Subject:
    """A pair of functions that have to behave alike. ``kinds``: the arguments to make, without a return pointer.

    ``pointer``: the position of an argument that is a return pointer for certain.
    """

    name: str
    old: int
    new: int
    kinds: tuple[str, ...]
    by_value: str | None = None
    pointer: int | None = None
    urgent: bool = False

    def call(self, draw: Draw, turn: int | None) -> Call:
        """A call with arguments of its turn."""
        args = [draw.value(kind, turn) for kind in self.kinds]
        if self.pointer is not None and draw.places:
            place = draw.random.choice(draw.places) & ~15
            args[self.pointer] = Value(self.kinds[self.pointer], place)
        return Call(self.name, self.old, self.new, tuple(args), self.by_value)


@dataclass(slots=True)
class Subjects:
    """All subjects, and notes on functions that cannot be called from outside."""

    found: list[Subject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(
        self, name: str, old: int, new: int, type: FuncType, *,
        claim: ByValue | None = None, export: str | None = None, pointer: int | None = None, urgent: bool = False,
    ) -> None:  # fmt: skip
        """Add a pair unless it is there already; ``type`` is the input's."""
        params = list(type.params)
        if claim is not None:
            del params[claim.pointer]
        kinds = [kind_of(each) for each in params]
        if any(subject.old == old and subject.new == new and subject.by_value == export for subject in self.found):
            return
        if None in kinds:
            self.notes.append(f"{name} takes references that cannot be made from outside, and was not called")
            return
        plain = tuple(kind for kind in kinds if kind is not None)
        self.found.append(Subject(name, old, new, plain, export, pointer, urgent))


def subjects(
    old: View, new: View, plan: Plan, exports: dict[str, ByValue], imports: dict[int, ByValue], found: Structure
) -> Subjects:
    """The pairs that the contract says behave alike: claims and changed code first, then everything exported."""
    result = Subjects()
    for name, claim in exports.items():
        result.add(claim.label, claim.old, claim.new, old.func_type(claim.old), claim=claim, export=name, urgent=True)
    for index, target in plan.funcs.redirects.items():
        if old.key(old.func(index).type) is new.key(new.func(target).type):
            pointer = imports[index].pointer if index in imports else None
            name = f"{old.func_name(index)} redirected"
            result.add(name, index, target, old.func_type(index), pointer=pointer, urgent=True)
    names = reversed(old.export_names().items())
    exported = {place[1]: name for name, place in names if place[0] is Space.FUNC and name not in plan.values}
    for change in found.bodies:
        called = f"export {exported[change.old]!r}" if change.old in exported else old.func_name(change.old)
        result.add(called, change.old, change.new, old.func_type(change.old), urgent=True)
    _exports(old, new, plan, result)
    result.found.sort(key=lambda subject: not subject.urgent)
    return result


def _exports(old: View, new: View, plan: Plan, result: Subjects) -> None:
    before, after = old.export_names(), new.export_names()
    aliases = {name: same for name, same in plan.added_exports.items() if same is not None}
    kept = {name: name for name, new_names in plan.values.items() if name not in new_names}
    plain = {name: plan.new_export(name) for name in before if name not in plan.values}
    again = {name: name for name in plan.removed_exports & plan.added_exports.keys() if name not in plan.values}
    pairs = [*((old_name, name) for name, old_name in aliases.items()), *kept.items(), *plain.items(), *again.items()]
    for old_name, new_name in pairs:
        was, now = before.get(old_name), after.get(new_name or "")
        if was is None or now is None or was[0] is not Space.FUNC or now[0] is not Space.FUNC:
            continue
        if old.key(old.func(was[1]).type) is new.key(new.func(now[1]).type):
            moved = now[1] != plan.funcs.new(was[1])
            result.add(f"export {old_name!r}", was[1], now[1], old.func_type(was[1]), urgent=moved)


def constants(views: Iterable[Iterable[RawInstr]]) -> tuple[int, ...]:
    """Integers that code compares with and adds to: what random numbers would never hit."""
    found: dict[int, None] = {}
    for code in views:
        for _, op, operands in code:
            if op.name in _CONSTANTS:
                found[int(operands[0])] = None
            if len(found) >= MAX_CONSTANTS:
                return tuple(found)
    return tuple(found)


def places(view: View, initial: int | None) -> tuple[int, ...]:
    """Addresses where something may lie, but not near the end of the dead stack, whose contents nobody may rely on.

    ``initial`` is the value that the stack pointer starts with, if there is one.
    """
    size = view.module.memories[0].type.limits.minimum * _PAGE if view.module.memories else 0
    found = [0x10, 0x100, 0x400, 0x1000, size // 2, size - 0x100]
    for data in list(view.module.datas)[:8]:
        code = view.expr(data.offset)
        if len(code) == 2 and code[0][1].name in _CONSTANTS:
            found.append(int(code[0][2][0]))
    if initial:
        found += [initial, initial + 0x40, initial // 2]
    dead = range((initial or 0) - _STACK_MARGIN, initial or 0)
    return tuple(place for place in dict.fromkeys(found) if 0 <= place < size and place not in dead)


def scripts(base: Script, chosen: Sequence[Subject], calls: int) -> Iterator[Script]:
    """An endless stream of scripts: first every urgent subject alone, with and without filled memory, then mixtures.

    ``calls`` is how many the whole run may make.
    """
    yield base
    urgent = [subject for subject in chosen if subject.urgent]
    alone = max(LEAST, min(LENGTH, calls // (3 * max(1, len(urgent)))))
    for fill in (False, True):
        for subject in urgent:
            yield _script(base, f"{subject.name}/{fill}", [subject] * alone, fill, 0 if not fill else None)
    number = 0
    while chosen:
        fill = number % 3 == 2
        draw = base.draw(f"mixture/{number}")
        # Urgent subjects come up as often as all others together.
        groups = [group for group in (urgent, list(chosen)) if group]
        mixed = [draw.random.choice(draw.random.choice(groups)) for _ in range(LENGTH)]
        if number * LENGTH < len(chosen):
            mixed = list(chosen[number * LENGTH : (number + 1) * LENGTH])
        yield _script(base, f"mix/{number}", mixed, fill, None)
        number += 1


def _script(base: Script, name: str, sequence: Sequence[Subject], fill: bool, turn: int | None) -> Script:
    script = replace(base, seed=f"{base.seed}/{name}", fill=fill)
    draw = script.draw("arguments")
    return script.with_calls(
        tuple(subject.call(draw, None if turn is None else turn + n) for n, subject in enumerate(sequence))
    )


def callable_kinds(type: FuncType) -> tuple[str, ...] | None:
    """The kinds of arguments a function wants, None if some cannot be made."""
    kinds = [kind_of(each) for each in type.params]
    return None if None in kinds else tuple(kind for kind in kinds if kind is not None)
