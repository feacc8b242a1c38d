"""What the judge's host does to a module besides answering its calls, as data. JSON both ways, and text.

Does not contain: choosing and performing acts (``acting``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from ...errors import ConfigError
from ..behavior.values import Value, parse_value

WRITE: Final = "memory-write"
POINTER: Final = "pointer-write"
GLOBAL: Final = "global-set"
TABLE: Final = "table-set"
GROW_MEMORY: Final = "memory-grow"
GROW_TABLE: Final = "table-grow"
REFUSE: Final = "growth-refused"
ENTER: Final = "re-entry"
TRAP: Final = "trap"

BETWEEN: Final = (WRITE, GLOBAL, TABLE, GROW_MEMORY, GROW_TABLE, REFUSE)
"""Kinds of acts between calls."""
INSIDE: Final = (WRITE, POINTER, GLOBAL, TABLE, GROW_MEMORY, GROW_TABLE, ENTER, TRAP)
"""Kinds of acts inside imported functions."""
KINDS: Final = tuple(dict.fromkeys((*BETWEEN, *INSIDE)))
BEFORE: Final = -1
"""The place of acts before a call."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the host in call number ``call`` of a script.

    ``at`` is the index of the host call that it happens in, ``BEFORE`` before the call. ``index`` is the input's
    memory, global, table or function. ``place`` is an address, a table slot or a count; ``source`` the slot that a
    table slot is copied from, -1 for null. ``values``: the value of a global or the arguments of a call.
    """

    kind: str
    call: int
    at: int = BEFORE
    index: int = 0
    place: int = 0
    data: bytes = b""
    source: int = -1
    values: tuple[Value, ...] = ()

    def moved(self, call: int) -> Act:
        """Return the same act in another call."""
        return replace(self, call=call)

    def __str__(self) -> str:
        moment = f"before call {self.call}" if self.at == BEFORE else f"call {self.call}: in host call {self.at}"
        return f"{moment} the host {self._deed()}"

    def _deed(self) -> str:
        values = ", ".join(map(str, self.values))
        source = "null" if self.source < 0 else f"element {self.source}"
        return {
            WRITE: f"wrote {self.data.hex()} at 0x{self.place:x} of memory {self.index}",
            POINTER: f"wrote {self.data.hex()} at its argument 0x{self.place:x} of memory {self.index}",
            GLOBAL: f"set global {self.index} to {values}",
            TABLE: f"set element {self.place} of table {self.index} to {source}",
            GROW_MEMORY: f"grew memory {self.index} by {self.place} pages",
            GROW_TABLE: f"grew table {self.index} by {self.place} elements",
            REFUSE: "refused any further growth of memories",
            ENTER: f"called function {self.index}({values})",
            TRAP: "trapped",
        }[self.kind]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "kind": self.kind,
            "call": self.call,
            "at": self.at,
            "index": self.index,
            "place": str(self.place),
            "data": self.data.hex(),
            "source": self.source,
            "values": [value.bits_text() for value in self.values],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the inverse of ``to_json``. Raises ``ConfigError``, ``KeyError``, ``TypeError``, ``ValueError``."""
        kind = data["kind"]
        if kind not in KINDS:
            raise ConfigError(f"unknown kind of host act {kind!r}")
        call, at, index, place, source = (int(data[name]) for name in ("call", "at", "index", "place", "source"))
        if min(call, at + 1, index, place, source + 1) < 0:
            raise ValueError("a number of a host act is negative")
        if kind not in (BETWEEN if at == BEFORE else INSIDE):
            raise ValueError(f"a host act of kind {kind!r} is in a wrong place")
        values = tuple(parse_value(each) for each in data["values"])
        return cls(kind, call, at, index, place, bytes.fromhex(data["data"]), source, values)
