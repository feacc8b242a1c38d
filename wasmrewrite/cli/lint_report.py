"""What came of lint, and how it is told: as text, as data, as commands of GitHub workflows.

Not here: looking (``lint``, ``lint_several``), SARIF (``sarif``).
"""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from ..errors import WasmError
from ..escape import as_json, for_annotation, for_annotation_property, for_terminal
from ..explain.call_paths import called_by
from ..spelling import clipped
from . import exits, streams
from .few import few

if TYPE_CHECKING:
    from ..lint import Finding, Fix, Rule, Settings
    from .streams import Input

SCHEMA: Final = "wasmrewrite.lint/1"
_LEVELS: Final = {"error": "error", "warning": "warning", "note": "notice"}


@dataclass(slots=True)
class Outcome:
    """What came of a run: findings (of the mended module, if it was mended), and what became of fixes.

    ``stale`` counts what the baseline accepts and no longer occurs; ``unknown`` says why nobody knows who calls what.
    """

    findings: list[Finding]
    stale: int = 0
    unknown: str = ""
    fixed: list[Fix] = field(default_factory=list)
    failed: list[tuple[Fix, str]] = field(default_factory=list)

    @property
    def open(self) -> list[Finding]:
        """The findings that no baseline accepts."""
        return [each for each in self.findings if not each.suppressed]


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with each module."""

    settings: Settings
    rules: Sequence[type[Rule]]
    accepted: Counter[str]
    form: str
    options: dict[str, Any]

    @property
    def every(self) -> bool:
        """True if people are to see all findings, however many say the same."""
        return bool(self.options["every"])

    @property
    def plugins(self) -> bool:
        """True if rules and passes of other packages may be used."""
        return not self.options["no_plugins"]

    def code(self, outcomes: Iterable[Outcome]) -> int:
        """The exit code for what was found."""
        found = any(each.severity >= self.settings.fail_on for one in outcomes for each in one.open)
        return exits.FOUND if found else exits.FINE


def key_of(path: str, task: Task) -> str:
    """What a baseline of several modules calls one of them: the way to it from the folder of the baseline."""
    baseline = task.options["baseline"]
    if path == streams.STANDARD or baseline in (None, streams.STANDARD):
        return PurePath(path).as_posix()
    try:
        return PurePath(os.path.relpath(path, os.path.dirname(baseline) or ".")).as_posix()
    except ValueError:  # on another drive
        return PurePath(os.path.abspath(path)).as_posix()


def add_calls(outcome: Outcome, data: bytes) -> None:
    """Say of imports who calls them. Code that cannot be read is no reason to keep quiet about the rest."""
    from ..lint import with_calls
    from ..model import Module

    try:
        outcome.findings = with_calls(Module.from_bytes(data), outcome.findings)
    except WasmError as error:
        outcome.unknown = str(error)


def write_baseline(path: str, baseline: dict[str, Any], count: int) -> int:
    """Write a baseline and say how much it accepts; the exit code. Raises ``OSError``."""
    streams.write_all([(path, as_json(baseline).encode())])
    print(f"accepted {count} finding{'s' * (count != 1)} in {for_terminal(path)}")
    return exits.FINE


def tell(text: str, output: str | None) -> None:
    """Write a report to a file, or to standard output. Raises ``OSError``."""
    if output in (None, streams.STANDARD):
        streams.standard_output().write(text)
    else:
        streams.write_all([(output or "", text.encode("utf-8", "backslashreplace"))])


def plural(count: int, what: str) -> str:
    """Such as ``2 modules``."""
    return f"{count} {what}{'s' * (count != 1)}"


def counted(counts: Counter[str]) -> str:
    """Such as ``1 error, 2 notes``."""
    words = [plural(counts[each], each) for each in ("error", "warning", "note") if counts[each]]
    return ", ".join(words) or "nothing found"


def stale_words(count: int) -> str:
    """How much of a baseline is gone."""
    return f"{count} in the baseline no longer occur{'s' * (count == 1)}"


def data_of(source: Input, outcome: Outcome) -> dict[str, Any]:
    """The report for programs."""
    return {
        "schema": SCHEMA,
        "module": source.name,
        "findings": [each.to_json() for each in outcome.open],
        "accepted": [each.to_json() for each in outcome.findings if each.suppressed],
        "stale": outcome.stale,
        "calls_unknown": outcome.unknown or None,
        "fixed": [fix.to_json() for fix in outcome.fixed],
        "not_fixed": [{**fix.to_json(), "why": why} for fix, why in outcome.failed],
    }


def text_lines(source: Input, outcome: Outcome, every: bool) -> list[str]:
    """The report for people. Of very many findings of one rule it shows some, unless ``every``."""
    shown, rests = few(outcome.open, every)
    lines = [f"fixed: {_fix_words(fix)}" for fix in outcome.fixed]
    lines += [f"not fixed: {_fix_words(fix)}: {for_terminal(why)}" for fix, why in outcome.failed]
    for each in shown:
        offset = f"0x{each.position.offset or 0:x}"
        lines.append(f"{source.name}:{offset}: {each.severity} {each.code} {each.rule}: {for_terminal(each.message)}")
        where = ": ".join(each.position.path)
        if where:
            lines.append(f"    in {for_terminal(where)}")
        if each.calls is not None:
            lines.append(f"    {called_by(each.calls)}")
        if each.fix is not None:
            lines.append(f"    fix: {_fix_words(each.fix)}")
    lines += [f"{source.name}: {for_terminal(rest.words())}" for rest in rests]
    if outcome.unknown:
        lines.append(f"{source.name}: nobody knows who calls what: {for_terminal(clipped(outcome.unknown))}")
    return [*lines, _summary(source, outcome)]


def _fix_words(fix: Fix) -> str:
    """What a fix does, and how to ask for it: what stands there can be copied into a shell, whatever the names hold."""
    options = [f"{fix.pass_name}.{name}={value}" for name, values in fix.options.items() for value in values]
    words = ["--pass", fix.pass_name, *(word for option in options for word in ("--set", option))]
    return for_terminal(f"{fix.what} ({shlex.join(words)})")


def _summary(source: Input, outcome: Outcome) -> str:
    counts = Counter(str(each.severity) for each in outcome.open)
    said = [f"{source.name}: {counted(counts)}"]
    accepted = len(outcome.findings) - len(outcome.open)
    if accepted:
        said.append(f"{accepted} accepted by the baseline")
    if outcome.stale:
        said.append(stale_words(outcome.stale))
    mendable = sum(each.fix is not None for each in outcome.open)
    if mendable:
        said.append(f"--fix mends {mendable}")
    return "; ".join(said)


def workflow_commands(path: str, outcome: Outcome, every: bool) -> list[str]:
    """The report as workflow commands, which GitHub shows as annotations: few of each step, so that they are shared."""
    shown, rests = few(outcome.open, every)
    lines = []
    for each in shown:
        title = for_annotation_property(f"{each.code} {each.rule}")
        where = ": ".join((*each.position.path, f"offset 0x{each.position.offset or 0:x}"))
        calls = "" if each.calls is None else f"; {called_by(each.calls)}"
        text = for_annotation(f"{each.message} ({where}{calls})")
        lines.append(f"::{_LEVELS[str(each.severity)]} {annotated(path)}title={title}::{text}")
    for rest in rests:
        title = for_annotation_property(f"{rest.findings[0].code} {rest.findings[0].rule}")
        level = max(each.severity for each in rest.findings)
        lines.append(f"::{_LEVELS[str(level)]} {annotated(path)}title={title}::{for_annotation(rest.words())}")
    return lines


def annotated(path: str) -> str:
    """The property of an annotation that names a file."""
    return "" if path == streams.STANDARD else f"file={for_annotation_property(PurePath(path).as_posix())},"
