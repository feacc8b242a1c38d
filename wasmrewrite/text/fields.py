"""The fields of a module (specification 6.6): what each defines, in three rounds.

First every name gets its index, then types are read, then everything else in the order of the text; so a name may be
used before it is defined, and types that are only implied come behind all others. What comes out are the records of
``codec.sections``. Not here: instructions (``body``), bytes (``assemble``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..isa.immediates import Space
from ..isa.table import BY_NAME
from ..isa.types import (
    FUNCREF,
    I32,
    I64,
    PACKED,
    ArrayType,
    CompositeType,
    FieldType,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    NumType,
    RefType,
    StorageType,
    StructType,
    TableType,
    ValType,
)
from .body import Body, Code
from .cursor import ID, KEYWORD, NUMBER, OPEN, STRING
from .lexer import Tokens
from .problem import Syntax
from .symbols import KEYWORDS, Defined, Group, Names, Scope, Symbols

_SPACES: Final = {keyword: space for space, keyword in KEYWORDS.items()}
_IMPORTABLE: Final = ("func", "table", "memory", "global", "tag")
_KINDS: Final = {"func": "function", "table": "table", "memory": "memory", "global": "global", "tag": "tag"}
_PAGE: Final = 65536
_I32_CONST: Final = BY_NAME["i32.const"]
_I64_CONST: Final = BY_NAME["i64.const"]


@dataclass(slots=True)
class Function:
    """A defined function: its type, locals, code, and the names of locals and labels."""

    type: int
    locals: list[ValType] = field(default_factory=list)
    code: Code = field(default_factory=Code)
    local_names: dict[int, str] = field(default_factory=dict)
    label_names: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A module as records, section by section; expressions are ``Code``."""

    symbols: Symbols
    name: str | None = None
    imports: list[dict[str, Any]] = field(default_factory=list)
    import_names: dict[int, dict[int, str]] = field(default_factory=dict)
    funcs: list[Function] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    memories: list[MemoryType] = field(default_factory=list)
    globals: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    exports: list[dict[str, Any]] = field(default_factory=list)
    start: int | None = None
    elems: list[dict[str, Any]] = field(default_factory=list)
    datas: list[dict[str, Any]] = field(default_factory=list)


