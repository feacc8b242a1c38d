"""Which global of the input is the stack pointer: the judge's own small search, in its own order of evidence.

What a contract says about it is checked against this and never just believed, since whoever names the stack pointer
also names the memory that need not be compared. Not here: what lies below it (``visible_state``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...isa.immediates import Space
from ...isa.types import I32, I64
from ...model.instr import Expr
from ...model.items import Global
from ..structure.module_view import View

NAME: Final = "__stack_pointer"
SEARCHED: Final = 8 << 20
"""Bytes of code that are searched for prologues; a module with frames shows one long before."""
ALIGN: Final = 16

_LEB: Final = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_POSITIVE: Final = rb"[\x80-\xff]{0,9}[\x00-\x3f]"
_NEGATIVE: Final = rb"[\x80-\xff]{0,9}[\x40-\x7f]"
_PROLOGUE: Final = re.compile(
    rb"\x23(?P<g>%b)"  # global.get g
    rb"(?:\x41%b\x6b|\x41%b\x6a|\x42%b\x7d|\x42%b\x7c)"  # a constant, and sub or add: downward
    rb"(?:\x22%b|\x21(?P<l>%b)\x20(?P=l))"  # local.tee, or local.set and local.get
    rb"\x24(?P=g)" % (_LEB, _POSITIVE, _NEGATIVE, _POSITIVE, _NEGATIVE, _LEB, _LEB),  # global.set g
    re.DOTALL,
)
_RESTORED: Final = re.compile(
    rb"(?:\x41%b\x6a|\x42%b\x7c|\x41%b\x6b|\x42%b\x7d|\x20%b)"  # upward by a constant, or a local
    rb"\x24(?P<g>%b)" % (_POSITIVE, _POSITIVE, _NEGATIVE, _NEGATIVE, _LEB, _LEB),  # global.set g
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class StackPointer:
    """An input global. ``certain``: the evidence is more than that no other global would do."""

    index: int
    evidence: str
    certain: bool = True


def is_possible(view: View, index: int) -> bool:
    """Whether a global could be a stack pointer at all: a mutable integer."""
    return 0 <= index < len(view.module.globals) and _integer(view.module.globals[index])


def find(view: View) -> StackPointer | None:
    """The stack pointer of a module, None where there is none or doubt remains."""
    integers = {index for index, item in enumerate(view.module.globals) if _integer(item)}
    if not integers:
        return None
    named = _named(view, integers) or _helper(view, integers)
    if named is not None:
        return named
    made = _frames(view)
    places = {index for index in integers if initial_value(view, index) and not initial_value(view, index) % ALIGN}
    moved = {index: frames for index, frames in made.items() if index in places}
    if len(moved) == 1:
        ((index, frames),) = moved.items()
        lost = _unrestored(view, index, frames)
        if lost is None:
            return StackPointer(index, f"{len(frames)} prologues move it")
        return StackPointer(index, f"{view.func_name(lost)} moves it and does not put it back", certain=False)
    if not moved and len(places) == 1:
        (index,) = places
        return StackPointer(index, "the only global that could be one", certain=False)
    return None


def _integer(item: Global) -> bool:
    return item.type.mutable and item.type.value in (I32, I64)


def _named(view: View, integers: set[int]) -> StackPointer | None:
    for index in integers:
        item = view.module.globals[index]
        if item.imported and getattr(item.origin, "name", "") == NAME:
            return StackPointer(index, f"import {item.origin}")
    exported = view.export_names().get(NAME)
    if exported is not None and exported[0] is Space.GLOBAL and exported[1] in integers:
        return StackPointer(exported[1], f"export {NAME}")
    called = [index for index in sorted(integers) if view.module.globals[index].name == NAME]
    return StackPointer(called[0], "name section") if len(called) == 1 else None


def _helper(view: View, integers: set[int]) -> StackPointer | None:
    """wasm-bindgen exports a function that adds to the stack pointer: its body names the global."""
    name = "__wbindgen_add_to_stack_pointer"
    space, index = view.export_names().get(name, (None, 0))
    if space is not Space.FUNC:
        return None
    touched = {int(operands[0]) for _, op, operands in view.code(index) if op.name == "global.set"}
    return StackPointer(touched.pop(), f"body of {name}") if len(touched) == 1 and touched <= integers else None


def initial_value(view: View, index: int) -> int:
    """The constant a global starts with; 0 where it is no constant."""
    origin = view.module.globals[index].origin
    if not isinstance(origin, Expr):
        return 0
    code = view.expr(origin)
    return int(code[0][2][0]) if len(code) == 2 and code[0][1].name in ("i32.const", "i64.const") else 0


def _frames(view: View) -> dict[int, list[int]]:
    """For each global that prologues move down: where they end in the file."""
    section = next((section for section in view.sections if section.id == 10), None)
    found: dict[int, list[int]] = {}
    if section is None:
        return found
    end = min(section.end, section.start + SEARCHED)
    for match in _PROLOGUE.finditer(view.data, section.start, end):
        found.setdefault(_unsigned(match["g"]), []).append(match.end())
    return found


def _unrestored(view: View, index: int, frames: Sequence[int]) -> int | None:
    """A function that makes a frame, returns, and does not put the global back: then that is no stack pointer.

    Where every path ends in a trap there is nothing to put back.
    """
    spans = [(view.span(func), func) for func in range(len(view.module.funcs)) if not view.func(func).imported]
    starts = [start for (start, _), _ in spans]
    # Each function is looked through once, from its first frame on.
    first = {bisect_right(starts, place) - 1: place for place in reversed(frames)}
    for at, place in first.items():
        (_, end), func = spans[at]
        restored = (_unsigned(match["g"]) for match in _RESTORED.finditer(view.data, place, end))
        if index not in restored and not _traps(view, func):
            return func
    return None


def _traps(view: View, func: int) -> bool:
    """Whether a function ends in ``unreachable``, and nothing in it returns."""
    names = [op.name for _, op, _ in view.code(func)]
    return names[-2:-1] == ["unreachable"] and "return" not in names


def _unsigned(leb: bytes) -> int:
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(leb))
