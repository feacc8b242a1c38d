"""What a rewrite did to a module, as far as custom sections may speak of it: read off what will be written.

Not here: what follows for which section (``custom.policy``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..isa.immediates import Space
from ..model.items import Export, Func, Import, Item, Tag
from ..model.layout import SECTIONS
from ..model.module import Module
from ..model.spaces import Spaces
from .custom.policy import Change, Happened
from .placing import Placed, Placing, code_start
from .source import CODE, EXPORT, IMPORT, BytesSource

_SIZED = (Space.TABLE, Space.MEMORY, Space.DATA)
"""What a dynamic loader is told the size of."""


class Changes:
    """What the edits of ``module`` amount to. What becomes of custom sections is itself a change, so ask again."""

    def __init__(self, module: Module, source: BytesSource, spaces: Spaces, placing: Placing) -> None:
        self.module = module
        self.source = source
        self.placing = placing
        self.names = frozenset((*_imports(module, source), *_exports(module, source)))
        sized = bool(module.edits.touched & {"data", "table", "memory"}) or any(map(spaces.resized, _SIZED))
        self.settled = {
            Change.INDICES: any(spaces.remaining(space) is not None for space in (Space.FUNC, Space.TYPE)),
            Change.GLOBALS: Space.GLOBAL in spaces.maps(),
            Change.CODE_CHANGED: bool(module.edits.bodies),
            Change.NAMES: bool(self.names),
            Change.DATA_MOVED: sized,
        }

    def with_output(self, placed: Sequence[Placed]) -> Happened:
        """All that happened, were ``placed`` the output."""
        gone, moved = _sections(self.source, placed)
        within, start = self.placing.code_moved, code_start(placed)
        section = self.source.by_id.get(CODE)
        found = {
            **self.settled,
            Change.CODE_MOVED: within,
            Change.FILE_MOVED: within or (section is not None and start != section.start),
            Change.SECTIONS: bool(gone or moved),
        }
        return Happened(frozenset(change for change, did in found.items() if did), self.names, gone, moved)


def _sections(source: BytesSource, placed: Sequence[Placed]) -> tuple[Mapping[int, str], frozenset[int]]:
    """Sections by their number in the input: those that are gone or hold something else, and those at another place."""
    place = {each.section: (at, each) for at, each in enumerate(placed) if each.section is not None}
    gone: dict[int, str] = {}
    moved: set[int] = set()
    for number, section in enumerate(source.sections):
        at, now = place.get(section, (number, None))
        if now is None or not now.holds_the_same:
            gone[number] = SECTIONS[section.id] if section.id else section.name or ""
        if at != number:
            moved.add(number)
    return gone, frozenset(moved)


def _imports(module: Module, source: BytesSource) -> Iterator[tuple[str | None, str]]:
    """Names of imports that are gone, renamed or of another type."""
    if _untouched(module, "imports", "import", lambda: source.frozen_part(IMPORT)):
        return
    left, types = set(module.imports), source.frozen(Space.TYPE)
    for item, record in zip(source.frozen_part(IMPORT), source.records(IMPORT), strict=True):
        origin = getattr(item, "origin", None)
        was = Import(str(record.module), str(record.name))
        type = record.desc.type if isinstance(item, Tag) else record.desc
        retyped = isinstance(item, Func | Tag) and item.type is not types[type]
        if item not in left or origin != was or retyped:
            yield was.module, was.name


def _exports(module: Module, source: BytesSource) -> Iterator[tuple[str | None, str]]:
    """Names of exports that are gone, renamed, or name something else or of another type."""
    if _untouched(module, "exports", "export", lambda: source.frozen_part(EXPORT)):
        return
    left = set(module.exports)
    for export, record in zip(source.frozen_part(EXPORT), source.records(EXPORT), strict=True):
        item: Item = export.item
        moved = item.index0 != record.index or (isinstance(item, Func) and _retyped(item, source))
        if export not in left or export.name != record.name or moved:
            yield None, str(record.name)


def _untouched(module: Module, part: str, section: str, read: Callable[[], Sequence[Item | Export]]) -> bool:
    """Whether old entries are all there as they were, which most often is quickly said."""
    if module.edits.touched & {section, "function"}:
        return False
    if not module.loaded(part):
        return True
    old = list(read())
    return list(getattr(module, part)[: len(old)]) == old


def _retyped(func: Func, source: BytesSource) -> bool:
    index = func.index0
    return index is None or func.type is not source.frozen(Space.TYPE)[source.func_types()[index]]
