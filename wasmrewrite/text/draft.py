"""What a text says, as records: a module between its text and its bytes.

Not here: reading text (``fields``), writing bytes (``assemble``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..isa.immediates import Space
from ..isa.op import Op
from ..isa.types import MemoryType, ValType
from .symbols import KEYWORDS, Symbols

RawInstr: TypeAlias = tuple[Op, tuple[Any, ...]]


@dataclass(slots=True)
class Code:
    """Instructions as they are encoded, and the token that each begins with."""

    instrs: list[RawInstr] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Function:
    """A defined function: its type, locals, code, the names of locals and labels, and hints for instructions.

    ``first`` and ``last``: its parentheses, as tokens. ``typed``: the type was read. ``broken``: the code is
    not what the text says.
    """

    type: int
    locals: list[ValType] = field(default_factory=list)
    code: Code = field(default_factory=Code)
    local_names: dict[int, str] = field(default_factory=dict)
    label_names: list[tuple[int, str]] = field(default_factory=list)
    hints: list[tuple[int, bytes]] = field(default_factory=list)
    first: int = 0
    last: int = 0
    typed: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class CustomSection:
    """``(@custom name placement data)``. ``place``: the section it stands beside (0: none), and on which side."""

    name: str
    data: bytes
    place: int
    after: bool


@dataclass(slots=True)
class Draft:
    """A module as records, section by section; expressions are ``Code``.

    ``tokens``, ``export_tokens``, ``start_token``: the keyword of each item's field.
    """

    symbols: Symbols
    name: str | None = None
    imports: list[dict[str, Any]] = field(default_factory=list)
    import_names: dict[int, dict[int, str]] = field(default_factory=dict)
    funcs: list[Function] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    memories: list[MemoryType] = field(default_factory=list)
    globals: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    exports: list[dict[str, Any]] = field(default_factory=list)
    start: int | None = None
    elems: list[dict[str, Any]] = field(default_factory=list)
    datas: list[dict[str, Any]] = field(default_factory=list)
    customs: list[CustomSection] = field(default_factory=list)
    tokens: dict[Space, list[int]] = field(default_factory=lambda: {space: [] for space in KEYWORDS})
    export_tokens: list[int] = field(default_factory=list)
    start_token: int = 0

    @property
    def imported_funcs(self) -> int:
        """How many functions are imported: the index of the first defined one."""
        return sum(record["kind"] == "function" for record in self.imports)
