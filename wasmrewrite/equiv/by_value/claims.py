"""By-value claims with everything needed to hold them to: functions, memory, the layout by the judge's own reckoning.

The declared result is the user's; whether the types of both sides agree with it is settled here, whether the values do
is for ``script_runs`` to find out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...contract import ReturnsByValue
from ...errors import ConfigError
from ...isa.immediates import Space
from ...isa.types import I64, FuncType
from ..structure.index_maps import Plan
from ..structure.module_view import View
from .layouts import Layout, layout

FRAME_ALIGN: Final = 16


@dataclass(frozen=True, slots=True)
class ByValue:
    """``old`` wrote ``layout`` through parameter ``pointer`` into input memory ``memory``; ``new`` returns its scalars.

    ``address`` is the type of addresses of that memory, i32 or i64.
    """

    label: str
    old: int
    new: int
    layout: Layout
    pointer: int
    memory: int
    address: str

    def frame(self, stack_pointer: int) -> int:
        """Where a caller with that stack pointer puts the result; also its stack pointer during the call."""
        align = max(FRAME_ALIGN, self.layout.align)
        return (stack_pointer - self.layout.size) & -align


def resolve(plan: Plan, old: View, new: View) -> tuple[dict[str, ByValue], dict[int, ByValue]]:
    """By-value exports by output name, imports by input function index. What does not fit becomes a problem."""
    exports: dict[str, ByValue] = {}
    imports: dict[int, ByValue] = {}
    before, after = old.export_names(), new.export_names()
    for new_name, claim in plan.exports.items():
        name = claim.name
        places = before.get(name), after.get(new_name)
        if any(place is None or place[0] is not Space.FUNC for place in places):
            plan.problems.append(f"claims that export {name!r} returns by value, but there is no such function")
            continue
        (_, was), (_, now) = places[0] or (None, 0), places[1] or (None, 0)
        label = f"export {name!r}" if name == new_name else f"export {name!r} as {new_name!r}"
        found = _checked(label, claim, was, now, plan, old, new)
        if found is not None:
            exports[new_name] = found
    for index, claim in plan.imports.items():
        found = _import(index, claim, plan, old, new)
        if found is not None:
            imports[index] = found
    return exports, imports


def _import(index: int, claim: ReturnsByValue, plan: Plan, old: View, new: View) -> ByValue | None:
    label = f"import {claim.module}.{claim.name}"
    now = plan.funcs.new(index)
    origin = str(old.func(index).origin) if old.func(index).imported else ""
    if now is None or now != claim.new or origin != f"{claim.module}.{claim.name}" or not new.func(now).imported:
        plan.problems.append(f"claims that {label} returns by value, but function {index} is not that on both sides")
        return None
    return _checked(label, claim, index, now, plan, old, new)


def _checked(label: str, claim: ReturnsByValue, was: int, now: int, plan: Plan, old: View, new: View) -> ByValue | None:
    try:
        wide = old.module.memories[claim.memory].type.limits.address is I64 if claim.memory >= 0 else None
    except IndexError:
        wide = None
    if wide is None:
        plan.problems.append(f"{label}: no memory {claim.memory} to return through")
        return None
    try:
        shape = layout(claim.result, 8 if wide else 4)
    except ConfigError as error:
        plan.problems.append(f"{label}: {error.message}")
        return None
    if not shape.types:
        plan.problems.append(f"{label}: {claim.result} is empty, and no ABI returns an empty value through a pointer")
        return None
    why = _mismatch(old, old.func_type(was), new, new.func_type(now), shape, claim.pointer, "i64" if wide else "i32")
    if why:
        plan.problems.append(f"{label}: {why}")
        return None
    return ByValue(label, was, now, shape, claim.pointer, claim.memory, "i64" if wide else "i32")


def _mismatch(old: View, was: FuncType, new: View, now: FuncType, shape: Layout, pointer: int, address: str) -> str:
    """Why the two types do not fit a claim; empty if they do."""
    if was.results or not 0 <= pointer < len(was.params) or str(was.params[pointer]) != address:
        return f"input type {was} takes no {address} pointer as parameter {pointer} to return through"
    rest = was.params[:pointer] + was.params[pointer + 1 :]
    if [old.val_type(each) for each in rest] != [new.val_type(each) for each in now.params]:
        return f"output type {now} does not take the input's parameters without the pointer ({was})"
    if now.results != shape.types:
        return f"output type {now} does not return the declared scalars ({' '.join(map(str, shape.types))})"
    return ""
