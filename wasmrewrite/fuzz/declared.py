"""Types: of functions, and declared ones with their layouts. Functions that return such a type through a pointer.

Not here: ordinary bodies (``bodies``).
"""

from __future__ import annotations

from typing import Final

from ..contract import Array, DeclaredType, Field, Scalar, Struct
from ..equiv.by_value.layouts import Layout, Leaf, layout
from ..isa.operand_bytes import MemArg
from ..isa.types import F32, F64, I32, I64, FuncType, NumType
from .bodies import BodyWriter, Label
from .choices import Choices
from .draft import DraftFunc
from .vocabulary import SCALARS
from .world import Shape, World

_NAMES: Final = ("i64", "u32", "u8", "i8", "u16", "i16", "i32", "u64", "f32", "f64", "bool", "char", "i128", "ptr")
_MAX_FIELDS: Final = 4
_STORES: Final = {1: "i32.store8", 2: "i32.store16", 4: "i32.store", 8: "i64.store"}
_FLOATS: Final = {"f32": ("f32.store", F32), "f64": ("f64.store", F64)}
_MASKS: Final = {"bool": 1, "char": 0x7F}
_FRAME: Final = 32
_UNWRITTEN: Final = 20
"""One scalar of a result in so many is not written."""


def function_type(choices: Choices, most: int = 3) -> FuncType:
    """A function type of scalars."""
    params = tuple(choices.pick(SCALARS) for _ in range(choices.below(most + 1)))
    return FuncType(params, tuple(choices.pick(SCALARS) for _ in range(choices.below(most + 1))))


def declared_type(choices: Choices, depth: int = 2) -> DeclaredType:
    """A structure that is returned through a pointer; now and then with the compiler's own offsets."""
    fields = [_member(choices, depth) for _ in range(1 + choices.below(_MAX_FIELDS))]
    if len(fields) == 1:
        fields.append(Scalar("i64"))
    plain = Struct(tuple(Field(each) for each in fields))
    return _reordered(choices, fields) if choices.chance(3) else plain


def _member(choices: Choices, depth: int) -> DeclaredType:
    kind = choices.below(8) if depth else 0
    if kind == 7:
        return Array(Scalar(choices.pick(_NAMES)), 1 + choices.below(3))
    if kind == 6:
        return Struct(tuple(Field(Scalar(choices.pick(_NAMES))) for _ in range(1 + choices.below(3))))
    return Scalar(choices.pick(_NAMES))


def _reordered(choices: Choices, fields: list[DeclaredType]) -> Struct:
    """The fields in declaration order, with offsets of another order: what Rust does to a tuple."""
    order = list(range(len(fields)))
    for at in range(len(order) - 1, 0, -1):
        other = at - choices.below(at + 1)
        order[at], order[other] = order[other], order[at]
    offsets, at = {}, 0
    for each in order:
        found = layout(fields[each])
        offsets[each] = at = -(-at // found.align) * found.align
        at += found.size
    return Struct(tuple(Field(each, offset=offsets[place]) for place, each in enumerate(fields)))


class PointerWriter(BodyWriter):
    """Writes a body that returns ``result`` through its parameter ``pointer``, with a frame of its own perhaps."""

    def __init__(
        self, choices: Choices, world: World, shape: Shape, type: FuncType, pointer: int, result: DeclaredType
    ) -> None:
        super().__init__(choices, world, shape, type, (pointer,))
        self.pointer = pointer
        self.layout: Layout = layout(result)

    def write(self) -> DraftFunc:
        """The function."""
        frame = self.enter() if self.world.stack_pointer is not None and self.choices.chance(2) else None
        self.locals.append(self.choices.pick(SCALARS))
        self.labels.append(Label(()))
        # Whatever branches away leaves this block only: stores and the way out of the frame come after it.
        self.add("block", None)
        self.block((), self.shape.depth - 1)
        self.add("end")
        for leaf in self.layout.leaves:
            if self.choices.chance(_UNWRITTEN):
                self.complete = False  # compilers leave out what no caller looks at
            else:
                self.store_leaf(leaf)
        if frame is not None:
            self.leave_frame(frame)
        return self.done()

    def enter(self) -> int:
        """Lower the stack pointer, as compilers do; the local that holds it."""
        frame = self.local(I32)
        self.add("global.get", self.world.stack_pointer)
        self.add("i32.const", _FRAME)
        self.add("i32.sub")
        self.add("local.tee", frame)
        self.add("global.set", self.world.stack_pointer)
        if self.choices.chance(2):
            self.add("local.get", frame)
            self.supply(I64)
            self.stack.pop()
            self.add("i64.store", MemArg(3, 8))
        return frame

    def leave_frame(self, frame: int) -> None:
        """Raise the stack pointer again."""
        self.add("local.get", frame)
        self.add("i32.const", _FRAME)
        self.add("i32.add")
        self.add("global.set", self.world.stack_pointer)

    def store_leaf(self, leaf: Leaf) -> None:
        """Write one scalar of the result: any value that its type has."""
        for part in range(2 if leaf.size == 16 else 1):
            size = min(leaf.size, 8)
            name, type = _FLOATS.get(leaf.scalar, (_STORES[size], I64 if size == 8 else I32))
            self.add("local.get", self.pointer)
            self.supply(type)
            self.stack.pop()
            if leaf.scalar in _MASKS:
                self.add("i32.const", _MASKS[leaf.scalar])
                self.add("i32.and")
            self.add(name, MemArg(0, leaf.offset + 8 * part))


def pointer_type(choices: Choices) -> tuple[FuncType, int]:
    """The type of a function that takes a return pointer, and which parameter that is."""
    params: list[NumType] = [choices.pick(SCALARS) for _ in range(choices.below(3))]
    pointer = choices.below(len(params) + 1) if choices.chance(4) else 0
    return FuncType((*params[:pointer], I32, *params[pointer:])), pointer
