"""One module as the judge reads it: items by index, types up to equality, bodies as raw instructions; valid throughout.

Two views that are compared share one store of type keys, so that equal types are the same object on both sides. Not
here: any opinion about differences (``comparison``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from ...codec import Section, frame
from ...interp import Program
from ...isa.immediates import Space
from ...isa.types import FuncType, RefType, Store, TypeDef, TypeKey, ValType, canonical_keys, func_type
from ...kernels.decode import RawInstr, decode
from ...model.instr import Expr
from ...model.items import Body, Func, Item
from ...model.module import Module

_PARTS: Final = {
    Space.TYPE: "types",
    Space.FUNC: "funcs",
    Space.TABLE: "tables",
    Space.MEMORY: "memories",
    Space.GLOBAL: "globals",
    Space.TAG: "tags",
    Space.ELEM: "elems",
    Space.DATA: "datas",
}
START_SECTION: Final = 8
LINKAGE: Final = (Space.FUNC, Space.TABLE, Space.MEMORY, Space.GLOBAL, Space.TAG)
"""The spaces whose items can be imported and exported."""


class View:
    """A valid module's bytes, read on demand. Raises ``MalformedError`` or ``InvalidError``."""

    def __init__(self, data: bytes, store: Store) -> None:
        self.data = bytes(data)
        self.program = Program(self.data)
        self.module: Module = self.program.module
        self._keys = canonical_keys({typedef.group: None for typedef in self.module.types}, store)

    @property
    def sections(self) -> Sequence[Section]:
        """The frame."""
        return frame(self.data)

    def items(self, space: Space) -> Sequence[Any]:
        """The items of an index space."""
        part: Sequence[Any] = getattr(self.module, _PARTS[space])
        return part

    def counts(self) -> dict[Space, int]:
        """How many items each index space has."""
        return {space: len(self.items(space)) for space in _PARTS}

    def key(self, typedef: TypeDef) -> TypeKey:
        """What is equal for equal types."""
        return self._keys[typedef]

    def type_key(self, index: int) -> TypeKey:
        """The key of a type by index."""
        return self._keys[self.module.types[index]]

    def val_type(self, value: ValType) -> object:
        """A value type in a form that compares across modules."""
        if not isinstance(value, RefType):
            return value
        if isinstance(value.heap, TypeDef):
            return value.nullable, self._keys[value.heap]
        return value.nullable, self.type_key(value.heap) if isinstance(value.heap, int) else value.heap

    def func(self, index: int) -> Func:
        """A function."""
        return self.module.funcs[index]

    def func_type(self, index: int) -> FuncType:
        """The type of a function."""
        return func_type(self.module.funcs[index].type)

    def func_name(self, index: int) -> str:
        """How to call a function in a report: index, and a name if there is one."""
        name = self.module.funcs[index].name
        return f"function {index}" if name is None else f"function {index} ({name})"

    def span(self, index: int) -> tuple[int, int]:
        """Where a function's body lies, (0, 0) for an import."""
        origin = self.module.funcs[index].origin
        return (origin.span if isinstance(origin, Body) else None) or (0, 0)

    def raw(self, span: tuple[int, int]) -> bytes:
        """Bytes of the file."""
        return self.data[span[0] : span[1]]

    def code(self, index: int) -> list[RawInstr]:
        """The instructions of a function, the final ``end`` included; empty for an import."""
        origin = self.module.funcs[index].origin
        return self.expr(origin.expr) if isinstance(origin, Body) else []

    def expr(self, expr: Expr | None) -> list[RawInstr]:
        """The instructions of an expression, the final ``end`` included."""
        return [] if expr is None or expr.span is None else decode(self.data, *expr.span)

    def locals(self, index: int) -> list[tuple[int, object]]:
        """The declared locals of a function as runs of different types, in comparable form."""
        origin = self.module.funcs[index].origin
        runs: list[tuple[int, object]] = []
        for count, value in origin.locals if isinstance(origin, Body) else ():
            comparable = self.val_type(value)
            if runs and runs[-1][1] == comparable:
                runs[-1] = (runs[-1][0] + count, comparable)
            elif count:
                runs.append((count, comparable))
        return runs

    def export_names(self) -> dict[str, tuple[Space, int]]:
        """Exports: name to index space and index."""
        return {export.name: (export.item.space, place(export.item)) for export in self.module.exports}

    def custom_sections(self) -> Counter[str]:
        """How many custom sections there are of each name."""
        return Counter(custom.name for custom in self.module.customs)


def place(item: Item | None) -> int:
    """The index of an item that was read from bytes; -1 for none."""
    return -1 if item is None or item.index0 is None else item.index0


def without_start(data: bytes) -> bytes:
    """The module without its start section; everything else as it was."""
    found = [section for section in frame(data) if section.id == START_SECTION]
    return data[: found[0].header] + data[found[0].end :] if found else data
