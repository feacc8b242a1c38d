"""Which form of exception handling a module uses, if any. Not here: what may throw."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ..kernels.scan import find_ops
from ..model import Body, Module

CatchForm: TypeAlias = Literal["try_table", "try"]

_FORM_OF: Final[dict[str, CatchForm]] = {
    "try_table": "try_table",
    "throw_ref": "try_table",
    "try": "try",
    "rethrow": "try",
    "delegate": "try",
}


class Catching:
    """How functions catch: ``form`` is "try_table", or "try" as before version 3.0.

    None if the module has no tags or no function catches: nothing then says which form its engine knows. Code is
    scanned only if there are tags, up to the first instruction that tells.
    """

    def __init__(self, module: Module) -> None:
        self.form = _form(module) if module.tags else None


def _form(module: Module) -> CatchForm | None:
    words = frozenset(_FORM_OF)
    for func in module.funcs:
        span = func.origin.expr.span if isinstance(func.origin, Body) else None
        found = [] if span is None else find_ops(module.source.data, *span, words)
        if found:
            return _FORM_OF[found[0][1].name]
    return None
