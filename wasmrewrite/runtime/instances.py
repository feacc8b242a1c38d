"""Instances of functions, globals, tags and modules (specification 4.2). Not here: memories and tables.

An instance belongs to the store it was made in; its ``type`` may name types of the module it came from, its ``key``
says which type that is across modules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from ..isa.immediates import Space
from ..isa.types import F64, NOFUNC, FuncType, GlobalType, RefType, TypeDef, TypeKey, ValType, func_type, is_key_subtype
from .memory import MemoryInst
from .readings import Readings, read_in, read_out
from .table import TableInst
from .values import BITS, Referable, Value, bits_of_f64, f64_of_bits, from_bits, from_python, of_type, to_python

if TYPE_CHECKING:
    from .store import Store


class Callee(Referable):
    """What defined and host functions share. ``type`` is the signature, ``key`` the defined type, for comparing.

    Calling one converts from and to Python's values: nothing, one value or a tuple comes back. ``takes`` and ``gives``
    are the scalars that somebody declared for arguments and results, None where nobody did.
    """

    __slots__ = ("gives", "key", "takes", "type")
    type: FuncType
    key: TypeKey
    takes: Readings | None
    gives: Readings | None

    def invoke(self, args: Sequence[Value]) -> list[Value]:
        """Call with and return bits (``values``). Raises ``Trap`` and what hosts raise.

        ``ValueError`` or ``TypeError`` if arguments are not what the type asks for.
        """
        raise NotImplementedError

    def __call__(self, *args: Any) -> Any:
        types = self.type.params
        if len(args) != len(types):
            raise TypeError(f"{self} takes {len(types)} argument(s), not {len(args)}")
        declared = self.takes or (None,) * len(types)
        values = [self._argument(at, types[at], arg, declared[at]) for at, arg in enumerate(args)]
        return self._given(self._call(values))

    def _call(self, args: Sequence[Value]) -> list[Value]:
        """Call with arguments that were checked."""
        raise NotImplementedError

    def _argument(self, at: int, type: ValType, value: Any, declared: str | None) -> Value:
        try:
            return from_python(type, read_in(type, value, declared), self._own_store())
        except (TypeError, ValueError) as error:
            raise _at(error, f"argument {at + 1} of {self}") from None

    def _given(self, results: Sequence[Value]) -> Any:
        types = self.type.results
        if len(types) == 1 and self.gives is None:
            return to_python(types[0], results[0])
        declared = self.gives or (None,) * len(types)
        given = tuple(map(read_out, types, results, declared))
        return given if len(given) > 1 else given[0] if given else None

    def _own_store(self) -> Store | None:
        return None

    def _checked(self, types: Sequence[ValType], values: Sequence[Value], what: str) -> list[Value]:
        """Bits as they have to be, or an error that says which ones are not."""
        for type, value in zip(types, values, strict=True):  # nearly always, all is as it has to be
            if value.__class__ is not int or not 0 <= value < BITS.get(type, 0):
                return self._checked_one_by_one(types, values, what)
        return list(values)

    def _checked_one_by_one(self, types: Sequence[ValType], values: Sequence[Value], what: str) -> list[Value]:
        store = self._own_store()
        checked = []
        for at, (type, value) in enumerate(zip(types, values, strict=True)):
            try:
                checked.append(from_bits(type, value, store))
            except (TypeError, ValueError) as error:
                raise _at(error, f"{what} {at + 1} of {self}") from None
        return checked


def _at(error: Exception, place: str) -> Exception:
    """The same error with its place in front."""
    return type(error)(f"{place}: {error}")


class FuncInst(Callee):
    """A function defined in a module. ``code`` is what an engine made of its body, None until the first call."""

    __slots__ = ("_below", "code", "index", "module", "name")

    def __init__(self, typedef: TypeDef, module: ModuleInst, index: int, name: str | None = None) -> None:
        self.type = func_type(typedef)
        self.key = module.store.key(typedef)
        self.takes = self.gives = None
        self._below: tuple[int, ...] | None = None
        self.module = module
        self.index = index
        self.name = name
        self.code: Any = None

    @property
    def store(self) -> Store:
        """The store of the instance that it belongs to."""
        return self.module.store

    def invoke(self, args: Sequence[Value]) -> list[Value]:
        types = self.type.params
        if len(args) != len(types):
            raise ValueError(f"{self} takes {len(types)} argument(s), not {len(args)}")
        below = self._below
        if below is None:
            below = self._below = tuple(BITS.get(type, 0) for type in types)
        for value, most in zip(args, below, strict=False):  # nearly always, all is as it has to be
            if value.__class__ is not int or not 0 <= value < most:
                args = self._checked_one_by_one(types, args, "argument")
                break
        return self.module.engine.call(self, args)

    def _call(self, args: Sequence[Value]) -> list[Value]:
        return self.module.engine.call(self, args)

    def _own_store(self) -> Store:
        return self.module.store

    def referred(self, type: RefType, store: Store | None) -> FuncInst:
        """Itself. Raises ``TypeError``."""
        if store is not None and store is not self.store:
            raise TypeError(f"{self} belongs to another store")
        _refuse_other_type(self, type, store)
        return self

    def __str__(self) -> str:
        return f"func[{self.index}]" + (f" {self.name!r}" if self.name is not None else "")

    def __repr__(self) -> str:
        return f"<FuncInst {self}: {self.type}>"


def _refuse_other_type(func: Callee, type: RefType, store: Store | None) -> None:
    """TypeError unless a function may stand where a reference of ``type`` is wanted."""
    heap = type.heap
    other = heap is NOFUNC
    if isinstance(heap, TypeDef) and store is not None:
        other = not is_key_subtype(func.key, store.key(heap))
    if other:
        raise TypeError(f"expected a reference for {type}, found {func} of type {func.type}")


class HostFunc(Callee):
    """A function of the host.

    ``call`` takes bits (``values``), after a ``Caller`` if ``caller``, and returns a list of results (or None for no
    results, or the one result itself). It belongs to no store: each store it is used in knows it by a ``key``. One that
    ``converts`` returns what was checked already.
    """

    __slots__ = ("_below", "call", "caller", "code", "converts", "name", "store")

    def __init__(self, type: FuncType, call: Callable[..., Any], caller: bool = False, name: str = "") -> None:
        self.type = type
        self.call = call
        self.caller = caller
        self.name = name
        self.takes = self.gives = None
        self.converts = False
        self._below = BITS.get(type.results[0], 0) if len(type.results) == 1 else 0
        self.store: Store | None = None
        self.code: None = None  # what tells a host function from a defined one to an engine

    def invoke(self, args: Sequence[Value], caller: Any = None) -> list[Value]:
        """Call it; ``TypeError`` or ``ValueError`` if the results are not what its type says."""
        given = self.call(caller, *args) if self.caller else self.call(*args)
        if given.__class__ is list and len(given) == 1 and given[0].__class__ is int and 0 <= given[0] < self._below:
            return [given[0]]  # the usual answer needs no more than that
        results = [] if given is None and not self.type.results else given
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        types = self.type.results
        if len(results) != len(types):
            raise TypeError(f"{self} returned {len(results)} value(s), its type has {len(types)}")
        return results if self.converts or not types else self._checked(types, results, "result")

    def _call(self, args: Sequence[Value]) -> list[Value]:
        return self.invoke(args)

    def _own_store(self) -> Store | None:
        return self.store

    def known_to(self, store: Store, key: TypeKey | None = None) -> HostFunc:
        """This function with a ``key`` in ``store``: itself, or a copy if another store knows it already."""
        if self.store is store:
            return self
        known = self if self.store is None else HostFunc(self.type, self.call, self.caller, self.name)
        known.takes, known.gives, known.converts = self.takes, self.gives, self.converts
        known.store = store
        known.key = store.func_key(self.type) if key is None else key
        return known

    def referred(self, type: RefType, store: Store | None) -> HostFunc:
        """As ``known_to``. Raises ``TypeError``."""
        known = self if store is None else self.known_to(store)
        _refuse_other_type(known, type, store)
        return known

    def __str__(self) -> str:
        return f"host function {self.name!r}"

    def __repr__(self) -> str:
        return f"<HostFunc {self.name!r}: {self.type}>"


class GlobalInst:
    """A global, made from one of Python's values: ``GlobalInst(GlobalType(F64), 1.5)``.

    ``value`` is read and set as functions are called. ``bits`` is the same as bits, and ``raw`` as engines hold it;
    those two are for engines, and nothing checks them. A ``store`` owns every global but host-made constants.
    """

    __slots__ = ("raw", "store", "type")

    def __init__(self, type: GlobalType, value: Any, store: Store | None = None) -> None:
        of_type(type, GlobalType, "a global")
        self.type = type
        self.store: Store | None = store or (value.store if isinstance(value, (FuncInst, HostFunc)) else None)
        self.bits = self._converted(value)

    @classmethod
    def from_bits(cls, type: GlobalType, bits: Value, store: Store | None = None) -> GlobalInst:
        """A global that holds these bits."""
        made = cls.__new__(cls)
        made.type, made.store = type, store
        made.bits = bits
        return made

    @property
    def bits(self) -> Value:
        """The value as bits; setting it is not checked."""
        return bits_of_f64(self.raw) if self.type.value is F64 else self.raw

    @bits.setter
    def bits(self, bits: Value) -> None:
        self.raw = f64_of_bits(bits) if self.type.value is F64 else bits

    @property
    def value(self) -> Any:
        """The value: a signed int, a float, 16 bytes or a reference.

        Setting it raises ``TypeError`` or ``ValueError`` for what does not fit, and ``TypeError`` for a constant.
        """
        return to_python(self.type.value, self.bits)

    @value.setter
    def value(self, value: Any) -> None:
        if not self.type.mutable:
            raise TypeError(f"cannot set an immutable global of type {self.type}")
        self.bits = self._converted(value)

    def _converted(self, value: Any) -> Value:
        try:
            return from_python(self.type.value, value, self.store)
        except (TypeError, ValueError) as error:
            raise _at(error, f"global of type {self.type}") from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.type}: {self.value!r}>"


class WatchedGlobal(GlobalInst):
    """A global of an integer type that remembers the lowest value it held since the last ``reset``, as bits."""

    __slots__ = ("_now", "low")

    def __init__(self, type: GlobalType, value: int, store: Store | None = None) -> None:
        now: int = from_python(type.value, value)
        self.low = self._now = now
        super().__init__(type, value, store)

    @property
    def raw(self) -> int:
        """The value; setting it keeps ``low`` true."""
        return self._now

    @raw.setter
    def raw(self, value: int) -> None:
        self._now = value
        if value < self.low:
            self.low = value

    def reset(self) -> None:
        """Forget the past: ``low`` is the value now."""
        self.low = self._now


class TagInst:
    """A tag of a store; equal only to itself. ``type`` is a function type, or a definition of one."""

    __slots__ = ("key", "store", "type")

    def __init__(self, store: Store, type: FuncType | TypeDef) -> None:
        self.store = store
        self.type = type if isinstance(type, FuncType) else func_type(type)
        self.key = store.func_key(type) if isinstance(type, FuncType) else store.key(type)

    def __repr__(self) -> str:
        return f"<TagInst {self.type}>"


Extern: TypeAlias = FuncInst | HostFunc | TableInst | MemoryInst | GlobalInst | TagInst
"""What can be imported and exported."""


class Segment:
    """The contents of an element segment (a sequence of references) or data segment (bytes); empty when dropped."""

    __slots__ = ("contents",)

    def __init__(self, contents: Any) -> None:
        self.contents = contents

    def drop(self) -> None:
        """Let go of the contents."""
        self.contents = type(self.contents)()

    def __repr__(self) -> str:
        return f"<Segment of {len(self.contents)}>"


class Executor(Protocol):
    """What executes the functions of one module instance."""

    def call(self, func: FuncInst, args: Sequence[Value]) -> list[Value]:
        """Call a function with bits that were checked. Raises ``Trap``."""

    def prepare(self, func: FuncInst) -> Any:
        """Make ``func.code``, and return it."""


class ModuleInst:
    """A module instance: its index spaces, imports first. ``covered``: offsets executed, where that was asked for."""

    __slots__ = (
        "covered", "datas", "elems", "engine", "exports", "funcs", "globals", "memories", "store", "tables", "tags",
        "types",
    )  # fmt: skip

    def __init__(self, store: Store, engine: Executor) -> None:
        self.store = store
        self.engine = engine
        self.types: Sequence[TypeKey] = ()
        self.funcs: list[FuncInst | HostFunc] = []
        self.tables: list[TableInst] = []
        self.memories: list[MemoryInst] = []
        self.globals: list[GlobalInst] = []
        self.tags: list[TagInst] = []
        self.elems: list[Segment] = []
        self.datas: list[Segment] = []
        self.exports: dict[str, Extern] = {}
        self.covered: set[int] = set()

    def reached(self) -> Set[int]:
        """``covered``, for who only looks."""
        return self.covered

    def forget_reached(self) -> None:
        """Begin anew to count what is executed."""
        self.covered.clear()

    def dropped(self, space: Space, index: int) -> bool:
        """Whether an element or data segment is empty now."""
        segments = self.elems if space is Space.ELEM else self.datas
        return not segments[index].contents

    def substitute(self, index: int, func: HostFunc) -> None:
        """Put a host function of the same type in the place of a function, for all calls by index from now on."""
        self.funcs[index] = func

    def lowest(self, index: int) -> int | None:
        """The lowest value of a watched global since ``forget_lowest``; of another one its value now."""
        item = self.globals[index]
        return item.low if isinstance(item, WatchedGlobal) else int(item.bits)

    def forget_lowest(self, index: int) -> None:
        """The lowest value of a watched global is its value now."""
        item = self.globals[index]
        if isinstance(item, WatchedGlobal):
            item.reset()

    def __repr__(self) -> str:
        return f"<ModuleInst: {len(self.funcs)} functions, exports {', '.join(map(repr, self.exports)) or 'nothing'}>"
