"""Type definitions (specification 6.4): ``(type ...)`` and ``(rec ...)``, and counting what has an index.

Not here: type uses (``words``), other fields (``fields``).
"""

from __future__ import annotations

from typing import Final

from ..isa.immediates import Space
from ..isa.types import PACKED, ArrayType, CompositeType, FieldType, FuncType, StorageType, StructType
from .body import Body
from .cursor import KEYWORD
from .draft import Draft
from .lexer import Tokens
from .problem import Syntax
from .symbols import KEYWORDS, Defined, Group, Names, Symbols

_COMPOSITES: Final = ("func", "struct", "array")


class Definitions(Body):
    """Reads type definitions."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens, Symbols())
        self.draft = Draft(self.symbols)
        self.counts = dict.fromkeys(Space, 0)

    def _add_name(self, space: Space) -> None:
        at = self.at
        self.draft.tokens[space].append(at - 1)
        name = self.identifier()
        shown = self.annotations.name(self.at, KEYWORDS[space])
        if not self.symbols[space].add(name, shown):
            self.report(f"duplicate {KEYWORDS[space]} ${name}", at)

    def _next(self, space: Space) -> int:
        self.counts[space] += 1
        return self.counts[space] - 1

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
        if word not in _COMPOSITES:
            self.unexpected_word("'(func', '(struct' or '(array'", (*_COMPOSITES, "sub"))
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
            at = self.at
            name = self.identifier()
            shown = self.annotations.name(self.at, "field")
            if name is not None or shown is not None:
                if not names.add(name, shown):
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
