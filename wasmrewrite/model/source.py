"""What a module asks of the bytes it came from: a protocol, so that the model needs no codec.

``codec.source.BytesSource`` is the one implementation. Everything here is in terms of indices *frozen at load*: raw
bodies keep speaking of those, whatever is added or removed later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..isa.immediates import Space
from ..isa.types import TypeDef
from .instr import Span
from .items import Custom, Data, Elem, Export, Exportable, Func, Global, ItemSource, Memory, Table, Tag


class Source(ItemSource, Protocol):
    """The bytes of one module, read on demand. Spans are absolute (start, end) pairs into ``data``."""

    def again(self) -> Source:
        """A source over the same bytes that makes items of its own."""

    def forget(self) -> None:
        """Let go of all items made so far."""

    def types(self) -> list[TypeDef]:
        """The type section, flattened over recursion groups."""

    def imports(self) -> list[Exportable]:
        """Imported items of all kinds, in the order of the import section."""

    def funcs(self) -> list[Func]:
        """The function index space, imports first; likewise the other spaces below."""

    def func_types(self) -> Sequence[int]:
        """The type index of each function, imports first; makes no items. Raises as ``funcs`` does."""

    def func_span(self, index: int) -> Span | None:
        """The code entry of a function, None if it is imported or not in the bytes."""

    def tables(self) -> list[Table]:
        """The table index space."""

    def memories(self) -> list[Memory]:
        """The memory index space."""

    def globals(self) -> list[Global]:
        """The global index space."""

    def tags(self) -> list[Tag]:
        """The tag index space."""

    def exports(self) -> list[Export]:
        """The export section."""

    def start(self) -> Func | None:
        """The start function."""

    def elems(self) -> list[Elem]:
        """The element section."""

    def datas(self) -> list[Data]:
        """The data section."""

    def customs(self) -> list[Custom]:
        """Custom sections, in file order."""

    def frozen(self, space: Space) -> Sequence[object]:
        """The items of ``space`` as they were at load, by index."""

    def entry_offset(self, section_id: int, index: int) -> int | None:
        """The absolute offset of an entry of a section, None if it is not there. Types count through their groups."""
