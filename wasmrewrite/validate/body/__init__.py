"""Is a body valid (specification 3.4): ``check_body``, and ``side_table``, which also keeps what was found out.

The quick way (``fast``) accepts or refuses; the plain way (``plain``) decides, explains, and keeps what it found. Not
here: the module around the body (``validate``), constant expressions' limits (``validate.const_expr``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...errors import WasmError
from ...isa.leb import Buffer
from ...isa.types import ValType
from ...messages import too_much
from . import fast, plain
from .checker import Checker
from .context import ModuleContext, Signature
from .rules import RULES
from .side_table import SideTable
from .types import has_default

MAX_LOCALS: Final = 50_000
"""Parameters and locals of one function; the limit that engines agreed on."""

Runs = Sequence[tuple[int, ValType]]
"""Locals, run-length coded; types may hold type indices or ``TypeDef``s."""


def check_body(buf: Buffer, start: int, end: int, context: ModuleContext, signature: Signature, runs: Runs) -> None:
    """Validate the expression ``buf[start:end]`` of a function of type ``signature`` with the locals ``runs``.

    Raises InvalidError or, if the bytes are no expression, MalformedError, with an absolute offset; LimitError for more
    locals or operands than any engine takes.
    """
    if not _is_accepted(buf, start, end, _checker(start, context, signature, runs)):
        plain.check(buf, start, end, _checker(start, context, signature, runs))


def side_table(
    buf: Buffer, start: int, end: int, context: ModuleContext, signature: Signature, runs: Runs
) -> SideTable:
    """Validate as ``check_body`` does, and keep what was found out."""
    return plain.check(buf, start, end, _checker(start, context, signature, runs)).table(buf, end)


def _checker(start: int, context: ModuleContext, signature: Signature, runs: Runs) -> Checker:
    params, results = signature
    if len(params) + sum(count for count, _ in runs) > MAX_LOCALS:
        raise too_much("locals", MAX_LOCALS, start)
    local_types = list(params)
    for count, each in runs:
        local_types += [context.value_type(each, start)] * count
    return Checker(context, RULES, local_types, results, len(params))


def _is_accepted(buf: Buffer, start: int, end: int, checker: Checker) -> bool:
    """Whether the quick way accepts a body; which locals have a value is nothing that it knows."""
    if not all(map(has_default, checker.locals[checker.params :])):
        return False
    try:
        return fast.accepts(buf, start, end, checker)
    except (WasmError, IndexError):  # an operand may reach beyond the buffer
        return False
