"""New function bodies, one instruction after the other. Not here: adding functions to a module (``editor``)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from ..arguments import expect
from ..isa.types import NumType, RefType, ValType
from ..model import Body, Func, Instr, instr


class Code:
    """A body under construction for a function with ``params``; parameters are the first locals."""

    def __init__(self, params: Sequence[ValType]) -> None:
        self.params = tuple(params)
        self.locals: list[ValType] = []
        self.instrs: list[Instr] = []

    def local(self, type: ValType) -> int:
        """A new local variable; the index for ``local.get`` and ``local.set``."""
        expect(type, (NumType, RefType), "a value type")
        self.locals.append(type)
        return len(self.params) + len(self.locals) - 1

    def add(self, mnemonic: str, *args: Any) -> Code:
        """Append an instruction; operands that name something of the module are the item itself."""
        self.instrs.append(instr(mnemonic, *args))
        return self

    def call(self, func: Func, args: Sequence[int]) -> Code:
        """Append a call with the values of local variables."""
        for each in args:
            self.add("local.get", each)
        return self.add("call", func)

    @property
    def local_runs(self) -> tuple[tuple[int, ValType], ...]:
        """Local variables as the code section counts them; equal neighbours share an entry."""
        return tuple((len(list(run)), type) for type, run in groupby(self.locals))

    def is_body_of(self, func: Func) -> bool:
        """True if a defined function has exactly these local variables and instructions."""
        body = func.origin
        return (
            isinstance(body, Body) and tuple(body.locals) == self.local_runs and list(body.expr.instrs) == self.instrs
        )
