"""``Remark``: one remark of ``explain`` as plain data. Not here: what is remarkable (``remarks``), how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

TOPICS: Final = ("validity", "imports", "results", "exports", "start", "features", "leftovers", "other")
"""In the order in which they are told, unless one holds an error."""
WEIGHTS: Final = ("error", "warning", "suspicion", "note")
"""As lint has them, and "suspicion" for what only a person can confirm; the gravest first."""
OUT: Final = "out.wasm"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark. ``what`` and ``evidence`` may hold names as they are; ``command`` is what to say to wasmrewrite.

    ``weight`` is one of ``WEIGHTS``; ``caution`` is what to bear in mind with everything of the kind. ``kind`` is the
    same for remarks that say the same of different things: a rule's code, or a word; ``name`` is the thing, as the
    module has it; ``short`` is what to say of it among others of the kind, ``what`` if empty.
    """

    topic: str
    weight: str
    what: str
    evidence: tuple[str, ...]
    command: tuple[str, ...]
    kind: str
    name: str = ""
    short: str = ""
    rule: str | None = None
    caution: str = ""

    @property
    def mends(self) -> bool:
        """Whether the command does something about it, rather than showing more."""
        return self.command[0] == "rewrite"

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "topic": self.topic,
            "weight": self.weight,
            "what": self.what,
            "evidence": list(self.evidence),
            "command": ["wasmrewrite", *self.command],
            "mends": self.mends,
            "caution": self.caution,
            "kind": self.kind,
            "name": self.name,
            "rule": self.rule,
        }
