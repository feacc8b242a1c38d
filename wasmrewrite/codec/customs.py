"""What becomes of custom sections when a module is written after edits.

The rules are data (``custom.policy``); here they are carried out: names and code metadata are kept true, sections that
would lie are left out and reported, and an edit that a section forbids is refused. Not here: sections that an editor
changed itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from construct import Container

from ..errors import RewriteError
from ..isa.immediates import Space
from ..isa.leb import keep_width
from ..model.items import Custom
from ..model.module import Module
from ..model.spaces import Spaces
from .changes import Changes
from .custom import read, write
from .custom.code_metadata import PREFIX
from .custom.policy import Action, Decision, Happened, decide, reads_record
from .pieces import Piece
from .placing import Placed, Placing
from .source import BytesSource


@dataclass(slots=True)
class Settled:
    """The output as ``placed``; which custom sections were left out and which may not be quite true, and why."""

    placed: list[Placed] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)


def settle(module: Module, source: BytesSource, spaces: Spaces, placing: Placing) -> Settled:
    """Decide about every custom section. Raises ``RewriteError`` where the policy refuses the edit.

    A section that is left out can move code, and so make another one stale: decisions are taken until nothing follows.
    """
    return _Settling(module, source, spaces, placing).run()


class _Settling:
    """What old custom sections hold now (None: gone), as far as it is decided."""

    def __init__(self, module: Module, source: BytesSource, spaces: Spaces, placing: Placing) -> None:
        self.module = module
        self.source = source
        self.placing = placing
        self.metadata = _Metadata(module, spaces, source)
        self.before = list(source.frozen_customs().values())
        self.decided: dict[Custom, Decision] = {}
        now = module.customs if module.loaded("customs") else self.before
        self.added = [custom for custom in now if custom.span is None]
        self.contents: dict[Custom, Piece | None] = dict.fromkeys(self.before)
        self.contents.update((custom, _contents(custom)) for custom in _in_order(now, self.before))
        self.open = [custom for custom in self.before if self.contents[custom] == custom.span]
        self.notes = self._bring_names_up_to_date(spaces)

    def _bring_names_up_to_date(self, spaces: Spaces) -> list[tuple[str, str]]:
        """Names go with their items, where nobody replaced or removed the section."""
        named = [custom for custom in self.before if custom.name == "name"]
        if not named or named[0] not in self.open:
            return []
        contents, notes = self.source.names().updated(self.module, spaces)
        if contents is not None:
            self.contents[named[0]] = contents
            notes += [("name", "a second section of names is left as it was")] * (len(named) > 1)
        return notes

    def run(self) -> Settled:
        changes = Changes(self.module, self.source, self.metadata.spaces, self.placing)
        placed = self.placing.place(self.contents, self.added)
        while self.open and self._follow(changes.with_output(placed)):
            placed = self.placing.place(self.contents, self.added)
        settled = Settled(placed, kept=self.notes)
        for custom, decision in self.decided.items():
            if decision.action is Action.DROP:
                settled.dropped.append((custom.name, decision.reason))
            elif decision.reason and (decision.action is Action.KEEP or self.contents[custom] != custom.span):
                settled.kept.append((custom.name, decision.reason))
        return settled

    def _follow(self, happened: Happened) -> bool:
        """Do what follows for sections that are still there; whether the output is another now."""
        before = dict(self.contents)
        for custom in self.open if happened.changes else ():
            if self.contents[custom] is not None:
                decision = decide(custom.name, happened, self._record(custom))
                if decision.action is Action.REFUSE:
                    raise RewriteError(f"custom section {custom.name!r} does not survive this edit: {decision.reason}")
                self.decided[custom] = self._obey(custom, decision)
        return before != self.contents

    def _record(self, custom: Custom) -> Any:
        if custom.span is None or not reads_record(custom.name):
            return None
        return read(custom.name, self.source.data, *custom.span).record

    def _obey(self, custom: Custom, decision: Decision) -> Decision:
        """Do what was decided; give the decision, which is another where that cannot be done."""
        if decision.action is Action.REMAP and custom.name.startswith(PREFIX):
            remapped = self.metadata.remapped(custom)
            if remapped is not None:
                self.contents[custom] = remapped
                return decision
            decision = Decision(Action.DROP, "it cannot be read, so it cannot be kept true")
        if decision.action is Action.DROP:
            self.contents[custom] = None
        return decision


def _contents(custom: Custom) -> Piece | None:
    return custom.data if custom.changed else custom.span


def _in_order(now: Sequence[Custom], before: Sequence[Custom]) -> Iterator[Custom]:
    """The custom sections of ``now`` that were read. Raises ``RewriteError`` if they are in another order."""
    place = {custom: at for at, custom in enumerate(before)}
    last = -1
    for custom in now:
        if custom.span is not None:
            if place.get(custom, -1) <= last:
                raise RewriteError(f"custom section {custom.name!r} cannot be put in another place")
            last = place[custom]
            yield custom


@dataclass(frozen=True, slots=True)
class _Metadata:
    """Keeps notes on instructions true: functions renumbered, notes on rewritten functions left out."""

    module: Module
    spaces: Spaces
    source: BytesSource

    def remapped(self, custom: Custom) -> bytes | None:
        """The notes as they are now; None if they cannot be read."""
        assert custom.span is not None  # only sections of the input are decided about
        record = read(custom.name, self.source.data, *custom.span).record
        if record is None:
            return None
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
