"""The operand stack and control stack of the validation algorithm (specification, appendix "Validation Algorithm").

``Checker`` knows frames, pushing and popping, labels, indices; instructions whose signature the table gives are checked
here, driven by it. Not here: rules of single instructions (``rules``, ``gc_rules``), the loops (``fast``, ``plain``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from ...features import Feature
from ...isa.immediates import MemArg, OperandKind, Shape, Space
from ...isa.op import Op
from ...isa.signature import Custom, SigType, Word
from ...isa.table import BY_NAME
from ...messages import (
    alignment_not_natural,
    alignment_too_large,
    block_requires,
    data_count_required,
    invalid_lane_index,
    offset_out_of_range,
    requires,
    too_much,
    unknown_index,
    unsupported,
)
from .context import ModuleContext, Signature, Types
from .types import BOTTOM, I32, I64, code_of, has_default, show_all

MAX_STACK: Final = 1_000_000
"""Operands on the stack at once; a body of 64 KB can ask for far more, none in earnest does."""
FLOOR: Final = -1
"""What lies on the stack below the operands of each block, and is no type: nothing below it fits anything."""
_IF: Final = BY_NAME["if"]
_LISTED: Final = 1000
_ADDRESS_32: Final = 1 << 32


class Frame:
    """An open block. ``part`` is its opener or last divider, ``part_index`` that one's number, ``index`` the opener's.

    ``label``: the types a branch here carries; ``height``: of the stack, the floor included; ``inits``: how many locals
    were initialised outside. ``polymorphic``: the rest of the block is unreachable, and pops give what is asked for;
    ``dead``: no execution gets here, perhaps because of an outer block.
    """

    __slots__ = (
        "dead", "height", "index", "inits", "label", "params", "part", "part_index", "polymorphic", "results",
    )  # fmt: skip

    def __init__(self, part: Op | None, index: int, signature: Signature, loop: bool, height: int, inits: int) -> None:
        self.part = part
        self.index = self.part_index = index
        self.params, self.results = signature
        self.label = self.params if loop else self.results
        self.height = height
        self.inits = inits
        self.polymorphic = False
        self.dead = False


Rule: TypeAlias = Callable[["Checker", tuple[Any, ...]], None]


class Checker:
    """The state of checking one body; ``offset`` is that of the instruction at hand, ``index`` its number.

    ``lowest`` is the least number of operands that were on the stack since somebody set it. ``ends`` and ``parts``:
    number of a block's opener or divider to that of its ``end`` (or ``delegate``), and of what ends its part.
    """

    __slots__ = (
        "context", "ends", "frames", "globals", "index", "initialized", "inits", "locals", "lowest", "offset", "params",
        "parts", "results", "rules", "stack",
    )  # fmt: skip

    def __init__(
        self,
        context: ModuleContext,
        rules: Mapping[Op, Rule],
        local_types: Sequence[int],
        results: Types,
        params: int = 0,
    ) -> None:
        self.context = context
        self.rules = rules
        self.locals = local_types
        self.results = results
        self.globals = len(context.globals)
        self.stack = [FLOOR]
        self.frames = [Frame(None, -1, ([], results), False, 1, 0)]
        self.params = params
        self.initialized: set[int] = set()  # of the locals without default value
        self.inits: list[int] = []  # the same, in order
        self.offset = 0
        self.index = 0
        self.lowest = 0
        self.ends: dict[int, int] = {}
        self.parts: dict[int, int] = {}

    # --- the stack --------------------------------------------------------------------------------------------------

    @property
    def height(self) -> int:
        """The number of operands on the stack."""
        return len(self.stack) - len(self.frames)

    def push(self, value: int) -> None:
        """Push one operand."""
        self.stack.append(value)

    def push_all(self, values: Types) -> None:
        """Push operands, the last one on top."""
        self.stack += values
        if self.height > MAX_STACK:
            raise too_much("operands on the stack", MAX_STACK, self.offset)

    def take(self, wanted: Types) -> None:
        """Pop operands of the types ``wanted``, the last one from the top."""
        stack, frame = self.stack, self.frames[-1]
        base = max(len(stack) - len(wanted), frame.height)
        found = stack[base:]
        if not self._fits(found, wanted, frame.polymorphic):
            raise requires(show_all(wanted), self._shown(), self.offset)
        self._cut(base)

    def _shown(self) -> tuple[str, ...]:
        """The operands of the innermost block, for a message: of very many only the topmost."""
        stack = self.stack
        return show_all(stack[max(self.frames[-1].height, len(stack) - _LISTED) :])

    def _cut(self, base: int) -> None:
        del self.stack[base:]
        self.lowest = min(self.lowest, self.height)

    def _fits(self, found: Types, wanted: Types, polymorphic: bool) -> bool:
        """Whether the operands ``found``, those further below perhaps left open, are as ``wanted``."""
        if found == wanted:
            return True
        missing = len(wanted) - len(found)
        if missing < 0 or (missing and not polymorphic):
            return False
        return all(map(self.context.matches, found, wanted[missing:]))

    def pop(self, what: str = "any") -> int:
        """Pop one operand of whatever type; ``BOTTOM`` if unreachable code leaves it open."""
        frame = self.frames[-1]
        if len(self.stack) > frame.height:
            found = self.stack[-1]
            self._cut(-1)
            return found
        if not frame.polymorphic:
            raise requires((what,), (), self.offset)
        return BOTTOM

    def peek_is(self, wanted: Types) -> None:
        """Check what ``take`` would pop, and leave there the types that were asked for."""
        self.take(wanted)
        self.push_all(wanted)

    # --- frames -----------------------------------------------------------------------------------------------------

    def enter(self, op: Op, signature: Signature, loop: bool = False) -> None:
        """Open a block: its parameters must be on the stack."""
        self.take(signature[0])
        self.stack.append(FLOOR)
        frame = Frame(op, self.index, signature, loop, len(self.stack), len(self.inits))
        frame.dead = self.frames[-1].dead
        self.frames.append(frame)
        self.push_all(signature[0])

    def finish_part(self) -> Frame:
        """Check what a block leaves at its ``end`` or ``else``, and take it off the stack."""
        frame, stack = self.frames[-1], self.stack
        found = stack[frame.height :]
        if not self._fits(found, frame.results, frame.polymorphic):
            raise block_requires(show_all(frame.results), self._shown(), self.offset)
        self._cut(frame.height)
        self.parts[frame.part_index] = self.index
        while len(self.inits) > frame.inits:
            self.initialized.discard(self.inits.pop())
        return frame

    def leave(self) -> Frame:
        """Close the innermost block and push its results."""
        frame = self.finish_part()
        self.frames.pop()
        self.stack.pop()
        self.ends[frame.index] = self.index
        if self.frames:
            self.push_all(frame.results)
        return frame

    def closes_exactly(self) -> bool:
        """Leave the innermost block, if what is there is exactly its results or, where no execution gets, open.

        Nothing happens otherwise, which need not mean that anything is wrong.
        """
        frame, stack = self.frames[-1], self.stack
        results, found = frame.results, stack[frame.height :]
        if found != results and (found or not frame.polymorphic):
            return False
        if frame.part is _IF and frame.params != results:  # an `else` may be missing only if nothing changes
            return False
        stack[frame.height - 1 :] = results
        self.frames.pop()
        self.ends[frame.index] = self.parts[frame.part_index] = self.index
        return True

    def divide(self, op: Op, params: Types) -> None:
        """End one part of the innermost block and begin the next one with ``params`` on the stack."""
        frame = self.finish_part()
        frame.part = op
        frame.polymorphic = False
        frame.dead = len(self.frames) > 1 and self.frames[-2].dead
        self.push_all(params)

    def stop(self) -> None:
        """What follows in this block is unreachable."""
        frame = self.frames[-1]
        del self.stack[frame.height :]
        frame.polymorphic = frame.dead = True

    def label(self, depth: int) -> Types:
        """The types that a branch to the label carries."""
        if depth >= len(self.frames):
            raise unknown_index("label", depth, self.offset)
        return self.frames[-1 - depth].label

    # --- index spaces -----------------------------------------------------------------------------------------------

    def local(self, index: int) -> int:
        """The type of a local."""
        if index >= len(self.locals):
            raise unknown_index("local", index, self.offset)
        return self.locals[index]

    def known(self, space: Space, index: int) -> int:
        """``index`` if there is such an item."""
        if space is Space.DATA and self.context.data_count is None:
            raise data_count_required(self.offset)
        if index >= _SIZES[space](self):
            raise unknown_index(space.value, index, self.offset)
        return index

    def address(self, space: Space, index: int) -> int:
        """The address type of a memory or table."""
        self.known(space, index)
        return (self.context.table_addresses if space is Space.TABLE else self.context.memories)[index]

    def func(self, index: int) -> Signature:
        """The signature of a function."""
        return self.context.signatures[self.known(Space.FUNC, index)]

    def tag(self, index: int) -> Signature:
        """The signature of a tag."""
        return self.context.signature(self.context.tags[self.known(Space.TAG, index)], self.offset)

    def initialize(self, index: int) -> None:
        """A local was set."""
        if not self.is_initialized(index):
            self.initialized.add(index)
            self.inits.append(index)

    def is_initialized(self, index: int) -> bool:
        """Whether a local surely has a value here: a parameter, one with a default value, or one that was set."""
        return index < self.params or has_default(self.locals[index]) or index in self.initialized

    # --- instructions -----------------------------------------------------------------------------------------------

    def step(self, op: Op, operands: tuple[Any, ...]) -> None:
        """Check one instruction: by its own rule, else by the signature in the table."""
        rule = self.rules.get(op)
        if rule is not None:
            rule(self, operands)
        else:
            self.by_signature(op, operands)

    def by_signature(self, op: Op, operands: tuple[Any, ...]) -> None:
        """Check an instruction whose types the table knows."""
        if isinstance(op.signature, Custom):
            raise unsupported(f"{op} ({op.feature})", self.offset)
        params, results = signature_of(self, op, operands)
        self.take(params)
        self.push_all(results)


def signature_of(checker: Checker, op: Op, operands: tuple[Any, ...]) -> Signature:
    """What an instruction takes and leaves, of a row with a signature; its operands are checked."""
    assert not isinstance(op.signature, Custom)
    meaning = Operands(checker, op, operands)
    return list(map(meaning.type_of, op.signature.params)), list(map(meaning.type_of, op.signature.results))


class Operands:
    """Checks the operands of one instruction, and says what the words of its signature mean with them."""

    __slots__ = ("addresses", "named")

    def __init__(self, checker: Checker, op: Op, operands: tuple[Any, ...]) -> None:
        self.addresses: list[int] = []
        self.named = BOTTOM
        for kind, value in zip(op.operands, operands, strict=True):
            if kind.shape is Shape.MEMARG:
                self.addresses.append(_memory_access(checker, op, kind, value))
            elif kind.lanes:
                _lanes(checker, kind, value)
            elif kind.space is not None:
                self._index(checker, kind.space, value)

    def _index(self, checker: Checker, space: Space, index: int) -> None:
        checker.known(space, index)
        context = checker.context
        if space is Space.LOCAL:
            self.named = checker.locals[index]
        elif space is Space.GLOBAL:
            self.named = context.globals[index]
        elif space is Space.TABLE:
            self.named = context.tables[index]
            self.addresses.append(context.table_addresses[index])
        elif space is Space.MEMORY:
            self.addresses.append(context.memories[index])

    def type_of(self, word: SigType) -> int:
        """The code of the type that a word of a signature stands for."""
        if not isinstance(word, Word):
            return code_of(word)
        if word is Word.T:
            return self.named
        if word is Word.ADDR:
            return I32 if I32 in self.addresses else I64
        return self.addresses[0 if word is Word.ADDR1 else 1]


def _memory_access(checker: Checker, op: Op, kind: OperandKind, value: MemArg) -> int:
    address = checker.address(Space.MEMORY, value.memory or 0)
    if value.align > kind.natural:
        raise alignment_too_large(checker.offset)
    if op.feature is Feature.THREADS and value.align != kind.natural:
        raise alignment_not_natural(checker.offset)
    if address == I32 and value.offset >= _ADDRESS_32:
        raise offset_out_of_range(checker.offset)
    return address


def _lanes(checker: Checker, kind: OperandKind, value: Any) -> None:
    lanes: Sequence[int] = (value,) if isinstance(value, int) else value
    for lane in lanes:
        if lane >= kind.lanes:
            raise invalid_lane_index(lane, kind.lanes, checker.offset)


_SIZES: Final[Mapping[Space, Callable[[Checker], int]]] = {
    Space.TYPE: lambda checker: len(checker.context.kinds),
    Space.FUNC: lambda checker: len(checker.context.funcs),
    Space.TABLE: lambda checker: len(checker.context.tables),
    Space.MEMORY: lambda checker: len(checker.context.memories),
    Space.GLOBAL: lambda checker: checker.globals,
    Space.TAG: lambda checker: len(checker.context.tags),
    Space.ELEM: lambda checker: len(checker.context.elems),
    Space.DATA: lambda checker: checker.context.data_count or 0,
    Space.LOCAL: lambda checker: len(checker.locals),
}
