"""WR303: calls through a declaration of another type than the definition's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ...model import Func
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..words import type_text

_THUNK: Final = re.compile(r"\.?L?(?P<name>.*)_bitcast(?P<invalid>_invalid)?(?:\.\d+)?", re.DOTALL)


class BitcastThunk(Rule):
    """LLVM put a thunk between a caller and a function that was declared twice with unlike types.

    The thunk drops a result or makes up arguments: callers read garbage. A thunk called ``..._bitcast_invalid`` traps.
    Two ``extern`` blocks (or headers) disagree about the function; make them agree.
    """

    code, severity = "WR303", Severity.WARNING
    message = "'{readable}' is called as {type} through a thunk of LLVM's that {what}: two declarations disagree"
    markers = (b"_bitcast",)
    good = (Example("(module (func $f (param i32)))"),)
    bad = (
        Example('(module (func (@name ".Lplain_bitcast") (param i32)))', ("plain",)),
        Example('(module (func (@name ".Lplain_bitcast_invalid") (param f64) unreachable))', ("plain",)),
    )

    def function_name(self, func: Func, name: str) -> Iterable[Finding]:
        """Look at thunks."""
        found = _THUNK.fullmatch(name) if name.startswith(".L") else None
        if found is None:
            return
        traps = found["invalid"] is not None
        yield self.found(
            self.subject.at_item(func),
            found["name"],
            severity=Severity.ERROR if traps else Severity.WARNING,
            detail=type_text(func),
            type=type_text(func),
            what="traps" if traps else "drops results or makes up arguments",
        )
