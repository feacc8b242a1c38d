"""Constant expressions (specification 3.4.1): evaluated with the same meanings as code. Not here: their validation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..errors import LimitError
from ..flat.compile import LITERALS
from ..meanings import BINARY
from ..model import Expr, Instr
from ..runtime.instances import ModuleInst
from .bind import constant


def evaluate(expr: Expr, module: ModuleInst) -> Any:
    """The value as the machine holds it. Raises ``LimitError`` for an instruction that is not executed here."""
    stack: list[Any] = []
    for instr in expr.instrs:
        _step(instr, stack, module)
    return stack[-1]


def _step(instr: Instr, stack: list[Any], module: ModuleInst) -> None:
    binary = BINARY.get(instr.op.name)
    if binary is not None:
        second, first = stack.pop(), stack.pop()
        stack.append(binary(first, second))
        return
    bits = LITERALS.get(instr.op.operands[0]) if instr.op.operands else None
    push = _PUSHES.get(instr.op.name)
    if push is not None:
        stack.append(push(module, *instr.args))
    elif bits is not None:
        stack.append(constant(instr.op.code, int(instr.args[0]) & (1 << bits) - 1))
    else:
        raise LimitError(f"the interpreter does not execute {instr.op.mnemonic}")


_PUSHES: Final[dict[str, Callable[..., Any]]] = {
    "global.get": lambda module, item: module.globals[item.index0].raw,
    "ref.func": lambda module, item: module.funcs[item.index0],
    "ref.null": lambda _module, _heap: None,
}
