"""Functions that a start function is made of: one that calls the earlier start function, then another with constants.

Builds them and recognizes them by their exact shape, so that what has been done once is not done again. Not here:
setting the start function (``editor``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import InvalidError, MalformedError
from ..isa.types import FuncType, func_type
from ..model import Body, Func, Instr, Module
from .builder import Code

_LARGEST: Final = 1 << 16
"""Bytes of code beyond which a function is not one of these: parameters are a thousand at most."""
_CONSTANTS: Final = frozenset({"i32.const", "i64.const", "f32.const", "f64.const", "v128.const", "ref.null"})


@dataclass(frozen=True, slots=True)
class Step:
    """One call at instantiation: ``func`` with the constants ``values``, after the start function ``earlier``."""

    func: Func
    values: tuple[Instr, ...] = ()
    earlier: Func | None = None

    def code(self) -> Code:
        """The body of a start function that does this; results are dropped."""
        code = Code(())
        if self.earlier is not None:
            code.add("call", self.earlier)
        code.instrs += self.values
        code.add("call", self.func)
        for _ in func_type(self.func.type).results:
            code.add("drop")
        return code

    @property
    def plain(self) -> bool:
        """True if the function can be the start function as it is."""
        return self.earlier is None and func_type(self.func.type) == FuncType()


def steps(module: Module) -> Iterator[Step]:
    """What the start function does, last first: itself, and what it calls if its code is exactly that of a step.

    Whether a pass or a person wrote such code makes no difference to what it does.
    """
    func, seen = module.start, set[Func]()
    while func is not None and func not in seen:
        seen.add(func)
        yield Step(func)
        step = _step(module, func)
        if step is not None:
            yield step
        func = None if step is None else step.earlier


def _step(module: Module, func: Func) -> Step | None:
    """What ``func`` does if its code is exactly that of a ``Step`` which needs code."""
    instrs = _instrs(func)
    calls = [_target(module, each) for each in instrs if each.op.name == "call"]
    if not calls or len(calls) > 2:
        return None
    earlier = calls[0] if len(calls) == 2 else None
    values = tuple(each for each in instrs if each.op.name in _CONSTANTS)
    step = Step(calls[-1], values, earlier)
    meant = [Instr(each.op, (_target(module, each),)) if each.op.name == "call" else each for each in instrs]
    if earlier is not None and func_type(earlier.type) != FuncType():
        return None
    return None if step.plain or meant != step.code().instrs else step


def _instrs(func: Func) -> Sequence[Instr]:
    """The code of a function that is small, has no locals and can be read; else none."""
    body = func.origin
    if not isinstance(body, Body) or func_type(func.type) != FuncType():
        return ()
    if body.span is not None and body.span[1] - body.span[0] > _LARGEST:
        return ()
    try:
        return () if body.locals else body.expr.instrs
    except (MalformedError, InvalidError):  # then it is nobody's step, and validation says what is wrong with it
        return ()


def _target(module: Module, call: Instr) -> Func:
    """The function that a call means now: old code says what it meant before uses were redirected."""
    found: Func = module.edits.target(call.args[0])
    return found
