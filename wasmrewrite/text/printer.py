"""Binary to text: every section, in a form that is read again as the same module (specification, chapter 6).

Flat instructions, one a line; indices are names where the name section has some. Not here: how values are written
(``show``), what is in a section (``codec``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..codec import BytesSource, custom
from ..codec.code import read_locals
from ..isa.immediates import Space
from ..isa.structure import DIVIDERS, OPENERS
from ..isa.table import BY_NAME
from ..isa.types import (
    FUNCREF,
    AbsHeap,
    ArrayType,
    CompositeType,
    FieldType,
    FuncType,
    GlobalType,
    HeapType,
    MemoryType,
    NumType,
    PackedType,
    RefType,
    StructType,
    TableType,
    ValType,
)
from ..kernels.decode import decode
from . import show
from .symbols import KEYWORDS

_KINDS: Final = {
    "function": Space.FUNC, "table": Space.TABLE, "memory": Space.MEMORY, "global": Space.GLOBAL, "tag": Space.TAG,
}  # fmt: skip
_MAPS: Final = {
    1: Space.FUNC, 4: Space.TYPE, 5: Space.TABLE, 6: Space.MEMORY, 7: Space.GLOBAL, 8: Space.ELEM, 9: Space.DATA,
    11: Space.TAG,
}  # fmt: skip
_END: Final = BY_NAME["end"]
_DELEGATE: Final = BY_NAME["delegate"]
_STEP: Final = "  "


@dataclass(frozen=True, slots=True)
class Style:
    """How to print. ``offsets``: a comment with the place in the file before each function and instruction."""

    offsets: bool = False


def print_module(data: bytes, style: Style | None = None) -> str:
    """The text of a module. Raises ``MalformedError`` if ``data`` cannot be decoded."""
    return "".join(f"{line}\n" for line in _Printer(BytesSource(data), style or Style()).lines())


class _Names:
    """What the name section calls things, as identifiers; each identifier of a space is used once."""

    def __init__(self, source: BytesSource) -> None:
        self.module: str | None = None
        self.items: dict[Space, dict[int, str]] = {space: {} for space in KEYWORDS}
        self.inner: dict[int, dict[int, dict[int, str]]] = {2: {}, 3: {}, 10: {}}
        for section in source.sections:
            if section.id == 0 and section.name == "name":
                self._read(custom.read("name", source.data, section.start, section.end).record or ())

    def _read(self, parts: Sequence[Any]) -> None:
        for part in parts:
            if part.problem is not None:
                continue
            if part.id == 0:
                self.module = part.contents
            elif part.id in _MAPS:
                self.items[_MAPS[part.id]] = _unique(part.contents)
            elif part.id in self.inner:
                self.inner[part.id] = {index: _unique(names) for index, names in part.contents}


def _unique(names: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Identifiers by index; a name that another item has too, or an empty one, gives none."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for index, name in names:
        if name and name not in taken:
            taken.add(name)
            found[index] = show.identifier(name)
    return found


class _Operands:
    """What the operand kinds of ``isa`` ask for when they show a value: indices of the file, as names where known."""

    def __init__(self, names: _Names, types: Callable[[int], CompositeType | None]) -> None:
        self.names = names
        self.items = names.items
        self.type_at = types
        self.locals: Mapping[int, str] = {}
        self.labels: list[str | None] = []
        self.struct = -1

    def index(self, space: Space, index: Any) -> str:
        """The text of an index."""
        if space is Space.LOCAL:
            return self.locals.get(index) or str(int(index))
        if space is Space.LABEL:
            return self._label(index)
        if space is Space.FIELD:
            return self.names.inner[10].get(self.struct, {}).get(index) or str(int(index))
        if space is Space.TYPE:
            self.struct = index
        return self.items[space].get(index) or str(int(index))

    def _label(self, depth: int) -> str:
        """The name of a label, unless a block further in has the same."""
        if depth >= len(self.labels):
            return str(int(depth))
        name = self.labels[-1 - depth]
        hidden = name is None or name in self.labels[len(self.labels) - depth :]
        return str(int(depth)) if hidden or name is None else name

    def float_bits(self, bits: int, width: int) -> str:
        """The text of a float of 32 or 64 bits, given as bits."""
        return show.float_text(bits, width)

    def val_type(self, value: ValType) -> str:
        """The text of a value type."""
        if isinstance(value, RefType) and not isinstance(value.heap, AbsHeap):
            return f"(ref {'null ' if value.nullable else ''}{self.heap_type(value.heap)})"
        return str(value)

    def heap_type(self, heap: HeapType) -> str:
        """The text of a heap type."""
        return str(heap) if isinstance(heap, AbsHeap) else self.index(Space.TYPE, heap)

    def type_use(self, index: Any) -> str:
        """``(type x)``."""
        return f"(type {self.index(Space.TYPE, index)})"

    def block_type(self, block_type: Any) -> str:
        """The text of a block type; empty if there is nothing to say."""
        if block_type is None:
            return ""
        if isinstance(block_type, NumType | RefType):
            return f"(result {self.val_type(block_type)})"
        return self.type_use(block_type)


class _Printer:
    def __init__(self, source: BytesSource, style: Style) -> None:
        self.source = source
        self.style = style
        self.names = _Names(source)
        self.types = [each for group in self._groups() for each in group.types]
        self.operands = _Operands(self.names, lambda index: None)
        self.counts = dict.fromkeys(Space, 0)

    def _groups(self) -> Sequence[Any]:
        record = self.source.record(1)
        return () if record is None else record.groups

    def lines(self) -> Iterator[str]:
        name = self.names.module
        head = "(module" + (f" {show.identifier(name)}" if name else "")
        body = [f"{_STEP}{line}" for line in self._body()]
        yield head if body else f"{head})"
        yield from body
        if body:
            yield ")"

    def _body(self) -> Iterator[str]:
        yield from self._customs(0)
        for number, lines in _SECTIONS:
            yield from lines(self)
            yield from self._customs(number)

    # --- types ------------------------------------------------------------------------------------------------------

    def _types(self) -> Iterator[str]:
        for group in self._groups():
            if group.explicit:
                yield "(rec"
                yield from (f"{_STEP}{self._type(each)}" for each in group.types)
                yield ")"
            else:
                yield from (self._type(each) for each in group.types)

    def _type(self, record: Any) -> str:
        index, head = self._head(Space.TYPE)
        text = self._composite(record.composite, index)
        if record.form is not None:
            final = " final" if record.form == "sub final" else ""
            supers = "".join(f" {self.operands.index(Space.TYPE, each)}" for each in record.supers)
            text = f"(sub{final}{supers} {text})"
        return f"(type{head} {text})"

    def _composite(self, composite: CompositeType, index: int) -> str:
        if isinstance(composite, FuncType):
            return f"(func{self._signature(composite, {})})"
        if isinstance(composite, ArrayType):
            return f"(array {self._field(composite.field)})"
        names = self.names.inner[10].get(index, {})
        fields = (
            f" (field {names[at]} {self._field(each)})" if at in names else f" (field {self._field(each)})"
            for at, each in enumerate(composite.fields)
        )
        return f"(struct{''.join(fields)})"

    def _field(self, field: FieldType) -> str:
        storage = field.storage
        text = str(storage) if isinstance(storage, PackedType) else self.operands.val_type(storage)
        return f"(mut {text})" if field.mutable else text

    def _signature(self, type: FuncType, names: Mapping[int, str]) -> str:
        params = self._declared("param", type.params, names, 0)
        results = self._declared("result", type.results, {}, 0)
        return params + results

    def _declared(self, word: str, types: Sequence[ValType], names: Mapping[int, str], first: int) -> str:
        """``(param ...)`` and the like: those without a name together, each other one alone."""
        out, run = "", ""
        for at, type in enumerate(types, first):
            text = self.operands.val_type(type)
            if at not in names:
                run += f" {text}"
                continue
            out += f" ({word}{run})" if run else ""
            out, run = f"{out} ({word} {names[at]} {text})", ""
        return f"{out} ({word}{run})" if run else out

    def _type_use(self, index: int, names: Mapping[int, str]) -> str:
        text = f" {self.operands.type_use(index)}"
        composite = self.types[index].composite if index < len(self.types) else None
        return text + self._signature(composite, names) if isinstance(composite, FuncType) else text

    def _head(self, space: Space) -> tuple[int, str]:
        """The next index of a space; its identifier and number as they stand behind the keyword."""
        index = self.counts[space]
        self.counts[space] += 1
        name = self.names.items[space].get(index) if space in self.names.items else None
        return index, f" {name} (;{index};)" if name else f" (;{index};)"

    # --- items ------------------------------------------------------------------------------------------------------

    def _imports(self) -> Iterator[str]:
        for record in self.source.records(2):
            space = _KINDS[record.kind]
            index, head = self._head(space)
            desc = record.desc
            if space is Space.FUNC:
                text = self._type_use(desc, self.names.inner[2].get(index, {}))
            elif space is Space.TAG:
                text = self._type_use(desc.type, {})
            else:
                text = f" {self._extern(desc)}"
            yield f"(import {show.name(record.module)} {show.name(record.name)} ({KEYWORDS[space]}{head}{text}))"

    def _extern(self, type: TableType | MemoryType | GlobalType) -> str:
        if isinstance(type, TableType):
            return f"{type.limits} {self.operands.val_type(type.element)}"
        if isinstance(type, MemoryType):
            return str(type)
        text = self.operands.val_type(type.value)
        return f"(mut {text})" if type.mutable else text

    def _tables(self) -> Iterator[str]:
        for record in self.source.records(4):
            _, head = self._head(Space.TABLE)
            init = "" if record.init is None else f" {self._expr(record.init)}"
            yield f"(table{head} {self._extern(record.type)}{init})"

    def _memories(self) -> Iterator[str]:
        for type in self.source.records(5):
            yield f"(memory{self._head(Space.MEMORY)[1]} {self._extern(type)})"

    def _tags(self) -> Iterator[str]:
        for record in self.source.records(13):
            yield f"(tag{self._head(Space.TAG)[1]}{self._type_use(record.type, {})})"

    def _globals(self) -> Iterator[str]:
        for record in self.source.records(6):
            _, head = self._head(Space.GLOBAL)
            yield f"(global{head} {self._extern(record.type)} {self._expr(record.init)})"

    def _exports(self) -> Iterator[str]:
        for record in self.source.records(7):
            space = _KINDS[record.kind]
            yield f"(export {show.name(record.name)} ({KEYWORDS[space]} {self.operands.index(space, record.index)}))"

    def _start(self) -> Iterator[str]:
        start = self.source.record(8)
        if start is not None:
            yield f"(start {self.operands.index(Space.FUNC, start)})"

    def _elems(self) -> Iterator[str]:
        for record in self.source.records(9):
            _, head = self._head(Space.ELEM)
            text = " declare" if record.mode == "declarative" else ""
            if record.mode == "active":
                table = "" if record.table is None else f" (table {self.operands.index(Space.TABLE, record.table)})"
                text = f"{table} {self._offset(record.offset)}"
            yield f"(elem{head}{text}{self._elem_items(record)})"

    def _elem_items(self, record: Any) -> str:
        if record.flags & 4:
            items = "".join(f" (item {self._plain(each)})" for each in record["items"])
            return f" {self.operands.val_type(record.type)}{items}"
        return "".join([" func", *(f" {self.operands.index(Space.FUNC, each)}" for each in record["items"])])

    def _datas(self) -> Iterator[str]:
        for record in self.source.records(11):
            _, head = self._head(Space.DATA)
            text = ""
            if record.offset is not None:
                memory = record.memory
                use = "" if memory is None else f" (memory {self.operands.index(Space.MEMORY, memory)})"
                text = f"{use} {self._offset(record.offset)}"
            yield f"(data{head}{text} {show.string(self.source.data[record.data[0] : record.data[1]])})"

    # --- code -------------------------------------------------------------------------------------------------------

    def _plain(self, span: tuple[int, int]) -> str:
        """An initializer in one line, flat."""
        self.operands.labels = []
        return " ".join(self._instr(op, operands) for _, op, operands in decode(self.source.data, *span)[:-1])

    def _expr(self, span: tuple[int, int]) -> str:
        return self._plain(span)

    def _offset(self, span: tuple[int, int]) -> str:
        return f"(offset {self._plain(span)})"

    def _instr(self, op: Any, operands: tuple[Any, ...]) -> str:
        kinds = op.operands
        if not kinds:
            return str(op.mnemonic)
        words = [op.mnemonic]
        for at in op.text_order if len(kinds) > 1 else (0,):
            if not (kinds[at].optional and self._left_out(kinds, operands)):
                words.append(kinds[at].show(operands[at], self.operands))
        return " ".join(filter(None, words))

    @staticmethod
    def _left_out(kinds: Sequence[Any], operands: tuple[Any, ...]) -> bool:
        """Whether the indices that text may leave out are all 0; it leaves out all or none."""
        return not any(value for kind, value in zip(kinds, operands, strict=True) if kind.optional)

    def _funcs(self) -> Iterator[str]:
        record = self.source.record(10)
        entries = () if record is None else record
        types = self.source.records(3)
        for type, entry in zip(types, entries, strict=False):
            yield from self._func(type, entry.span)

    def _func(self, type: int, span: tuple[int, int]) -> Iterator[str]:
        index, head = self._head(Space.FUNC)
        names = self.names.inner[2].get(index, {})
        runs, start = read_locals(self.source.data, *span)
        composite = self.types[type].composite if type < len(self.types) else None
        params = len(composite.params) if isinstance(composite, FuncType) else 0
        yield f"(func{head}{self._type_use(type, names)}"
        declared = self._declared("local", [each for count, each in runs for _ in range(count)], names, params)
        if declared:
            yield f"{_STEP}{declared[1:]}"
        self.operands.locals = names
        yield from self._code(index, start, span[1])
        yield ")"

    def _code(self, index: int, start: int, end: int) -> Iterator[str]:
        labels: list[str | None] = [None]
        self.operands.labels = labels
        label_names, blocks, indent = self.names.inner[3].get(index, {}), 0, _STEP
        for offset, op, operands in decode(self.source.data, start, end)[:-1]:
            if op is _END or op in DIVIDERS or op is _DELEGATE:
                indent = indent[: -len(_STEP)]
            own = labels.pop() if op is _DELEGATE else None
            text = self._instr(op, operands)
            if op in OPENERS:
                name = label_names.get(blocks)
                blocks += 1
                text = text if name is None else f"{op.mnemonic} {name}{text[len(op.mnemonic) :]}"
                labels.append(name)
            elif op is _END:
                labels.pop()
            elif op is _DELEGATE:
                del own
            yield f"{indent}(;@{offset:x};) {text}" if self.style.offsets else f"{indent}{text}"
            if op in OPENERS or op in DIVIDERS:
                indent += _STEP

    # --- custom sections --------------------------------------------------------------------------------------------

    def _customs(self, after: int) -> Iterator[str]:
        """The custom sections that follow the section ``after``; names are shown where they belong instead."""
        last = 0
        for section in self.source.sections:
            if section.id:
                last = section.id
            elif last == after and section.name != "name":
                place = "before first" if not after else f"after {_PLACES[after]}"
                contents = show.string(self.source.data[section.start : section.end])
                yield f"(@custom {show.name(section.name or '')} ({place}) {contents})"


_PLACES: Final = {
    1: "type", 2: "import", 3: "func", 4: "table", 5: "memory", 13: "tag", 6: "global", 7: "export", 8: "start",
    9: "elem", 12: "datacount", 10: "code", 11: "data",
}  # fmt: skip
_NOTHING: Final[Callable[[_Printer], Iterator[str]]] = lambda _printer: iter(())  # noqa: E731
_SECTIONS: Final[Sequence[tuple[int, Callable[[_Printer], Iterator[str]]]]] = (
    (1, _Printer._types),
    (2, _Printer._imports),
    (3, _NOTHING),
    (4, _Printer._tables),
    (5, _Printer._memories),
    (13, _Printer._tags),
    (6, _Printer._globals),
    (7, _Printer._exports),
    (8, _Printer._start),
    (9, _Printer._elems),
    (12, _NOTHING),
    (10, _Printer._funcs),
    (11, _Printer._datas),
)

__all__ = ["FUNCREF", "Style", "StructType", "print_module"]
