"""What one instruction says about calls, and what a search for references asks of whoever collects mentions.

Not here: collecting them (``callgraph``), what follows from them (``tables``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ..isa.op import Op
from ..model import Expr, Func, Module


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """What an instruction says about calls: ``items`` are those it names, in the order of its operands.

    ``number`` is its place in ``CallGraph.mentions``, ``callee`` the index of the function that it names, or None.
    """

    number: int
    op: Op
    items: tuple[Any, ...]
    callee: int | None

    @property
    def kind(self) -> str:
        """The specification's word for the instruction."""
        return self.op.name


class Mentions(Protocol):
    """The part of a call graph that can be read before it is known what tables hold."""

    @property
    def module(self) -> Module:
        """The module as it stands."""

    def index(self, func: Func) -> int:
        """The index of a function. Raises ``RewriteError`` if the module does not contain it."""

    def in_expr(self, expr: Expr) -> list[Mention]:
        """The mentions of an initializer, each once, in the order of the first."""

    def exported(self) -> list[tuple[str, int]]:
        """Name and function of every export of a function, in the order of the section."""
