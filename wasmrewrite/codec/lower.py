"""Items to records and bytes: the border from identities back to indices, one entry at a time.

An entry that came from the file keeps the widths it had where its new values fit. Not here: sections (``contents``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from construct import Container

from ..isa.immediates import Space
from ..isa.leb import keep_width
from ..isa.types import FUNCREF, GlobalType, MemoryType, RecGroup, TableType, TypeDef
from ..kernels.encode import encode
from ..kernels.remap import remap
from ..model.instr import Expr, Instr
from ..model.items import Body, Data, Elem, Export, Func, Global, Import, Item, Memory, Table, Tag
from ..model.operands import RAW, map_composite, map_operand, map_type
from ..model.spaces import Spaces
from .code import read_locals, write_locals
from .pieces import Piece, Respelled, add, join
from .source import DATA, ELEMENT, EXPORT, FUNCTION, GLOBAL, IMPORT, MEMORY, TABLE, TAG, TYPE, BytesSource

END: Final = b"\x0b"


def short_form(typedef: TypeDef) -> str | None:
    """How a type nobody read is written: bare if it is final and has no supertypes."""
    if typedef.form is not None:
        return typedef.form
    if typedef.final and not typedef.supers:
        return None
    return "sub final" if typedef.final else "sub"


class Lower:
    """Turns items into records with final indices. One per write."""

    def __init__(self, spaces: Spaces, source: BytesSource) -> None:
        self.spaces = spaces
        self.source = source
        self.data = source.data
        self.maps: Mapping[Space, Mapping[int, int]] = spaces.maps()

    def index(self, space: Space, item: Any) -> int:
        """The final index of an item."""
        return self.spaces.index(space, item)

    # --- expressions ------------------------------------------------------------------------------------------------

    def expr(self, expr: Expr) -> bytes:
        """The bytes of an expression, its ``end`` included."""
        return join(self.expr_pieces(expr), self.data)

    def expr_pieces(self, expr: Expr) -> list[Piece]:
        """An expression, its ``end`` included."""
        if expr.span is not None:
            return [self.raw(*expr.span)]
        if expr.base is not None and expr.base.span is not None:
            return self._derived(expr, expr.base)
        return [encode([self.instr(each) for each in expr.instrs]) + END]

    def raw(self, start: int, end: int) -> Piece:
        """Old bytes in final indices."""
        if not self.maps:
            return start, end
        shifts: list[tuple[int, int]] = []
        changed = remap(self.data, start, end, self.maps, shifts)
        return (start, end) if changed is None else Respelled(changed, start, end, tuple(shifts))

    def _derived(self, expr: Expr, base: Expr) -> list[Piece]:
        """Instructions that are the very objects of ``base`` keep their old bytes."""
        assert base.span is not None  # the caller looked
        last = base.span[1] - 1
        starts = [*base.offsets, last]
        place = {id(each): (starts[i], starts[i + 1]) for i, each in enumerate(base.instrs)}
        pieces: list[Piece] = []
        for each in expr.instrs:
            add(pieces, place.get(id(each)) or encode([self.instr(each)]))
        add(pieces, (last, base.span[1]))
        return [self.raw(*piece) if isinstance(piece, tuple) else piece for piece in pieces]

    def instr(self, instr: Instr) -> tuple[Any, tuple[Any, ...]]:
        """An instruction with final indices."""
        return instr.op, tuple(map(self._operand, instr.op.operands, instr.args))

    def _operand(self, kind: Any, value: Any) -> Any:
        return map_operand(kind, value, self.index, RAW)

    def body(self, body: Body) -> list[Piece]:
        """The contents of a code entry."""
        if body.span is None:
            return [self.local_runs(body), *self.expr_pieces(body.expr)]
        start, end = body.span
        _, code = read_locals(self.data, start, end)
        head = self.local_runs(body) if Space.TYPE in self.maps else self.data[start:code]
        contents = self.raw(code, end)
        if head != self.data[start:code]:
            return [head, contents]
        return [(start, end)] if isinstance(contents, tuple) else [(start, code), contents]

    def local_runs(self, body: Body) -> bytes:
        """The locals of a code entry."""
        return write_locals([(count, map_type(each, self.index)) for count, each in body.locals])

    # --- records ----------------------------------------------------------------------------------------------------

    def record(self, section: int, item: Any) -> Any:
        """The record of an entry of ``section`` (a recursion group, for types)."""
        make: dict[int, Callable[[Any, Any], Any]] = {
            TYPE: self._group,
            IMPORT: self._import,
            FUNCTION: self._function,
            TABLE: self._table,
            MEMORY: self._memory,
            GLOBAL: self._global,
            EXPORT: self._export,
            ELEMENT: self._elem,
            DATA: self._data,
            TAG: self._tag,
        }
        return make[section](item, self.source.record_of(section, item))

    def _index_like(self, space: Space, item: Any, old: Any) -> int:
        index = self.index(space, item)
        return index if old is None else keep_width(old, index)

    def _group(self, group: RecGroup, old: Any) -> Container:
        types = [self._typedef(each) for each in group.types]
        return Container(explicit=group.explicit or len(types) != 1, types=types)

    def _typedef(self, typedef: TypeDef) -> Container:
        supers = [self.index(Space.TYPE, each) for each in typedef.supers]
        composite = map_composite(typedef.composite, self.index)
        return Container(form=short_form(typedef), supers=supers, composite=composite)

    def _import(self, item: Item, old: Any) -> Container:
        origin = item.origin
        if not isinstance(origin, Import):
            raise TypeError(f"{item!r} is no import")
        define: dict[type[Item], Callable[[Any, Any], Any]] = {
            Func: self._function,
            Tag: self._tag,
            Table: self._table_type,
            Global: self._global_type,
            Memory: self._memory,
        }
        desc = define[type(item)](item, old and old.desc)
        return Container(module=origin.module, name=origin.name, kind=item.space.value, desc=desc)

    def _function(self, item: Func, old: Any) -> int:
        return self._index_like(Space.TYPE, item.type, old)

    def _tag(self, item: Tag, old: Any) -> Container:
        return Container(attribute=0, type=self._index_like(Space.TYPE, item.type, old and old.type))

    def _table_type(self, item: Table, old: Any = None) -> TableType:
        return TableType(map_type(item.type.element, self.index), item.type.limits)

    def _table(self, item: Table, old: Any) -> Container:
        init = self.expr(item.origin) if isinstance(item.origin, Expr) else None
        return Container(type=self._table_type(item), init=init)

    def _memory(self, item: Memory, old: Any) -> MemoryType:
        return item.type

    def _global_type(self, item: Global, old: Any = None) -> GlobalType:
        return GlobalType(map_type(item.type.value, self.index), item.type.mutable)

    def _global(self, item: Global, old: Any) -> Container:
        if not isinstance(item.origin, Expr):
            raise TypeError(f"{item!r} is an import")
        return Container(type=self._global_type(item), init=self.expr(item.origin))

    def _export(self, export: Export, old: Any) -> Container:
        index = self._index_like(export.item.space, export.item, old and old.index)
        return Container(name=export.name, kind=export.item.space.value, index=index)

    def _elem(self, elem: Elem, old: Any) -> Container:
        """In the form it had, or the shortest that can say it."""
        exprs = bool(elem.items) and isinstance(elem.items[0], Expr) if old is None else bool(old.flags & 4)
        table = None if elem.table is None else self.index(Space.TABLE, elem.table)
        flags = {"active": 0, "passive": 1, "declarative": 3}[elem.mode] | 4 * exprs
        typed = exprs and elem.type != FUNCREF
        if elem.mode == "active" and (table or typed or (old is not None and old.flags & 2)):
            flags |= 2
        old_items = [] if old is None else old["items"]
        items: Sequence[Func | Expr] = elem.items
        return Container(
            flags=flags,
            mode=elem.mode,
            table=table if elem.mode == "active" and flags & 2 else None,
            offset=None if elem.offset is None else self.expr(elem.offset),
            kind=None if exprs or not flags & 3 else 0,
            type=map_type(elem.type, self.index),
            items=[self._elem_item(each, elem, old_items[at : at + 1]) for at, each in enumerate(items)],
        )

    def _elem_item(self, item: Func | Expr, elem: Elem, old: Sequence[Any]) -> Any:
        if isinstance(item, Expr):
            return self.expr(item)
        func = item if elem.index0 is None else self.spaces.target(item)
        index = self.index(Space.FUNC, func)
        return keep_width(old[0], index) if old and not isinstance(old[0], tuple) else index

    def _data(self, data: Data, old: Any) -> Container:
        contents = data.span or data.data
        if data.offset is None:
            return Container(flags=1, mode="passive", memory=None, offset=None, data=contents)
        memory = self.index(Space.MEMORY, data.memory)
        flags = 2 if memory or (old is not None and old.flags == 2) else 0
        return Container(
            flags=flags,
            mode="active",
            memory=memory if flags else None,
            offset=self.expr(data.offset),
            data=contents,
        )
