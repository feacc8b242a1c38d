"""How many operands instructions take and leave, found by validating. Not here: what is made of it (``folding``).

A file of its own, imported when expressions are folded: printing flat text needs no validation.
"""

from __future__ import annotations

from contextlib import suppress

from ..errors import WasmError
from ..model.module import Module
from ..validate import ModuleContext, SideTable, context, validate_func


class Arities:
    """The functions of one module, validated one at a time."""

    def __init__(self, data: bytes) -> None:
        self._module = Module.from_bytes(data)
        self._context: ModuleContext | None = None
        with suppress(WasmError):  # not valid outside of functions: nothing is known inside
            self._context = context(self._module)

    def of(self, index: int) -> SideTable | None:
        """The defined function ``index``, its instructions in decode order; None if it is not valid."""
        if self._context is None:
            return None
        try:
            return validate_func(self._module, self._context, index)
        except WasmError:
            return None
