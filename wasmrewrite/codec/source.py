"""``BytesSource``: the items of a binary module, made on demand from section records.

Records speak in indices (``sections``); this is the border where those become items. The border back is ``write``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from construct import ConstructError

from ..errors import WasmError
from ..isa.immediates import Space
from ..isa.leb import read_u32
from ..isa.types import FuncType, GlobalType, RecGroup, TableType, TypeDef, ValType
from ..kernels.decode import decode
from ..messages import (
    inconsistent_function_and_code,
    no_function_type,
    section_size_mismatch,
    unexpected_end_of_section_or_function,
    unknown_index,
)
from ..model.instr import Expr, Instr, Span
from ..model.items import (
    Body,
    Custom,
    Data,
    Elem,
    Export,
    Exportable,
    Func,
    Global,
    Import,
    Item,
    Memory,
    Table,
    Tag,
)
from ..model.layout import DEFINING
from ..model.operands import map_composite, map_operand, map_type
from .code import read_locals
from .entries import entry_offset
from .frame import Section, frame
from .names import NameTable
from .sections import ENTRY_NAMES, KIND_SPACE, parse_section, section_path

Made = TypeVar("Made")

TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA, DATA_COUNT, TAG = range(1, 14)


class BytesSource:
    """One binary module. Items are made once per source; a fork takes another source over the same bytes."""

    def __init__(self, data: bytes, sections: Sequence[Section] | None = None) -> None:
        self.data = data
        self.sections = list(frame(data)) if sections is None else list(sections)
        self.by_id = {section.id: section for section in self.sections if section.id}
        self._cache: dict[Any, Any] = {}

    def again(self) -> BytesSource:
        """Another source over the same bytes, with items of its own."""
        return BytesSource(self.data, self.sections)

    def forget(self) -> None:
        """Let go of all items made so far: they know their source, so only this undoes the circle at once."""
        self._cache.clear()

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def record(self, section_id: int) -> Any:
        """The parsed contents of a section, or None if there is no such section. Raises ``MalformedError``."""
        section = self.by_id.get(section_id)
        if section is None:
            return None
        start, end = section.start, section.end
        return self._once(("record", section_id), lambda: parse_section(section_id, self.data, start, end))

    def records(self, section_id: int) -> Sequence[Any]:
        """The entries of a vector section, empty if there is no such section."""
        return self.record(section_id) or ()

    def record_of(self, section_id: int, item: Any) -> Any:
        """The record an item of a section was made from, or None for one made since."""
        places = self._once(("places", section_id), lambda: self._places(section_id))
        at = places.get(item)
        return None if at is None else self.records(section_id)[at]

    def _places(self, section_id: int) -> dict[Any, int]:
        if section_id == TYPE:
            return {}
        old = self.frozen_part(section_id) if section_id in (IMPORT, EXPORT) else self.defined(section_id)
        return {item: at for at, item in enumerate(old)}

    # --- index spaces -----------------------------------------------------------------------------------------------

    def frozen(self, space: Space) -> Sequence[Any]:
        """The items of an index space as read."""
        make = {
            Space.TYPE: self._types,
            Space.FUNC: self._funcs,
            Space.TABLE: self._tables,
            Space.MEMORY: self._memories,
            Space.GLOBAL: self._globals,
            Space.TAG: self._tags,
            Space.ELEM: self._elems,
            Space.DATA: self._datas,
        }[space]
        return cast(Sequence[Any], self._once(space, make))

    def item(self, space: Space, index: Any) -> Any:
        """The item at ``index``. Raises ``InvalidError`` (unknown function 7)."""
        items = self.frozen(space)
        if not 0 <= index < len(items):
            raise unknown_index(space.value, index, None)
        return items[index]

    def types(self) -> list[TypeDef]:
        return list(self.frozen(Space.TYPE))

    def funcs(self) -> list[Func]:
        return list(self.frozen(Space.FUNC))

    def func_types(self) -> Sequence[int]:
        return cast(Sequence[int], self._once("function types", self._func_types))

    def func_span(self, index: int) -> Span | None:
        spans = self.code_spans()
        at = index - len(self.func_types()) + len(spans)
        return spans[at] if 0 <= at < len(spans) else None

    def tables(self) -> list[Table]:
        return list(self.frozen(Space.TABLE))

    def memories(self) -> list[Memory]:
        return list(self.frozen(Space.MEMORY))

    def globals(self) -> list[Global]:
        return list(self.frozen(Space.GLOBAL))

    def tags(self) -> list[Tag]:
        return list(self.frozen(Space.TAG))

    def elems(self) -> list[Elem]:
        return list(self.frozen(Space.ELEM))

    def datas(self) -> list[Data]:
        return list(self.frozen(Space.DATA))

    def imports(self) -> list[Exportable]:
        return list(self._imports())

    def exports(self) -> list[Export]:
        return list(self.frozen_part(EXPORT))

    def frozen_part(self, section_id: int) -> Sequence[Any]:
        """The imports or exports as read."""
        return self._imports() if section_id == IMPORT else cast(Sequence[Any], self._once("exports", self._exports))

    def defined(self, section_id: int) -> Sequence[Any]:
        """The items a section defines, as read: its index space without imports."""
        space = DEFINING[section_id]
        items = self.frozen(space)
        imported = sum(item.space is space for item in self._imports())
        return items[imported:]

    def start(self) -> Func | None:
        record = self.record(START)
        if record is None:
            return None
        try:
            return cast(Func, self.item(Space.FUNC, record))
        except WasmError as error:
            raise self._placed(error, START, None) from None

    def entry_offset(self, section_id: int, index: int) -> int | None:
        """Where an entry starts, None if it is not there."""
        section = self.by_id.get(section_id)
        try:
            return None if section is None else entry_offset(self.data, section, index)
        except (WasmError, ConstructError):
            return None

    def _placed(self, error: WasmError, section_id: int, index: int | None) -> WasmError:
        """Say in which entry of which section something is wrong, unless it is known to be in another's."""
        if error.position.path:
            return error  # making one item makes others
        entry = () if index is None else (f"{ENTRY_NAMES[section_id]}[{index}]",)
        error.within(section_path(section_id), *entry)
        if error.position.offset is None:
            error.position = replace(error.position, offset=self.entry_offset(section_id, index or 0))
        return error

    def _made(self, section_id: int, make: Callable[[Any, int], Made], first: int = 0) -> list[Made]:
        """What is made of the entries of a section; they are counted from ``first``."""
        records = self.records(section_id)
        made: list[Made] = []
        try:
            for index, entry in enumerate(records, first):
                made.append(make(entry, index))
        except WasmError as error:
            raise self._placed(error, section_id, len(made)) from None
        return made

    def customs(self) -> list[Custom]:
        return list(self.frozen_customs().values())

    def frozen_customs(self) -> dict[int, Custom]:
        """Custom sections by the offset of their header."""

        def make() -> dict[int, Custom]:
            found, after = {}, 0
            for section in self.sections:
                if section.id:
                    after = section.id
                else:
                    found[section.header] = Custom(section.name or "", (section.start, section.end), after, self)
            return found

        return cast(dict[int, Custom], self._once("customs", make))

    def _exports(self) -> tuple[Export, ...]:
        return tuple(
            self._made(EXPORT, lambda each, _: Export(each.name, self.item(KIND_SPACE[each.kind], each.index)))
        )

    # --- making items -----------------------------------------------------------------------------------------------

    def _types(self) -> tuple[TypeDef, ...]:
        record = self.record(TYPE)
        if record is None:
            return ()
        plain = [entry for group in record.groups for entry in group.types]
        types = [TypeDef(entry.composite, entry.form != "sub", form=entry.form) for entry in plain]
        resolve = self._resolver(types)
        done = 0
        try:
            for typedef, entry in zip(types, plain, strict=True):
                supers = tuple(resolve(Space.TYPE, index) for index in entry.supers)
                typedef.define(map_composite(entry.composite, resolve), supers)
                done += 1
        except WasmError as error:
            raise self._placed(error, TYPE, done) from None
        remaining = iter(types)
        groups = [RecGroup((next(remaining) for _ in group.types), bool(group.explicit)) for group in record.groups]
        self._cache["groups"] = tuple(groups)
        return tuple(types)

    def groups(self) -> Sequence[RecGroup]:
        """The recursion groups as read, empty ones among them, which no type shows."""
        self.frozen(Space.TYPE)
        return cast(Sequence[RecGroup], self._cache.get("groups", ()))

    @staticmethod
    def _resolver(types: Sequence[TypeDef]) -> Callable[[Space, Any], TypeDef]:
        def resolve(space: Space, index: int) -> TypeDef:
            if index >= len(types):
                raise unknown_index(space.value, index, None)
            return types[index]

        return resolve

    def _type(self, index: int) -> TypeDef:
        return cast(TypeDef, self.item(Space.TYPE, index))

    def _signature(self, index: int) -> TypeDef:
        found = self._type(index)
        if not isinstance(found.composite, FuncType):
            raise no_function_type(index)
        return found

    def _table_type(self, raw: TableType) -> TableType:
        return TableType(map_type(raw.element, self.item), raw.limits)

    def _global_type(self, raw: GlobalType) -> GlobalType:
        return GlobalType(map_type(raw.value, self.item), raw.mutable)

    def _imports(self) -> tuple[Exportable, ...]:
        return cast(tuple[Exportable, ...], self._once("imports", lambda: tuple(self._make_imports())))

    def _make_imports(self) -> list[Exportable]:
        count = dict.fromkeys(KIND_SPACE, 0)

        def make(entry: Any, _: int) -> Exportable:
            origin, index, desc = Import(entry.module, entry.name), count[entry.kind], entry.desc
            count[entry.kind] += 1
            match entry.kind:
                case "function":
                    return Func(self._signature(desc), origin, self, index)
                case "table":
                    return Table(self._table_type(desc), origin, self, index)
                case "memory":
                    return Memory(desc, origin, self, index)
                case "global":
                    return Global(self._global_type(desc), origin, self, index)
            return Tag(self._signature(desc.type), origin, self, index)

        return self._made(IMPORT, make)

    def _imported(self, kind: type[Item]) -> list[Any]:
        return [item for item in self._imports() if type(item) is kind]

    def _func_types(self) -> list[int]:
        defined, types = self.records(FUNCTION), self.frozen(Space.TYPE)
        if len(defined) != len(self.code_spans()):
            raise inconsistent_function_and_code(None)
        wrong = {at for at, typedef in enumerate(types) if not isinstance(typedef.composite, FuncType)}
        if max(defined, default=-1) >= len(types) or (wrong and not wrong.isdisjoint(defined)):
            at = next(at for at, typeidx in enumerate(defined) if typeidx >= len(types) or typeidx in wrong)
            known = defined[at] < len(types)
            error = no_function_type(defined[at]) if known else unknown_index("type", defined[at], None)
            raise self._placed(error, FUNCTION, at)
        self._imports()  # refuses unknown types
        return [*(entry.desc for entry in self.records(IMPORT) if entry.kind == "function"), *defined]

    def _funcs(self) -> tuple[Func, ...]:
        funcs = self._imported(Func)
        known = self.frozen(Space.TYPE)
        types = self.func_types()[len(funcs) :]
        for index, (typeidx, span) in enumerate(zip(types, self.code_spans(), strict=True), len(funcs)):
            funcs.append(Func(known[typeidx], Body(self, span), self, index))
        return tuple(funcs)

    def _tables(self) -> tuple[Table, ...]:
        tables = self._imported(Table)

        def make(entry: Any, index: int) -> Table:
            init = None if entry.init is None else Expr(self, entry.init)
            return Table(self._table_type(entry.type), init, self, index)

        return (*tables, *self._made(TABLE, make, len(tables)))

    def _memories(self) -> tuple[Memory, ...]:
        memories = self._imported(Memory)
        for entry in self.records(MEMORY):
            memories.append(Memory(entry, None, self, len(memories)))
        return tuple(memories)

    def _globals(self) -> tuple[Global, ...]:
        imported = self._imported(Global)

        def make(entry: Any, index: int) -> Global:
            return Global(self._global_type(entry.type), Expr(self, entry.init), self, index)

        return (*imported, *self._made(GLOBAL, make, len(imported)))

    def _tags(self) -> tuple[Tag, ...]:
        tags = self._imported(Tag)
        made = self._made(TAG, lambda entry, index: Tag(self._signature(entry.type), None, self, index), len(tags))
        return (*tags, *made)

    def _elems(self) -> tuple[Elem, ...]:
        return tuple(self._made(ELEMENT, self._elem))

    def _elem(self, entry: Any, index: int) -> Elem:
        table = self.item(Space.TABLE, entry.table or 0) if entry.mode == "active" else None
        offset = None if entry.offset is None else Expr(self, entry.offset)
        items: list[Any]
        if entry.flags & 4:
            items = [Expr(self, span) for span in entry["items"]]
        else:
            items = [self.item(Space.FUNC, each) for each in entry["items"]]
        return Elem(entry.mode, map_type(entry.type, self.item), table, offset, items, self, index)

    def _datas(self) -> tuple[Data, ...]:
        return tuple(self._made(DATA, self._data))

    def _data(self, entry: Any, index: int) -> Data:
        if entry.offset is None:
            return Data("passive", None, None, entry.data, self, index)
        memory = self.item(Space.MEMORY, entry.memory or 0)
        return Data("active", memory, Expr(self, entry.offset), entry.data, self, index)

    # --- code -------------------------------------------------------------------------------------------------------

    def code_spans(self) -> list[Span]:
        """(start, end) of every code entry's contents, after its size."""
        return cast(list[Span], self._once("code", self._code_spans))

    def code_heads(self) -> dict[int, int]:
        """For each code entry: start of its contents → offset of its size."""

        def make() -> dict[int, int]:
            section = self.by_id[CODE]
            head = read_u32(self.data, section.start, section.end)[1]
            heads = {}
            for start, end in self.code_spans():
                heads[start], head = head, end
            return heads

        return cast(dict[int, int], self._once("heads", make))

    def _code_spans(self) -> list[Span]:
        section = self.by_id.get(CODE)
        if section is None:
            return []
        data, end = self.data, section.end
        count, at = read_u32(data, section.start, end)
        spans: list[Span] = []
        for _ in range(count):
            # Most sizes are of one or two bytes, and there are tens of thousands of them.
            if at + 1 < end and (size := data[at]) < 0x80:
                start = at + 1
            elif at + 1 < end and (high := data[at + 1]) < 0x80:
                size, start = size & 0x7F | high << 7, at + 2
            else:
                size, start = read_u32(data, at, end)
            at = start + size
            if at > end:
                raise unexpected_end_of_section_or_function(start).within("code section", f"func[{len(spans)}]")
            spans.append((start, at))
        if at != end:
            raise section_size_mismatch(at).within("code section")
        return spans

    def body(self, span: Span) -> tuple[list[tuple[int, ValType]], Span]:
        """The run-length locals of a code entry, types resolved, and the span of its expression."""
        runs, start = read_locals(self.data, *span)
        return [(count, map_type(each, self.item)) for count, each in runs], (start, span[1])

    def instrs(self, span: Span) -> list[Instr]:
        """Decode and lift an expression; its final ``end`` is left out."""
        return [self._lift(op, operands, offset) for offset, op, operands in decode(self.data, *span)[:-1]]

    def offsets(self, span: Span) -> list[int]:
        """Start offsets of ``instrs(span)``."""
        return [offset for offset, _, _ in decode(self.data, *span)[:-1]]

    def _lift(self, op: Any, operands: tuple[Any, ...], offset: int) -> Instr:
        if not operands:
            return Instr(op)
        try:
            return Instr(op, tuple(map(self._lift_operand, op.operands, operands)))
        except WasmError as error:
            error.position = type(error.position)(offset, error.position.path)
            raise

    def _lift_operand(self, kind: Any, value: Any) -> Any:
        return map_operand(kind, value, self._lift_index)

    def _lift_index(self, space: Space, index: Any) -> Any:
        return self.item(space, 0 if index is None else index)

    # --- names ------------------------------------------------------------------------------------------------------

    def names(self) -> NameTable:
        """The name section, decoded on first use."""

        def make() -> NameTable:
            section = next((each for each in self.sections if not each.id and each.name == "name"), None)
            return NameTable.read(self.data, section)

        return cast(NameTable, self._once("names", make))

    def name(self, space: Space, index: int) -> str | None:
        """What the name section calls an item."""
        return self.names().get(space, index)
