"""Baselines: findings somebody has accepted, so that only new ones count. JSON both ways; no files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from ..errors import ConfigError
from ..spelling import clipped
from .finding import Finding

SCHEMA: Final = "wasmrewrite.lint-baseline/1"


def baseline_to_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """Accept ``findings``: what identifies them, and how often each occurs. Offsets are left out, since they move."""
    accepted: dict[str, dict[str, Any]] = {}
    for each in sorted(findings, key=lambda one: (one.code, one.name, one.detail)):
        entry = accepted.setdefault(
            each.fingerprint,
            {"code": each.code, "name": clipped(each.name), "count": 0, "fingerprint": each.fingerprint},
        )
        entry["count"] += 1
    return {"schema": SCHEMA, "findings": list(accepted.values())}


def baseline_from_json(data: object, where: str = "baseline") -> Counter[str]:
    """Fingerprint → how many are accepted. Raises ``ConfigError``."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("findings"), list):
        raise ConfigError(f"{where}: not a baseline of schema {SCHEMA}")
    accepted: Counter[str] = Counter()
    for at, entry in enumerate(data["findings"]):
        mark = entry.get("fingerprint") if isinstance(entry, dict) else None
        count = entry.get("count") if isinstance(entry, dict) else None
        if not isinstance(mark, str) or not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise ConfigError(f"{where}: finding {at + 1} has no fingerprint or no count")
        accepted[mark] += count
    return accepted


def apply_baseline(findings: Sequence[Finding], accepted: Counter[str]) -> tuple[list[Finding], int]:
    """The findings with those accepted marked as suppressed, and how many accepted ones no longer occur."""
    left = Counter(accepted)
    marked = []
    for each in findings:
        known = left[each.fingerprint] > 0
        left[each.fingerprint] -= known
        marked.append(replace(each, suppressed=known))
    return marked, sum(left.values())
