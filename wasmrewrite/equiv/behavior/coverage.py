"""Which instructions have to be executed before a verdict may be Same, and which of them were.

Required are the executable instructions of new functions, and those that are new or changed in old ones; not what no
path leads to, and not what only gives code its structure. Not here: executing anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Final

from ...isa.immediates import Space
from ...isa.structure import STRUCTURAL
from ...kernels.decode import RawInstr
from ...model.instr import Expr
from ...model.items import Body
from ...validate import ModuleContext, validate_func
from ..structure.bodies import CodeMatch
from ..structure.comparison import Structure
from ..structure.index_maps import Plan
from ..structure.module_view import View
from ..verdict import Coverage
from .reached import Direct, Pair, Reached

_BRANCHING: Final = "if"


def required(new: View, context: ModuleContext, found: Structure, waived: Iterable[int]) -> dict[int, dict[int, str]]:
    """For each output function that needs covering: offset to mnemonic. Functions in ``waived`` need none."""
    wanted: dict[int, frozenset[int] | None] = dict.fromkeys(found.new_funcs)
    wanted.update((change.new, change.offsets) for change in found.bodies)
    skipped = set(waived)
    result: dict[int, dict[int, str]] = {}
    for index, offsets in wanted.items():
        if index in skipped or not isinstance(new.func(index).origin, Body):
            continue
        alive = _alive(new, context, index)
        result[index] = {at: name for at, name in alive.items() if offsets is None or at in offsets}
    return result


def stand_ins(old: View, new: View, plan: Plan, code: CodeMatch) -> dict[Pair, Direct]:
    """Functions of the output that stand for others of the input, and what calls to both have to execute.

    Whatever runs of them elsewhere compares neither with the other. Functions with the same code need no calls.
    """
    result: dict[Pair, Direct] = {}
    for index, target in plan.funcs.redirects.items():
        defined = isinstance(old.func(index).origin, Body), isinstance(new.func(target).origin, Body)
        if all(defined) and code.body(index, target) is None:
            continue
        # A shim for an import is new code like any other.
        known = defined[1] and plan.funcs.images(len(new.module.funcs))[target]
        before = _alive(old, old.program.context, index) if defined[0] else {}
        after = _alive(new, new.program.context, target) if known or (defined[0] and defined[1]) else {}
        if before or after:
            result[index, target] = Direct(before, after)
    return result


def _alive(new: View, context: ModuleContext, index: int) -> dict[int, str]:
    """The executable instructions of a function that some path may reach, by offset."""
    table = validate_func(new.module, context, index)
    return {
        table.offsets[at]: op.name
        for at, (op, height) in enumerate(zip(map(table.op, range(len(table))), table.heights, strict=True))
        if height >= 0 and (op not in STRUCTURAL or op.name == _BRANCHING)
    }


def measure(new: View, needed: Mapping[int, Mapping[int, str]], covered: Set[int]) -> Coverage:
    """Count, and name what was missed."""
    coverage = Coverage()
    for index, offsets in needed.items():
        _count(new.func_name(index), offsets, covered, coverage)
        coverage.untested += bool(offsets) and covered.isdisjoint(offsets)
    return coverage


def _count(what: str, offsets: Mapping[int, str], covered: Set[int], coverage: Coverage) -> None:
    coverage.required += len(offsets)
    coverage.reached += sum(offset in covered for offset in offsets)
    missed = [(offset, name) for offset, name in sorted(offsets.items()) if offset not in covered]
    if missed:
        places = ", ".join(f"{name} at 0x{offset:x}" for offset, name in missed[:4])
        more = f" and {len(missed) - 4} more" if len(missed) > 4 else ""
        coverage.missed.append(f"{what}: {places}{more}")


def measure_stand_ins(
    old: View, new: View, wanted: Mapping[Pair, Direct], reached: Mapping[Pair, Reached], coverage: Coverage
) -> None:
    """Count, and name, what calls to pairs of which one stands for the other were to execute."""
    for pair, offsets in wanted.items():
        seen = reached.get(pair, Reached())
        _count(f"{old.func_name(pair[0])} of the input", offsets.old, seen.old, coverage)
        _count(f"{new.func_name(pair[1])} in place of {pair[0]}", offsets.new, seen.new, coverage)


def independent(new: View, found: Structure, compared: Iterable[int]) -> list[int]:
    """New functions that nothing compared leads to: calling them alone is then the only way to see them run.

    ``compared`` are the output functions that calls are made to. A new function that one of them, changed code, a
    segment or the start function mentions has to be reached from there, where its effects are compared.
    """
    fresh = set(found.new_funcs)
    start = new.module.start
    roots = {*compared, *(change.new for change in found.bodies), *(() if start is None else (start.index0 or 0,))}
    waiting = [*roots, *_in_segments(new)]
    seen: set[int] = set()
    # Old code that did not change mentions new functions only by way of redirections, which are compared.
    inspected = fresh | {change.new for change in found.bodies}
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        if index in inspected:
            waiting += mentioned(new.code(index))
    return sorted(fresh - seen)


def _in_segments(new: View) -> set[int]:
    found: set[int] = set()
    for elem in new.module.elems:
        for item in elem.items:
            found.update(mentioned(new.expr(item)) if isinstance(item, Expr) else [item.index0 or 0])
    for place in new.module.globals:
        if isinstance(place.origin, Expr):
            found.update(mentioned(new.expr(place.origin)))
    return found


def mentioned(code: Iterable[RawInstr]) -> list[int]:
    """Functions that code names."""
    return [
        int(value)
        for _, op, operands in code
        for kind, value in zip(op.operands, operands, strict=True)
        if kind.space is Space.FUNC
    ]
