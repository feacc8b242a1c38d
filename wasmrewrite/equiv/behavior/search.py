"""The second half of a verdict: scripts are played until enough is known, a difference is made small.

Not here: playing one script (``script_runs``), choosing them (``subjects``), drawing conclusions (``judge``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..by_value.claims import ByValue
from ..by_value.overrun import overrun
from ..by_value.wrapper_check import examine
from ..difference import Difference
from ..verdict import Evidence
from .reached import Progress, Reached
from .script import Script
from .script_runs import Drive, Played
from .shrink import shrink
from .subjects import Subject, Subjects, callable_kinds, scripts

PATIENCE: Final = 4
"""How many times the wished number of calls may be made to reach code that was not reached yet."""
MEMORY_COMPARED: Final = 8 << 30
"""Bytes of memory compared in all, after which no further script is begun."""
OVERHEAD: Final = 1000
PER_FUNCTION: Final = 20
"""What a call, an instance and each function of it are worth in instructions: limits hold for tiny functions too."""
LOOKED_PER_FUEL: Final = 256
"""Bytes looked at in host calls that count as one instruction."""
HOPELESS: Final = 40
"""After so many calls of which none came to an end, no more are made."""
ALONE: Final = 24
MAX_NOTES: Final = 8
MAX_KEPT: Final = 40
PER_PAIR: Final = 24


@dataclass(frozen=True, slots=True)
class Limits:
    """What a verdict may cost. ``calls`` are compared calls; ``fuel`` is in instructions, per call and in all."""

    calls: int = 400
    fuel: int = 1_000_000
    total_fuel: int = 20_000_000
    depth: int = 2_000
    memory_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Witness:
    """A difference and the calls that show it; None if the input alone shows it."""

    difference: Difference
    script: Script | None


@dataclass(slots=True)
class Inquiry:
    """What playing scripts has brought to light. ``needed`` are the instructions to execute, by output function."""

    drive: Drive
    base: Script
    subjects: Sequence[Subject]
    needed: Mapping[int, Mapping[int, str]]
    evidence: Evidence
    progress: Progress = field(default_factory=Progress)
    open_questions: list[str] = field(default_factory=list)
    played: list[Script] = field(default_factory=list)
    unsupported: list[Script] = field(default_factory=list)
    """Some of the scripts that were played, and of those our engine does not know an instruction of."""
    doubtful: int = 0
    """Bytes that differ in what may be dead stack."""
    pairs: set[tuple[int, int]] = field(default_factory=set)
    """Functions that stood for others without the contract's saying so."""

    def compare(self, limits: Limits, reachable: Iterable[int]) -> Witness | None:
        """Play scripts until the calls are made and ``reachable`` functions are covered, or the limits are reached."""
        found = self._rounds(self.subjects, limits, {index for index in reachable if self.needed[index]})
        if found is None and self.pairs:
            self.evidence.unproven = len(self.pairs)
            more = replace(limits, calls=self.evidence.calls + PER_PAIR * len(self.pairs))
            found = self._rounds(self._strangers(), more, set())
        return found

    def never_compared(self) -> list[str]:
        """Functions that changed or that a claim speaks of, of which no call was compared."""
        excused = self.drive.plan.excused
        return [
            f"never compared: {subject.name}"
            for subject in self.subjects
            if subject.urgent
            and (subject.old, subject.new) not in self.progress.compared
            and subject.old not in excused
        ]

    def _strangers(self) -> list[Subject]:
        """Functions unknown to the contract, each beside the one whose place it was found in."""
        old, new = self.drive.old.view, self.drive.new.view
        found = Subjects()
        for was, now in sorted(self.pairs):
            name = f"{old.func_name(was)}, found as {new.func_name(now)} of the output"
            found.add(name, was, now, old.func_type(was), urgent=True)
        return found.found

    def _rounds(self, chosen: Sequence[Subject], limits: Limits, waiting: set[int]) -> Witness | None:
        spent = memory = 0
        for number, plain in enumerate(scripts(self.base, chosen, limits.calls)):
            script = self._hosted(plain, number)
            played = self.drive.play(script)
            self._tally(played)
            kept = self.unsupported if played.unsupported else self.played
            if len(kept) < MAX_KEPT:
                kept.append(script)
            if played.difference is not None:
                found = self._shrunk(script, played, played.difference)
                return None if self._host_to_blame(found) else found
            if played.one_sided is not None:
                self.open_questions.append(played.one_sided)
                return None
            spent += (
                played.executed
                + played.looked // LOOKED_PER_FUEL
                + OVERHEAD * len(script.calls)
                + self._cost_of_instance
            )
            memory += played.compared_bytes
            waiting = {index for index in waiting if not self.needed[index].keys() <= self.progress.covered}
            done = self._enough(limits, bool(waiting) or self._stand_ins_wait())
            if done or spent > limits.total_fuel or memory > MEMORY_COMPARED:
                break
        return None

    def _hosted(self, script: Script, number: int) -> Script:
        """Return a script whose host acts, or is quiet: plain behavior is to be reached, too."""
        acting = number > 0 and (script.fill or number % 2 == 0) and self.drive.host is None
        return replace(script, acts=None, roomy=True) if acting else script

    @property
    def _cost_of_instance(self) -> int:
        return OVERHEAD + PER_FUNCTION * (len(self.drive.old.view.module.funcs) + len(self.drive.new.view.module.funcs))

    def _enough(self, limits: Limits, waiting: bool) -> bool:
        made, skipped = self.evidence.calls, self.evidence.skipped
        hopeless = not made and skipped >= HOPELESS
        return hopeless or made + skipped >= limits.calls * (PATIENCE if waiting else 1)

    def _stand_ins_wait(self) -> bool:
        """Whether calls to some pair itself still have to execute something."""
        for pair, wanted in self.drive.direct.items():
            reached = self.progress.direct.get(pair, Reached())
            if wanted.old.keys() - reached.old or wanted.new.keys() - reached.new:
                return True
        return False

    def _tally(self, played: Played) -> None:
        evidence = self.evidence
        evidence.calls += played.at
        evidence.ended += played.ended
        if played.skipped is not None:
            evidence.skipped += 1
            note = f"not compared: {played.skipped}"
            if note not in evidence.notes and len(evidence.notes) < MAX_NOTES:
                evidence.notes.append(note)
        evidence.masked += played.masked
        evidence.acts.update(act.kind for act in played.acts)
        self.doubtful += played.doubtful
        for fault in played.faults:
            if fault not in evidence.notes and len(evidence.notes) < MAX_NOTES:
                evidence.notes.append(fault)
        self.pairs |= played.pairs
        evidence.unlogged.update(played.unlogged)
        self.progress.add(played.progress)

    def _shrunk(self, script: Script, played: Played, difference: Difference) -> Witness:
        """As few calls as were found to show a difference."""

        def play(candidate: Script) -> Difference | None:
            return self.drive.play(candidate).difference

        shown = replace(script, acts=tuple(played.acts)).keeping(range(0 if played.in_start else played.at + 1))
        smallest, difference = shrink(shown, difference, play)
        return Witness(difference, smallest)

    def _host_to_blame(self, found: Witness) -> bool:
        """Whether the input alone does not do the same twice before the user's host: then nothing is known."""
        if self.drive.host is None or found.script is None:
            return False
        doubt = self.drive.doubt(found.script)
        if doubt is not None:
            self.open_questions.append(
                f"before the supplied host the input itself does not do the same twice ({doubt}): a host with state of "
                "its own has to be a function that makes it anew for every instance, and must not depend on chance"
            )
        return doubt is not None

    def probe(self, exports: Mapping[str, ByValue]) -> Witness | None:
        """Look for functions that write more than they are declared to return."""
        for subject in self.subjects:
            claim = None if subject.by_value is None else exports[subject.by_value]
            found = None if claim is None else overrun(self.drive, self.base, subject, claim)
            if found is not None:
                return Witness(found, None)
        return None

    def examine(self, exports: Mapping[str, ByValue]) -> None:
        """Look at by-value wrappers apart from what they wrap."""
        pairs = [(each, exports[each.by_value]) for each in self.subjects if each.by_value is not None]
        complaints, covered = examine(self.drive, self.base, pairs)
        self.open_questions += complaints
        self.progress.covered |= covered

    def run_alone(self, functions: Iterable[int]) -> None:
        """Execute new functions that nothing compared can reach: all that can be shown is that they run."""
        role = self.drive.new
        for index in functions:
            kinds = callable_kinds(role.view.func_type(index))
            if kinds is None or role.view.func(index).imported:
                continue
            draw = self.base.draw(f"alone/{index}")
            for turn in range(ALONE):
                _, side = self.drive.sides(self.base)
                if side.start().results is None:
                    return
                side.call(index, [draw.value(kind, turn) for kind in kinds])
                self.progress.covered |= side.covered()
                if self.needed.get(index, {}).keys() <= self.progress.covered:
                    break
