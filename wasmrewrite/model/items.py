"""The things a module is made of. They refer to each other, not to indices, and compare by identity.

Every attribute is read-only: an assignment that writing does not know of would be lost in silence. ``edit`` has the
primitives that change items and tell writing so; passes use ``rewrite.Editor``. Not here: index arithmetic
(``spaces``) and bytes (``codec``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias

from ..isa.immediates import Space
from ..isa.readonly import ReadOnly
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

    __slots__ = ("_expr", "_locals", "_source", "_span")

    def __init__(self, source: ItemSource | None, span: Span | None) -> None:
        self._span = span
        self._source = source
        self._locals: Sequence[tuple[int, ValType]] | None = None
        self._expr: Expr | None = None

    @classmethod
    def of(cls, local_runs: Sequence[tuple[int, ValType]], expr: Expr) -> Body:
        """A new body."""
        self = cls(None, None)
        self._locals, self._expr = tuple(local_runs), expr
        return self

    @property
    def span(self) -> Span | None:
        """Where the code entry lies in the file."""
        return self._span

    def _read(self) -> None:
        if self._source is None or self.span is None:
            self._locals, self._expr = (), Expr.of(())
            return
        runs, span = self._source.body(self.span)
        self._locals = tuple(runs)
        self._expr = Expr(self._source, span)

    def __repr__(self) -> str:
        place = "new" if self.span is None else f"at {self.span[0]:#x}"
        return f"<Body {place}>"

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


class Item(ReadOnly):
    """Base of everything that has an index space of imports and definitions.

    ``index0`` is the index it was read with, None for a new item.
    """

    __slots__ = ("_name", "_source", "index0")
    _CHANGED_BY: ClassVar = {"name": "Editor.rename", "type": "Editor.set_type"}
    space: ClassVar[Space]
    index0: int | None
    _name: str | None
    _source: ItemSource | None

    def __init__(self, source: ItemSource | None = None, index0: int | None = None) -> None:
        self._set(_source=source, index0=index0, _name=None)

    @property
    def name(self) -> str | None:
        """The name the name section gives, or that was set since."""
        if self._name is None and self._source is not None and self.index0 is not None:
            return self._source.name(self.space, self.index0)
        return self._name

    @property
    def new_name(self) -> str | None:
        """A name set since load, or None."""
        return self._name

    @property
    def origin(self) -> Import | Body | Expr | None:
        """Where it comes from; None for segments, and for what a type alone defines."""
        return None

    @property
    def imported(self) -> bool:
        """Whether this is an import."""
        return isinstance(self.origin, Import)

    def imported_as(self) -> Import:
        """The name under which it is imported. Raises ``TypeError`` if it is not."""
        if not isinstance(self.origin, Import):
            raise TypeError(f"{self!r} is not imported")
        return self.origin

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
    _CHANGED_BY: ClassVar = {**Item._CHANGED_BY, "origin": "Editor.set_body or Editor.rename_import"}
    origin: Import | Body
    type: TypeDef

    def __init__(
        self, type: TypeDef, origin: Import | Body, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        # As ``_set`` does, without its loop: modules have tens of thousands of functions.
        _set_source(self, source)
        _set_index(self, index0)
        _set_name(self, None)
        _set_type(self, type)
        _set_origin(self, origin)


_set_source: Final[Callable[[Any, Any], None]] = vars(Item)["_source"].__set__
_set_index: Final[Callable[[Any, Any], None]] = vars(Item)["index0"].__set__
_set_name: Final[Callable[[Any, Any], None]] = vars(Item)["_name"].__set__
_set_type: Final[Callable[[Any, Any], None]] = vars(Func)["type"].__set__
_set_origin: Final[Callable[[Any, Any], None]] = vars(Func)["origin"].__set__


class Table(Item):
    """A table; ``origin`` is its import, its initialiser, or None."""

    __slots__ = ("origin", "type")
    space = Space.TABLE
    origin: Import | Expr | None
    type: TableType

    def __init__(
        self, type: TableType, origin: Import | Expr | None, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self._set(type=type, origin=origin)


class Memory(Item):
    """A linear memory; ``origin`` is its import or None."""

    __slots__ = ("origin", "type")
    space = Space.MEMORY
    origin: Import | None
    type: MemoryType

    def __init__(
        self, type: MemoryType, origin: Import | None, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self._set(type=type, origin=origin)


class Global(Item):
    """A global; ``origin`` is its import or its initialiser."""

    __slots__ = ("origin", "type")
    space = Space.GLOBAL
    _CHANGED_BY: ClassVar = {**Item._CHANGED_BY, "origin": "Editor.set_init or Editor.rename_import"}
    origin: Import | Expr
    type: GlobalType

    def __init__(
        self, type: GlobalType, origin: Import | Expr, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self._set(type=type, origin=origin)


class Tag(Item):
    """A tag; its type's parameters are what an exception carries."""

    __slots__ = ("origin", "type")
    space = Space.TAG
    origin: Import | None
    type: TypeDef

    def __init__(
        self, type: TypeDef, origin: Import | None, source: ItemSource | None = None, index0: int | None = None
    ) -> None:
        super().__init__(source, index0)
        self._set(type=type, origin=origin)


