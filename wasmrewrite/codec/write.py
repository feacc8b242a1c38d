"""Writing a module: clean spans are copied, and only what an edit reached is built anew.

Not here: what a section holds now (``contents``), where it goes (``placing``), what becomes of custom sections
(``customs``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..isa.immediates import Space
from ..isa.types import TypeDef
from ..model.items import Item
from ..model.layout import SECTIONS
from ..model.module import Module
from ..model.spaces import Spaces
from .contents import Contents
from .customs import settle
from .frame import PREAMBLE
from .lower import Lower
from .pieces import Moved, New, Piece, brought, item_at, join, moved, new_offset
from .placing import Placed, Placing, code_start
from .source import BytesSource


@dataclass
class Written:
    """The bytes of a module and where everything went.

    ``dropped`` tells which custom sections were left out and why, ``kept`` which may not be quite true any more.
    ``code`` are the pieces of the code section's contents, which start at ``code_at``.
    """

    data: bytes
    spaces: Spaces
    code: Sequence[Piece] = ()
    code_at: int = 0
    dropped: list[tuple[str, str]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def offsets(self) -> Sequence[Moved]:
        """Where the input's instructions went, those of rewritten bodies too; ascending by ``old``."""
        return sorted(moved(self.code, self.code_at))

    @cached_property
    def new_code(self) -> Sequence[New]:
        """Where other code stands, and which function brought it; ascending by ``at``."""
        return list(brought(self.code, self.code_at))

    def index_of(self, item: Item | TypeDef) -> int:
        """The final index of an item. Raises ``OutputError`` if it is not in the module."""
        return self.spaces.index(Space.TYPE if isinstance(item, TypeDef) else item.space, item)

    def offset_of(self, old: int) -> int | None:
        """Where the instruction at the input's offset ``old`` stands in ``data``; None if it is gone."""
        return new_offset(self.offsets, old)

    def item_at(self, offset: int) -> Item | None:
        """The function that brought the new code at ``offset`` of ``data``; None for code of the input."""
        return item_at(self.new_code, offset)


def write(module: Module) -> Written:
    """Write ``module``. Raises ``RewriteError``: a custom section forbids it; ``OutputError``: it uses what is gone."""
    source = module.source
    if not isinstance(source, BytesSource):
        raise TypeError("the module was not read by this codec")
    spaces = Spaces(module)
    contents = Contents(module, source, Lower(spaces, source))
    placing = Placing(source, {number: contents.of(number) for number in SECTIONS})
    settled = settle(module, source, spaces, placing)
    data = _joined(settled.placed, source.data)
    code, start = placing.code, code_start(settled.placed) or 0
    return Written(data, spaces, code, start, settled.dropped, settled.kept)


def _joined(placed: Sequence[Placed], data: bytes) -> bytes:
    pieces: list[Piece] = [(0, len(PREAMBLE))]
    for each in placed:
        pieces += each.header, *each.contents
    return join(pieces, data)
