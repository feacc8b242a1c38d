"""Findings as a SARIF 2.1.0 log, for code scanning services. Not here: findings (``wasmrewrite.lint``).

A module has no lines, and services show only what has one: a region says line 1 and where its bytes are. What a pass
would mend is in a result's property bag: a SARIF fix replaces bytes of a file, and a pass does more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from .. import __version__
from ..escape import for_sarif, for_terminal
from ..explain.call_paths import called_by

if TYPE_CHECKING:
    from ..lint import Call, Finding, Rule

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
HOME: Final = "https://github.com/wasmrewrite/wasmrewrite"
"""Where the project and its documentation are; the same as in ``pyproject.toml``."""
_BUILT_IN: Final = "wasmrewrite.lint.rules."
_FINGERPRINT: Final = "wasmrewriteFinding/v1"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A module that was looked at; ``path`` as it was given."""

    path: str
    size: int
    digest: str

    @classmethod
    def of(cls, path: str, data: bytes) -> Artifact:
        """What a log says of a module."""
        return cls(path, len(data), sha256(data).hexdigest())

    def to_json(self) -> dict[str, Any]:
        """As a log has it."""
        return {
            "location": {"uri": uri(self.path)},
            "length": self.size,
            "mimeType": "application/wasm",
            "hashes": {"sha-256": self.digest},
        }


def log(
    looked: Iterable[tuple[Artifact, Sequence[Finding]]],
    rules: Sequence[type[Rule]],
    failures: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """A log with one run over all modules. ``failures``: the paths of those that could not be read, and why."""
    index = {rule.code: at for at, rule in enumerate(rules)}
    driver = {
        "name": "wasmrewrite",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(rule) for rule in rules],
    }
    artifacts: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for artifact, findings in looked:
        location = {"uri": uri(artifact.path), "index": len(artifacts)}
        artifacts.append(artifact.to_json())
        results += [_result(each, location, index.get(each.code)) for each in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "artifacts": artifacts, "results": results}
    if failures:
        notes = [_notification(path, why) for path, why in failures]
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": notes}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def uri(path: str, kind: type[PurePath] = PurePath) -> str:
    """A URI reference for a path as it was given; the standard input has a name of its own."""
    if path == "-":
        return "stdin"
    pure = kind(path)
    return pure.as_uri() if pure.drive and pure.is_absolute() else quote(os.fsencode(pure.as_posix()))


def _notification(path: str, why: str) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}
    return {"level": "error", "message": {"text": for_sarif(why)}, "locations": [place]}


def _rule(rule: type[Rule]) -> dict[str, Any]:
    from ..lint.pages import paragraphs

    first, *others = paragraphs(rule)
    described = {
        "id": rule.code,
        "name": rule.__name__,
        "shortDescription": {"text": for_sarif(first)},
        "fullDescription": {"text": for_sarif(" ".join([first, *others]))},
        "help": {"text": for_sarif(" ".join(others) or first)},
        "defaultConfiguration": {"level": str(rule.severity)},
    }
    page = rule.help_uri
    if rule.__module__.startswith(_BUILT_IN):
        page = f"{HOME}/blob/main/docs/rules/{rule.rule_name()}.md"
    return {**described, "helpUri": page} if page else described


def _region(offset: int | None) -> dict[str, int]:
    return {"startLine": 1, "byteOffset": offset or 0, "byteLength": 1}


def _flow(calls: Sequence[Call], location: dict[str, Any]) -> dict[str, Any]:
    """The calls that lead to an import, from what the host can run on."""
    steps = [
        {
            "location": {
                "physicalLocation": {"artifactLocation": location, "region": _region(call.offset)},
                "message": {"text": for_sarif(f"{call.kind} in {call.name or f'function {call.caller}'}")},
            }
        }
        for call in calls
    ]
    return {"message": {"text": for_sarif(called_by(calls))}, "threadFlows": [{"locations": steps}]}


def _result(finding: Finding, location: dict[str, Any], index: int | None) -> dict[str, Any]:
    place = {"artifactLocation": location, "region": _region(finding.position.offset)}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": str(finding.severity),
        "message": {"text": for_sarif(finding.message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {"name": for_terminal(finding.name)},
    }
    if index is not None:
        result["ruleIndex"] = index
    if finding.position.path:
        name = for_terminal("/".join(finding.position.path))
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": name}]
    if finding.fix is not None:
        result["properties"]["fix"] = finding.fix.to_json()
    if finding.calls:
        result["codeFlows"] = [_flow(finding.calls, location)]
    if finding.suppressed:
        result["suppressions"] = [{"kind": "external"}]
    return result
