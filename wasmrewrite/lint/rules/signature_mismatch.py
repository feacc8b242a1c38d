"""WR301: calls that trap because caller and callee disagree about a type."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from ...model import Func
from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..words import type_text

_PREFIX: Final = "signature_mismatch:"


class SignatureMismatch(Rule):
    """A function was declared with one type and defined with another, and the linker let it pass.

    Calls through the wrong declaration reach a stub that traps. The linker warned of it; correct the declaration so
    that both agree. In C an empty parameter list, as in ``int f();``, is the usual cause; in Rust an ``extern`` block
    that was written by hand.
    """

    code, severity = "WR301", Severity.ERROR
    message = "calls of '{readable}' as {type} trap: it is defined as {other}"
    markers = (_PREFIX.encode(),)
    good = (Example("(module (func $f (param i32)))"),)
    bad = (
        Example(
            '(module (func (@name "signature_mismatch:f") (param i32) unreachable) (func $f (param i32 i32)))', ("f",)
        ),
    )

    @cached_property
    def _types(self) -> dict[str | None, str]:
        """Type by name; of several functions with one name the first."""
        return {func.name: type_text(func) for func in reversed(self.subject.module.funcs)}

    def function_name(self, func: Func, name: str) -> Iterable[Finding]:
        """Look at stubs."""
        if name.startswith(_PREFIX):
            wanted = name.removeprefix(_PREFIX)
            other = self._types.get(wanted, "something else")
            detail = type_text(func)
            yield self.found(self.subject.at_item(func), wanted, detail=detail, type=detail, other=other)
