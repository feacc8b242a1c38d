"""Instances of functions, globals, tags and modules (specification 4.2). Not here: memories and tables.

An instance belongs to the store it was made in; its ``type`` may name types of the module it came from, its ``key``
says which type that is across modules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from ..isa.types import F64, FuncType, GlobalType, TypeDef, TypeKey, func_type
from .memory import MemoryInst
from .table import TableInst
from .values import Value, bits_of_f64, f64_of_bits, from_python, to_python

if TYPE_CHECKING:
    from .store import Store


class Callee:
    """What defined and host functions share. ``type`` is the signature, ``key`` the defined type, for comparing.

    Calling one converts from and to Python's values: nothing, one value or a tuple comes back.
    """

    __slots__ = ("key", "type")
    type: FuncType
    key: TypeKey

    def invoke(self, args: Sequence[Value]) -> list[Value]:
        """Call with and return values as they cross the border (``values``). Raises ``Trap`` and what hosts raise."""
        raise NotImplementedError

    def __call__(self, *args: Any) -> Any:
        if len(args) != len(self.type.params):
            raise TypeError(f"{self} takes {len(self.type.params)} argument(s), not {len(args)}")
        values = [from_python(type, arg) for type, arg in zip(self.type.params, args, strict=True)]
        results = self.invoke(values)
        given = tuple(to_python(type, value) for type, value in zip(self.type.results, results, strict=True))
        return given if len(given) > 1 else given[0] if given else None


class FuncInst(Callee):
    """A function defined in a module. ``code`` is what an engine made of its body, None until the first call."""

    __slots__ = ("code", "index", "module", "name")

    def __init__(self, typedef: TypeDef, module: ModuleInst, index: int, name: str | None = None) -> None:
        self.type = func_type(typedef)
        self.key = module.store.key(typedef)
        self.module = module
        self.index = index
        self.name = name
        self.code: Any = None

    def invoke(self, args: Sequence[Value]) -> list[Value]:
        return self.module.engine.call(self, args)

    def __str__(self) -> str:
        return f"func[{self.index}]" + (f" {self.name!r}" if self.name is not None else "")

    def __repr__(self) -> str:
        return f"<FuncInst {self}>"


class HostFunc(Callee):
    """A function of the host.

    ``call`` takes values as they cross the border, after a ``Caller`` if ``caller``, and returns a list of results (or
    None for no results, or the one result itself). A store gives it its ``key`` when it is first imported.
    """

    __slots__ = ("call", "caller", "code", "name")

    def __init__(self, type: FuncType, call: Callable[..., Any], caller: bool = False, name: str = "") -> None:
        self.type = type
        self.call = call
        self.caller = caller
        self.name = name
        self.code: None = None  # what tells a host function from a defined one to an engine

    def invoke(self, args: Sequence[Value], caller: Any = None) -> list[Value]:
        """Call it; TypeError if the number of results is wrong."""
        given = self.call(caller, *args) if self.caller else self.call(*args)
        results = [] if given is None and not self.type.results else given
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        if len(results) != len(self.type.results):
            raise TypeError(f"{self} returned {len(results)} value(s), its type has {len(self.type.results)}")
        return results

    def __str__(self) -> str:
        return f"host function {self.name!r}"

    def __repr__(self) -> str:
        return f"<HostFunc {self.name!r}>"


class GlobalInst:
    """A global. ``raw`` is the value as engines hold it, ``value`` the same as it crosses the border."""

    __slots__ = ("raw", "type")

    def __init__(self, type: GlobalType, value: Value) -> None:
        self.type = type
        self.raw: Any = f64_of_bits(value) if type.value is F64 else value

    @property
    def value(self) -> Value:
        """The value: an unsigned int, float bits, or a reference."""
        return bits_of_f64(self.raw) if self.type.value is F64 else self.raw

    @value.setter
    def value(self, value: Value) -> None:
        self.raw = f64_of_bits(value) if self.type.value is F64 else value


class WatchedGlobal(GlobalInst):
    """A global of an integer type that remembers the lowest value it held since the last ``reset``."""

    __slots__ = ("_now", "low")

    def __init__(self, type: GlobalType, value: int) -> None:
        self.low = self._now = value
        super().__init__(type, value)

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
    """A tag; equal only to itself."""

    __slots__ = ("key", "type")

    def __init__(self, type: FuncType, key: TypeKey) -> None:
        self.type = type
        self.key = key


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


class Engine(Protocol):
    """What executes the functions of one module instance."""

    def call(self, func: FuncInst, args: Sequence[Value]) -> list[Value]:
        """Call a function with values from the border. Raises ``Trap``."""

    def prepare(self, func: FuncInst) -> Any:
        """Make ``func.code``, and return it."""


class ModuleInst:
    """A module instance: its index spaces, imports first. ``covered``: offsets executed, where that was asked for."""

    __slots__ = (
        "covered", "datas", "elems", "engine", "exports", "funcs", "globals", "memories", "store", "tables", "tags",
        "types",
    )  # fmt: skip

    def __init__(self, store: Store, engine: Engine) -> None:
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
