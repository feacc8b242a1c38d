"""Function bodies, valid by construction: each step takes from the operand stack what lies there and supplies the rest.

Values that are left over at the end of a block are dropped or kept in variables, so little that is computed is lost
without a trace. Not here: what surrounds a body (``modules``), which instructions there are (``vocabulary``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..isa.op import Op
from ..isa.operand_bytes import BrTable, MemArg
from ..isa.signature import Signature
from ..isa.table import BY_NAME
from ..isa.types import FUNC, FUNCREF, I32, FuncType, NumType, ValType
from .choices import Choices
from .draft import Code, DraftFunc
from .vocabulary import BITS, CONST, CONSTANTS, LOADS, PLAIN, SCALARS, STORES, TRAPPING
from .world import Shape, Target, World

MASK: Final = 0x3FF
"""Addresses that code computes are cut to this, so that they stay in the first page and clear of any stack."""
SAFE_POINTER: Final = 0x800
"""Where calls from inside let results be put that are returned through a pointer."""
_LENGTH_MASK: Final = 0x3F
_MAX_OFFSET: Final = 64
_ROUNDS: Final = 3


@dataclass(slots=True)
class Label:
    """Where a branch may go: the types it carries."""

    types: tuple[ValType, ...]
    backward: bool = False


class BodyWriter:
    """Writes one body. ``stack`` holds the operands above the bottom of the innermost block."""

    def __init__(
        self, choices: Choices, world: World, shape: Shape, type: FuncType, reserved: Sequence[int] = ()
    ) -> None:
        self.choices = choices
        self.world = world
        self.shape = shape
        self.type = type
        self.code: Code = []
        self.stack: list[ValType] = []
        self.labels: list[Label] = []
        self.locals: list[ValType] = list(type.params)
        self.reserved = set(reserved)
        self.cost = 0
        self.rounds = 1
        self.complete = True
        """Whether all of a result that is returned through a pointer is written."""

    # --- the whole ----------------------------------------------------------------------------------------------------

    def write(self) -> DraftFunc:
        """The function; its cost is in ``cost``."""
        for _ in range(self.choices.below(4)):
            self.locals.append(self.choices.pick(SCALARS))
        self.labels.append(Label(self.type.results))
        self.block(self.type.results, self.shape.depth)
        return self.done()

    def done(self) -> DraftFunc:
        """The function as written so far."""
        return DraftFunc(self.type, self.locals[len(self.type.params) :], self.code)

    def add(self, name: str | Op, *operands: Any) -> None:
        """Append an instruction; the stack is the caller's business."""
        self.code.append((BY_NAME[name] if isinstance(name, str) else name, operands))
        self.cost += self.rounds

    def local(self, type: ValType) -> int:
        """A new local variable that no other step touches."""
        self.locals.append(type)
        self.reserved.add(len(self.locals) - 1)
        return len(self.locals) - 1

    def block(self, results: Sequence[ValType], depth: int) -> None:
        """Steps from the operands that are there to exactly ``results``."""
        while self.choices.more(self.shape.steps) and self.cost < self.shape.cost:
            self.choices.pick(self.steps(depth))(depth)
        self.finish(results)

    def steps(self, depth: int) -> list[Callable[[int], None]]:
        """What can come next, plainest first."""
        found: list[Callable[[int], None]] = [self.push, self.plain, self.plain, self.plain, self.keep]
        found += [self.branch_if, self.choose]
        if self.world.memories:
            found += [self.store, self.load, self.load, self.store, self.bulk]
        if self.world.callables:
            found += [self.call, self.call]
        if depth:
            found += [self.nest, self.nest, self.loop]
        if any(self.world.slots) or self.world.spare_tables:
            found += [self.table, self.call_indirect]
        found += [self.leave, self.reference]
        if not self.shape.tame:
            found += [self.trapping]
        return found

    def finish(self, results: Sequence[ValType]) -> None:
        """Leave exactly ``results`` on the stack."""
        keep = 0
        while keep < min(len(results), len(self.stack)) and self.stack[keep] == results[keep]:
            keep += 1
        while len(self.stack) > keep:
            self.sink()
        for type in results[keep:]:
            self.supply(type)

    # --- values -------------------------------------------------------------------------------------------------------

    def variables(self, type: ValType) -> list[tuple[str, int]]:
        """What ``local.get`` and ``global.get`` can give of a type."""
        found = [("local", at) for at, each in enumerate(self.locals) if each == type and at not in self.reserved]
        return found + [("global", at) for at, each in self.world.globals if each.value == type]

    def sink(self) -> None:
        """Take the top operand away: dropped, or kept in a variable."""
        type = self.stack.pop()
        written = {index for index, each in self.world.globals if each.mutable}
        places = [each for each in self.variables(type) if each[0] == "local" or each[1] in written]
        place = self.choices.pick([None, *places])
        if place is None:
            self.add("drop")
        else:
            self.add(f"{place[0]}.set", place[1])

    def supply(self, type: ValType) -> None:
        """Push a value: a constant, or what a variable holds."""
        self.stack.append(type)
        place = self.choices.pick([None, *self.variables(type)])
        if place is not None:
            self.add(f"{place[0]}.get", place[1])
        elif isinstance(type, NumType):
            self.add(CONST[type], self.constant(type))
        elif type == FUNCREF and self.world.callables and self.choices.chance(2):
            self.add("ref.func", self.declared())
        else:
            self.add("ref.null", getattr(type, "heap", FUNC))

    def declared(self) -> int:
        """A function for ``ref.func``."""
        index = self.choices.pick(self.world.callables).index
        self.world.referenced.add(index)
        return index

    def constant(self, type: NumType) -> int:
        """An operand of a constant instruction."""
        if not self.choices.chance(4):
            return self.choices.pick(CONSTANTS[type])
        bits = self.choices.below(1 << BITS[type])
        signed = type.name.startswith("i") and bits >> (BITS[type] - 1)
        return bits - (1 << BITS[type]) if signed else bits

    def arrange(self, params: Sequence[ValType]) -> None:
        """Take ``params`` off the stack: what lies there of the right types counts, the rest is supplied."""
        have = min(len(params), len(self.stack))
        while have and list(params[:have]) != self.stack[len(self.stack) - have :]:
            have -= 1
        for type in params[have:]:
            self.supply(type)
        del self.stack[len(self.stack) - len(params) :]

    def push(self, _depth: int = 0) -> None:
        """A value of any scalar type."""
        self.supply(self.choices.pick(SCALARS))

    def plain(self, _depth: int) -> None:
        """An instruction from scalars to scalars that cannot trap."""
        self.apply(self.choices.pick(PLAIN))

    def trapping(self, _depth: int) -> None:
        """One that can."""
        if self.choices.chance(16):
            self.add("unreachable")
            self.stack.clear()
            return
        self.apply(self.choices.pick(TRAPPING))

    def apply(self, op: Op, *operands: Any) -> None:
        """An instruction as its signature says."""
        assert isinstance(op.signature, Signature)
        self.arrange([each for each in op.signature.params if isinstance(each, NumType)])
        self.add(op, *operands)
        self.stack += [each for each in op.signature.results if isinstance(each, NumType)]

    def keep(self, _depth: int) -> None:
        """Put a value into a variable."""
        if not self.stack:
            self.push()
        types = self.stack[-1]
        places = [index for kind, index in self.variables(types) if kind == "local"]
        if places and self.choices.chance(2):
            self.add("local.tee", self.choices.pick(places))
        else:
            self.sink()

    def choose(self, _depth: int) -> None:
        """``select``, with or without a type."""
        type = self.stack[-1] if self.stack else self.choices.pick(SCALARS)
        self.arrange([type, type, I32])
        if isinstance(type, NumType) and not self.choices.chance(4):
            self.add("select")
        else:
            self.add("select t", (type,))
        self.stack.append(type)

    def reference(self, _depth: int) -> None:
        """Look at a reference."""
        self.arrange([FUNCREF])
        self.add("ref.is_null")
        self.stack.append(I32)

    # --- control ------------------------------------------------------------------------------------------------------

    def block_type(self, params: tuple[ValType, ...], results: tuple[ValType, ...]) -> Any:
        """The shortest way to write a block's type."""
        if not params and len(results) < 2:
            return results[0] if results else None
        return self.world.type_index(FuncType(params, results))

    def signature(self) -> tuple[tuple[ValType, ...], tuple[ValType, ...]]:
        """Parameters of a block, taken off the stack, and its results."""
        count = self.choices.below(min(len(self.stack), 2) + 1)
        params = tuple(self.stack[len(self.stack) - count :]) if count else ()
        results = tuple(self.choices.pick(SCALARS) for _ in range(self.choices.below(3)))
        return params, results

    def inside(self, label: Label, params: Sequence[ValType], results: Sequence[ValType], depth: int) -> None:
        """The contents of a block whose parameters are ``params``."""
        outer, self.stack = self.stack, list(params)
        self.labels.append(label)
        self.block(results, depth - 1)
        self.labels.pop()
        self.stack = outer

    def nest(self, depth: int) -> None:
        """A block, or both ways of an ``if``."""
        conditional = self.choices.chance(2)
        if conditional:
            self.arrange([I32])
        params, results = self.signature()
        del self.stack[len(self.stack) - len(params) :]
        self.add("if" if conditional else "block", self.block_type(params, results))
        self.inside(Label(results), params, results, depth)
        if conditional and (params != results or self.choices.chance(2)):
            self.add("else")
            self.inside(Label(results), params, results, depth)
        self.add("end")
        self.stack += results

    def loop(self, depth: int) -> None:
        """A loop that counts down in a variable of its own."""
        if self.cost + self.rounds * 100 > self.shape.cost:
            return
        counter = self.local(I32)
        self.add("i32.const", 1 + self.choices.below(_ROUNDS))
        self.add("local.set", counter)
        params, results = self.signature()
        del self.stack[len(self.stack) - len(params) :]
        self.add("loop", self.block_type(params, results))
        self.rounds *= _ROUNDS
        self.inside(Label(params, backward=True), params, (*results, *params), depth)
        self.add("local.get", counter)
        self.add("i32.const", 1)
        self.add("i32.sub")
        self.add("local.tee", counter)
        self.add("br_if", 0)
        self.rounds //= _ROUNDS
        for _ in params:
            self.add("drop")
        self.add("end")
        self.stack += results

    def targets(self) -> list[int]:
        """Labels that a branch may name; backward ones only where nothing has to end."""
        labels = list(enumerate(reversed(self.labels)))
        return [at for at, label in labels if not (label.backward and self.shape.tame)]

    def branch_if(self, _depth: int) -> None:
        """A branch that may be taken."""
        targets = self.targets()
        if not targets:
            return
        target = self.choices.pick(targets)
        types = self.labels[-1 - target].types
        self.arrange([*types, I32])
        self.add("br_if", target)
        self.stack += types

    def leave(self, _depth: int) -> None:
        """A branch that is always taken; what follows in this block is dead."""
        targets = self.targets()
        if not targets or not self.choices.chance(3):
            return self.push()
        target = self.choices.pick(targets)
        types = self.labels[-1 - target].types
        alike = [each for each in targets if self.labels[-1 - each].types == types]
        if self.choices.chance(2):
            self.arrange([*types, I32])
            self.add("br_table", BrTable(tuple(self.choices.pick(alike) for _ in range(self.choices.below(4))), target))
        else:
            self.arrange(types)
            self.add("br", target)
        return self.stack.clear()

    # --- calls --------------------------------------------------------------------------------------------------------

    def call(self, _depth: int) -> None:
        """A direct call of something cheap enough."""
        target = self.choices.pick(self.world.callables)
        if self.affordable(target):
            self.arguments(target)
            self.add("call", target.index)
            self.stack += target.type.results

    def call_indirect(self, _depth: int) -> None:
        """A call through table 0, at an index where a function of the right type is known to be."""
        slots = [(at, each) for at, each in enumerate(self.world.slots) if each is not None]
        if not slots:
            return
        at, target = self.choices.pick(slots)
        if self.affordable(target):
            self.arguments(target)
            self.add("i32.const", at)
            self.add("call_indirect", self.world.type_index(target.type), 0)
            self.stack += target.type.results

    def affordable(self, target: Target) -> bool:
        """Whether a call leaves room for more; counts it if so."""
        extra = self.rounds * target.cost
        if self.cost + extra > self.shape.cost:
            return False
        self.cost += extra
        return True

    def arguments(self, target: Target) -> None:
        """Operands of a call; a return pointer is one that may be written through."""
        if target.pointer is None:
            self.arrange(target.type.params)
            return
        for at, type in enumerate(target.type.params):
            if at == target.pointer:
                self.add("i32.const", SAFE_POINTER)
            else:
                self.supply(type)
                self.stack.pop()

    # --- memories and tables ------------------------------------------------------------------------------------------

    def masked(self, mask: int) -> None:
        """An i32 no greater than ``mask``, taken off the stack model; the next operand is the caller's."""
        self.arrange([I32])
        self.add("i32.const", mask)
        self.add("i32.and")
        if not self.shape.tame and self.choices.chance(16):
            self.add("i32.const", -0x8000_0000)
            self.add("i32.or")  # far outside: traps

    def memory(self) -> int:
        """A memory."""
        return self.choices.below(self.world.memories)

    def memarg(self, op: Op) -> MemArg:
        """Alignment, offset and memory of an access."""
        memory, natural = self.memory(), op.operands[0].natural
        offset = self.choices.pick((0, 1, 2, 4, 8, 16, _MAX_OFFSET))
        explicit = memory or (0 if self.world.memories > 1 and self.choices.chance(4) else None)
        return MemArg(natural - self.choices.below(natural + 1), offset, explicit)

    def load(self, _depth: int) -> None:
        """A load from low memory."""
        op = self.choices.pick(LOADS)
        self.masked(MASK)
        self.add(op, self.memarg(op))
        assert isinstance(op.signature, Signature)
        self.stack += [each for each in op.signature.results if isinstance(each, NumType)]

    def store(self, _depth: int) -> None:
        """A store to low memory."""
        op = self.choices.pick(STORES)
        assert isinstance(op.signature, Signature)
        self.masked(MASK)
        type = op.signature.params[-1]
        assert isinstance(type, NumType)
        self.supply(type)
        self.stack.pop()
        self.add(op, self.memarg(op))

    def bulk(self, _depth: int) -> None:
        """One of the instructions that touch many bytes, or a memory's size."""
        self.choices.pick((self.memory_size, self.memory_fill, self.memory_copy, self.memory_init, self.memory_grow))()

    def memory_size(self) -> None:
        """How large a memory is."""
        self.add("memory.size", self.memory())
        self.stack.append(I32)

    def memory_grow(self) -> None:
        """Grow a memory by nothing or one page, which may be refused."""
        self.add("i32.const", self.choices.below(2))
        self.add("memory.grow", self.memory())
        self.stack.append(I32)

    def memory_fill(self) -> None:
        """Fill a little."""
        self.masked(MASK)
        self.supply(I32)
        self.stack.pop()
        self.add("i32.const", self.choices.below(_LENGTH_MASK))
        self.add("memory.fill", self.memory())

    def memory_copy(self) -> None:
        """Copy a little, from one memory to another perhaps."""
        self.masked(MASK)
        self.supply(I32)
        self.masked(MASK)
        self.add("i32.const", self.choices.below(_LENGTH_MASK))
        self.add("memory.copy", self.memory(), self.memory())

    def memory_init(self) -> None:
        """Copy from a passive segment."""
        if not self.world.passive_datas:
            return
        index, size = self.choices.pick(self.world.passive_datas)
        self.masked(MASK)
        start = self.choices.below(size + 1)
        self.add("i32.const", start)
        self.add("i32.const", self.choices.below(size + 1 - start))
        self.add("memory.init", index, self.memory())
        if not self.shape.tame and self.choices.chance(4):
            self.add("data.drop", index)

    def table(self, _depth: int) -> None:
        """Read a table, write one that no call goes through."""
        self.choices.pick((self.table_size, self.table_get, self.table_set, self.table_fill, self.table_init))()

    def table_size(self) -> None:
        """How large the first table is."""
        self.add("table.size", 0)
        self.stack.append(I32)

    def spare(self) -> tuple[int, ValType, int] | None:
        """A table that may be written: index, type and size less one, a mask."""
        if not self.world.spare_tables:
            return None
        index, type = self.choices.pick(self.world.spare_tables)
        return index, type.element, int(type.limits.minimum) - 1

    def table_get(self) -> None:
        """Whether an element is null."""
        found = self.spare()
        if found is not None:
            self.masked(found[2])
            self.add("table.get", found[0])
            self.add("ref.is_null")
            self.stack.append(I32)

    def table_set(self) -> None:
        """Write an element."""
        found = self.spare()
        if found is not None:
            self.masked(found[2])
            self.supply(found[1])
            self.stack.pop()
            self.add("table.set", found[0])

    def table_fill(self) -> None:
        """Write the first element by filling."""
        found = self.spare()
        if found is not None:
            self.add("i32.const", 0)
            self.supply(found[1])
            self.stack.pop()
            self.add("i32.const", self.choices.below(found[2] + 2))
            self.add("table.fill", found[0])

    def table_init(self) -> None:
        """Copy the beginning of a passive segment."""
        found = self.spare()
        if found is not None and found[1] == FUNCREF and self.world.passive_elems:
            index, size = self.choices.pick(self.world.passive_elems)
            self.add("i32.const", 0)
            self.add("i32.const", 0)
            self.add("i32.const", self.choices.below(min(size, found[2] + 1) + 1))
            self.add("table.init", index, found[0])
