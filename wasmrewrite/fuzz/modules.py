"""Whole modules: what is imported, declared, defined and exported, and the bodies in it.

A function calls imports and functions before it, so every call ends. Not here: bodies (``bodies``, ``declared``), bytes
(``draft``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ..contract import Declaration, DeclaredType, Interface
from ..isa.immediates import Space
from ..isa.types import EXTERNREF, FUNCREF, I32, FuncType, GlobalType, Limits, MemoryType, NumType, TableType
from .bodies import BodyWriter
from .choices import Choices
from .declared import PointerWriter, declared_type, function_type, pointer_type
from .draft import Code, Draft, DraftData, DraftElem, code
from .vocabulary import CONST, CONSTANTS, SCALARS
from .world import Shape, Target, World

MODULES: Final = ("env", "js", "a.b")
_STACK: Final = 65536
_WORDS: Final = (b"", b"hello", b"\0\1\2\3\4\5\6\7", b"\xff\xfe\0")


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to rewrite: a module, and what its interface declares.

    ``complete``: whatever returns through a pointer is known to write all of its result. ``stack_pointer``: the global,
    if it is known.
    """

    data: bytes
    interface: Interface = field(default_factory=Interface)
    complete: bool = False
    stack_pointer: int | None = None


@dataclass(slots=True)
class _Signature:
    """A function to be defined; ``result`` is what it returns through parameter ``pointer``."""

    type: FuncType
    pointer: int | None = None
    result: DeclaredType | None = None


def subject(choices: Choices, shape: Shape | None = None) -> Subject:
    """A valid module, and the interface that fits it."""
    return ModuleWriter(choices, shape or Shape()).write()


