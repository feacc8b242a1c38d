"""Baselines: findings somebody has accepted, so that only new ones count. JSON both ways; no files.

A baseline of one module holds for it wherever it lies. One of several modules says which finding is in which, by a name
that the caller gives each: else one that is gone in one module would make up for a new one in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ..errors import ConfigError
from ..renamed import schema_problem
from ..spelling import clipped
from .finding import Finding

SCHEMA: Final = "wasmrewrite.lint-baseline/1"


def baseline_to_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """Accept ``findings``: what identifies them, and how often each occurs. Offsets are left out, since they move."""
    return {"schema": SCHEMA, "findings": list(_entries(findings))}


def baseline_of_modules(findings: Mapping[str, Iterable[Finding]]) -> dict[str, Any]:
    """As ``baseline_to_json``, of several modules by name."""
    entries = [{"module": name, **each} for name, found in findings.items() for each in _entries(found)]
    return {"schema": SCHEMA, "findings": entries}


def _entries(findings: Iterable[Finding]) -> Iterable[dict[str, Any]]:
    accepted: dict[str, dict[str, Any]] = {}
    for each in sorted(findings, key=lambda one: (one.code, one.name, one.detail)):
        entry = accepted.setdefault(
            each.fingerprint,
            {"code": each.code, "name": clipped(each.name), "count": 0, "fingerprint": each.fingerprint},
        )
        entry["count"] += 1
    return accepted.values()


def baseline_from_json(data: object, where: str = "baseline") -> Counter[str]:
    """Fingerprint, with the module's name and a NUL in front if the baseline says it → how many are accepted.

    Raises ``ConfigError``.
    """
    if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
        raise ConfigError(f"{where}: not a baseline of schema {SCHEMA}")
    if data.get("schema") != SCHEMA:
        raise ConfigError(f"{where}: not a baseline: {schema_problem(data.get('schema'), SCHEMA)}")
    accepted: Counter[str] = Counter()
    for at, entry in enumerate(data["findings"]):
        mark = entry.get("fingerprint") if isinstance(entry, dict) else None
        count = entry.get("count") if isinstance(entry, dict) else None
        if not isinstance(mark, str) or not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise ConfigError(f"{where}: finding {at + 1} has no fingerprint or no count")
        module = entry.get("module") if isinstance(entry, dict) else None
        if module is not None and not isinstance(module, str):
            raise ConfigError(f"{where}: the module of finding {at + 1} has to be text")
        accepted[_mark(module, mark)] += count
    return accepted


def apply_baseline(
    findings: Sequence[Finding], accepted: Counter[str], module: str | None = None
) -> tuple[list[Finding], int]:
    """The findings with those accepted marked as suppressed, and how many accepted ones no longer occur.

    What is accepted in other modules than the one called ``module`` is left out of account.
    """
    left = Counter(accepted)
    marked = spend(findings, left, module)
    return marked, left_over(left, () if module is None else (module,))


def spend(findings: Sequence[Finding], left: Counter[str], module: str | None = None) -> list[Finding]:
    """The findings with those accepted marked as suppressed; these are taken out of ``left``."""
    marked = []
    for each in findings:
        marks = (_mark(module, each.fingerprint), each.fingerprint)
        known = next((mark for mark in marks if left[mark] > 0), None)
        if known is not None:
            left[known] -= 1
        marked.append(replace(each, suppressed=known is not None))
    return marked


def left_over(left: Counter[str], modules: Collection[str]) -> int:
    """How many accepted findings are left of ``modules``, and of none in particular."""
    return sum(count for mark, count in left.items() if "\0" not in mark or mark.partition("\0")[0] in modules)


def _mark(module: str | None, fingerprint: str) -> str:
    return fingerprint if module is None else f"{module}\0{fingerprint}"
