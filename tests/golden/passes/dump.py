"""A rewritten module in a form that shows what a pass did: items by index, new and changed bodies as mnemonics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wasmrewrite.contract import contract_to_json
from wasmrewrite.isa.immediates import Space
from wasmrewrite.isa.types import TypeDef
from wasmrewrite.model import Body, Expr, Instr, Item, Module
from wasmrewrite.rewrite import Result


def dump(before: bytes, result: Result) -> list[str]:
    """Lines for ``result``, the rewritten form of ``before``."""
    old, new = Module.from_bytes(before), Module.from_bytes(result.data)
    lines = [f"note: {note}" for note in result.notes]
    lines += [f"claim: {line}" for line in claims(result)]
    return [*lines, *_Dump(new, old).lines()] if result.changed else [*lines, "unchanged"]


def claims(result: Result) -> Iterator[str]:
    """What the contract says, a line for each claim; index maps that keep every index are left out."""
    found = contract_to_json(result.contract)
    for each in found["maps"]:
        if any(old != new for old, new, _ in each["runs"]) or len(each["runs"]) > 1:
            yield f"{each['space']} runs {each['runs']}"
    for each in found["redirected"]:
        yield f"uses of {each['space']} {each['old']} mean {each['new']}"
    for each in found["claims"]:
        yield " ".join(str(value) if key == "claim" else f"{key}={value}" for key, value in each.items())
    if found["stack_pointer"] is not None:
        yield f"stack pointer {found['stack_pointer']}"


class _Dump:
    def __init__(self, module: Module, old: Module) -> None:
        self.module = module
        self.old = old

    def lines(self) -> Iterator[str]:
        for index, typedef in enumerate(self.module.types):
            yield f"type {index}: {typedef.composite}"
        for item in self.module.imports:
            yield f"import {getattr(item, 'origin', '')}: {self.ref(item)}{self.type_of(item)}"
        for index, func in enumerate(self.module.funcs):
            if isinstance(func.origin, Body) and not self.same_body(index, func.origin):
                yield from self.body(index, func.origin)
        for index, elem in enumerate(self.module.elems):
            yield f"elem {index}: {' '.join(self.operand(each) for each in elem.items)}"
        for export in self.module.exports:
            yield f"export {export.name!r}: {self.ref(export.item)}{self.type_of(export.item)}"
        if self.module.start is not None:
            yield f"start: {self.ref(self.module.start)}"
        for custom in self.module.customs:
            yield f"custom {custom.name!r}: {custom.data.hex()}"

    def same_body(self, index: int, body: Body) -> bool:
        """Whether the function has the very bytes it had at this index."""
        if index >= len(self.old.funcs):
            return False
        was = self.old.funcs[index].origin
        return isinstance(was, Body) and raw(self.old, was) == raw(self.module, body)

    def body(self, index: int, body: Body) -> Iterator[str]:
        func = self.module.funcs[index]
        name = "" if func.name is None else f" {func.name!r}"
        local_runs = "".join(f" {count}*{type}" for count, type in body.locals)
        yield f"func {index}{name}{self.type_of(func)}{' locals' + local_runs if local_runs else ''}"
        yield from (f"  {self.instr(each)}" for each in body.expr)

    def type_of(self, item: Item) -> str:
        return f" {item.type.composite}" if isinstance(getattr(item, "type", None), TypeDef) else ""  # type: ignore[attr-defined]

    def ref(self, item: Any) -> str:
        space = Space.TYPE if isinstance(item, TypeDef) else item.space
        index = self.module.types.index(item) if isinstance(item, TypeDef) else item.index0
        return f"{space.value} {index}"

    def instr(self, instr: Instr) -> str:
        return " ".join([instr.op.name, *(self.operand(arg) for arg in instr.args)])

    def operand(self, arg: Any) -> str:
        if isinstance(arg, Item | TypeDef):
            return self.ref(arg)
        if isinstance(arg, Expr):
            return "(" + " ".join(self.instr(each) for each in arg) + ")"
        if isinstance(arg, tuple):
            names = getattr(arg, "_fields", ("",) * len(arg))
            parts = [
                f"{name}={self.operand(each)}" if name else self.operand(each)
                for name, each in zip(names, arg, strict=True)
            ]
            return f"({' '.join(parts)})"
        return str(arg)


def raw(module: Module, body: Body) -> bytes:
    """The bytes of a code entry."""
    assert body.span is not None
    return module.source.data[body.span[0] : body.span[1]]
