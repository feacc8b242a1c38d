"""``Instance``: a module instance as its user sees it. Not here: how it is made (``instantiate``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType

from ..isa.immediates import Space
from ..runtime.exports import Exports, exported
from ..runtime.instances import Extern, FuncInst, GlobalInst, HostFunc, ModuleInst, TagInst, WatchedGlobal
from ..runtime.memory import MemoryInst
from ..runtime.store import Store
from ..runtime.table import TableInst
from ..runtime.values import Value
from .program import Program


class Instance(Exports):
    """Everything in the index spaces, exported or not.

    ``func``, ``memory``, ``global_``, ``table`` and ``tag`` find exports by name; calling a function converts Python's
    values.
    """

    __slots__ = ("__weakref__", "module_inst", "program")

    def __init__(self, module_inst: ModuleInst, program: Program) -> None:
        self.module_inst = module_inst
        self.program = program

    @property
    def store(self) -> Store:
        """The store: fuel and other limits."""
        return self.module_inst.store

    @property
    def exports(self) -> Mapping[str, Extern]:
        """Exports by name; fit to be imported by another instance in the same store."""
        return MappingProxyType(self.module_inst.exports)

    def memory(self, name: str) -> MemoryInst:
        """The exported memory called ``name``. Raises ``LookupError``."""
        return exported(self.exports, name, MemoryInst, "memory")

    @property
    def funcs(self) -> Sequence[FuncInst | HostFunc]:
        """Functions by index, imports first; likewise the others."""
        return self.module_inst.funcs

    @property
    def tables(self) -> Sequence[TableInst]:
        """Tables."""
        return self.module_inst.tables

    @property
    def memories(self) -> Sequence[MemoryInst]:
        """Memories."""
        return self.module_inst.memories

    @property
    def globals(self) -> Sequence[GlobalInst]:
        """Globals."""
        return self.module_inst.globals

    @property
    def tags(self) -> Sequence[TagInst]:
        """Tags."""
        return self.module_inst.tags

    def invoke(self, func: int | FuncInst | HostFunc, args: Sequence[Value] = ()) -> list[Value]:
        """Call a function, by index or itself, with bits: ints, floats as their bits, references (``runtime.values``).

        Raises ``Trap`` with the function and offset, and what host functions raise; ``ValueError`` or ``TypeError``
        if arguments are not what its type asks for. To pass and get Python's numbers, call the function itself.
        """
        callee = self.funcs[func] if isinstance(func, int) else func
        return callee.invoke(args)

    def watch(self, index: int) -> WatchedGlobal:
        """Put a ``WatchedGlobal`` in place of an integer global of this instance, and return it."""
        if not 0 <= index < len(self.globals):
            raise ValueError(f"there is no global {index} to watch")
        old = self.globals[index]
        if isinstance(old, WatchedGlobal):
            return old
        watched = WatchedGlobal(old.type, old.value, old.store)
        made = self.module_inst
        made.globals[index] = watched
        made.exports.update({name: watched for name, item in made.exports.items() if item is old})
        return watched

    def reached(self) -> Set[int]:
        """Absolute offsets of executed instructions of all functions named in ``cover``."""
        return self.module_inst.reached()

    def forget_reached(self) -> None:
        """Begin anew to count what is executed."""
        self.module_inst.forget_reached()

    def dropped(self, space: Space, index: int) -> bool:
        """Whether an element or data segment is empty now."""
        return self.module_inst.dropped(space, index)

    def substitute(self, index: int, func: HostFunc) -> None:
        """Put a host function of the same type in the place of a function, for all calls by index from now on."""
        self.module_inst.substitute(index, func)

    def lowest(self, index: int) -> int | None:
        """The lowest value of a watched global since ``forget_lowest``; of another one its value now."""
        return self.module_inst.lowest(index)

    def forget_lowest(self, index: int) -> None:
        """The lowest value of a watched global is its value now."""
        self.module_inst.forget_lowest(index)

    def covered(self, func: int) -> set[int]:
        """Absolute offsets of executed instructions of a function named in ``cover``; ``else`` and ``end`` are none."""
        return self.module_inst.covered & self.coverable(func)

    def coverable(self, func: int) -> frozenset[int]:
        """Absolute offsets of all instructions of a defined function that executions could reach."""
        return self.program.code(func, marking=True).marks

    def __repr__(self) -> str:
        made = self.module_inst
        return f"<Instance: {len(made.funcs)} functions, exports {', '.join(map(repr, made.exports)) or 'nothing'}>"
