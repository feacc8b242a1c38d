"""Calling one export as its interface declares it: arguments from text, results with the signs and fields they have.

A result that the module still returns through a pointer is read from there. Not here: the command (``run``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import click

from ..contract import Declaration, Scalar
from ..equiv.by_value.layouts import Layout
from ..equiv.by_value.results import fields_of, memory_index
from ..errors import ConfigError
from ..escape import quoted
from ..isa.types import FuncType, NumType, ValType
from ..model import Module
from ..runtime.engine import Function, GlobalVariable, Instance
from ..runtime.shown import Shown
from ..runtime.values import Value
from .typed import parse

_FRAME_ALIGN: Final = 16
_TWO_WORDS: Final = ("u128", "i128")


@dataclass(frozen=True, slots=True)
class Result:
    """One scalar of a result; ``path`` says which field it is, None where there are no fields."""

    shown: Shown
    path: str | None = None

    def text(self) -> str:
        """For people."""
        return self.shown.text() if self.path is None else f"{self.path}: {self.shown.text()}"


@dataclass(frozen=True, slots=True)
class Call:
    """An exported function and what is declared of it; ``stack_pointer`` is needed for a return pointer only."""

    instance: Instance
    module: Module
    name: str
    func: Function
    declaration: Declaration | None = None
    stack_pointer: GlobalVariable | None = None

    @property
    def type(self) -> FuncType:
        """The signature the module has."""
        return self.func.type

    @property
    def layout(self) -> Layout | None:
        """Where the declared fields lie; None if the result is no more than one value."""
        declared = self.declaration
        if declared is None or declared.result is None or not declared.by_value:
            return None
        return fields_of(declared, self.type, self.module)

    @property
    def through_pointer(self) -> bool:
        """Whether the declared result still comes through a pointer."""
        return self.layout is not None and not self.type.results

    def run(self, texts: Sequence[str]) -> list[Result]:
        """Call it. Raises ``click.UsageError`` for arguments that do not fit, ``ConfigError``, ``Trap``."""
        shape = self.layout
        if shape is not None and self.declaration is not None and self.through_pointer:
            return self._run_through_pointer(texts, shape, self.declaration)
        values = self.func.invoke(self.arguments(texts, self.type.params))
        if shape is None:
            declared = _scalar(self.declaration.result) if self.declaration is not None else None
            return _plain(self.type.results, values, declared)
        return _fields(shape, values)

    def _run_through_pointer(self, texts: Sequence[str], shape: Layout, declared: Declaration) -> list[Result]:
        """As a caller compiled by rustc does it: room on the stack, its address as one more argument."""
        at, params = declared.pointer, self.type.params
        if self.stack_pointer is None:
            raise ConfigError(f"{self.name!r} returns through a pointer, and the module has no stack to make room on")
        arguments = self.arguments(texts, params[:at] + params[at + 1 :])
        before = self.stack_pointer.bits
        frame = (before - shape.size) & -max(_FRAME_ALIGN, shape.align)
        memory = self.instance.memories[memory_index(declared, self.module)]
        memory.write(frame, bytes(shape.size))
        self.stack_pointer.bits = frame
        self.func.invoke([*arguments[:at], frame, *arguments[at:]])
        self.stack_pointer.bits = before
        return _fields(shape, shape.read(memory.read(frame, shape.size)))

    def arguments(self, texts: Sequence[str], params: Sequence[ValType]) -> list[Value]:
        """Values for ``params``. Raises ``click.UsageError``."""
        declared = self._declared(params)
        if len(texts) != len(declared):
            wanted = ", ".join(str(scalar or types[0]) for scalar, types in declared) or "none"
            takes = f"{quoted(self.name)} takes {len(declared)} argument(s) ({wanted})"
            raise click.UsageError(f"{takes}, not {len(texts)}")
        values: list[Value] = []
        for text, (scalar, types) in zip(texts, declared, strict=True):
            values += _two_words(text, scalar) if scalar in _TWO_WORDS else [parse(text, types[0], scalar)]
        return values

    def _declared(self, params: Sequence[ValType]) -> list[tuple[str | None, Sequence[ValType]]]:
        """What each argument is declared as, and the parameters that it takes."""
        if self.declaration is None or self.declaration.params is None:
            return [(None, (param,)) for param in params]
        found: list[tuple[str | None, Sequence[ValType]]] = []
        at = 0
        for declared in self.declaration.params:
            scalar = _scalar(declared)
            width = 2 if scalar in _TWO_WORDS else 1
            found.append((scalar, params[at : at + width]))
            at += width
        if at != len(params) or any(not types for _, types in found):
            raise ConfigError(f"the interface declares other parameters of {self.name!r} than {self.type}")
        return found


def _scalar(declared: object) -> str | None:
    return declared.name if isinstance(declared, Scalar) else None


def _two_words(text: str, scalar: str | None) -> list[Value]:
    word = text.removeprefix(f"{scalar}:")
    try:
        number = int(word if word.isascii() else "", 0)
    except ValueError:  # of digits of other scripts, too
        raise click.UsageError(f"{text!r} is no integer") from None
    low, high = (0, 1 << 128) if scalar == "u128" else (-(1 << 127), 1 << 127)
    if not low <= number < high:
        raise click.UsageError(f"{text!r} is out of range of {scalar}")
    return [number & (1 << 64) - 1, number >> 64 & (1 << 64) - 1]


def _plain(types: Sequence[ValType], values: Sequence[Value], declared: str | None) -> list[Result]:
    alone = declared if len(types) == 1 else None
    return [Result(Shown(of, value, alone)) for of, value in zip(types, values, strict=True)]


def _fields(shape: Layout, values: Sequence[Value]) -> list[Result]:
    found: list[Result] = []
    at = 0
    for leaf in shape.leaves:
        halves = ("low half of ", "high half of ") if len(leaf.types) == 2 else ("",)
        for half, of in zip(halves, leaf.types, strict=True):
            declared = None if half or not isinstance(of, NumType) else leaf.scalar
            found.append(Result(Shown(of, values[at], declared), half + leaf.path))
            at += 1
    return found
