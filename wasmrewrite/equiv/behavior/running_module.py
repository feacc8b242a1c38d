"""One side of a comparison: an instance with its host, called by function index and observed from outside.

Values leave in comparable form: numbers as typed ``Value``s, function references in terms of the input's indices. Not
here: comparing (``visible_state``), what to call (``script_runs``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from ...errors import Exhaustion, LimitError, LinkError, Trap
from ...isa.immediates import Space
from ...isa.types import (
    I32,
    I64,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RefType,
    TableType,
    ValType,
    func_type,
)
from ...model.items import Body, Func, Global, Import, Item, Memory, Table
from ...runtime.engine import Instance, Loaded
from ...runtime.engine import Memory as MemoryView
from ...runtime.host import Caller
from ...runtime.instances import Callee, Extern, GlobalInst, HostFunc, TagInst
from ...runtime.memory import MemoryInst
from ...runtime.store import Store, StoreLimits
from ...runtime.table import TableInst
from ...runtime.values import HostRef
from ...runtime.wasi import NO_MEMORY, Function, Guest, ProcExit
from ..by_value.claims import ByValue
from ..hosts.acting import Actor
from ..hosts.acts import BEFORE
from ..hosts.recording import Host, HostCall, InOrder, through_memory
from ..hosts.user_functions import SuppliedCaller, ask, by_value_type, callee, made
from ..hosts.watching import Seen, Watch
from ..structure.module_view import place
from .memory_fill import DEAD_STACK, fill_zeroes, tile
from .role import FuncRef, Outcome, Resources, Role
from .values import WIDTHS, Draw, Value, kind_of

_NAMED_GLOBALS: Final = {"__stack_pointer": 0x10000, "__memory_base": 0x400, "__table_base": 0}
"""What a loader gives position-independent modules; other imported globals get seeded values."""
TABLE_ELEMENTS: Final = 1 << 20
STACK_GUESS: Final = 1 << 16
"""Bytes below the stack pointer that count as dead stack where its lowest value is not known."""


@dataclass(slots=True)
class Side:
    """An instance of ``role`` in some engine, on which calls are made; ``start`` makes it."""

    role: Role
    loaded: Loaded
    host: Host
    resources: Resources
    store: Store = field(init=False)
    state: Instance = field(init=False)
    """Host functions see it before instantiation is through: then it is what calls them."""
    _indices: dict[int, int] = field(default_factory=dict)
    _fuel: int = 0
    _stack: int | None = None
    """The stack pointer at the outermost call."""
    actor: Actor = field(init=False)
    _watch: Watch = field(init=False)
    _earlier: set[int] = field(default_factory=set)
    """What was executed before."""

    def __post_init__(self) -> None:
        given = self.resources
        self.store = self.loaded.store(
            StoreLimits(given.fuel, given.depth, memory_bytes=given.memory_bytes, table_elements=TABLE_ELEMENTS)
        )
        self._fuel = self.resources.fuel
        self.actor = Actor(self.role.reach, self.host.script.acts)
        self._watch = Watch(self.role.reach, self.comparable, self.global_value)
        self.host.look = self.look

    def allow(self, fuel: int) -> None:
        """Let the calls from now on take so many instructions."""
        self._fuel = fuel

    # --- making the instance ----------------------------------------------------------------------------------------

    def start(self) -> Outcome:
        """Instantiate, the start function included."""

        def run() -> list[object]:
            self.make()
            return []

        return self._guarded(run, ())

    def make(self) -> None:
        """Instantiate. Raises ``Trap``, ``LimitError``, ``LinkError``."""
        role = self.role
        imports: dict[str, InOrder] = {}
        for item, provided in zip(role.program.module.imports, self.provided(), strict=True):
            origin = item.imported_as()
            imports.setdefault(origin.module, InOrder()).add(origin.name, provided)
        watch = () if role.stack_pointer is None else (role.stack_pointer,)
        self.state = self.loaded.instantiate(imports, self.store, watch)

    def provided(self) -> Iterator[object]:
        """Something for every import, in order."""
        role = self.role
        supplied = made(role.host, self.store)
        for item in role.program.module.imports:
            origin = item.imported_as()
            module, name = role.names.get((origin.module, origin.name), (origin.module, origin.name))
            given = supplied.get(module, {}).get(name)
            yield self.provide(item, origin) if given is None else self.supplied(item, origin, given)

    def provide(self, item: Item, origin: Import) -> object:
        """What the judge's own host has for an import."""
        draw = self.host.script.draw(f"import/{self._input_name(origin)}")
        if isinstance(item, Func):
            return self._function(item, origin)
        if isinstance(item, Memory):
            return MemoryInst(self.store, MemoryType(self._roomy(item.type.limits, draw)))
        if isinstance(item, Table):
            return TableInst(self.store, TableType(item.type.element, self._roomy(item.type.limits, draw)))
        if isinstance(item, Global):
            return self._global(item, origin, draw)
        return TagInst(self.store, item.type)  # type: ignore[attr-defined]

    def _roomy(self, limits: Limits, draw: Draw) -> Limits:
        """Limits that an import may have: larger than they need to be, in some scripts."""
        if not self.host.script.roomy:
            return limits
        size = limits.minimum + draw.random.choice((1, 1, 2, 3))
        return replace(limits, minimum=size if limits.maximum is None else min(size, limits.maximum))

    def _input_name(self, origin: Import) -> str:
        module, name = self.role.names.get((origin.module, origin.name), (origin.module, origin.name))
        return f"{module}.{name}"

    def _global(self, item: Global, origin: Import, draw: Draw) -> GlobalInst:
        type: GlobalType = item.type
        given = _NAMED_GLOBALS.get(origin.name)
        kind = kind_of(type.value)
        value = Value("none", None) if kind is None else draw.value(kind)
        if given is not None and kind in ("i32", "i64"):
            value = Value(kind, given)
        return GlobalInst.from_bits(type, self.inward(value), self.store)

    def _function(self, item: Func, origin: Import) -> HostFunc:
        type, index, name = func_type(item.type), place(item), self._input_name(origin)
        claim = self.role.by_value.get(index)
        if claim is not None:
            return HostFunc(type, self._returning(name, type, claim), caller=True, name=name)
        real = self.host.real(*self.role.names.get((origin.module, origin.name), (origin.module, origin.name)), type)
        if real is not None and index not in self.role.silent:
            return HostFunc(type, self._in_world(name, real), caller=True, name=name)
        logged = index not in self.role.silent
        answer = self.host.plain(name, type, logged)

        def call(caller: Caller | None, *args: object) -> list[object]:
            self._called_from(caller)
            given = answer([self._outward(kind, arg) for kind, arg in zip(type.params, args, strict=True)])
            if logged:
                self._act_inside(type, args)
            return [self.inward(value) for value in given]

        return HostFunc(type, call, caller=True, name=name)

    def _returning(self, name: str, type: FuncType, claim: ByValue) -> Callable[..., list[object]]:
        """An import under a by-value claim: this side's way to hand over the same fields."""

        def call(caller: Caller | None, *args: Any) -> list[object]:
            self._called_from(caller)
            plain = [self._outward(kind, arg) for kind, arg in zip(type.params, args, strict=True)]
            if not self.role.is_input:
                values = self.host.fields(name, claim, plain)
                self._act_inside()
                return claim.layout.held(values)
            del plain[claim.pointer]
            values = self.host.fields(name, claim, plain)
            self._act_inside()
            self.host.store(claim, args[claim.pointer], values, self.memory(claim.memory))
            return []

        return call

    def supplied(self, item: Item, origin: Import, given: object) -> object:
        """What the user provides for an import. Functions are logged; under a claim they return by value."""
        if not isinstance(item, Func):
            return given
        type, index, name = func_type(item.type), place(item), self._input_name(origin)
        claim, silent = self.role.by_value.get(index), index in self.role.silent
        drop = claim.pointer if claim is not None and self.role.is_input else None
        plain = type if claim is None or drop is None else by_value_type(claim, type)
        func = callee(given, plain, name)

        def call(caller: Caller | None, *args: Any) -> list[object]:
            self._called_from(caller)
            rest = [arg for at, arg in enumerate(args) if at != drop]
            results = self._ask(func, name, plain, rest, silent)
            if claim is None:
                return results
            fields = through_memory(claim, results)
            if drop is None:
                return claim.layout.held(fields)
            self.host.store(claim, args[drop], fields, self.memory(claim.memory))
            return []

        return HostFunc(type, call, caller=True, name=name)

    def _ask(self, func: Callee, name: str, type: FuncType, args: Sequence[Any], silent: bool) -> list[Any]:
        """Call a supplied function, and log what it is told and answers."""
        shown = [self._outward(kind, arg) for kind, arg in zip(type.params, args, strict=True)]
        at = None if silent else self.host.record(name, shown)
        self.host.unlogged.update((name,) if silent else ())
        heard: list[bytes] = []
        answer = None
        try:
            results = ask(func, name, args, self._caller(heard), self.host.faults)
            answer = [self._outward(kind, each) for kind, each in zip(type.results, results, strict=True)]
            return results
        finally:
            if at is not None:
                self.host.complete(at, heard, answer)

    def _caller(self, heard: list[bytes]) -> SuppliedCaller:
        exports = {name: partial(self._export, name, own) for name, own in self.role.exports.items()}
        return SuppliedCaller(self.state, exports, self.role.memory, heard)

    def _export(self, name: str, own: str) -> Extern:
        claim = self.role.by_value_exports.get(name) if self.role.is_input else None
        if claim is None:
            found: Extern = self.state.exports[own]
            return found
        type = by_value_type(claim, func_type(self.role.view.func(claim.old).type))
        return HostFunc(type, lambda *args: self.through_pointer(claim, args), name=name)

    def _in_world(self, name: str, function: Function) -> Callable[..., list[int]]:
        """A function of WASI, in the world of this side."""

        def call(caller: Caller | None, *args: int) -> list[int]:
            self._called_from(caller)
            shown = [self._outward(kind, arg) for kind, arg in zip(function.type.params, args, strict=True)]
            return self.host.perform(name, function, Guest(self.wasi_memory(), self.store), shown, args)

        return call

    def wasi_memory(self) -> MemoryView:
        """The memory that pointers given to WASI are meant for. Raises ``Trap`` if there is none."""
        exported = self.role.view.export_names().get("memory")
        index = exported[1] if exported is not None and exported[0] is Space.MEMORY else 0
        if not self.state.memories:
            raise Trap(NO_MEMORY)
        return self.state.memories[index]

    def _called_from(self, caller: Caller | None) -> None:
        """Nobody is the caller where the judge calls an import directly."""
        if caller is not None:
            self.state = caller.instance

    # --- calling ----------------------------------------------------------------------------------------------------

    def call(self, index: int, args: Sequence[Value]) -> Outcome:
        """Call a function, exported or not."""
        kinds = func_type(self.role.program.module.funcs[index].type).results
        given = [self.inward(arg) for arg in args]
        return self._guarded(lambda: self.state.funcs[index].invoke(given), kinds)

    def call_by_value(self, claim: ByValue, args: Sequence[Value]) -> Outcome:
        """Call the input's function of a claim as a caller in C would, and return the declared scalars.

        The frame lies where a rewritten caller would put it too, directly below the stack pointer, and is zeroed.
        """
        given = [self.inward(arg) for arg in args]
        return self._guarded(lambda: self.through_pointer(claim, given), claim.layout.types)

    def through_pointer(self, claim: ByValue, args: Sequence[object]) -> list[object]:
        """The same with values of the runtime, in the middle of another call perhaps. Raises ``Trap``."""
        memory = self.memory(claim.memory)
        pointer = self.stack_pointer_value()
        frame = claim.frame(memory.size if pointer is None else pointer)
        saved = memory.read(frame, claim.layout.size)
        memory.write(frame, bytes(claim.layout.size))
        self.set_stack_pointer(frame)
        try:
            self.state.funcs[claim.old].invoke([*args[: claim.pointer], frame, *args[claim.pointer :]])
            fields = claim.layout.held(claim.layout.read(memory.read(frame, claim.layout.size)))
            self.set_stack_pointer(pointer)
            return fields
        finally:
            if pointer is None:
                # There is no dead stack to borrow from: what was there must come back.
                memory.write(frame, saved)

    def clear_padding(self, claim: ByValue, memory: int | None) -> None:
        """Zero what belongs to no scalar in the frame that a call of ``claim`` will use, up to the stack pointer.

        A wrapper may clear such bytes or not; a function given a stray pointer by the host may read them.
        """
        pointer = self.stack_pointer_value()
        if memory is None or pointer is None or not 0 <= claim.frame(pointer) <= pointer <= self.memory(memory).size:
            return
        frame = claim.frame(pointer)
        for start, end in (*claim.layout.padding(), (claim.layout.size, pointer - frame)):
            self.memory(memory).write(frame + start, bytes(max(0, end - start)))

    def _guarded(self, run: Callable[[], Iterable[object]], kinds: Sequence[ValType]) -> Outcome:
        self.store.refuel(self._fuel)
        refusals = self.store.refusals
        try:
            results = run()
        except (Exhaustion, LimitError) as error:
            return Outcome(exhausted=error.message, unsupported=isinstance(error, LimitError))
        except Trap as error:
            return Outcome(trap=error.message)
        except ProcExit as end:
            # An end of its own kind. The code is part of the kind, so it does not stand at the end.
            return Outcome(trap=f"proc_exit({end.code})")
        except LinkError as error:
            return Outcome(exhausted=f"the host of the judge cannot provide this: {error.message}")
        if self.store.refusals != refusals:
            return Outcome(exhausted="a limit refused memory.grow, or a call that the host had made")
        return Outcome(tuple(self._outward(kind, each) for kind, each in zip(kinds, results, strict=True)))

    # --- looking ----------------------------------------------------------------------------------------------------

    def memory(self, index: int) -> MemoryView:
        """A memory by index."""
        return self.state.memories[index]

    def table(self, index: int) -> Sequence[object]:
        """The elements of a table."""
        return self.state.tables[index].elements

    def dropped(self, space: Space, index: int) -> bool:
        """Whether an elem or data segment is empty now."""
        return self.state.dropped(space, index)

    def global_value(self, index: int) -> object:
        """The value of a global in comparable form."""
        item = self.state.globals[index]
        return self._outward(item.type.value, item.bits)

    def stack_pointer_value(self) -> int | None:
        """What the stack pointer is now; None if there is none."""
        index = self.role.stack_pointer
        return None if index is None else int(self.state.globals[index].bits)

    def set_stack_pointer(self, value: int | None) -> None:
        """Move the stack pointer, if there is one."""
        if self.role.stack_pointer is not None and value is not None:
            self.state.globals[self.role.stack_pointer].bits = value

    def begin(self, apart: bool = False) -> None:
        """Forget how low the stack pointer was, before an outermost call; if ``apart``, also what was executed."""
        if apart:
            self._earlier |= self.state.reached()
            self.state.forget_reached()
        if self.role.stack_pointer is not None:
            self.state.forget_lowest(self.role.stack_pointer)
        self._stack = self.stack_pointer_value()

    # --- what the judge's own host sees and does --------------------------------------------------------------------

    def look(self) -> Seen | None:
        """Return what the host finds in the module; None during instantiation, before exports can be reached."""
        if self.actor.call < 0:
            return None
        first = self._first()
        if first is not None:
            # What the input's stack is, the output's is as well.
            return None if first.seen is None else self._watch.look(self.state, first.seen.unread, True)
        return self._watch.look(self.state, self._unread(), not self.host.padding)

    def _first(self) -> HostCall | None:
        """Return the call of the input's host that the next one has to be like."""
        peer, at = self.host.peer, len(self.host.log)
        return peer.log[at] if peer is not None and at < len(peer.log) else None

    def _unread(self) -> tuple[int, int]:
        """Return the start and end of what may differ: dead stack."""
        found, reach = self.stack(), self.role.reach
        if found is None:
            return 0, 0
        low, current, outer = found
        if not reach.stack_certain:
            return 0, current
        return low, current if reach.frames_alike else outer

    @property
    def looked(self) -> int:
        """Return how many bytes the host has looked at."""
        return self._watch.looked

    def stack(self) -> tuple[int, int, int] | None:
        """Return the lowest address that may be stack, the current stack pointer and that of the outermost call."""
        low, current = self.low(), self.stack_pointer_value()
        if low is None or current is None:
            return None
        outer = current if self._stack is None else max(current, self._stack)
        return max(0, low - self.role.reach.slack), current, outer

    def act_before(self, number: int) -> None:
        """Let the host act before a call."""
        self.begin()
        self.actor.call = number
        self.actor.act(self, BEFORE, self.host.script.draw(f"acts/{number}"))

    def _act_inside(self, type: FuncType | None = None, args: Sequence[Any] = ()) -> None:
        """Let the host act in the call that it was told of last."""
        at = len(self.host.log) - 1
        kinds = () if type is None else type.params
        numbers = [arg for kind, arg in zip(kinds, args, strict=True) if kind in (I32, I64)]
        self.actor.act(self, at, self.host.script.draw(f"acts/{self.actor.call}/{at}"), numbers)

    def enter(self, index: int, args: Sequence[Value]) -> None:
        """Call a function from inside the host; what it returns is on record."""
        type = func_type(self.role.view.func(index).type)
        results = self.state.funcs[index].invoke([self.inward(arg) for arg in args])
        shown = [self._outward(kind, each) for kind, each in zip(type.results, results, strict=True)]
        self.host.record("the end of a call by the host", shown)

    def low(self) -> int | None:
        """The lowest value of the stack pointer since ``begin``; where no engine knows, as low as it may have been."""
        index = self.role.stack_pointer
        if index is None:
            return None
        found = self.state.lowest(index)
        return int(self.state.globals[index].bits) - STACK_GUESS if found is None else found

    def entered(self, functions: Iterable[int]) -> set[int]:
        """Which of the covered ``functions`` have executed anything since ``begin``, if coverage is told apart."""
        funcs, reached = self.role.program.module.funcs, self.state.reached()
        found = set()
        for index in functions:
            origin = funcs[index].origin
            start, end = (origin.span if isinstance(origin, Body) else None) or (0, 0)
            if any(start <= offset < end for offset in reached):
                found.add(index)
        return found

    def covered(self) -> Set[int]:
        """Offsets of the instructions that covered functions have executed so far."""
        return self.state.reached() | self._earlier if self._earlier else self.state.reached()

    def covered_now(self) -> Set[int]:
        """Those executed since ``begin``, if coverage is told apart."""
        return self.state.reached()

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
        kind = self.role.view.key(self.role.view.func(index).type)
        return FuncRef(known is not None, -1 if known is None else known, kind, index)

    def _index_of(self, reference: object) -> int | None:
        if not self._indices:
            # The first of several equal ones is meant: the same host function may be imported twice.
            self._indices.update((id(func), index) for index, func in reversed(list(enumerate(self.state.funcs))))
        return self._indices.get(id(reference))

    def _outward(self, kind: ValType, value: Any) -> object:
        if isinstance(kind, RefType):
            return self.comparable(value)
        return Value(str(kind), int.from_bytes(value, "little") if isinstance(value, bytes) else value)

    def inward(self, value: Value) -> object:
        """A value as the runtime wants it."""
        if value.kind in WIDTHS:
            bits = value.bits or 0
            return bits.to_bytes(16, "little") if value.kind == "v128" else bits
        if value.bits is None:
            return None
        return self.state.funcs[value.bits] if value.kind == "func" else HostRef(value.bits)

    # --- preparing --------------------------------------------------------------------------------------------------

    def fill(self, seed: str, everywhere: bool, stack: bool = True) -> None:
        """Put seeded bytes where nothing is: in the dead ``stack``, if ``everywhere`` in all zero memory."""
        content = tile(seed)
        memories = self.state.memories
        pointer = self.stack_pointer_value() if stack else None
        if pointer is not None and memories:
            start = max(0, pointer - DEAD_STACK)
            if start < pointer <= memories[0].size:
                memories[0].write(start, content[: pointer - start])
        for memory in memories if everywhere else ():
            fill_zeroes(memory, content)
