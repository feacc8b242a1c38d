"""One side of a comparison: an instance with its host, called by function index and observed from outside.

Values leave in comparable form: numbers as typed ``Value``s, function references in terms of the input's indices. Not
here: comparing (``observe``), what to call (``drive``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from ..errors import Exhaustion, InternalError, LinkError, Trap
from ..interp import Instance, instantiate
from ..isa.immediates import Space
from ..isa.types import FuncType, GlobalType, RefType, ValType, func_type
from ..model.items import Func, Global, Import, Item, Memory, Table
from ..model.module import Module
from ..runtime.instances import GlobalInst, HostFunc, TagInst, WatchedGlobal
from ..runtime.memory import MemoryInst
from ..runtime.store import Store, StoreLimits
from ..runtime.table import TableInst
from ..runtime.values import HostRef
from .byvalue import ByValue
from .host import Host
from .plan import ImportName
from .values import WIDTHS, Draw, Value, kind_of
from .view import View, place

_NAMED_GLOBALS: Final = {"__stack_pointer": 0x10000, "__memory_base": 0x400, "__table_base": 0}
"""What a loader gives position-independent modules; other imported globals get seeded values."""
FILL_LIMIT: Final = 2 << 20
FILL_STEP: Final = 64
DEAD_STACK: Final = 4096


@dataclass(frozen=True, slots=True)
class Resources:
    """Limits per instance and call."""

    fuel: int = 1_000_000
    depth: int = 2_000
    memory_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: results in comparable form, or a trap, or that a limit of ours stopped it."""

    results: tuple[object, ...] | None = None
    trap: str | None = None
    exhausted: str | None = None

    def describe(self) -> str:
        """As text."""
        if self.exhausted is not None:
            return f"ran out: {self.exhausted}"
        if self.trap is not None:
            return f"trap: {self.trap}"
        return f"({', '.join('null' if each is None else str(each) for each in self.results or ())})"


@dataclass(frozen=True, slots=True)
class FuncRef:
    """A function reference in comparable form: ``index`` in the input if the contract knows it, else its type counts."""

    known: bool
    index: int
    type: object

    def __str__(self) -> str:
        return f"func:{self.index}" if self.known else "func:(unknown to the contract)"


@dataclass(frozen=True, slots=True)
class Role:
    """What one side is, the same for all its instances.

    ``origin`` maps function indices to the input's (None: unknown to the contract), ``names`` import names to the
    input's; imports in ``silent`` (by index) were added by the rewrite. ``by_value`` holds import claims by own index.
    """

    view: View
    is_input: bool
    module: Module
    origin: Callable[[int], int | None]
    names: Mapping[ImportName, ImportName]
    silent: frozenset[int]
    by_value: Mapping[int, ByValue]
    stack_pointer: int | None
    cover: frozenset[int]


