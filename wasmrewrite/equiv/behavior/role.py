"""What one side of a comparison is, what its calls come to, and function references as both sides can compare them.

Does not contain: instances (``running_module``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...interp import Program
from ..by_value.claims import ByValue
from ..hosts.acting import Reach
from ..hosts.user_functions import SuppliedHost
from ..structure.index_maps import ImportName
from ..structure.module_view import View


@dataclass(frozen=True, slots=True)
class Resources:
    """Limits per instance and call."""

    fuel: int = 1_000_000
    depth: int = 2_000
    memory_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: results in comparable form, or a trap, or that a limit of ours stopped it."""

    results: tuple[object, ...] | None = None
    trap: str | None = None
    exhausted: str | None = None
    unsupported: bool = False
    """Whether what ran out is our engine's knowledge: it does not execute some instruction."""

    def describe(self) -> str:
        """As text."""
        if self.exhausted is not None:
            return f"ran out: {self.exhausted}"
        if self.trap is not None:
            return f"trap: {self.trap}"
        return f"({', '.join('null' if each is None else str(each) for each in self.results or ())})"


@dataclass(frozen=True, slots=True)
class FuncRef:
    """A function reference in comparable form: ``index`` is that of the input if the contract knows it, else -1.

    ``own`` is the index on the side it comes from.
    """

    known: bool
    index: int
    type: object
    own: int = field(default=-1, compare=False)

    def __str__(self) -> str:
        return f"func:{self.index}" if self.known else "func:(unknown to the contract)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What one side is, the same for all its instances.

    ``origin`` maps function indices to the input's (None: unknown to the contract), ``names`` import names to the
    input's; imports in ``silent`` (by index) were added by the rewrite. ``by_value`` holds import claims by own index.
    ``host`` is what the user supplies; it sees ``exports`` (input name to own name), by value those in
    ``by_value_exports``, and memory ``memory``. ``reach`` is what the judge's own host can get at.
    """

    view: View
    is_input: bool
    program: Program
    origin: Callable[[int], int | None]
    names: Mapping[ImportName, ImportName] = field(default_factory=dict)
    silent: frozenset[int] = frozenset()
    by_value: Mapping[int, ByValue] = field(default_factory=dict)
    stack_pointer: int | None = None
    cover: frozenset[int] = frozenset()
    host: SuppliedHost | None = None
    exports: Mapping[str, str] = field(default_factory=dict)
    by_value_exports: Mapping[str, ByValue] = field(default_factory=dict)
    memory: int = 0
    reach: Reach = field(default_factory=Reach)
