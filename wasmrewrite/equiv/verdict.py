"""What ``verify`` reports: ``Same``, ``Different`` or ``Inconclusive``, with what it is based on. Text and JSON.

Not here: how it got there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from .behavior.script import Script
from .difference import Difference
from .engines.opinion import SecondOpinion
from .hosts.acts import KINDS
from .structure.comparison import Structure, sentences

SCHEMA: Final = "wasmrewrite.verdict/2"
_SHOWN: Final = 12


@dataclass(slots=True)
class Coverage:
    """Instructions that are new or changed, and how many of them were executed. ``missed``: the others, by place.

    ``untested``: functions of whose new or changed instructions none was executed.
    """

    required: int = 0
    reached: int = 0
    missed: list[str] = field(default_factory=list)
    untested: int = 0

    def __str__(self) -> str:
        if not self.required:
            return "no changed code"
        share = 100 * self.reached // self.required  # rounded down: 100% means all
        return f"{share}%"


@dataclass(slots=True)
class Evidence:
    """What was run. ``callable``: pairs of functions that can be called. ``ended``: how often instantiation ended
    alike on both sides, with the same calls to the host, so that there was no instance to call.

    ``masked``: differing bytes in memory that nobody may read.
    ``unlogged``: calls of imports that the rewrite added, by name, which nothing is compared with.
    ``acts``: what the judge's host did besides answering, by kind.
    ``exempt``: changed functions whose change is intended.
    ``unproven``: functions unknown to the contract that were found in the place of others; only calls tell of them.
    ``host``: how much of the imports a host that the user supplied answered, None without one. ``outside``: what
    another engine says, None if it was not asked.
    """

    calls: int = 0
    ended: int = 0
    callable: int = 0
    skipped: int = 0
    masked: int = 0
    unproven: int = 0
    unlogged: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    coverage: Coverage = field(default_factory=Coverage)
    excused: list[str] = field(default_factory=list)
    exempt: int = 0
    notes: list[str] = field(default_factory=list)
    stack_pointer: str | None = None
    host: str | None = None
    outside: SecondOpinion | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "calls": self.calls,
            "skipped": self.skipped,
            "masked_bytes": self.masked,
            "unmapped_references": self.unproven,
            "calls_not_compared": dict(self.unlogged),
            "host_acts": {kind: self.acts[kind] for kind in KINDS},
            "coverage": {
                "required": self.coverage.required,
                "reached": self.coverage.reached,
                "unreached": list(self.coverage.missed),
            },
            "intended_changes": list(self.excused),
            "notes": list(self.notes),
            "stack_pointer": self.stack_pointer,
            "host": self.host,
            "cross_check": None if self.outside is None else self.outside.to_json(),
        }


@dataclass(slots=True)
class Verdict:
    """Base of the three verdicts; true only for ``Same``."""

    word: ClassVar[str] = ""
    structure: Structure
    evidence: Evidence

    def __bool__(self) -> bool:
        return isinstance(self, Same)

    def summary(self) -> str:
        """The verdict in one line: the word, what it rests on, what is left."""
        return f"{self.word}: {self.basis()}"

    def basis(self) -> str:
        """How many items are unchanged, and what was done to test the others."""
        found = self.structure
        items = f"{found.same} of {_counted(found.total, 'item')} unchanged"
        if found.bodies or found.new_funcs or self.evidence.coverage.required:
            return f"{items}; {self._functions()}{self._tested()}"
        return f"{items}, no code changed; {self._compared()}"

    def _functions(self) -> str:
        """How many functions are not as they were."""
        changed, added = len(self.structure.bodies), len(self.structure.new_funcs)
        parts = [f"{count} {kind}" for count, kind in ((changed, "changed"), (added, "added")) if count]
        if not parts:
            return "redirected functions"
        return f"{' and '.join(parts)} function{'' if changed + added == 1 else 's'}"

    def _tested(self) -> str:
        """How far these functions were tested."""
        evidence, count = self.evidence, len(self.structure.bodies) + len(self.structure.new_funcs)
        coverage, exempt = evidence.coverage, evidence.exempt
        calls = _counted(evidence.calls, "call") if evidence.calls else self._compared()
        if exempt and exempt == count:
            return f": not tested, the change{' is' if count == 1 else 's are'} intended ({calls})"
        intended = f", {_counted(exempt, 'change')} intended" if exempt else ""
        tested = count - exempt - coverage.untested
        if (coverage.required and not coverage.reached) or (count and not tested):
            return f": not tested ({calls}){intended}"
        whose = "its" if count - exempt == 1 else "their"
        executed = f", {coverage} of {whose} code executed" if coverage.required else ""
        return f": {f'{tested} ' if count else ''}tested ({calls}{executed}){intended}"

    def _compared(self) -> str:
        """How much was: calls, or that there was nothing to call, or that no call was compared at all."""
        evidence = self.evidence
        if evidence.calls or isinstance(self, Different):
            return f"{_counted(evidence.calls, 'call')} compared"
        alone = 0 if evidence.outside is None else evidence.outside.alone
        if alone and evidence.outside is not None:
            return f"{_counted(alone, 'call')} compared in {evidence.outside.engine} only"
        if evidence.ended:
            times = "once" if evidence.ended == 1 else f"{evidence.ended} times"
            return f"instantiation ended alike {times}"
        return "no calls compared" if evidence.callable else "nothing to call"

    def reasons(self) -> list[str]:
        """Why it is not better."""
        return []

    def text(self) -> str:
        """The verdict with what it rests on, for people; names from the modules are escaped."""
        lines = [self.summary(), *self.reasons()]
        said = "\n".join(lines)
        more = [sentence for sentence in dict.fromkeys(sentences(self.structure)) if sentence not in said]
        lines += [f"  {sentence}" for sentence in _short(more)]
        evidence = self.evidence
        lines += [f"  intended change: {each}" for each in _short(evidence.excused)]
        if evidence.host is not None:
            lines.append(f"  {evidence.host}")
        if evidence.outside is not None:
            lines += [f"  {line}" for line in evidence.outside.text()]
        lines += _left_out(evidence)
        lines += [f"  note: {each}" for each in _short([*self.structure.notes, *evidence.notes])]
        return "\n".join(_escape(line) for line in lines)

    def to_json(self) -> dict[str, Any]:
        """Plain data, with a ``schema``."""
        return {
            "schema": SCHEMA,
            "verdict": self.word,
            "summary": self.summary(),
            "reasons": self.reasons(),
            "structure": self.structure.to_json(),
            "execution": self.evidence.to_json(),
        }


@dataclass(slots=True)
class Same(Verdict):
    """Everything that was compared is the same, and every new or changed instruction took part."""

    word: ClassVar[str] = "same"


@dataclass(slots=True)
class Different(Verdict):
    """The first difference; ``script`` shows it in as few calls as were found to do, None if no call is needed."""

    word: ClassVar[str] = "different"
    difference: Difference
    script: Script | None = None

    def _tested(self) -> str:
        return f"; {self._compared()}"  # a search that ended at a difference was not meant to execute everything

    def summary(self) -> str:
        """The verdict in one line: the word and the place of the first difference."""
        return self.difference.lines()[0]

    def reasons(self) -> list[str]:
        basis = [f"  {self.basis()}"] if self.structure.total else []
        return [*self.difference.lines()[1:], *_earlier(self.script), *basis]

    def to_json(self) -> dict[str, Any]:
        difference = self.difference
        return {
            **Verdict.to_json(self),
            "difference": difference.to_json(),
            "reproducer": None if self.script is None else self.script.to_json(),
        }


@dataclass(slots=True)
class Inconclusive(Verdict):
    """Nothing differed, but not everything could be shown; ``why`` says what."""

    word: ClassVar[str] = "inconclusive"
    why: tuple[str, ...] = ()

    def reasons(self) -> list[str]:
        return [f"  {each}" for each in _short(list(self.why))]


def _counted(count: int, what: str) -> str:
    """Such as ``2 calls``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def _left_out(evidence: Evidence) -> list[str]:
    """What was not compared, or only by calls, with how much of it there was."""
    lines = []
    if evidence.masked:
        lines.append(
            f"  {_counted(evidence.masked, 'differing byte')} in dead stack or padding {_not_compared(evidence.masked)}"
        )
    if evidence.unproven == 1:
        lines.append("  1 function stands for another without a claim; only calls tell of it")
    elif evidence.unproven:
        lines.append(f"  {evidence.unproven} functions stand for others without a claim; only calls tell of them")
    if count := evidence.unlogged.total():
        names = ", ".join(evidence.unlogged)
        lines.append(f"  {_counted(count, 'call')} of added imports {_not_compared(count)} ({names})")
    if count := evidence.skipped:
        shows = "shows" if count == 1 else "show"
        lines.append(
            f"  {_counted(count, 'call')} {shows} nothing: out of fuel, depth or memory on both sides, or of what is "
            "executed here"
        )
    return lines


def _not_compared(count: int) -> str:
    return f"{'was' if count == 1 else 'were'} not compared"


def _short(lines: list[str]) -> list[str]:
    rest = len(lines) - _SHOWN
    return lines if rest <= 1 else [*lines[:_SHOWN], f"... and {rest} more"]


def _escape(text: str) -> str:
    """Control and direction characters as escapes: names come from modules nobody vouches for."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _earlier(script: Script | None) -> list[str]:
    """What came before the call that shows a difference: earlier calls, and what the host did."""
    if script is None:
        return []
    calls = [f"  called earlier: {call}" for call in script.calls[:-1]]
    roomy = ["  imported memories and tables are larger than their minimum"] if script.roomy else []
    return [*calls, *roomy, *(f"  {act}" for act in script.acts or ())]
