"""Declared results that the code of a function contradicts: what it stores through the return pointer does not fit.

A doubt is told, never acted on: code shows some of the truth only, and a float may be stored as the integer that it is
made of. Stores that a compiler may make whatever the layout, copies in large pieces above all, count for little. Not
here: what debug information says (``dwarf``), layouts (``sret``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..errors import WasmError
from ..isa.types import func_type
from ..model import Body, Export, Func, Module
from ..validate import ModuleContext, context, validate_func
from .frame_use import FrameUse, Touch, Value, frame_use
from .outstores import HANDED_ON, LARGEST, TOTAL
from .sret import Layout, Slot

_PIECE: Final = 8
"""Bytes that compilers copy or clear at once, members and padding alike."""
_VECTOR: Final = 16


@dataclass(frozen=True, slots=True)
class _Stored:
    """Stores through a return pointer, and where ``memory.copy`` and ``memory.fill`` end."""

    touches: tuple[Touch, ...] = ()
    ends: tuple[int, ...] = ()


class Doubts:
    """What speaks against declared results, function by function, as far as code may be looked at."""

    def __init__(self, module: Module) -> None:
        self._data = module.source.data
        self._left = TOTAL
        self._known: dict[int, FrameUse | None] = {}

    def of_export(self, export: Export, shape: Layout, pointer: int, memory: int) -> str:
        """What contradicts that an export writes ``shape`` through parameter ``pointer``; "" if nothing does.

        Never raises for code that is not valid: there is nothing to be learnt from it.
        """
        index = export.item.index0 if isinstance(export.item, Func) else None
        if index is None:
            return ""
        try:
            stored = self._stored(index, pointer, memory)
        except WasmError:
            return ""
        return contradiction(stored.touches, shape) or _overrun(stored.ends, shape)

    @cached_property
    def _module(self) -> Module:
        """The input as it was read: an earlier pass may have edited what is running."""
        return Module.from_bytes(self._data)

    @cached_property
    def _context(self) -> ModuleContext:
        return context(self._module)

    def _stored(self, index: int, pointer: int, memory: int) -> _Stored:
        """The stores of a function, or of the one that it only hands its pointer to."""
        for _ in range(HANDED_ON):
            use, base = self._use(index), ("param", pointer, 0)
            if use is None:
                break
            touches = tuple(each for each in use.touches if each.store and each.address.base == base)
            bulks = [each for each in use.bulks if each.address.base == base]
            if touches or bulks:
                ends = tuple(each.address.offset + each.size for each in bulks if each.memory == memory)
                return _Stored(tuple(each for each in touches if each.memory == memory), ends)
            callee = _handed_to(use, Value(base, 0))
            if callee is None or self._arity(callee[0])[1]:  # what has results is no function that fills in one
                break
            index, pointer = callee
        return _Stored()

    def _use(self, index: int) -> FrameUse | None:
        """What a function does with addresses; None if its code may not be looked at."""
        func = self._module.funcs[index]
        span = func.origin.span if isinstance(func.origin, Body) else None
        if span is None:
            return None
        if index not in self._known:
            size = span[1] - span[0]
            if size > min(LARGEST, self._left):
                return None
            self._left -= size
            table = validate_func(self._module, self._context, index)
            self._known[index] = frame_use(table, self._arity(index)[0], self._arity)
        return self._known[index]

    def _arity(self, index: int) -> tuple[int, int]:
        type = func_type(self._module.funcs[index].type)
        return len(type.params), len(type.results)


def _handed_to(use: FrameUse, pointer: Value) -> tuple[int, int] | None:
    """The only function that gets the pointer, and as which parameter."""
    calls = {(each.callee, each.args.index(pointer)) for each in use.calls if pointer in each.args}
    return calls.pop() if len(calls) == 1 else None


def contradiction(stores: Iterable[Touch], shape: Layout) -> str:
    """The first of ``stores`` that does not fit a declared layout, in words; "" if all do."""
    slots = sorted(shape.slots, key=lambda slot: slot.offset)
    narrow: dict[int, str] = {}
    written: set[int] = set()
    stores = list(stores)
    overlaid = _overlaid(stores)
    for store in stores:
        start, end = store.address.offset, store.address.offset + store.size
        if start < 0:
            continue
        what = f"its code stores {store.scalar} at offset {start}"
        if end > shape.size:
            return f"{what}, and the declared result ends at {shape.size}"
        if start in overlaid:
            continue
        met = [slot for slot in slots if slot.offset < end and start < slot.offset + slot.access.size]
        doubt = _doubt(store, met, shape)
        if doubt:
            return f"{what}, {doubt}"
        inner = _surrounding(store, met, shape)
        if inner is not None:
            narrow.setdefault(inner.offset, f"{what}, {in_slot(inner)}")
        written.update(slot.offset for slot in met if start <= slot.offset and slot.offset + slot.access.size <= end)
    written.update(slot.offset for slot in slots if _in_halves(slot, stores))
    return next((what for offset, what in narrow.items() if offset not in written), "")


def _in_halves(slot: Slot, stores: Iterable[Touch]) -> bool:
    """Whether a long integer is stored word by word, as the payload of an enum is that is declared as one."""
    start, size = slot.offset, slot.access.size
    inner = {(each.address.offset, each.size) for each in stores if start <= each.address.offset < start + size}
    return size == _PIECE and inner == {(start, size // 2), (start + size // 2, size // 2)}


def _overlaid(stores: Iterable[Touch]) -> set[int]:
    """Offsets at which unlike members lie, as in an enum with payload: what is declared there is the user's choice."""
    seen: dict[int, tuple[int, bool]] = {}
    found = set()
    for store in stores:
        form = (store.size, store.scalar[0] == "f")
        if seen.setdefault(store.address.offset, form) != form:
            found.add(store.address.offset)
    return found


