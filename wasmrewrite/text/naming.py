"""Names and operands as they are printed: which identifier an index has, and what stands where it is defined.

Does not contain: instructions and fields (``printer``), how a value is written (``show``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..codec import BytesSource, custom
from ..codec.custom.name import FIELDS, INDIRECT_MAPS, LABELS, LOCALS, MAPS, MODULE
from ..isa.immediates import Space
from ..isa.types import AbsHeap, HeapType, NumType, RefType, ValType
from . import show
from .symbols import KEYWORDS


@dataclass(frozen=True, slots=True)
class NameMap:
    """The names of one index space. ``ids``: identifiers by index; ``heads``: what stands where an item is defined.

    A name that is empty, or that an item before it has, is no identifier: it stands in an annotation.
    """

    ids: dict[int, str] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[tuple[int, str]], *, unique: bool = True) -> NameMap:
        """``unique``: whether an identifier means one item only, as those of all spaces but labels do."""
        found, taken = cls(), set[str]()
        for index, name in names:
            if name and (name not in taken or not unique):
                taken.add(name)
                found.ids[index] = found.heads[index] = show.identifier(name)
            else:
                found.heads[index] = f"(@name {show.name(name)})"
        return found

    def keep(self, count: int) -> None:
        """Forget identifiers of items that are not there: nothing would define them."""
        for index in [index for index in self.ids if index >= count]:
            del self.ids[index]


NAMELESS: Final = NameMap()


class Names:
    """What the name section calls things. ``whole``: whether text can say everything that is in the section."""

    def __init__(self, source: BytesSource) -> None:
        self.module: str | None = None
        self.items: dict[Space, NameMap] = dict.fromkeys(KEYWORDS, NAMELESS)
        self.locals: dict[int, NameMap] = {}
        self.labels: dict[int, NameMap] = {}
        self.fields: dict[int, NameMap] = {}
        self.printed = 0
        self._total = 0
        self._broken = False
        sections = [section for section in source.sections if section.id == 0 and section.name == "name"]
        for section in sections:
            self._read(custom.read("name", source.data, section.start, section.end))
        last = max((section.start for section in source.sections if section.id), default=0)
        self._broken = self._broken or len(sections) != 1 or sections[0].start < last

    def _read(self, reading: custom.Reading) -> None:
        self._broken = self._broken or reading.record is None or bool(reading.problems)
        seen: set[int] = set()
        for part in reading.record or ():
            if part.problem is not None or part.id in seen:
                self._broken = True
                continue
            seen.add(part.id)
            self._read_part(part.id, part.contents)

    def _read_part(self, number: int, contents: Any) -> None:
        if number == MODULE:
            self.module = contents
            self._total += 1
        elif number in MAPS:
            self.items[MAPS[number]] = NameMap.of(contents)
            self._total += len(contents)
        elif number in INDIRECT_MAPS:
            maps = {LOCALS: self.locals, LABELS: self.labels, FIELDS: self.fields}[number]
            maps.update((index, NameMap.of(names, unique=number != LABELS)) for index, names in contents)
            self._total += sum(len(names) for _, names in contents)
        else:
            self._broken = True

    @property
    def whole(self) -> bool:
        """Whether every name was printed where it belongs, and the section is where it is written."""
        return not self._broken and self.printed == self._total

    def head(self, names: NameMap, index: int) -> str:
        """What stands where an item is defined, with a space in front; empty if it has no name."""
        found = names.heads.get(index)
        if found is None:
            return ""
        self.printed += 1
        return f" {found}"


class Operands:
    """What the operand kinds of ``isa`` ask for when they show a value: indices of the file, as names where known."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.items: Mapping[Space, Mapping[int, str]] = {space: each.ids for space, each in names.items.items()}
        self.locals: Mapping[int, str] = {}
        self.labels: list[str | None] = []
        self.struct = -1

    def index(self, space: Space, index: Any) -> str:
        """The text of an index."""
        if space is Space.LOCAL:
            return self.locals.get(index) or str(int(index))
        if space is Space.LABEL:
            return self._label(index)
        if space is Space.FIELD:
            return self.names.fields.get(self.struct, NAMELESS).ids.get(index) or str(int(index))
        if space is Space.TYPE:
            self.struct = index
        return self.items[space].get(index) or str(int(index))

    def _label(self, depth: int) -> str:
        """The name of a label, unless a block further in has the same."""
        if depth >= len(self.labels):
            return str(int(depth))
        name = self.labels[-1 - depth]
        hidden = name is None or name in self.labels[len(self.labels) - depth :]
        return str(int(depth)) if hidden or name is None else name

    def float_bits(self, bits: int, width: int) -> str:
        """The text of a float of 32 or 64 bits, given as bits."""
        return show.float_text(bits, width)

    def val_type(self, value: ValType) -> str:
        """The text of a value type."""
        if isinstance(value, RefType) and not isinstance(value.heap, AbsHeap):
            return f"(ref {'null ' if value.nullable else ''}{self.heap_type(value.heap)})"
        return str(value)

    def heap_type(self, heap: HeapType) -> str:
        """The text of a heap type."""
        return str(heap) if isinstance(heap, AbsHeap) else self.index(Space.TYPE, heap)

    def type_use(self, index: Any) -> str:
        """``(type x)``."""
        return f"(type {self.index(Space.TYPE, index)})"

    def block_type(self, block_type: Any) -> str:
        """The text of a block type; empty if there is nothing to say."""
        if block_type is None:
            return ""
        if isinstance(block_type, NumType | RefType):
            return f"(result {self.val_type(block_type)})"
        return self.type_use(block_type)
