"""Constant expressions (specification 3.4.15): initialisers of globals and tables, offsets and items of segments."""

from __future__ import annotations

from typing import Final

from ..isa.effects import CONST
from ..isa.immediates import Space
from ..isa.leb import Buffer
from ..isa.table import BY_NAME
from ..isa.types import ValType
from ..kernels.checker import Checker
from ..kernels.decode import decode
from ..kernels.module_context import ModuleContext
from ..kernels.rules import RULES
from ..messages import constant_expression_required

_GLOBAL_GET: Final = BY_NAME["global.get"]


def validate_const(
    buf: Buffer, start: int, end: int, context: ModuleContext, wanted: ValType, known_globals: int | None = None
) -> None:
    """Check that ``buf[start:end]`` is a constant expression that leaves a ``wanted``.

    Only the first ``known_globals`` globals may be named (None: all). Raises InvalidError or MalformedError with the
    absolute offset.
    """
    checker = Checker(context, RULES, (), [wanted])
    if known_globals is not None:
        checker.globals = known_globals
    for offset, op, operands in decode(buf, start, end):
        checker.offset = offset
        if not op.effects & CONST:
            raise constant_expression_required(op.name, offset)
        checker.step(op, operands)
        if op is _GLOBAL_GET and context.globals[checker.known(Space.GLOBAL, operands[0])].mutable:
            raise constant_expression_required("the global is mutable", offset)