def _doubt(store: Touch, met: list[Slot], shape: Layout) -> str:
    """What is wrong with one store whatever the others are; ``met`` are the slots that it touches."""
    start, end = store.address.offset, store.address.offset + store.size
    if not met:
        copied = store.source == "load" or (store.source == "const" and store.size >= _PIECE)
        return "" if copied else "where nothing is declared"
    whole = [slot for slot in met if start <= slot.offset and slot.offset + slot.access.size <= end]
    if store.scalar[0] == "f":
        floats = [slot for slot in met if (slot.offset, slot.access.size) == (start, store.size) and is_float(slot)]
        vectors = [slot for slot in met if slot.access.size == _VECTOR]
        return "" if floats or vectors else in_slot(met[0])
    if len(whole) < len(met) and len(met) > 1 and not store.source:
        return across(met[0], met[1])
    wider = len(whole) == 1 and len(met) == 1 and whole[0].access.size < store.size
    if wider and not store.source and store.align > whole[0].access.size:
        return in_slot(whole[0])
    if len(whole) > 1 and store.align > shape.align:
        return f"aligned to {store.align}, and the declared result is aligned to {shape.align}"
    return ""


def _surrounding(store: Touch, met: list[Slot], shape: Layout) -> Slot | None:
    """The slot that a store is a part of, if compilers would not copy it in parts like that."""
    if len(met) != 1 or met[0].access.size <= store.size or met[0].access.size == _VECTOR:
        return None
    slot = met[0]
    in_parts = store.source == "load" and (slot.offset % slot.access.size or shape.align < slot.access.size)
    return None if in_parts else slot


def _overrun(ends: Iterable[int], shape: Layout) -> str:
    last = max(ends, default=0)
    return f"its code writes {last} bytes, and the declared result has {shape.size}" if last > shape.size else ""


def is_float(slot: Slot) -> bool:
    """True if a slot is declared as a float."""
    return slot.scalar in ("f32", "f64")


def across(slot: Slot, other: Slot) -> str:
    """Words for an access that touches two slots."""
    return f"across {_named(slot)} and {_named(other)}"


def in_slot(slot: Slot) -> str:
    """Words for an access to a slot that it does not fit."""
    return f"where {_named(slot)} is declared"


def _named(slot: Slot) -> str:
    return f"{slot.scalar} at {slot.offset}"


def differing(declared: Layout, described: Layout) -> str:
    """Where a declared layout differs from the one that debug information describes; "" if nowhere that matters.

    What is loaded and stored matters; how it is called does not: u32, i32, char and ptr are one.
    """
    if len(declared.slots) != len(described.slots):
        return f"{len(described.slots)} scalars, declared are {len(declared.slots)}"
    for mine, theirs in zip(declared.slots, described.slots, strict=True):
        if (mine.offset, mine.access) != (theirs.offset, theirs.access):
            return f"{_named(theirs)}, declared is {_named(mine)}"
    if declared.size < described.size:
        return f"{described.size} bytes, declared are {declared.size}"
    if declared.align < described.align:
        return f"aligned to {described.align}, declared is {declared.align}"
    return ""