class Fields(Body):
    """Reads the fields of one module."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens, Symbols())
        self.draft = Draft(self.symbols)
        self.counts = dict.fromkeys(Space, 0)
        self.defined = ""  # the keyword of the first definition, behind which no import may stand
        self._start = -1

    def module(self, start: int, end: int) -> Draft:
        """Read the fields that are the tokens from ``start`` to ``end``. Problems are noted."""
        fields = list(self._fields(start, end))
        for at in fields:
            self._guarded(self._declare, at)
        self._reopen()
        for at in fields:
            if self.texts[at + 1] in ("type", "rec"):
                self._guarded(self._types, at)
        for at in fields:
            if self.texts[at + 1] not in ("type", "rec"):
                self._guarded(self._field_at, at)
        return self.draft

    def _fields(self, start: int, end: int) -> list[int]:
        found = []
        at = start
        while at < end:
            if self.kinds[at] != OPEN or self.kinds[at + 1] != KEYWORD or self.texts[at + 1] not in _READERS:
                self.at = at
                place = at + 1 if self.kinds[at] == OPEN else at
                self.report(f"unexpected token {self.shown(place)}; expected a field of a module", place)
            else:
                found.append(at)
            at = min(self.tokens.partner[at], end) + 1 if self.kinds[at] == OPEN else at + 1
        return found

    def _guarded(self, read: Callable[[int], None], at: int) -> None:
        try:
            read(at)
        except Syntax as error:
            self.problems.append(error.problem)

    # --- first round: names -----------------------------------------------------------------------------------------

    def _declare(self, at: int) -> None:
        """Give the item or items that a field defines their index, and keep their names."""
        word = self.texts[at + 1]
        self.at = at + 2
        if word == "rec":
            while self.opens("type"):
                closing = self.tokens.partner[self.at]
                self.at += 2
                self._add_name(Space.TYPE)
                self.at = closing + 1
        elif word == "import":
            self._declare_import(at)
        elif word in _SPACES:
            self._add_name(_SPACES[word])
            if word in _IMPORTABLE:
                self._declare_inline(word, at)

    def _declare_import(self, at: int) -> None:
        self.at = at + 4
        word = self.opened()
        if self.kinds[at + 2] != STRING or self.kinds[at + 3] != STRING or word not in _IMPORTABLE:
            return  # the last round says what is wrong
        self._import_in_time(at)
        self.at += 2
        self._add_name(_SPACES[word])

    def _declare_inline(self, word: str, at: int) -> None:
        """Tell an inline import from a definition, and count the segments that stand inside."""
        closing = self.tokens.partner[at]
        while self.opens("export"):
            self.at = self.tokens.partner[self.at] + 1
        if self.opens("import"):
            self._import_in_time(at)
            return
        self.defined = self.defined or word
        inner = {"table": "elem", "memory": "data"}.get(word)
        while inner is not None and self.at < closing:
            if self.opens(inner):
                self.symbols[_SPACES[inner]].add(None)
                return
            self.at = self.tokens.partner[self.at] + 1 if self.kinds[self.at] == OPEN else self.at + 1

    def _import_in_time(self, at: int) -> None:
        if self.defined:
            word = {"func": "function"}.get(self.defined, self.defined)
            self.report(f"import after {word}; imports come before all definitions", at, at + 1)

    def _add_name(self, space: Space) -> None:
        at = self.at
        name = self.identifier()
        if not self.symbols[space].add(name):
            self.report(f"duplicate {KEYWORDS[space]} ${name}", at)

    def _reopen(self) -> None:
        """Count from the start again: fields find their own index by asking how many came before."""
        self.counts = dict.fromkeys(Space, 0)

    def _next(self, space: Space) -> int:
        self.counts[space] += 1
        return self.counts[space] - 1

    # --- second round: types ----------------------------------------------------------------------------------------

    def _types(self, at: int) -> None:
        if self.texts[at + 1] == "type":
            self.symbols.types.add(Group([self._type(at)]))
            return
        group = Group(explicit=True)
        closing = self.tokens.partner[at]
        self.at = at + 2
        while self.opens("type"):
            group.types.append(self._type(self.at))
        self.symbols.types.add(group)
        self.until_close(closing)

    def _type(self, at: int) -> Defined:
        """``(type id? subtype)``; a placeholder, so that other indices hold, if it cannot be read."""
        closing = self.tokens.partner[at]
        index = self._next(Space.TYPE)
        self.at = at + 2
        try:
            self.identifier()
            found = self._subtype(index)
            self.until_close(closing)
        except Syntax as error:
            self.problems.append(error.problem)
            self.at = closing + 1
            return Defined(FuncType())
        return found

    def _subtype(self, index: int) -> Defined:
        if not self.opens("sub"):
            return Defined(self._composite(index))
        closing = self.open("sub")
        form = "sub final" if self.keyword("final") else "sub"
        supers = []
        while self.is_index():
            supers.append(self.index(Space.TYPE))
        composite = self._composite(index)
        self.until_close(closing)
        return Defined(composite, form, tuple(supers))

    def _composite(self, index: int) -> CompositeType:
        word = self.opened()
        if word not in ("func", "struct", "array"):
            self.unexpected("'(func', '(struct' or '(array'")
        closing = self.open(word)
        found: CompositeType
        if word == "func":
            found = self.func_type(named=True)[0]
        elif word == "array":
            found = ArrayType(self._field_type())
        else:
            found = StructType(tuple(self._struct_fields(index)))
        self.until_close(closing)
        return found

    def _struct_fields(self, index: int) -> list[FieldType]:
        names = self.symbols.types.fields.setdefault(index, Names())
        fields = []
        while self.opens("field"):
            closing = self.open("field")
            if self.kind == ID:
                at = self.at
                name = self.identifier()
                if not names.add(name):
                    self.report(f"duplicate field ${name}", at)
                fields.append(self._field_type())
            else:
                while self.at < closing:
                    names.add(None)
                    fields.append(self._field_type())
            self.until_close(closing)
        return fields

    def _field_type(self) -> FieldType:
        if not self.opens("mut"):
            return FieldType(self._storage())
        closing = self.open("mut")
        storage = self._storage()
        self.until_close(closing)
        return FieldType(storage, mutable=True)

    def _storage(self) -> StorageType:
        packed = PACKED.get(self.text) if self.kind == KEYWORD else None
        if packed is None:
            return self.val_type()
        self.at += 1
        return packed

    # --- third round: everything else -------------------------------------------------------------------------------

    def _field_at(self, at: int) -> None:
        closing = self.tokens.partner[at]
        self.at = at + 2
        self.scope = Scope()
        _READERS[self.texts[at + 1]](self, at, closing)
        self.until_close(closing)

    def _import(self, at: int, closing: int) -> None:
        module, name = self.name(), self.name()
        word = self.opened()
        if word not in _IMPORTABLE:
            self.unexpected("'(func', '(table', '(memory', '(global' or '(tag'")
        inner = self.open(word)
        self.identifier()
        self._put_import(module, name, word)
        self.until_close(inner)

    def _put_import(self, module: str, name: str, word: str) -> None:
        index = self._next(_SPACES[word])
        desc: Any
        if word in ("func", "tag"):
            type, names, places = self.named_type_use()
            desc = type if word == "func" else {"attribute": 0, "type": type}
            kept = self._parameter_names(names, places)
            if kept:
                self.draft.import_names[index] = kept
        else:
            desc = {"table": self._table_type, "memory": self._memory_type, "global": self._global_type}[word]()
        self.draft.imports.append({"module": module, "name": name, "kind": _KINDS[word], "desc": desc})

    def _parameter_names(self, names: list[str | None], places: list[int]) -> dict[int, str]:
        """Names of parameters by index; they are put in scope."""
        for name, place in zip(names, places, strict=True):
            if not self.scope.locals.add(name):
                self.report(f"duplicate local ${name}", place)
        return dict(self.scope.locals.names)

    def _inline(self, word: str) -> bool:
        """Identifier, inline exports, inline import; True if it was an import, which is then read whole."""
        self.identifier()
        space = _SPACES[word]
        while self.opens("export"):
            inner = self.open("export")
            self.draft.exports.append({"name": self.name(), "kind": _KINDS[word], "index": self.counts[space]})
            self.until_close(inner)
        if not self.opens("import"):
            return False
        inner = self.open("import")
        module, name = self.name(), self.name()
        self.until_close(inner)
        self._put_import(module, name, word)
        return True

    def _func(self, at: int, closing: int) -> None:
        if self._inline("func"):
            return
        self._next(Space.FUNC)
        found = Function(0)
        self.draft.funcs.append(found)
        found.type, names, places = self.named_type_use()
        self._parameter_names(names, places)
        self._locals(found)
        found.code = self._code(closing)
        found.local_names = self.scope.locals.names
        found.label_names = self.scope.label_names

    def _locals(self, found: Function) -> None:
        while self.opens("local"):
            inner = self.open("local")
            if self.kind == ID:
                at = self.at
                name = self.identifier()
                if not self.scope.locals.add(name):
                    self.report(f"duplicate local ${name}", at)
                found.locals.append(self.val_type())
            else:
                types = self.val_types()
                found.locals += types
                for _ in types:
                    self.scope.locals.add(None)
            self.until_close(inner)

    def _code(self, closing: int) -> Code:
        """A body, up to the closing parenthesis."""
        code = self.instructions(closing)
        if len(self.scope.labels) > 1:
            self.report(f"unexpected token {self.shown(closing)}; expected 'end'", closing)
        return code

    def _expr(self, closing: int) -> Code:
        """An initializer: all instructions up to the closing parenthesis."""
        self.scope = Scope()
        return self._code(closing)

    def _table(self, at: int, closing: int) -> None:
        if self._inline("table"):
            return
        index = self._next(Space.TABLE)
        address = self._address()
        if self.kind != NUMBER:
            self._table_of_elems(index, address, closing)
            return
        limits = self._limits(address)
        type = TableType(self.ref_type(), limits)
        init = self._expr(closing) if self.at < closing else None
        self.draft.tables.append({"type": type, "init": init})

    def _table_of_elems(self, index: int, address: NumType, closing: int) -> None:
        """``reftype (elem ...)``: as many elements as the segment has."""
        element = self.ref_type()
        inner = self.open("elem")
        self._next(Space.ELEM)
        items, exprs = self._elem_items(inner)
        self.until_close(inner)
        self.draft.tables.append(
            {"type": TableType(element, Limits(len(items), len(items), address)), "init": None}
        )
        offset = _constant(address, 0, at=inner)
        self._put_elem("active", index, offset, element if exprs else FUNCREF, items, exprs)

    def _table_type(self) -> TableType:
        limits = self._limits(self._address())
        return TableType(self.ref_type(), limits)

    def _address(self) -> NumType:
        """The address type of a memory or table; i32 if none is written."""
        if self.keyword("i64"):
            return I64
        self.keyword("i32")
        return I32

    def _limits(self, address: NumType) -> Limits:
        bits = 64
        minimum = self.unsigned(bits)
        maximum = self.unsigned(bits) if self.kind == NUMBER else None
        return Limits(minimum, maximum, address)

    def _memory(self, at: int, closing: int) -> None:
        if self._inline("memory"):
            return
        index = self._next(Space.MEMORY)
        start = self.at
        address = self._address()
        if not self.opens("data"):
            self.at = start
            self.draft.memories.append(self._memory_type())
            return
        inner = self.open("data")
        self._next(Space.DATA)
        data = self._strings()
        self.until_close(inner)
        pages = -(-len(data) // _PAGE)
        self.draft.memories.append(MemoryType(Limits(pages, pages, address)))
        self._put_data(index, _constant(address, 0, at=inner), data)

    def _memory_type(self) -> MemoryType:
        limits = self._limits(self._address())
        return MemoryType(Limits(limits.minimum, limits.maximum, limits.address, self.keyword("shared")))

    def _global(self, at: int, closing: int) -> None:
        if self._inline("global"):
            return
        self._next(Space.GLOBAL)
        type = self._global_type()
        self.draft.globals.append({"type": type, "init": self._expr(closing)})

    def _global_type(self) -> GlobalType:
        if not self.opens("mut"):
            return GlobalType(self.val_type())
        inner = self.open("mut")
        type = self.val_type()
        self.until_close(inner)
        return GlobalType(type, mutable=True)

    def _tag(self, at: int, closing: int) -> None:
        if self._inline("tag"):
            return
        self._next(Space.TAG)
        self.draft.tags.append({"attribute": 0, "type": self.named_type_use()[0]})

    def _export(self, at: int, closing: int) -> None:
        name = self.name()
        word = self.opened()
        if word not in _IMPORTABLE:
            self.unexpected("'(func', '(table', '(memory', '(global' or '(tag'")
        inner = self.open(word)
        index = self.index(_SPACES[word])
        self.until_close(inner)
        self.draft.exports.append({"name": name, "kind": _KINDS[word], "index": index})

    def _start_field(self, at: int, closing: int) -> None:
        if self.draft.start is not None:
            self.fail("multiple start sections", at, at + 1)
        self.draft.start = self.index(Space.FUNC)

    # --- segments ---------------------------------------------------------------------------------------------------

    def _elem(self, at: int, closing: int) -> None:
        self._next(Space.ELEM)
        self.identifier()
        if self.keyword("declare"):
            self._elem_list("declarative", None, None, closing, bare=False)
            return
        table, explicit = self._use("table", Space.TABLE)
        if not explicit and not self._offset_follows():
            self._elem_list("passive", None, None, closing, bare=False)
            return
        offset = self._offset()
        self._elem_list("active", table, offset, closing, bare=True)

    def _use(self, word: str, space: Space) -> tuple[int, bool]:
        """``(table x)`` or ``(memory x)``, or a bare index in front of an offset; and whether there is one."""
        if self.opens(word):
            inner = self.open(word)
            index = self.index(space)
            self.until_close(inner)
            return index, True
        if self.is_index() and self.kinds[self.at + 1] == OPEN:
            return self.index(space), True
        return 0, False

    def _offset_follows(self) -> bool:
        """Whether a parenthesis comes next that is neither a type nor an item: an offset."""
        return self.kind == OPEN and self.opened() not in ("ref", "item")

    def _offset(self) -> Code:
        """``(offset ...)``, or one folded instruction."""
        self.scope = Scope()
        start = self.at
        if self.kind != OPEN:
            self.unexpected("'(offset' or a folded instruction")
        closing = self.tokens.partner[start]
        if self.opens("offset"):
            self.at += 2
            code = self._code(closing)
            self.until_close(closing)
            return code
        return self._code(closing + 1)

    def _elem_list(self, mode: str, table: int | None, offset: Code | None, closing: int, *, bare: bool) -> None:
        type = FUNCREF
        exprs = False
        items: list[Any] = []
        if self.keyword("func") or (bare and (self.is_index() or self.at == closing)):
            while self.at < closing:
                items.append(self.index(Space.FUNC))
        else:
            type = self.ref_type()
            items, exprs = self._elem_exprs(closing), True
        self._put_elem(mode, table, offset, type, items, exprs)

    def _elem_items(self, closing: int) -> tuple[list[Any], bool]:
        """Functions, or expressions; and whether they are expressions."""
        if self.kind == OPEN:
            return self._elem_exprs(closing), True
        found: list[Any] = []
        while self.at < closing:
            found.append(self.index(Space.FUNC))
        return found, False

    def _elem_exprs(self, closing: int) -> list[Code]:
        found = []
        while self.at < closing:
            self.scope = Scope()
            if self.kind != OPEN:
                self.unexpected("'(item' or a folded instruction")
            inner = self.tokens.partner[self.at]
            if self.opens("item"):
                self.at += 2
                found.append(self._code(inner))
                self.until_close(inner)
            else:
                found.append(self._code(inner + 1))
        return found

    def _put_elem(
        self, mode: str, table: int | None, offset: Code | None, type: RefType, items: list[Any], exprs: bool
    ) -> None:
        flags = {"active": 0, "passive": 1, "declarative": 3}[mode] | 4 * exprs
        if mode == "active" and (table or (exprs and type != FUNCREF)):
            flags |= 2
        self.draft.elems.append(
            {
                "flags": flags, "mode": mode, "table": table if flags & 3 == 2 else None, "offset": offset,
                "kind": 0, "type": type, "items": items,
            }
        )  # fmt: skip

    def _data(self, at: int, closing: int) -> None:
        self._next(Space.DATA)
        self.identifier()
        memory, explicit = self._use("memory", Space.MEMORY)
        if not explicit and self.kind != OPEN:
            self._put_data(None, None, self._strings())
            return
        offset = self._offset()
        self._put_data(memory, offset, self._strings())

    def _put_data(self, memory: int | None, offset: Code | None, data: bytes) -> None:
        flags = 1 if memory is None else 2 if memory else 0
        self.draft.datas.append(
            {"flags": flags, "memory": memory if flags == 2 else None, "offset": offset, "data": data}
        )

    def _strings(self) -> bytes:
        found = []
        while self.kind == STRING:
            found.append(self.string())
        return b"".join(found)


def _constant(address: NumType, value: int, at: int) -> Code:
    return Code([(_I64_CONST if address is I64 else _I32_CONST, (value,))], [at])


def _nothing(fields: Fields, at: int, closing: int) -> None:
    fields.at = closing


_READERS: Final[Mapping[str, Callable[[Fields, int, int], None]]] = {
    "type": _nothing,
    "rec": _nothing,
    "import": Fields._import,
    "func": Fields._func,
    "table": Fields._table,
    "memory": Fields._memory,
    "global": Fields._global,
    "tag": Fields._tag,
    "export": Fields._export,
    "start": Fields._start_field,
    "elem": Fields._elem,
    "data": Fields._data,
}

