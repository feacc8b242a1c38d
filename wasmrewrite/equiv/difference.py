"""Where two sides differ, as text that a verdict can show.

Not here: finding it (``behavior``), verdicts (``verdict``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the sides first differ, and what each has there, as text; ``old`` is empty if ``new`` says it all."""

    where: str
    old: str
    new: str

    def to_json(self) -> dict[str, str]:
        """Plain data."""
        return {"location": self.where, "before": self.old, "after": self.new}

    def lines(self) -> list[str]:
        """``different:`` and the place, in one line that can be quoted alone; then both sides, if they are two."""
        if not self.old:
            return [f"different: {self}"]
        return [f"different: {self.where}", f"  before: {self.old}", f"  after:  {self.new}"]

    def __str__(self) -> str:
        return f"{self.where}: {self.old} before, {self.new} after" if self.old else f"{self.where}: {self.new}"
