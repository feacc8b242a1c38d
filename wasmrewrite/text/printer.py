"""Binary to text: every section, in a form that is read again as the same module (specification, chapter 6).

Indices are names where the name section has some; instructions are flat, one a line, or folded. Not here: how values
are written (``show``), how expressions are folded (``folding``), what is in a section (``codec``).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..codec import BytesSource
from ..codec.code import read_locals
from ..codec.frame import Section
from ..codec.sections import KIND_SPACE
from ..isa.immediates import Space
from ..isa.op import Op
from ..isa.structure import DIVIDERS, OPENERS
from ..isa.table import BY_NAME
from ..isa.types import (
    ArrayType,
    CompositeType,
    FieldType,
    FuncType,
    GlobalType,
    MemoryType,
    PackedType,
    StructType,
    TableType,
    ValType,
)
from ..kernels.decode import RawInstr, decode
from ..model.layout import DEFINING, SECTIONS
from . import show
from .annotations import CUSTOM, HINT, PLACES
from .folding import INDENTED, Line, fold, in_line, layout
from .hints import branch_hints
from .naming import NAMELESS, NameMap, Names, Operands
from .symbols import KEYWORDS

if TYPE_CHECKING:
    from ..validate import SideTable
    from .arities import Arities

_DEFINING: Final = {space: number for number, space in DEFINING.items()}
_END: Final = BY_NAME["end"]
_DELEGATE: Final = BY_NAME["delegate"]
_STEP: Final = "  "


@dataclass(frozen=True, slots=True)
class Style:
    """How to print.

    ``fold``: instructions as expressions around their operands; a function that is not valid stays flat.
    ``offsets``: a comment with the place in the file before each instruction. ``only``: the kinds of fields, as in
    ``PARTS``. ``funcs``: these functions alone, by index; what is printed is not a module then.
    """

    fold: bool = False
    offsets: bool = False
    only: frozenset[str] | None = None
    funcs: frozenset[int] | None = None


def print_module(data: bytes, style: Style | None = None) -> str:
    """The text of a module. Raises ``MalformedError`` if ``data`` cannot be decoded."""
    return "".join(f"{line}\n" for line in _Printer(BytesSource(data), style or Style()).lines())


def _arities(data: bytes) -> Arities:
    from .arities import Arities

    return Arities(data)


class _Printer:
    def __init__(self, source: BytesSource, style: Style) -> None:
        self.source = source
        self.style = style
        self.names = Names(source)
        self.types = [each for group in self._groups() for each in group.types]
        self._forget_names_of_nothing()
        self.operands = Operands(self.names)
        self.counts = dict.fromkeys(Space, 0)
        self.hint_section, self.hints = branch_hints(source)
        self.arities = _arities(source.data) if style.fold else None

    def _groups(self) -> Sequence[Any]:
        record = self.source.record(1)
        return () if record is None else record.groups

    def _forget_names_of_nothing(self) -> None:
        imported = Counter(KIND_SPACE[record.kind] for record in self.source.records(2))
        for space, names in self.names.items.items():
            if names.ids:
                own = len(self.types) if space is Space.TYPE else len(self.source.records(_DEFINING[space]))
                names.keep(imported[space] + own)
        for index, names in self.names.fields.items():
            composite = self.types[index].composite if index < len(self.types) else None
            names.keep(len(composite.fields) if isinstance(composite, StructType) else 0)

    def lines(self) -> Iterator[str]:
        """All lines of the text."""
        if self.style.funcs is not None:
            yield from self._some_funcs()
            return
        head = f"(module{self._module_name()}"
        body = [f"{_STEP}{line}" for line in self._body()]
        yield head if body else f"{head})"
        yield from body
        if body:
            yield ")"

    def _module_name(self) -> str:
        name = self.names.module
        if name is None:
            return ""
        self.names.printed += 1
        return f" {show.identifier(name)}" if name else ' (@name "")'

    def _body(self) -> Iterator[str]:
        only = self.style.only
        customs = only is None or "customs" in only
        if customs:
            yield from self._customs(0)
        for number in SECTIONS:
            if number in _FIELDS:
                part, lines = _FIELDS[number]
                shown = lines(self)
                if only is None or part in only:
                    yield from shown
                elif part not in ("funcs", "datas"):
                    deque(shown, maxlen=0)  # counts what it defines
            if customs:
                yield from self._customs(number)

    def _some_funcs(self) -> Iterator[str]:
        """The functions that are asked for: imports first, as the field that imports them."""
        wanted = self.style.funcs or frozenset()
        imports = [line for record, line in zip(self.source.records(2), self._imports(), strict=True)
                   if record.kind == "function"]  # fmt: skip
        yield from (line for index, line in enumerate(imports) if index in wanted)
        yield from self._funcs()

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
            return f"(func{self._signature(composite, NAMELESS)})"
        if isinstance(composite, ArrayType):
            return f"(array {self._field(composite.field)})"
        names = self.names.fields.get(index, NAMELESS)
        fields = (
            f" (field{self.names.head(names, at)} {self._field(each)})" for at, each in enumerate(composite.fields)
        )
        return f"(struct{''.join(fields)})"

    def _field(self, field: FieldType) -> str:
        storage = field.storage
        text = str(storage) if isinstance(storage, PackedType) else self.operands.val_type(storage)
        return f"(mut {text})" if field.mutable else text

    def _signature(self, type: FuncType, names: NameMap) -> str:
        params = self._declared("param", type.params, names, 0)
        results = self._declared("result", type.results, NAMELESS, 0)
        return params + results

    def _declared(self, word: str, types: Sequence[ValType], names: NameMap, first: int) -> str:
        """``(param ...)`` and the like: those without a name together, each other one alone."""
        out, run = "", ""
        for at, type in enumerate(types, first):
            text = self.operands.val_type(type)
            if at not in names.heads:
                run += f" {text}"
                continue
            out += f" ({word}{run})" if run else ""
            out, run = f"{out} ({word}{self.names.head(names, at)} {text})", ""
        return f"{out} ({word}{run})" if run else out

    def _type_use(self, index: int, names: NameMap = NAMELESS) -> str:
        text = f" {self.operands.type_use(index)}"
        composite = self.types[index].composite if index < len(self.types) else None
        return text + self._signature(composite, names) if isinstance(composite, FuncType) else text

    def _head(self, space: Space) -> tuple[int, str]:
        """The next index of a space; its identifier and number as they stand behind the keyword."""
        index = self.counts[space]
        self.counts[space] += 1
        return index, f"{self.names.head(self.names.items[space], index)} (;{index};)"

    # --- items ------------------------------------------------------------------------------------------------------

    def _imports(self) -> Iterator[str]:
        for record in self.source.records(2):
            space = KIND_SPACE[record.kind]
            index, head = self._head(space)
            desc = record.desc
            if space is Space.FUNC:
                text = self._type_use(desc, self.names.locals.get(index, NAMELESS))
            elif space is Space.TAG:
                text = self._type_use(desc.type)
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
            yield f"(tag{self._head(Space.TAG)[1]}{self._type_use(record.type)})"

    def _globals(self) -> Iterator[str]:
        for record in self.source.records(6):
            _, head = self._head(Space.GLOBAL)
            yield f"(global{head} {self._extern(record.type)} {self._expr(record.init)})"

    def _exports(self) -> Iterator[str]:
        for record in self.source.records(7):
            space = KIND_SPACE[record.kind]
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
            items = "".join(f" (item {self._expr(each)})" for each in record["items"])
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

    def _expr(self, span: tuple[int, int]) -> str:
        """An initializer, in one line."""
        self.operands.labels = []
        instrs = [(op, self._instr(op, operands)) for _, op, operands in decode(self.source.data, *span)[:-1]]
        return in_line(instrs) if self.style.fold else " ".join(text for _, text in instrs)

    def _offset(self, span: tuple[int, int]) -> str:
        return f"(offset {self._expr(span)})"

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
            index, head = self._head(Space.FUNC)
            if self.style.funcs is None or index in self.style.funcs:
                yield from self._func(index, head, type, entry.span)

    def _func(self, index: int, head: str, type: int, span: tuple[int, int]) -> Iterator[str]:
        names = self.names.locals.get(index, NAMELESS)
        runs, start = read_locals(self.source.data, *span)
        composite = self.types[type].composite if type < len(self.types) else None
        params = len(composite.params) if isinstance(composite, FuncType) else 0
        opening = f"(func{head}{self._type_use(type, names)}"
        declared = self._declared("local", [each for count, each in runs for _ in range(count)], names, params)
        lines = [f"{_STEP}{declared[1:]}"] if declared else []
        names.keep(params + sum(count for count, _ in runs))
        self.operands.locals = names.ids
        hints = self.hints.get(index, {})
        lines += self._code(index, start, span[1], {span[0] + offset: data for offset, data in hints.items()})
        yield from [opening, *lines, ")"] if lines else [f"{opening})"]

    def _code(self, index: int, start: int, end: int, hints: Mapping[int, bytes]) -> Iterator[str]:
        table = None if self.arities is None else self.arities.of(index)
        if table is None:
            yield from self._flat(index, start, end, hints)
        else:
            yield from layout(fold(self._lines(index, table, hints)), _STEP)

    def _flat(self, index: int, start: int, end: int, hints: Mapping[int, bytes]) -> Iterator[str]:
        depth = 1
        for offset, op, text in self._instrs(index, decode(self.source.data, start, end)[:-1]):
            if op is _END or op in DIVIDERS or op is _DELEGATE:
                depth -= 1
            indent = _STEP * min(depth, INDENTED + 1)
            if offset in hints:
                yield f"{indent}({HINT} {show.string(hints[offset])})"
            yield f"{indent}(;@{offset:x};) {text}" if self.style.offsets else f"{indent}{text}"
            if op in OPENERS or op in DIVIDERS:
                depth += 1

    def _lines(self, index: int, table: SideTable, hints: Mapping[int, bytes]) -> Iterator[Line]:
        instrs = self._instrs(index, table.instrs()[:-1])
        for at, (offset, op, text) in enumerate(instrs):
            comment = f"(;@{offset:x};) " if self.style.offsets else ""
            hint = f"({HINT} {show.string(hints[offset])})" if offset in hints else ""
            yield Line(op, text, table.pops[at], table.pushes[at], comment, hint)

    def _instrs(self, index: int, instrs: Sequence[RawInstr]) -> list[tuple[int, Op, str]]:
        """Offset, row and text of each instruction; labels have names while their block is open."""
        labels: list[str | None] = [None]
        self.operands.labels = labels
        names, blocks, found = self.names.labels.get(index, NAMELESS), 0, []
        for offset, op, operands in instrs:
            if op is _DELEGATE:
                labels.pop()  # its label counts from outside of the block that it closes
            text = self._instr(op, operands)
            if op in OPENERS:
                text = f"{op.mnemonic}{self.names.head(names, blocks)}{text[len(op.mnemonic) :]}"
                labels.append(names.ids.get(blocks))
                blocks += 1
            elif op is _END:
                labels.pop()
            found.append((offset, op, text))
        return found

    # --- custom sections --------------------------------------------------------------------------------------------

    def _customs(self, after: int) -> Iterator[str]:
        """The custom sections that follow the section ``after``; names and hints are shown where they belong."""
        last, named = 0, False
        for section in self.source.sections:
            if section.id:
                last = section.id
            elif last == after and not self._shown_elsewhere(section):
                place = "" if named else " (before first)" if not after else f" (after {_PLACES[after]})"
                contents = show.string(self.source.data[section.start : section.end])
                yield f"({CUSTOM} {show.name(section.name or '')}{place} {contents})"
            elif last == after and section.name == "name":
                named = True

    def _shown_elsewhere(self, section: Section) -> bool:
        return section is self.hint_section or (section.name == "name" and self.names.whole)


_PLACES: Final = {number: word for word, number in PLACES.items()}
_FIELDS: Final[Mapping[int, tuple[str, Callable[[_Printer], Iterator[str]]]]] = {
    1: ("types", _Printer._types),
    2: ("imports", _Printer._imports),
    4: ("tables", _Printer._tables),
    5: ("memories", _Printer._memories),
    13: ("tags", _Printer._tags),
    6: ("globals", _Printer._globals),
    7: ("exports", _Printer._exports),
    8: ("start", _Printer._start),
    9: ("elems", _Printer._elems),
    10: ("funcs", _Printer._funcs),
    11: ("datas", _Printer._datas),
}
PARTS: Final = (*(part for part, _ in _FIELDS.values()), "customs")
"""The kinds of fields, as ``Style.only`` names them."""
