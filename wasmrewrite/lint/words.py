"""Words for what can be imported and exported, and for its type: the same in every message of a rule.

Not here: names of sections (``subject``).
"""

from __future__ import annotations

from typing import Final

from ..isa.immediates import Space
from ..isa.types import func_type
from ..model import Func, Item, Tag

KINDS: Final = {
    Space.FUNC: "func",
    Space.TABLE: "table",
    Space.MEMORY: "memory",
    Space.GLOBAL: "global",
    Space.TAG: "tag",
}
"""The specification's word for what can be imported and exported."""


def type_text(item: Item) -> str:
    """The type of an item, in the specification's syntax."""
    return str(func_type(item.type)) if isinstance(item, Func | Tag) else str(getattr(item, "type", ""))
