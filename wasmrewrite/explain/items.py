"""The items of a module by index, and their types as words and as plain data. Data hold names as they are."""

from __future__ import annotations

from typing import Any, Final

from ..isa.immediates import Space
from ..isa.types import (
    I64,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    RefType,
    TableType,
    TypeDef,
    ValType,
    func_type,
)
from ..model import Func, Global, Item, Memory, Module, Table, Tag

KINDS: Final = {
    Space.FUNC: "func",
    Space.TABLE: "table",
    Space.MEMORY: "memory",
    Space.GLOBAL: "global",
    Space.TAG: "tag",
}
"""The specification's word for what can be imported and exported."""


class Indices:
    """The indices of a module's items, reckoned once per space."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._known: dict[str, dict[Any, int]] = {}

    def of(self, item: Item | TypeDef) -> int:
        """The index of an item of this module."""
        part = "types" if isinstance(item, TypeDef) else _PARTS[item.space]
        if part not in self._known:
            self._known[part] = {each: index for index, each in enumerate(getattr(self._module, part))}
        return self._known[part][item]

    def valtype(self, value: ValType) -> str:
        """A value type; defined types by index."""
        if isinstance(value, RefType) and isinstance(value.heap, TypeDef):
            null = "null " if value.nullable else ""
            return f"(ref {null}{self.of(value.heap)})"
        return str(value)

    def functype(self, of: FuncType) -> str:
        """A function type, as in ``[i32 i32] -> [i64]``."""
        params, results = (" ".join(map(self.valtype, types)) for types in (of.params, of.results))
        return f"[{params}] -> [{results}]"

    def type_of(self, item: Item) -> str:
        """The type of an item, in the specification's syntax where that explains itself."""
        if isinstance(item, Func | Tag):
            return self.functype(func_type(item.type))
        if isinstance(item, Global):
            value = self.valtype(item.type.value)
            return f"(mut {value})" if item.type.mutable else value
        if isinstance(item, Table):
            return f"{item.type.limits} {self.valtype(item.type.element)}"
        return _pages(item.type.limits) if isinstance(item, Memory) else ""

    def type_data(self, item: Item) -> dict[str, Any]:
        """The type of an item as plain data. Limits are strings: they can have 64 bits."""
        if isinstance(item, Func | Tag):
            of = func_type(item.type)
            return {"params": list(map(self.valtype, of.params)), "results": list(map(self.valtype, of.results))}
        if isinstance(item, Global):
            return self._global(item.type)
        if isinstance(item, Table):
            return self._table(item.type)
        return _memory(item.type) if isinstance(item, Memory) else {}

    def _global(self, of: GlobalType) -> dict[str, Any]:
        return {"value": self.valtype(of.value), "mutable": of.mutable}

    def _table(self, of: TableType) -> dict[str, Any]:
        return {"element": self.valtype(of.element), **_limits(of.limits)}


_PARTS: Final = {
    Space.FUNC: "funcs",
    Space.TABLE: "tables",
    Space.MEMORY: "memories",
    Space.GLOBAL: "globals",
    Space.TAG: "tags",
}


def _pages(of: Limits) -> str:
    """Such as ``1 to 16 pages, i64, shared``."""
    most = "" if of.maximum is None else f" to {of.maximum}"
    words = [f"{of.minimum}{most} {'page' if of.minimum == 1 and not most else 'pages'}"]
    words += ["i64"] if of.address is I64 else []
    return ", ".join(words + ["shared"] * of.shared)


def _memory(of: MemoryType) -> dict[str, Any]:
    return _limits(of.limits)


def _limits(of: Limits) -> dict[str, Any]:
    return {
        "minimum": str(int(of.minimum)),
        "maximum": None if of.maximum is None else str(int(of.maximum)),
        "address": str(of.address),
        "shared": of.shared,
    }
