"""Changing one thing in a module's bytes and nothing else: one body, one section, one export.

The rewriter's editor is not used: it would put everything else right again, which is what wrong rewrites must not do.
Not here: what to change (``in_code``, ``in_sections``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from tests.helpers.binary import PREAMBLE, custom, leb, section
from wasmrewrite.codec import frame
from wasmrewrite.isa.op import Op
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.kernels.decode import decode
from wasmrewrite.kernels.encode import encode
from wasmrewrite.model import Body, Module
from wasmrewrite.model.layout import SECTIONS

Line: TypeAlias = tuple[Op, tuple[Any, ...]]
"""An instruction with operands as the bytes have them."""
Code: TypeAlias = list[Line]

CODE = 10
CUSTOM = 0
NUMBER = {name: number for number, name in SECTIONS.items()}


def line(name: str, *operands: Any) -> Line:
    """An instruction by name."""
    return BY_NAME[name], operands


class Patient:
    """A module to be changed in one place."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.module = Module.from_bytes(data)
        self.sections = [(each.id, each.name, data[each.start : each.end]) for each in frame(data)]

    def code(self, index: int) -> Code:
        """The instructions of a defined function, the last ``end`` included."""
        body = self.module.funcs[index].origin
        assert isinstance(body, Body)
        assert body.expr.span is not None
        return [(op, operands) for _, op, operands in decode(self.data, *body.expr.span)]

    def with_code(self, index: int, code: Sequence[Line], more_locals: Sequence[bytes] = ()) -> bytes:
        """The module with other instructions in one function."""
        bodies = []
        for number, func in enumerate(self.module.funcs):
            body = func.origin
            if not isinstance(body, Body):
                continue
            assert body.span is not None
            assert body.expr.span is not None
            contents = self.data[slice(*body.span)]
            if number == index:
                contents = self.data[body.span[0] : body.expr.span[0]] + encode(list(code))
            bodies.append(leb(len(contents)) + contents)
        return self.with_section(CODE, leb(len(bodies)) + b"".join(bodies))

    def with_section(self, number: int, contents: bytes | None) -> bytes:
        """The module with other contents in one section, or without it."""
        return self.joined(
            (each[0], each[1], contents if each[0] == number else each[2])
            for each in self.sections
            if each[0] != number or contents is not None
        )

    def edited(self, edit: Callable[[Module], object], *names: str) -> bytes:
        """The module with sections ``names`` as they are written after an edit of its items; no other section changes."""
        module = Module.from_bytes(self.data)
        edit(module)
        module.edits.touched.update(names)
        numbers = {NUMBER[name] for name in names}
        new = {each[0]: each for each in Patient(module.to_bytes()).sections if each[0] in numbers}
        old = {each[0] for each in self.sections}
        order = list(NUMBER.values())
        sections = [new.get(each[0], each) for each in self.sections if each[0] not in numbers or each[0] in new]
        for number in (number for number in new if number not in old):
            place = next((at for at, each in enumerate(sections) if each[0] and order.index(each[0]) > order.index(number)), None)
            sections.insert(len(sections) if place is None else place, new[number])
        return self.joined(sections)

    def with_customs(self, change: Callable[[list[tuple[int, str | None, bytes]]], object]) -> bytes:
        """The module with its list of sections changed in place: (number, name, contents after the header)."""
        sections = list(self.sections)
        change(sections)
        return self.joined(sections)

    @staticmethod
    def joined(sections: Any) -> bytes:
        """Sections to a module."""
        return PREAMBLE + b"".join(_whole(*each) for each in sections)


def _whole(number: int, name: str | None, contents: bytes) -> bytes:
    return custom(name or "", contents) if number == CUSTOM else section(number, contents)
