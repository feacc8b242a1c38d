"""What a second engine said of two modules, as data for a verdict. Not here: asking it (``cross_check``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..behavior.reached import Progress
from ..behavior.script import Script
from ..difference import Difference


@dataclass(slots=True)
class SecondOpinion:
    """What came of asking. ``agreed``: calls in which both engines did the same, per side; ``alone``: calls compared
    in the other engine only, of the functions in ``names``; ``masked``: bytes left out there; ``reasons``: what is
    left open; ``progress``: what scripts have shown there that ours cannot play."""

    engine: str = "wasmtime"
    agreed: int = 0
    alone: int = 0
    masked: int = 0
    names: dict[str, None] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)
    difference: Difference | None = None
    script: Script | None = None

    def text(self) -> list[str]:
        """For people."""
        lines = []
        if self.agreed or not (self.alone or self.reasons):
            lines.append(f"{self.engine} did the same as our own engine in {self.agreed} calls on both sides")
        if self.alone:
            names = ", ".join(list(self.names)[:4]) + (
                f" and {len(self.names) - 4} more" if len(self.names) > 4 else ""
            )
            lines.append(
                f"compared in {self.engine} only, where tables and vectors are not looked at: {self.alone} calls, "
                f"{self.masked} differing bytes of dead stack left out ({names})"
            )
        return lines

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "engine": self.engine,
            "matching_calls": self.agreed,
            "only_calls": self.alone,
            "only_functions": list(self.names),
            "only_masked_bytes": self.masked,
        }
