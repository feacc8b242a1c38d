"""What the judge, ``run`` and tests need of any engine, and nothing more: protocols that engines fulfil.

An engine loads a module, makes a store with limits, and instances in it; an instance shows by index what is in it,
exported or not, and can be looked at while it is still being instantiated (by host functions, through their
``Caller``). What it is given to import are objects of this package, whatever the engine makes of them. Values are bits
(``values``). An engine that cannot do something for a module, or show something, raises ``LimitError``.

Not here: the engines (``interp``, ``equiv.engines``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from typing import Any, Protocol, TypeAlias, TypeVar

from ..isa.immediates import Space
from ..isa.types import FuncType, GlobalType
from ..model import Module
from .instances import HostFunc
from .store import Store, StoreLimits
from .values import Value

T_co = TypeVar("T_co", covariant=True)

Imports: TypeAlias = Mapping[str, Mapping[str, object]]
"""As ``link.Imports``."""


class Indexed(Protocol[T_co]):
    """An index space."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> T_co: ...

    def __iter__(self) -> Iterator[T_co]: ...


class Function(Protocol):
    """A function that can be called."""

    @property
    def type(self) -> FuncType:
        """Its signature."""

    def invoke(self, args: Sequence[Value], /) -> list[Value]:
        """Call it with bits, and get bits. Raises ``Trap``, whose ``frames`` say which calls were open."""


class Memory(Protocol):
    """A linear memory."""

    @property
    def size(self) -> int:
        """Bytes that exist."""

    @property
    def data(self) -> Any:
        """A buffer of all bytes that exist, and perhaps more."""

    def check(self, address: int, count: int) -> None:
        """Trap unless ``count`` bytes at ``address`` exist."""

    def read(self, address: int, count: int) -> bytes:
        """``count`` bytes from ``address``. Raises ``Trap``."""

    def write(self, address: int, data: bytes | bytearray | memoryview) -> None:
        """Put bytes at ``address``, all or none. Raises ``Trap``."""

    def snapshot(self) -> bytes:
        """All bytes that exist."""


class Table(Protocol):
    """A table."""

    @property
    def elements(self) -> Sequence[Any]:
        """The references; None is null."""


class GlobalVariable(Protocol):
    """A global."""

    type: GlobalType

    @property
    def bits(self) -> Value:
        """Its value as bits; setting it asks nothing."""

    @bits.setter
    def bits(self, value: Value, /) -> None: ...


class Instance(Protocol):
    """A module instance; index spaces begin with imports."""

    @property
    def store(self) -> Store:
        """Fuel, what was executed, and what the limits refused."""

    @property
    def exports(self) -> Mapping[str, Any]:
        """Exports by name."""

    @property
    def funcs(self) -> Indexed[Function]:
        """Functions."""

    @property
    def tables(self) -> Indexed[Table]:
        """Tables."""

    @property
    def memories(self) -> Indexed[Memory]:
        """Memories."""

    @property
    def globals(self) -> Indexed[GlobalVariable]:
        """Globals."""

    def reached(self) -> Set[int]:
        """Offsets in the file of instructions that functions to be covered have executed since ``forget_reached``."""

    def forget_reached(self) -> None:
        """Begin anew to count what is executed."""

    def dropped(self, space: Space, index: int) -> bool:
        """Whether an element or data segment is empty now."""

    def substitute(self, index: int, func: HostFunc) -> None:
        """Put a host function of the same type in the place of a function, for all calls by index from now on."""

    def lowest(self, index: int) -> int | None:
        """The lowest value that a watched global held since ``forget_lowest``; None if this engine cannot know."""

    def forget_lowest(self, index: int) -> None:
        """The lowest value is the value now."""


class Loaded(Protocol):
    """A module made ready for an engine, to be instantiated as often as wanted."""

    def store(self, limits: StoreLimits) -> Store:
        """A store of the kind that the engine needs; imports belong to it."""

    def instantiate(self, imports: Imports, store: Store, watch: Collection[int] = ()) -> Instance:
        """Instantiate; the start function, if any, has run then. ``watch``: globals that remember their lowest value.

        Raises ``LinkError``, ``Trap``, ``LimitError``, and what host functions raise.
        """


class Engine(Protocol):
    """Something that executes modules."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def load(self, module: Module, cover: Collection[int] = (), calls: Collection[int] = ()) -> Loaded:
        """Make a module ready. ``cover``: functions that note which instructions they execute; ``calls``: functions
        that will be called though they are not exported.

        Raises ``MalformedError`` or ``InvalidError``, ``LimitError`` for a module that this engine does not take.
        """