@dataclass(slots=True)
class Side:
    """An instance of ``role`` on which calls are made; ``start`` makes it."""

    role: Role
    host: Host
    resources: Resources
    store: Store = field(init=False)
    instance: Instance = field(init=False)
    _indices: dict[int, int] = field(default_factory=dict)
    _fuel: int = 0

    def __post_init__(self) -> None:
        limits = StoreLimits(self.resources.fuel, self.resources.depth, 50, self.resources.memory_bytes)
        self.store = Store(limits)
        self._fuel = self.resources.fuel

    def allow(self, fuel: int) -> None:
        """Let the calls from now on take so many instructions."""
        self._fuel = fuel

    # --- making the instance ----------------------------------------------------------------------------------------

    def start(self) -> Outcome:
        """Instantiate, the start function included."""
        role = self.role
        imports: dict[str, dict[str, object]] = {}
        for item in role.module.imports:
            origin = item.origin  # type: ignore[attr-defined]
            imports.setdefault(origin.module, {})[origin.name] = self._provide(item, origin)

        def run() -> list[object]:
            self.instance = instantiate(role.module, imports, self.store, role.cover)
            return []

        return self._guarded(run, ())

    def _provide(self, item: Item, origin: Import) -> object:
        draw = Draw(f"{self.host.seed}/import/{self._input_name(origin)}")
        if isinstance(item, Func):
            return self._function(item, origin)
        if isinstance(item, Memory):
            return MemoryInst(self.store, item.type)
        if isinstance(item, Table):
            return TableInst(self.store, item.type)
        if isinstance(item, Global):
            return self._global(item, origin, draw)
        kind = func_type(item.type)  # type: ignore[attr-defined]
        return TagInst(kind, self.store.key(item.type))  # type: ignore[attr-defined]

    def _input_name(self, origin: Import) -> str:
        module, name = self.role.names.get((origin.module, origin.name), (origin.module, origin.name))
        return f"{module}.{name}"

    def _global(self, item: Global, origin: Import, draw: Draw) -> GlobalInst:
        type: GlobalType = item.type
        given = _NAMED_GLOBALS.get(origin.name)
        kind = kind_of(type.value)
        value = Value(kind or "none", None) if kind is None else draw.value(kind)
        if given is not None and kind in ("i32", "i64"):
            value = Value(kind, given)
        if place(item) == self.role.stack_pointer:
            return WatchedGlobal(type, value.bits or 0)
        return GlobalInst(type, self._inward(value))

    def _function(self, item: Func, origin: Import) -> HostFunc:
        type, index, name = func_type(item.type), place(item), self._input_name(origin)
        claim = self.role.by_value.get(index)
        if claim is not None:
            return HostFunc(type, self._returning(name, type, claim), name=name)
        answer = self.host.plain(name, type, index not in self.role.silent)

        def call(*args: object) -> list[object]:
            given = answer([self._outward(kind, arg) for kind, arg in zip(type.params, args, strict=True)])
            return [self._inward(value) for value in given]

        return HostFunc(type, call, name=name)

    def _returning(self, name: str, type: FuncType, claim: ByValue) -> Callable[..., list[object]]:
        """An import under a by-value claim: this side's way to hand over the same fields."""

        def call(*args: Any) -> list[object]:
            plain = [self._outward(kind, arg) for kind, arg in zip(type.params, args, strict=True)]
            if not self.role.is_input:
                return list(self.host.fields(name, claim, plain))
            del plain[claim.pointer]
            values = self.host.fields(name, claim, plain)
            self.host.store(claim, args[claim.pointer], values, self.memory(claim.memory))
            return []

        return call

    def watch(self) -> None:
        """Have the stack pointer remember how low it went; to be called on a fresh instance."""
        index = self.role.stack_pointer
        if index is None or isinstance(self.instance.globals[index], WatchedGlobal):
            return
        before = self.instance.globals[index]
        self.instance.watch_global(index, WatchedGlobal(before.type, before.value))

    # --- calling ----------------------------------------------------------------------------------------------------

    def call(self, index: int, args: Sequence[Value]) -> Outcome:
        """Call a function, exported or not."""
        kinds = func_type(self.role.module.funcs[index].type).results
        given = [self._inward(arg) for arg in args]
        return self._guarded(lambda: self.instance.invoke(index, given), kinds)

    def call_by_value(self, claim: ByValue, args: Sequence[Value]) -> Outcome:
        """Call the input's function of a claim as a caller in C would, and return the declared scalars.

        The frame lies where a rewritten caller would put it too, directly below the stack pointer, and is zeroed.
        """
        memory = self.memory(claim.memory)
        pointer = self.stack_pointer_value()
        frame = claim.frame(memory.size if pointer is None else pointer)
        if frame < 0 or frame + claim.layout.size > memory.size:
            return Outcome(trap="out of bounds memory access")
        saved = memory.read(frame, claim.layout.size)
        memory.write(frame, bytes(claim.layout.size))
        self.set_stack_pointer(frame)
        outcome = self.call(claim.old, [*args[: claim.pointer], Value(claim.address, frame), *args[claim.pointer :]])
        if outcome.results is not None:
            bits = claim.layout.read(memory.read(frame, claim.layout.size))
            outcome = Outcome(tuple(Value(str(kind), each) for kind, each in zip(claim.layout.types, bits, strict=True)))
            self.set_stack_pointer(pointer)
        if pointer is None:
            # There is no dead stack to borrow from: what was there must come back.
            memory.write(frame, saved)
        return outcome

    def _guarded(self, run: Callable[[], Iterable[object]], kinds: Sequence[ValType]) -> Outcome:
        self.store.refuel(self._fuel)
        refusals = self.store.refusals
        try:
            results = run()
        except Exhaustion as error:
            return Outcome(exhausted=error.message)
        except Trap as error:
            return Outcome(trap=error.message)
        except LinkError as error:
            raise InternalError(f"the judge's own host does not fit: {error}") from error
        if self.store.refusals != refusals:
            return Outcome(exhausted="memory.grow was refused by the limit on memory")
        return Outcome(tuple(self._outward(kind, each) for kind, each in zip(kinds, results, strict=True)))

    # --- looking ----------------------------------------------------------------------------------------------------

    def memory(self, index: int) -> MemoryInst:
        """A memory by index."""
        return self.instance.memories[index]

    def table(self, index: int) -> Sequence[object]:
        """The elements of a table."""
        return self.instance.tables[index].elements

    def global_value(self, index: int) -> object:
        """The value of a global in comparable form."""
        item = self.instance.globals[index]
        return self._outward(item.type.value, item.value)

    def stack_pointer_value(self) -> int | None:
        """What the stack pointer is now; None if there is none."""
        index = self.role.stack_pointer
        return None if index is None else int(self.instance.globals[index].value)

    def set_stack_pointer(self, value: int | None) -> None:
        """Move the stack pointer, if there is one."""
        if self.role.stack_pointer is not None and value is not None:
            self.instance.globals[self.role.stack_pointer].value = value

    def begin(self) -> None:
        """Forget how low the stack pointer was, before an outermost call."""
        watched = None if self.role.stack_pointer is None else self.instance.globals[self.role.stack_pointer]
        if isinstance(watched, WatchedGlobal):
            watched.reset()

    def low(self) -> int | None:
        """The lowest value of the stack pointer since ``begin``."""
        watched = None if self.role.stack_pointer is None else self.instance.globals[self.role.stack_pointer]
        return watched.low if isinstance(watched, WatchedGlobal) else self.stack_pointer_value()

    def entered(self, functions: Iterable[int]) -> set[int]:
        """Which of the covered ``functions`` have executed anything so far."""
        return {index for index in functions if self.instance.covered(index)}

    def covered(self) -> dict[int, set[int]]:
        """Offsets of the instructions executed so far, by covered function."""
        return {index: set(self.instance.covered(index)) for index in self.role.cover}

    def comparable(self, reference: object) -> object:
        """A reference in comparable form."""
        if reference is None:
            return None
        if isinstance(reference, HostRef):
            return Value("extern", reference.number)
        index = self._index_of(reference)
        if index is None:
            return reference
        known = self.role.origin(index)
        kind = self.role.view.key(self.role.module.funcs[index].type)
        return FuncRef(known is not None, -1 if known is None else known, kind)

    def _index_of(self, reference: object) -> int | None:
        if not self._indices:
            # The first of several equal ones is meant: the same host function may be imported twice.
            self._indices.update((id(func), index) for index, func in reversed(list(enumerate(self.instance.funcs))))
        return self._indices.get(id(reference))

    def _outward(self, kind: ValType, value: Any) -> object:
        if isinstance(kind, RefType):
            return self.comparable(value)
        return Value(str(kind), int.from_bytes(value, "little") if isinstance(value, bytes) else value)

    def _inward(self, value: Value) -> object:
        if value.kind in WIDTHS:
            bits = value.bits or 0
            return bits.to_bytes(16, "little") if value.kind == "v128" else bits
        if value.bits is None:
            return None
        return self.instance.funcs[value.bits] if value.kind == "func" else HostRef(value.bits)

    # --- preparing --------------------------------------------------------------------------------------------------

    def fill(self, seed: str, everywhere: bool) -> None:
        """Put seeded bytes where nothing is: below the stack pointer, and in all of memory that is zero if ``everywhere``."""
        tile = _tile(seed)
        memories = self.instance.memories
        pointer = self.stack_pointer_value()
        if pointer is not None and memories:
            start = max(0, pointer - DEAD_STACK)
            if start < pointer <= memories[0].size:
                memories[0].write(start, (tile * 2)[: pointer - start])
        for memory in memories if everywhere else ():
            _fill_zeroes(memory, tile)


def _tile(seed: str) -> bytes:
    """A page of words, half of them small enough to be addresses."""
    random = Random(f"{seed}/fill")
    words = (random.randrange(0x10000) if random.random() < 0.5 else random.getrandbits(32) for _ in range(1024))
    return b"".join(word.to_bytes(4, "little") for word in words)


def _fill_zeroes(memory: MemoryInst, tile: bytes) -> None:
    size = min(memory.size, FILL_LIMIT)
    data = bytearray(memory.read(0, size))
    zeroes = bytes(FILL_STEP)
    for start in range(0, size, FILL_STEP):
        if data[start : start + FILL_STEP] == zeroes:
            data[start : start + FILL_STEP] = tile[start % len(tile) : start % len(tile) + FILL_STEP]
    memory.write(0, data)


