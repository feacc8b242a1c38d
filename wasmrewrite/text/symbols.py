"""Names of everything that has an index, and types: what a name in the text means.

Not here: reading tokens (``words``, ``fields``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..isa.immediates import Space
from ..isa.types import CompositeType, FuncType

KEYWORDS = {
    Space.TYPE: "type",
    Space.FUNC: "func",
    Space.TABLE: "table",
    Space.MEMORY: "memory",
    Space.GLOBAL: "global",
    Space.TAG: "tag",
    Space.ELEM: "elem",
    Space.DATA: "data",
}
"""The keyword of a field that defines an item of a space."""
SPACES = {keyword: space for space, keyword in KEYWORDS.items()}


class Names:
    """One index space: how many items it has so far, and the names of some."""

    __slots__ = ("by_name", "count", "names")

    def __init__(self) -> None:
        self.count = 0
        self.by_name: dict[str, int] = {}
        self.names: dict[int, str] = {}

    def add(self, name: str | None, shown: str | None = None) -> bool:
        """Count an item in; False if its identifier is taken. ``shown``: what the name section calls it instead."""
        index = self.count
        self.count += 1
        called = name if shown is None else shown
        if called is not None:
            self.names[index] = called
        return name is None or self.by_name.setdefault(name, index) == index


@dataclass(slots=True)
class Defined:
    """One defined type. ``form`` as in a type section: None, "sub" or "sub final"."""

    composite: CompositeType
    form: str | None = None
    supers: tuple[int, ...] = ()


@dataclass(slots=True)
class Group:
    """A recursion group; ``explicit`` if it was written as ``(rec ...)``."""

    types: list[Defined] = field(default_factory=list)
    explicit: bool = False


class Types:
    """The defined types of a module: those that are written, and those that type uses imply, behind them."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.all: list[Defined] = []
        self.fields: dict[int, Names] = {}
        self._plain: dict[FuncType, int] = {}

    def add(self, group: Group) -> None:
        """Append a group whose types are complete."""
        for each in group.types:
            if isinstance(each.composite, FuncType) and len(group.types) == 1 and _is_plain(each):
                self._plain.setdefault(each.composite, len(self.all))
            self.all.append(each)
        self.groups.append(group)

    def implied(self, wanted: FuncType) -> int:
        """The first type that is just ``wanted``, final and alone in its group; a new one if there is none."""
        if wanted not in self._plain:
            self.add(Group([Defined(wanted)]))
        return self._plain[wanted]

    def func(self, index: int) -> FuncType | None:
        """The function type with this index; None if there is none or it is another type."""
        found = self.all[index].composite if index < len(self.all) else None
        return found if isinstance(found, FuncType) else None


def _is_plain(each: Defined) -> bool:
    return each.form in (None, "sub final") and not each.supers


class Symbols:
    """All index spaces of a module, and its types."""

    def __init__(self) -> None:
        self.spaces = {space: Names() for space in KEYWORDS}
        self.types = Types()

    def __getitem__(self, space: Space) -> Names:
        return self.spaces[space]


@dataclass(slots=True)
class Label:
    """A block that is open: its identifier, what the name section calls it instead, and the mnemonic that opened it.

    That of an ``if`` is "else" behind its ``else``.
    """

    name: str | None
    shown: str | None = None
    opener: str = ""


class Scope:
    """What names mean inside one function body or initializer."""

    def __init__(self) -> None:
        self.locals = Names()
        self.labels: list[Label] = [Label(None)]
        self._depths: dict[str, list[int]] = {}
        self.blocks = 0  # how many blocks were opened so far: what the name section numbers labels by
        self.label_names: list[tuple[int, str]] = []

    def open(self, label: Label) -> None:
        """A block begins."""
        if label.name is not None:
            self._depths.setdefault(label.name, []).append(len(self.labels))
        self.labels.append(label)

    def close(self) -> Label:
        """The innermost block ends."""
        label = self.labels.pop()
        if label.name is not None:
            self._depths[label.name].pop()
        return label

    def close_to(self, label: Label) -> None:
        """A block ends, and with it all that are open inside; nothing happens if it was closed before."""
        if any(each is label for each in reversed(self.labels)):
            while self.close() is not label:
                pass

    def label(self, name: str) -> int | None:
        """How many blocks out the innermost block of this name is, or None."""
        found = self._depths.get(name)
        return len(self.labels) - 1 - found[-1] if found else None
