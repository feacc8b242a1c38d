"""The things a module is made of. They refer to each other, not to indices, and compare by identity.

Only ``rewrite.Editor`` changes them. Not here: index arithmetic (``spaces``) and bytes (``codec``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeAlias

from ..isa.immediates import Space
from ..isa.types import GlobalType, MemoryType, RefType, TableType, TypeDef, ValType
from .instr import Expr, ExprSource, Span


class ItemSource(ExprSource, Protocol):
    """What an item asks of the bytes it came from."""

    @property
    def data(self) -> bytes:
        """The whole file."""

    def name(self, space: Space, index: int) -> str | None:
        """The name of an item in the name section, or None."""

    def body(self, span: Span) -> tuple[list[tuple[int, ValType]], Span]:
        """The run-length locals of a code entry, and the span of its expression."""


@dataclass(frozen=True, slots=True)
class Import:
    """The two-level name under which something is imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Body:
    """The code of a function: run-length locals (parameters not included) and an expression.

    ``span`` is the code entry's contents in the file, after its size, or None for a new body.
    """

    __slots__ = ("_expr", "_locals", "_source", "span")

    def __init__(self, source: ItemSource | None, span: Span | None) -> None:
        self.span = span
        self._source = source
        self._locals: Sequence[tuple[int, ValType]] | None = None
        self._expr: Expr | None = None

    @classmethod
    def of(cls, local_runs: Sequence[tuple[int, ValType]], expr: Expr) -> Body:
        """A new body."""
        self = cls(None, None)
        self._locals, self._expr = tuple(local_runs), expr
        return self

    def _read(self) -> None:
        if self._source is None or self.span is None:
            self._locals, self._expr = (), Expr.of(())
            return
        self._locals, span = self._source.body(self.span)
        self._expr = Expr(self._source, span)

    @property
    def locals(self) -> Sequence[tuple[int, ValType]]:
        """Pairs (count, type), as the code section has them."""
        if self._locals is None:
            self._read()
        return self._locals or ()

    @property
    def expr(self) -> Expr:
        """The instructions."""
        if self._expr is None:
            self._read()
        assert self._expr is not None  # _read sets it
        return self._expr


class Item:
    """Base of everything that has an index space of imports and definitions."""

    __slots__ = ("_name", "_source", "index0")
    space: ClassVar[Space]

    def __init__(self, source: ItemSource | None = None, index0: int | None = None) -> None:
        self._source = source
        self.index0 = index0
        self._name: str | None = None

    @property
    def name(self) -> str | None:
        """The name the name section gives, or that was set since."""
        if self._name is None and self._source is not None and self.index0 is not None:
            return self._source.name(self.space, self.index0)
        return self._name

    @name.setter
    def name(self, value: str | None) -> None:
        self._name = value

    @property
    def new_name(self) -> str | None:
        """A name set since load, or None."""
        return self._name

    @property
    def imported(self) -> bool:
        """Whether this is an import."""
        return isinstance(getattr(self, "origin", None), Import)

    def __repr__(self) -> str:
        place = "new" if self.index0 is None else str(self.index0)
        return f"<{type(self).__name__} {place}>"


def external_type(item: Item) -> str:
    """What an import or export is, in words: its kind and type, such as ``function [i32] -> [i64]``, ``memory 1 2``."""
    type = getattr(item, "type", None)
    return f"{item.space.value} {type.composite if isinstance(type, TypeDef) else type}"


class Func(Item):
    """A function: its type is a ``TypeDef`` with a function type."""

    __slots__ = ("origin", "type")
    space = Space.FUNC

    def __init__(
        self, type: TypeDef, origin: Import | Body, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        self._source = source  # as Item does, without the call: modules have tens of thousands of functions
        self.index0 = index0
        self._name = None
        self.type = type
        self.origin = origin


class Table(Item):
    """A table; ``origin`` is its import, its initialiser, or None."""

    __slots__ = ("origin", "type")
    space = Space.TABLE

    def __init__(
        self, type: TableType, origin: Import | Expr | None, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self.type = type
        self.origin = origin


class Memory(Item):
    """A linear memory; ``origin`` is its import or None."""

    __slots__ = ("origin", "type")
    space = Space.MEMORY

    def __init__(
        self, type: MemoryType, origin: Import | None, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self.type = type
        self.origin = origin


class Global(Item):
    """A global; ``origin`` is its import or its initialiser."""

    __slots__ = ("origin", "type")
    space = Space.GLOBAL

    def __init__(
        self, type: GlobalType, origin: Import | Expr, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self.type = type
        self.origin = origin


class Tag(Item):
    """A tag; its type's parameters are what an exception carries."""

    __slots__ = ("origin", "type")
    space = Space.TAG

    def __init__(
        self, type: TypeDef, origin: Import | None, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self.type = type
        self.origin = origin


Exportable: TypeAlias = Func | Table | Memory | Global | Tag
ElemMode: TypeAlias = Literal["active", "passive", "declarative"]
DataMode: TypeAlias = Literal["active", "passive"]


class Export:
    """A name under which an item is exported."""

    __slots__ = ("item", "name")

    def __init__(self, name: str, item: Exportable) -> None:
        self.name = name
        self.item = item

    def __repr__(self) -> str:
        return f"<Export {self.name!r} {self.item!r}>"


class Elem(Item):
    """An element segment; ``items`` are functions, or expressions where the segment was written with expressions."""

    __slots__ = ("items", "mode", "offset", "table", "type")
    space = Space.ELEM

    def __init__(
        self,
        mode: ElemMode,
        type: RefType,
        table: Table | None,
        offset: Expr | None,
        items: list[Func] | list[Expr],
        source: ItemSource | None = None,
        index0: int | None = None,
    ) -> None:
        super().__init__(source, index0)
        self.mode = mode
        self.type = type
        self.table = table
        self.offset = offset
        self.items = items


class Data(Item):
    """A data segment; ``data`` is a slice made on demand, ``span`` where it lies in the file."""

    __slots__ = ("_data", "memory", "mode", "offset", "span")
    space = Space.DATA

    def __init__(
        self,
        mode: DataMode,
        memory: Memory | None,
        offset: Expr | None,
        data: bytes | Span,
        source: ItemSource | None = None,
        index0: int | None = None,
    ) -> None:
        super().__init__(source, index0)
        self.mode = mode
        self.memory = memory
        self.offset = offset
        self.span = data if isinstance(data, tuple) else None
        self._data = None if isinstance(data, tuple) else data

    @property
    def data(self) -> bytes:
        """The contents."""
        if self._data is None and self.span is not None and self._source is not None:
            return self._source.data[self.span[0] : self.span[1]]
        return self._data or b""


class Custom:
    """A custom section; ``after``: the id of the last non-custom section before it, 0 for none."""

    __slots__ = ("_data", "_source", "after", "name", "span")

    def __init__(self, name: str, data: bytes | Span, after: int, source: ItemSource | None = None) -> None:
        self.name = name
        self.after = after
        self.span = data if isinstance(data, tuple) else None
        self._data = None if isinstance(data, tuple) else data
        self._source = source

    @property
    def data(self) -> bytes:
        """The contents, after the name."""
        if self._data is None and self.span is not None and self._source is not None:
            return self._source.data[self.span[0] : self.span[1]]
        return self._data or b""

    def replace(self, data: bytes) -> None:
        """Give the section new contents."""
        self._data = data

    @property
    def changed(self) -> bool:
        """Whether the contents differ from what was read."""
        return self.span is None or self._data is not None

    def __repr__(self) -> str:
        return f"<Custom {self.name!r}>"
