"""What must be written anew: the memory of edits that keeps everything else byte-identical.

Not here: where sections lie (``codec.frame``), and which index became which (``spaces``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..isa.immediates import Space

SECTIONS = {
    1: "type",
    2: "import",
    3: "function",
    4: "table",
    5: "memory",
    13: "tag",
    6: "global",
    7: "export",
    8: "start",
    9: "element",
    12: "data count",
    10: "code",
    11: "data",
}
"""Section numbers and names, in the order the specification wants them in a module (5.5.2)."""
DEFINING = {
    3: Space.FUNC,
    4: Space.TABLE,
    5: Space.MEMORY,
    13: Space.TAG,
    6: Space.GLOBAL,
    9: Space.ELEM,
    11: Space.DATA,
}
"""The sections that define items of a space, one with each entry."""


@dataclass(slots=True)
class Edits:
    """What an editor did to a module.

    ``touched`` names sections whose entries changed; ``redirected`` maps an item to the one that uses of it in raw
    bytes now mean; ``bodies`` are functions whose own code was replaced.
    """

    touched: set[str] = field(default_factory=set)
    redirected: dict[Any, Any] = field(default_factory=dict)
    bodies: set[Any] = field(default_factory=set)

    @property
    def clean(self) -> bool:
        """Whether nothing was edited."""
        return not (self.touched or self.redirected or self.bodies)

    def target(self, item: Any) -> Any:
        """Follow redirections from ``item`` to the item that is meant now."""
        while item in self.redirected:
            item = self.redirected[item]
        return item
