"""Items to indices: the border crossed when a module is written.

``Spaces`` fixes the final index of every item once, and says for raw bytes, which speak of the indices frozen at load,
which of those mean another index now. Not here: bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import OutputError
from ..isa.immediates import Space
from .module import Module

_PARTS = {
    Space.TYPE: "types",
    Space.FUNC: "funcs",
    Space.TABLE: "tables",
    Space.MEMORY: "memories",
    Space.GLOBAL: "globals",
    Space.TAG: "tags",
    Space.ELEM: "elems",
    Space.DATA: "datas",
}


class Spaces:
    """Final indices of a module as it stands."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._index: dict[Space, dict[Any, int]] = {}
        self._moved: dict[Space, dict[int, int]] = {}
        self._remaining: dict[Space, Mapping[int, int] | None] = {}

    def items(self, space: Space) -> Sequence[Any]:
        """The final items of ``space``."""
        part: Sequence[Any] = getattr(self._module, _PARTS[space])
        return part

    def index(self, space: Space, item: Any) -> int:
        """The final index of ``item``. Raises ``OutputError`` if the module does not hold it."""
        found = self._indices(space).get(item)
        if found is None:
            raise OutputError(f"{space.value} {item!r} is used but not in the module")
        return found

    def _indices(self, space: Space) -> dict[Any, int]:
        indices = self._index.get(space)
        if indices is None:
            indices = self._index[space] = {item: i for i, item in enumerate(self.items(space))}
        return indices

    def moved(self, space: Space) -> Mapping[int, int]:
        """Frozen index → final index, for those that differ; redirections included. Removed items are left out."""
        moved = self._moved.get(space)
        if moved is None:
            moved = self._moved[space] = self._compute(space)
        return moved

    def _compute(self, space: Space) -> dict[int, int]:
        if not self._module.loaded(_PARTS[space]):
            return {}
        redirected = self._module.edits.redirected
        moved = {old: new for old, new in (self.remaining(space) or {}).items() if old != new}
        for old in (item for item in redirected if getattr(item, "space", None) is space and item.index0 is not None):
            moved[old.index0] = self.index(space, self._module.edits.target(old))
        return moved

    def target(self, item: Any) -> Any:
        """What a use of ``item`` in old bytes means now."""
        return self._module.edits.target(item)

    def maps(self) -> dict[Space, Mapping[int, int]]:
        """``moved`` for every space that has any."""
        return {space: self.moved(space) for space in _PARTS if self.moved(space)}

    def loaded(self, space: Space) -> Sequence[Any]:
        """The final items of ``space`` if somebody read them; else nothing can have happened to them."""
        return self.items(space) if self._module.loaded(_PARTS[space]) else ()

    def remaining(self, space: Space) -> Mapping[int, int] | None:
        """Frozen index → final index of every item that is still there; None if none moved and none went."""
        if space not in self._remaining:
            self._remaining[space] = self._find_remaining(space)
        return self._remaining[space]

    def _find_remaining(self, space: Space) -> Mapping[int, int] | None:
        if not self._module.loaded(_PARTS[space]):
            return None
        frozen, final = list(self._module.source.frozen(space)), list(self.items(space))
        if frozen == final[: len(frozen)]:
            return None
        indices = self._indices(space)
        return {old: indices[item] for old, item in enumerate(frozen) if item in indices}

    def resized(self, space: Space) -> bool:
        """Whether items were added to or removed from ``space``."""
        loaded = self._module.loaded(_PARTS[space])
        return loaded and list(self._module.source.frozen(space)) != list(self.items(space))