class ModuleWriter:
    """Writes one module."""

    def __init__(self, choices: Choices, shape: Shape) -> None:
        self.choices = choices
        self.shape = shape
        self.draft = Draft()
        self.world = World(self.draft.type_index)
        self.declared_imports: list[Declaration] = []
        self.declared_exports: list[Declaration] = []
        self.complete = True

    def write(self) -> Subject:
        """The module and its interface."""
        self.memories()
        if self.shape.imports:
            self.imports()
        self.globals()
        signatures = [self.signature() for _ in range(1 + self.choices.below(self.shape.funcs))]
        targets = self.targets(signatures)
        if self.shape.tables:
            self.tables(targets)
        if self.shape.segments:
            self.segments(targets)
            self.references(targets)
        self.bodies(signatures, targets)
        self.exports(signatures, targets)
        if self.shape.sections:
            self.sections()
        if self.world.referenced:
            self.draft.elems.append(DraftElem(sorted(self.world.referenced), declared=True))
        interface = Interface(tuple(self.declared_exports), tuple(self.declared_imports))
        return Subject(self.draft.encode(), interface, self.complete, self.world.stack_pointer)

    # --- memories, imports, globals -----------------------------------------------------------------------------------

    def memories(self) -> None:
        """None, one or two memories, of one page that may grow by one; the first may be imported."""
        count = (1, 0, 2, 1)[self.choices.below(4)]
        imported = bool(count) and self.shape.imports and self.choices.chance(6)
        for number in range(count):
            type = MemoryType(Limits(1, 2 if self.choices.chance(2) else 1))
            if imported and number == 0:
                self.draft.imports.append((self.choices.pick(MODULES), "memory", type))
            else:
                self.draft.memories.append(type)
        self.world.memories = count

    def by_pointer(self) -> bool:
        """Whether functions can return through a pointer: there is a first memory."""
        return self.shape.by_pointer and self.world.memories > 0

    def imports(self) -> None:
        """Functions, some of which return through a pointer."""
        number = 0
        while self.choices.more(1) and number < 4:
            module, name, pointer = self.choices.pick(MODULES), f"h{number}", None
            type = function_type(self.choices, 2)
            if self.by_pointer() and self.choices.chance(2):
                type, pointer = pointer_type(self.choices)
                self.declare(name, module, pointer, declared_type(self.choices))
            self.draft.imports.append((module, name, type))
            self.world.callables.append(Target(number, type, 1, pointer))
            number += 1

    def declare(self, name: str, module: str | None, pointer: int, result: DeclaredType) -> None:
        """Put a function into the interface."""
        memory = 0 if self.world.memories > 1 else None
        entry = Declaration(name, module, result=result, pointer=pointer, memory=memory)
        (self.declared_exports if module is None else self.declared_imports).append(entry)

    def globals(self) -> None:
        """A stack pointer where there is a memory, and a few variables, some of them imported."""
        while self.shape.imports and self.choices.chance(5):
            self.imported_global()
        if self.by_pointer():
            self.world.stack_pointer = self.draft.imported(GlobalType) + len(self.draft.globals)
            self.draft.globals.append((GlobalType(I32, True), code(("i32.const", _STACK - 16 * self.choices.below(3)))))
        while self.choices.more(1) and len(self.draft.globals) < 4:
            type = self.choices.pick(SCALARS)
            kind = GlobalType(type, not self.choices.chance(4))
            self.world.globals.append((self.draft.imported(GlobalType) + len(self.draft.globals), kind))
            self.draft.globals.append((kind, self.initial(type)))

    def imported_global(self) -> None:
        """A variable of the host's, or a constant."""
        index = self.draft.imported(GlobalType)
        kind = GlobalType(self.choices.pick(SCALARS), self.choices.chance(2))
        self.draft.imports.append((self.choices.pick(MODULES), f"g{index}", kind))
        self.world.globals.append((index, kind))

    def initial(self, type: NumType) -> Code:
        """What a variable holds to begin with."""
        constants = range(self.draft.imported(GlobalType))
        alike = [index for index, each in self.world.globals if each == GlobalType(type, False) and index in constants]
        if alike and self.choices.chance(2):
            return code(("global.get", self.choices.pick(alike)))
        value = self.choices.pick(CONSTANTS[type])
        if type is I32 and value > 0 and value % 16 == 0:
            value += 1  # or it might be taken for a second stack pointer
        return [(CONST[type], (value,))]

    def references(self, targets: list[Target]) -> None:
        """Constants that are functions."""
        while self.choices.chance(5):
            func = self.choices.pick([*self.world.callables, *targets]).index
            self.draft.globals.append((GlobalType(FUNCREF, False), code(("ref.func", func))))

    # --- functions ----------------------------------------------------------------------------------------------------

    def signature(self) -> _Signature:
        """The type of a function to be defined."""
        if self.by_pointer() and self.choices.chance(3):
            type, pointer = pointer_type(self.choices)
            return _Signature(type, pointer, declared_type(self.choices))
        if self.choices.chance(5):
            return _Signature(FuncType())  # may be a start function
        return _Signature(function_type(self.choices))

    def targets(self, signatures: list[_Signature]) -> list[Target]:
        """The functions to be defined as others call them; costs are not known yet."""
        first = self.draft.imported(FuncType)
        return [Target(first + at, each.type, self.shape.cost, each.pointer) for at, each in enumerate(signatures)]

    def bodies(self, signatures: list[_Signature], targets: list[Target]) -> None:
        """Every body; afterwards others may call it. Slots of table 0 open when what is in them has been written."""
        slots, self.world.slots = self.world.slots, [None] * len(self.world.slots)
        for signature, target in zip(signatures, targets, strict=True):
            parts = (self.choices, self.world, self.shape, signature.type)
            if signature.pointer is None or signature.result is None:
                writer = BodyWriter(*parts)
            else:
                writer = PointerWriter(*parts, signature.pointer, signature.result)
            self.draft.funcs.append(writer.write())
            self.complete &= writer.complete
            target.cost = writer.cost + 1
            self.world.callables.append(target)
            known = self.world.callables
            self.world.slots = [each if each in known else None for each in slots]

    def exports(self, signatures: list[_Signature], targets: list[Target]) -> None:
        """Almost all functions, memories and globals; a start function, imported perhaps."""
        for number, (signature, target) in enumerate(zip(signatures, targets, strict=True)):
            if self.choices.chance(6):
                continue
            self.draft.exports.append((f"f{number}", Space.FUNC, target.index))
            if signature.pointer is not None and signature.result is not None:
                self.declare(f"f{number}", None, signature.pointer, signature.result)
            if self.choices.chance(8):
                self.draft.exports.append((f"again{number}", Space.FUNC, target.index))
        self.draft.exports += [(f"memory{at or ''}", Space.MEMORY, at) for at in range(self.world.memories)]
        for index, _ in self.world.globals:
            if self.choices.chance(3):
                self.draft.exports.append((f"g{index}", Space.GLOBAL, index))
        starts = [each.index for each in (*targets, *self.world.callables) if each.type == FuncType()]
        if starts and self.choices.chance(2):
            self.draft.start = self.choices.pick(starts)

    # --- tables and segments ------------------------------------------------------------------------------------------

    def tables(self, targets: list[Target]) -> None:
        """Table 0, which code only calls through, and perhaps one that it writes."""
        if not self.choices.chance(2):
            return
        size = self.choices.pick((4, 1, 2, 8))
        self.draft.tables.append(TableType(FUNCREF, Limits(size)))
        self.world.slots = [None] * size
        known = [*self.world.callables, *targets]
        start = self.choices.below(size)
        chosen = [self.choices.pick(known) for _ in range(self.choices.below(size - start + 1))]
        if chosen:
            self.world.slots[start : start + len(chosen)] = chosen
            spelled = self.choices.chance(3)
            self.draft.elems.append(DraftElem([each.index for each in chosen], 0, start, spelled=spelled))
        if self.choices.chance(2):
            spare = TableType(EXTERNREF if self.choices.chance(4) else FUNCREF, Limits(self.choices.pick((2, 4, 8)), 9))
            self.world.spare_tables.append((len(self.draft.tables), spare))
            self.draft.tables.append(spare)
            if spare.element == FUNCREF and self.choices.chance(2):
                self.draft.elems.append(DraftElem([self.choices.pick(known).index], 1, 0))

    def segments(self, targets: list[Target]) -> None:
        """Data in memories, and segments for code to copy from."""
        for memory in range(self.world.memories):
            if self.choices.chance(2):
                self.draft.datas.append(DraftData(self.choices.pick(_WORDS), memory, self.choices.below(0x400)))
        if self.world.memories and self.choices.chance(3):
            words = self.choices.pick(_WORDS)
            self.world.passive_datas.append((len(self.draft.datas), len(words)))
            self.draft.datas.append(DraftData(words))
        if self.world.spare_tables and self.choices.chance(2):
            known = [*self.world.callables, *targets]
            funcs = [self.choices.pick(known).index for _ in range(self.choices.below(4))]
            self.world.passive_elems.append((len(self.draft.elems), len(funcs)))
            self.draft.elems.append(DraftElem(funcs, spelled=self.choices.chance(3)))

    # --- the rest -----------------------------------------------------------------------------------------------------

    def sections(self) -> None:
        """Names, custom sections, and the widths that linkers use."""
        if self.choices.chance(2):
            count = self.draft.imported(FuncType) + len(self.draft.funcs)
            self.draft.func_names = {at: f"func {at}" for at in range(count) if not self.choices.chance(4)}
        if self.world.stack_pointer is not None and not self.choices.chance(4):
            self.draft.global_names = {self.world.stack_pointer: "__stack_pointer"}
        if self.choices.chance(3):
            self.draft.customs.append(("producers", b"\0"))
        if self.choices.chance(3):
            self.draft.customs.append(("target_features", b"\1+\x0fmutable-globals"))
        if self.choices.chance(4):
            self.draft.customs.append(("something", b"else"))
        self.draft.wide = self.choices.chance(3)
