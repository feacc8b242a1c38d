"""The fields of a module (specification 6.6): what each defines, in three rounds.

First every name gets its index, then types are read, then everything else in the order of the text; so a name may be
used before it is defined, and types that are only implied come behind all others. What comes out are the records of
``codec.sections``. Not here: types (``definitions``), segments, instructions (``body``), bytes (``assemble``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..codec.sections import KIND_SPACE
from ..isa.immediates import Space
from ..isa.table import BY_NAME
from ..isa.types import (
    FUNCREF,
    I32,
    I64,
    GlobalType,
    Limits,
    MemoryType,
    NumType,
    TableType,
)
from .annotations import HINT, HINT_VALUES, HINTED
from .cursor import KEYWORD, NUMBER, OPEN, STRING, Cursor
from .draft import Code, Draft, Function
from .lexer import Annotation, Token, Tokens
from .nearness import closest
from .problem import Problem, Syntax
from .segments import Segments
from .symbols import KEYWORDS, SPACES, Scope

_IMPORTABLE: Final = tuple(KEYWORDS[space] for space in KIND_SPACE.values())
_PAGE: Final = 65536
_I32_CONST: Final = BY_NAME["i32.const"]
_I64_CONST: Final = BY_NAME["i64.const"]


class Fields(Segments):
    """Reads the fields of one module."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.ended = -1  # the parenthesis that closes the module too early, if one does
        self.defined = ""  # the keyword of the first definition, behind which no import may stand

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
        self.draft.customs = self.annotations.customs({*fields, end})
        self.annotations.left()
        self.problems += self.annotations.problems
        return self.draft

    def _fields(self, start: int, end: int) -> list[int]:
        found = []
        at = start
        while at < end:
            if at == self.ended:
                at += 1
                continue
            if self.kinds[at] != OPEN or self.kinds[at + 1] != KEYWORD or self.texts[at + 1] not in _READERS:
                self.at = at
                place = at + 1 if self.kinds[at] == OPEN else at
                self.report(self._no_field(place), place)
            else:
                found.append(at)
            at = min(self.tokens.partner[at], end) + 1 if self.kinds[at] == OPEN else at + 1
        return found

    def _no_field(self, at: int) -> str:
        word = "unknown operator" if self.kinds[at] == Token.RESERVED else "unexpected token"
        near = closest(self.texts[at], _READERS) if self.kinds[at] == KEYWORD else None
        meant = f"did you mean '{near}'?" if near else "expected a field of a module"
        return f"{word} {self.shown(at)}; {meant}"

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
        elif word in SPACES:
            self._add_name(SPACES[word])
            if word in _IMPORTABLE:
                self._declare_inline(word, at)

    def _declare_import(self, at: int) -> None:
        self.at = at + 4
        word = self.opened()
        if self.kinds[at + 2] != STRING or self.kinds[at + 3] != STRING or word not in _IMPORTABLE:
            return  # the last round says what is wrong
        self._import_in_time(at)
        self.at += 2
        self._add_name(SPACES[word])

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
                self.symbols[SPACES[inner]].add(None)
                self.draft.tokens[SPACES[inner]].append(self.at + 1)
                return
            self.at = self.tokens.partner[self.at] + 1 if self.kinds[self.at] == OPEN else self.at + 1

    def _import_in_time(self, at: int) -> None:
        if self.defined:
            self.report(f"import after {SPACES[self.defined].value}; imports come before all definitions", at + 1)

    def _reopen(self) -> None:
        """Count from the start again: fields find their own index by asking how many came before."""
        self.counts = dict.fromkeys(Space, 0)

    # --- third round: everything else -------------------------------------------------------------------------------

    def _field_at(self, at: int) -> None:
        closing = self.tokens.partner[at]
        self.at = at + 2
        self.scope = Scope()
        _READERS[self.texts[at + 1]](self, at, closing)
        self.until_close(closing)

    def _import(self, at: int, closing: int) -> None:
        module, name = self.name(), self.name()
        word = self._external()
        inner = self.open(word)
        self.identifier()
        self._put_import(module, name, word)
        self.until_close(inner)

    def _external(self) -> str:
        """The keyword that comes next, behind its parenthesis, of something that can be imported and exported."""
        word = self.opened()
        if word not in _IMPORTABLE:
            self.unexpected_word("'(func', '(table', '(memory', '(global' or '(tag'", _IMPORTABLE)
        return word

    def _put_import(self, module: str, name: str, word: str) -> None:
        index = self._next(SPACES[word])
        desc: Any
        if word in ("func", "tag"):
            type, names, places = self.named_type_use()
            desc = type if word == "func" else {"attribute": 0, "type": type}
            kept = self._parameter_names(names, places)
            if kept:
                self.draft.import_names[index] = kept
        else:
            desc = {"table": self._table_type, "memory": self._memory_type, "global": self._global_type}[word]()
        self.draft.imports.append({"module": module, "name": name, "kind": SPACES[word].value, "desc": desc})

    def _parameter_names(self, names: list[str | None], places: list[int]) -> dict[int, str]:
        """Names of parameters by index; they are put in scope."""
        for name, place in zip(names, places, strict=True):
            shown = self.annotations.name(place + (name is not None), "local")
            if not self.scope.locals.add(name, shown):
                self.report(f"duplicate local ${name}", place)
        return dict(self.scope.locals.names)

    def _inline(self, word: str) -> bool:
        """Identifier, inline exports, inline import; True if it was an import, which is then read whole."""
        self.identifier()
        space = SPACES[word]
        while self.opens("export"):
            self.draft.export_tokens.append(self.at + 1)
            inner = self.open("export")
            self.draft.exports.append({"name": self.name(), "kind": SPACES[word].value, "index": self.counts[space]})
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
        found = Function(0, first=at, last=closing)
        self.draft.funcs.append(found)
        found.type, names, places = self.named_type_use()
        found.typed = True
        self._parameter_names(names, places)
        self._locals(found)
        found.code = self._code(closing)
        self._take_hints(at, closing, found)
        found.local_names = self.scope.locals.names
        found.label_names = self.scope.label_names

    def _take_hints(self, at: int, closing: int, func: Function) -> None:
        """Give a function its branch hints: indices of instructions, and the bytes for each."""
        hints = list(self.annotations.hints(at + 1, closing))
        if not hints:
            return
        index_of = {token: index for index, token in enumerate(func.code.tokens)}
        for hint in hints:
            index = index_of.get(hint.before + (self.kinds[hint.before] == OPEN))
            if index is None or func.code.instrs[index][0] not in HINTED:
                message = f"{HINT} annotation: invalid target; it stands before an 'if' or 'br_if'"
                self.problems.append(Problem(message, hint.start, hint.end))
            else:
                func.hints.append((index, self._hint(hint)))
        func.hints.sort()

    def _hint(self, hint: Annotation) -> bytes:
        inner = Cursor(hint.tokens)
        data = inner.string()
        if data not in HINT_VALUES:
            inner.fail(f'{HINT} annotation: expected "\\00" (unlikely) or "\\01" (likely)', 0)
        return data

    def _locals(self, found: Function) -> None:
        while self.opens("local"):
            inner = self.open("local")
            at = self.at
            name = self.identifier()
            shown = self.annotations.name(self.at, "local")
            if name is not None or shown is not None:
                if not self.scope.locals.add(name, shown):
                    self.report(f"duplicate local ${name}", at)
                found.locals.append(self.val_type())
            else:
                types = self.val_types()
                found.locals += types
                for _ in types:
                    self.scope.locals.add(None)
            self.until_close(inner)

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
        self.draft.tables.append({"type": TableType(element, Limits(len(items), len(items), address)), "init": None})
        offset = _constant(address, 0, at=inner)
        self._put_elem("active", index or None, offset, element if exprs else FUNCREF, items, exprs)

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
        word = self._external()
        inner = self.open(word)
        index = self.index(SPACES[word])
        self.until_close(inner)
        self.draft.exports.append({"name": name, "kind": SPACES[word].value, "index": index})
        self.draft.export_tokens.append(at + 1)

    def _start_field(self, at: int, closing: int) -> None:
        if self.draft.start is not None:
            self.fail("multiple start sections", at + 1)
        self.draft.start = self.index(Space.FUNC)
        self.draft.start_token = at + 1


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
FIELDS: Final = tuple(_READERS)
"""The keywords of all fields."""
