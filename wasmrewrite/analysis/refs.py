"""Who mentions an item: exports, start, segments, initialisers, code. Only operands asked for are decoded.

Not here: changing references (``rewrite.Editor``), the call graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..arguments import expect
from ..kernels.scan import find_operands
from ..model import Body, Expr, Global, Instr, Item, Memory, Module, Table
from ..model.operands import items_in


@dataclass(frozen=True, slots=True)
class Use:
    """One mention: ``where`` in words a person understands, ``offset`` absolute in the input where it has one."""

    where: str
    offset: int | None = None

    def __str__(self) -> str:
        return self.where if self.offset is None else f"{self.where} (at 0x{self.offset:x})"


class References:
    """Answers for one module as it stands; asks of its items are not remembered."""

    def __init__(self, module: Module) -> None:
        expect(module, Module, "a Module", "Module.from_bytes reads one")
        self.module = module

    def first(self, item: Item) -> Use | None:
        """Some use of ``item``, or None if nothing mentions it."""
        return next(self.uses(item), None)

    def uses(self, item: Item) -> Iterator[Use]:
        """Every use of ``item``, cheapest to find first."""
        yield from self._outside_code(item)
        # Old bytes know nothing of what was added since, unless uses of something else were redirected to it.
        frozen = item.index0 is not None or item in self.module.edits.redirected.values()
        for where, expr in self._expressions():
            if frozen or expr.span is None:
                yield from self._in_expr(item, expr, where)

    def _expressions(self) -> Iterator[tuple[str, Expr]]:
        yield from self._initialisers()
        for index, func in enumerate(self.module.funcs):
            if isinstance(func.origin, Body):
                yield f"function {index}", func.origin.expr

    def _outside_code(self, item: Item) -> Iterator[Use]:
        module = self.module
        for export in module.exports:
            if export.item is item:
                yield Use(f"export {export.name!r}")
        if module.start is item:
            yield Use("the start function")
        for index, elem in enumerate(module.elems):
            listed = [self._meant(elem, each) for each in elem.items if isinstance(each, Item)]
            if elem.table is item or any(each is item for each in listed):
                yield Use(f"elem segment {index}")
        for index, data in enumerate(module.datas):
            if data.memory is item:
                yield Use(f"data segment {index}")

    def _meant(self, elem: Item, item: Item) -> Item:
        """Segments read from the file follow redirections; those added since say what they mean."""
        meant: Item = item if elem.index0 is None else self.module.edits.target(item)
        return meant

    def _initialisers(self) -> Iterator[tuple[str, Expr]]:
        module = self.module
        defined: tuple[Global | Table, ...] = (*module.globals, *module.tables)
        for item in defined:
            if isinstance(item.origin, Expr):
                yield f"the initial value of {item!r}", item.origin
        for index, elem in enumerate(module.elems):
            where = f"elem segment {index}"
            yield from ((where, each) for each in (elem.offset, *elem.items) if isinstance(each, Expr))
        for index, data in enumerate(module.datas):
            if data.offset is not None:
                yield f"data segment {index}", data.offset

    def _in_expr(self, item: Item, expr: Expr, where: str) -> Iterator[Use]:
        if expr.span is None:
            default = self.module.memories[0] if self.module.memories else None
            yield from (Use(where) for instr in expr if mentions(instr, item, default))
            return
        frozen = self.module.source.frozen(item.space)
        found = find_operands(self.module.source.data, *expr.span, frozenset({item.space}))
        for _, offset, _, index, _ in found:
            if index < len(frozen) and self.module.edits.target(frozen[index]) is item:
                yield Use(where, offset)


def mentions(instr: Instr, item: Item, memory: Memory | None = None) -> bool:
    """Whether an operand of ``instr`` names ``item``. ``memory`` is what a memory operand without one means."""
    return any(item is (memory if named is None else named) for _, named in items_in(instr))
