"""What becomes of custom sections when a module is written after edits.

The rules are data (``custom.policy``); here they are carried out: names and code metadata are kept true, sections that
would lie are left out and reported, and an edit that a section forbids is refused. Not here: sections that an editor
changed itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from construct import Container

from ..errors import RewriteError
from ..isa.immediates import Space
from ..isa.leb import keep_width
from ..model.items import Custom
from ..model.module import Module
from ..model.spaces import Spaces
from .contents import Contents, Piece
from .custom import read, write
from .custom.code_metadata import PREFIX
from .custom.policy import Action, Change, decide
from .source import BytesSource

_SIZED = (Space.TABLE, Space.MEMORY, Space.DATA)
"""What a dynamic loader is told the size of."""


@dataclass(slots=True)
class Settled:
    """Custom sections after edits: new ``contents`` of some, which were ``added``, which are ``gone``.

    ``dropped`` says which went although nobody removed them, and why.
    """

    contents: dict[Custom, Piece] = field(default_factory=dict)
    added: list[Custom] = field(default_factory=list)
    gone: set[Custom] = field(default_factory=set)
    dropped: list[tuple[str, str]] = field(default_factory=list)


def settle(module: Module, source: BytesSource, spaces: Spaces, contents: Contents) -> Settled:
    """Decide about every custom section. Raises ``RewriteError`` where the policy refuses the edit."""
    settled = Settled()
    changes = changes_of(module, spaces, contents)
    before = source.frozen_customs().values()
    now = module.customs if module.loaded("customs") else list(before)
    settled.gone = set(before) - set(now)
    for custom in now:
        if custom.span is None:
            settled.added.append(custom)
        elif custom.changed:
            settled.contents[custom] = custom.data
        elif custom.name == "name":
            _put(settled, custom, source.names().updated(module, spaces))
        elif changes:
            _apply(custom, changes, settled, _Metadata(module, spaces, source))
    return settled


def _put(settled: Settled, custom: Custom, contents: bytes | None) -> None:
    if contents is not None:
        settled.contents[custom] = contents


def _apply(custom: Custom, changes: frozenset[Change], settled: Settled, metadata: _Metadata) -> None:
    action, why = decide(custom.name, changes)
    if action is Action.REFUSE:
        raise RewriteError(f"custom section {custom.name!r} does not survive this edit: {why}")
    if action is Action.REMAP and custom.name.startswith(PREFIX):
        _put(settled, custom, metadata.remapped(custom))
    if action is Action.DROP:
        settled.gone.add(custom)
        settled.dropped.append((custom.name, why))


def changes_of(module: Module, spaces: Spaces, contents: Contents) -> frozenset[Change]:
    """The kinds of change that the edits of ``module`` amount to."""
    touched = module.edits.touched
    moved = spaces.maps()
    found = {
        Change.INDICES: any(spaces.remaining(space) is not None for space in (Space.FUNC, Space.TYPE)),
        Change.GLOBALS: Space.GLOBAL in moved,
        Change.CODE_MOVED: not contents.code_stable,
        Change.CODE_CHANGED: contents.code_changed,
        Change.FILE_MOVED: contents.file_moved,
        Change.NAMES: bool(touched & {"import", "export"}),
        Change.DATA_MOVED: bool(touched & {"data", "table", "memory"}) or any(map(spaces.resized, _SIZED)),
    }
    return frozenset(change for change, happened in found.items() if happened)


@dataclass(frozen=True, slots=True)
class _Metadata:
    """Keeps notes on instructions true: functions renumbered, notes on rewritten functions left out."""

    module: Module
    spaces: Spaces
    source: BytesSource

    def remapped(self, custom: Custom) -> bytes | None:
        if custom.span is None:
            return None
        record = read(custom.name, self.source.data, *custom.span).record
        if record is None:
            raise RewriteError(f"custom section {custom.name!r} cannot be read, so it cannot be kept true")
        final = self.spaces.remaining(Space.FUNC)
        stale = {func.index0 for func in self.module.edits.bodies}
        kept = [self._moved(entry, final) for entry in record if entry.function not in stale]
        record = sorted((each for each in kept if each), key=lambda each: each.function)
        return write(custom.name, record, self.source.data)

    @staticmethod
    def _moved(entry: Any, final: Any) -> Any:
        if final is None:
            return entry
        at = final.get(entry.function)
        return None if at is None else Container({**entry, "function": keep_width(entry.function, at)})
