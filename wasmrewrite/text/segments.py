"""Element and data segments, and the expressions they hold (specification 6.6.9, 6.6.10).

Not here: segments inside a table or memory (``fields`` takes them apart).
"""

from __future__ import annotations

from typing import Any

from ..isa.immediates import Space
from ..isa.types import FUNCREF, RefType
from .cursor import OPEN, STRING
from .definitions import Definitions
from .draft import Code
from .symbols import Scope


class Segments(Definitions):
    """Reads segments."""

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
        self._elem_list("active", table if explicit else None, offset, closing, bare=True)

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
        if mode == "active" and (table is not None or (exprs and type != FUNCREF)):
            flags |= 2
        self.draft.elems.append(
            {
                "flags": flags, "mode": mode, "table": table or 0 if flags & 3 == 2 else None, "offset": offset,
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