Exportable: TypeAlias = Func | Table | Memory | Global | Tag
ElemMode: TypeAlias = Literal["active", "passive", "declarative"]
DataMode: TypeAlias = Literal["active", "passive"]


class Export(ReadOnly):
    """A name under which an item is exported."""

    __slots__ = ("item", "name")
    _CHANGED_BY: ClassVar = {"name": "Editor.rename_export", "item": "Editor.retarget"}
    item: Exportable
    name: str

    def __init__(self, name: str, item: Exportable) -> None:
        self._set(name=name, item=item)

    def __repr__(self) -> str:
        return f"<Export {self.name!r} {self.item!r}>"


class Elem(Item):
    """An element segment; ``items`` are functions, or expressions where the segment was written with expressions."""

    __slots__ = ("items", "mode", "offset", "table", "type")
    space = Space.ELEM
    mode: ElemMode
    type: RefType
    table: Table | None
    offset: Expr | None
    items: Sequence[Func] | Sequence[Expr]

    def __init__(
        self,
        mode: ElemMode,
        type: RefType,
        table: Table | None,
        offset: Expr | None,
        items: Sequence[Func] | Sequence[Expr],
        source: ItemSource | None = None,
        index0: int | None = None,
    ) -> None:
        super().__init__(source, index0)
        self._set(mode=mode, type=type, table=table, offset=offset, items=tuple(items))


class Data(Item):
    """A data segment; ``data`` is a slice made on demand, ``span`` where it lies in the file."""

    __slots__ = ("_data", "memory", "mode", "offset", "span")
    space = Space.DATA
    _CHANGED_BY: ClassVar = {"name": "Editor.rename", "data": "Editor.set_data"}
    mode: DataMode
    memory: Memory | None
    offset: Expr | None
    span: Span | None
    _data: bytes | None

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
        span, contents = (data, None) if isinstance(data, tuple) else (None, bytes(data))
        self._set(mode=mode, memory=memory, offset=offset, span=span, _data=contents)

    @property
    def data(self) -> bytes:
        """The contents."""
        if self._data is None and self.span is not None and self._source is not None:
            return self._source.data[self.span[0] : self.span[1]]
        return self._data or b""


class Custom(ReadOnly):
    """A custom section; ``after``: the id of the last non-custom section before it, 0 for none."""

    __slots__ = ("_data", "_source", "after", "name", "span")
    _CHANGED_BY: ClassVar = {"data": "Editor.replace_custom"}
    name: str
    after: int
    span: Span | None
    _data: bytes | None
    _source: ItemSource | None

    def __init__(self, name: str, data: bytes | Span, after: int, source: ItemSource | None = None) -> None:
        span, contents = (data, None) if isinstance(data, tuple) else (None, bytes(data))
        self._set(name=name, after=after, span=span, _data=contents, _source=source)

    @property
    def data(self) -> bytes:
        """The contents, after the name."""
        if self._data is None and self.span is not None and self._source is not None:
            return self._source.data[self.span[0] : self.span[1]]
        return self._data or b""

    def replace(self, data: bytes) -> None:
        """Give the section new contents."""
        self._set(_data=bytes(data))

    @property
    def changed(self) -> bool:
        """Whether the contents differ from what was read."""
        return self.span is None or self._data is not None

    def __repr__(self) -> str:
        return f"<Custom {self.name!r}>"
