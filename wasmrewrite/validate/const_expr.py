"""Constant expressions (specification 3.4.15): initialisers of globals and tables, offsets and items of segments."""

from __future__ import annotations

from typing import Final

from ..isa.effects import CONST
from ..isa.immediates import Space
from ..isa.leb import Buffer
from ..isa.structure import END
from ..isa.table import BY_NAME
from ..kernels.decode import decode
from ..messages import constant_expression_required
from .body.checker import Checker
from .body.context import ModuleContext
from .body.rules import RULES
from .body.types import I32, I64

_GLOBAL_GET: Final = BY_NAME["global.get"]
_CONSTANTS: Final = {
    BY_NAME[name].code: (BY_NAME[name].operands[0].read, value)
    for name, value in (("i32.const", I32), ("i64.const", I64))
}


def _is_one_constant(buf: Buffer, start: int, end: int, wanted: int) -> bool:
    """Whether there is one integer of type ``wanted`` and nothing else: offsets of segments, by the ten thousand."""
    read, value = _CONSTANTS.get(buf[start], (None, None))
    if read is None or value != wanted:
        return False
    _, after = read(buf, start + 1, end)
    return bool(after == end - 1 and buf[after] == END.code)


def validate_const(
    buf: Buffer, start: int, end: int, context: ModuleContext, wanted: int, known_globals: int | None = None
) -> None:
    """Check that ``buf[start:end]`` is a constant expression that leaves a ``wanted``, a code of ``body.types``.

    Only the first ``known_globals`` globals may be named (None: all). Raises InvalidError or MalformedError with the
    absolute offset.
    """
    if start < end and _is_one_constant(buf, start, end, wanted):
        return
    checker = Checker(context, RULES, (), [wanted])
    if known_globals is not None:
        checker.globals = known_globals
    for offset, op, operands in decode(buf, start, end):
        checker.offset = offset
        if not op.effects & CONST:
            raise constant_expression_required(op.name, offset)
        checker.step(op, operands)
        if op is _GLOBAL_GET and context.mutable[checker.known(Space.GLOBAL, operands[0])]:
            raise constant_expression_required("the global is mutable", offset)
