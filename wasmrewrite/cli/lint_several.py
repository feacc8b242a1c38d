"""``wasmrewrite lint`` on several modules: each is looked at, whatever becomes of the others; the report is one.

Not here: looking at one (``lint``), which modules are meant (``modules``).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..escape import as_json, for_annotation, for_terminal
from . import exits, streams
from .failure import code_of, lines_of
from .lint_report import (
    Outcome,
    Task,
    add_calls,
    annotated,
    counted,
    data_of,
    key_of,
    plural,
    stale_words,
    tell,
    text_lines,
    workflow_commands,
    write_baseline,
)
from .report import Report

if TYPE_CHECKING:
    from .sarif import Artifact
    from .streams import Input

SCHEMA: Final = "wasmrewrite.lint-modules/1"
_SHARED: Final = ("module", "findings", "accepted", "calls_unknown")
"""What the document about one module says that also holds for one of several."""


@dataclass(slots=True)
class Looked:
    """A module that was looked at: its path, its name for people, and what came of it. ``artifact``: for SARIF only."""

    path: str
    source: Input
    outcome: Outcome
    artifact: Artifact | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a module could not be looked at: lines for people, and the exit code."""

    path: str
    lines: list[str]
    code: int

    @property
    def why(self) -> str:
        """The first line alone."""
        return self.lines[0].removeprefix("error: ")


def look_at_all(paths: Sequence[str], task: Task, output: str | None) -> int:
    """Look at all modules and report; the exit code. Raises ``OSError`` if the report cannot be written."""
    from ..lint import baseline_of_modules, left_over

    left = Counter(task.accepted)
    looked: list[Looked] = []
    failures: list[Failure] = []
    for path in paths:
        try:
            looked.append(_look_at(path, left, task))
        except (OSError, streams.BlamedError) as error:
            failures.append(Failure(path, lines_of(error), code_of(error)))
    for each in failures:
        print(*each.lines, sep="\n", file=sys.stderr)
    worst = max((each.code for each in failures), default=exits.FINE)
    findings = {key_of(each.path, task): each.outcome.findings for each in looked}
    if task.options["write_baseline"]:  # one that leaves modules out would pass for whole
        count = sum(map(len, findings.values()))
        return worst or write_baseline(task.options["baseline"], baseline_of_modules(findings), count)
    tell(_rendered_together(looked, failures, left_over(left, findings), task), output)
    return worst or task.code(each.outcome for each in looked)


def _look_at(path: str, left: Counter[str], task: Task) -> Looked:
    """Look at one of several modules; what the baseline accepts of it is taken out of ``left``."""
    from ..lint import lint, spend
    from ..model import Module
    from .sarif import Artifact

    source = streams.read_module(path)
    with source.blamed():
        found = lint(Module.from_bytes(source.data), task.settings, task.rules, task.plugins)
        outcome = Outcome(spend(found, left, key_of(path, task)))
    if not task.options["write_baseline"]:
        add_calls(outcome, source.data)
    artifact = Artifact.of(path, source.data) if task.form == "sarif" else None
    return Looked(path, streams.Input(source.name, b""), outcome, artifact)


def _rendered_together(looked: Sequence[Looked], failures: Sequence[Failure], stale: int, task: Task) -> str:
    if task.form == "sarif":
        from .sarif import log

        found = [(each.artifact, each.outcome.findings) for each in looked if each.artifact is not None]
        return as_json(log(found, task.rules, [(each.path, each.why) for each in failures]))
    if task.form == "json":
        modules = [_data(each) for each in looked]
        failed = [{"module": for_terminal(each.path), "error": each.why} for each in failures]
        return as_json({"schema": SCHEMA, "modules": modules, "failed": failed, "stale": stale})
    lines: list[str] = []
    if task.form == "github":
        lines += [line for each in looked for line in workflow_commands(each.path, each.outcome, task.every)]
        lines += [f"::error {annotated(each.path)}title=lint::{for_annotation(each.why)}" for each in failures]
    else:
        remarkable = [each for each in looked if each.outcome.findings or each.outcome.unknown]
        lines += [line for each in remarkable for line in text_lines(each.source, each.outcome, task.every)]
        lines.append(_total([each.outcome for each in looked], len(failures), stale))
    return Report({}, [*lines]).render("text")


def _total(outcomes: Sequence[Outcome], failed: int, stale: int) -> str:
    found = Counter(str(each.severity) for one in outcomes for each in one.open)
    said = [f"{plural(len(outcomes) + failed, 'module')}: {counted(found)}"]
    if failed:
        said.append(f"{failed} could not be read")
    if stale:
        said.append(stale_words(stale))
    return "; ".join(said)


def _data(looked: Looked) -> dict[str, Any]:
    whole = data_of(looked.source, looked.outcome)
    return {name: whole[name] for name in _SHARED}
