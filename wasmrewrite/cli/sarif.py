"""Findings as a SARIF 2.1.0 log, for code scanning services. Not here: findings (``wasmrewrite.lint``).

What a pass would mend is in a result's property bag: a SARIF fix replaces bytes of a file, and a pass does more.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from .. import __version__
from .escape import for_sarif, for_terminal
from .ways import called_by

if TYPE_CHECKING:
    from ..lint import Call, Finding, Rule

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT: Final = "wasmrewriteFinding/v1"


def log(data: bytes, path: str, findings: Sequence[Finding], rules: Sequence[type[Rule]]) -> dict[str, Any]:
    """A log with one run over the module ``data`` that was read from ``path``."""
    index = {rule.code: at for at, rule in enumerate(rules)}
    location = {"uri": _uri(path)}
    driver = {
        "name": "wasmrewrite",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [
            {
                "location": location,
                "length": len(data),
                "mimeType": "application/wasm",
                "hashes": {"sha-256": sha256(data).hexdigest()},
            }
        ],
        "results": [_result(each, location, index.get(each.code)) for each in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _uri(path: str) -> str:
    """A URI reference for a path as it was given; the standard input has a name of its own."""
    return "stdin" if path == "-" else quote(os.fsencode(path))


def _rule(rule: type[Rule]) -> dict[str, Any]:
    from ..lint.pages import paragraphs

    first, *others = paragraphs(rule)
    return {
        "id": rule.code,
        "name": rule.__name__,
        "shortDescription": {"text": for_sarif(first)},
        "fullDescription": {"text": for_sarif(" ".join([first, *others]))},
        "help": {"text": for_sarif(" ".join(others) or first)},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _flow(calls: Sequence[Call], location: dict[str, str]) -> dict[str, Any]:
    """The calls that lead to an import, from what the host can run on."""
    steps = [
        {
            "location": {
                "physicalLocation": {
                    "artifactLocation": {**location, "index": 0},
                    "region": {"byteOffset": call.offset or 0, "byteLength": 1},
                },
                "message": {"text": for_sarif(f"{call.kind} in {call.name or f'function {call.caller}'}")},
            }
        }
        for call in calls
    ]
    return {"message": {"text": for_sarif(called_by(calls))}, "threadFlows": [{"locations": steps}]}


def _result(finding: Finding, location: dict[str, str], index: int | None) -> dict[str, Any]:
    place = {
        "artifactLocation": {**location, "index": 0},
        "region": {"byteOffset": finding.position.offset or 0, "byteLength": 1},
    }
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
