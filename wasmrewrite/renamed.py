"""Names that this release changed: what somebody types who knows the earlier one is answered with the new one.

This is the one table of earlier names; none of them is accepted. Not here: sentences around names (``cli.suggest``,
``rewrite.suggest``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .spelling import natural

OPTIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "callgraph": {"--only-imports": "--to-imports", "--all": "--full"},
        "fuzz": {"--time": "--max-time", "--cases": "--max-cases"},
        "info": {"--interface": "--draft-declarations"},
        "reduce": {"--attempts": "--max-attempts"},
        "rewrite": {
            "--interface": "--declarations",
            "--contract": "--write-contract",
            "--time": "--timings",
            "--explain": "--verbose",
        },
        "run": {"--interface": "--declarations", "--dir-out": "--copy-out"},
        "verify": {"--interface": "--declarations", "--start": "--expect-start", "--outside": "--cross-check"},
    }
)
"""Options of commands: command → earlier name → name."""

PASS_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "add-start": {"drop-export": "remove-export"},
        "multi-value": {"original": "original-export", "zero": "zero-buffer"},
        "rename-imports": {"within": "match-module", "only": "match-name"},
    }
)
"""Options of passes: pass → earlier name → name."""

FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wasmrewrite.contract": "rewrite --write-contract",
        "wasmrewrite.reproducer": "verify --save-reproducer",
        "wasmrewrite.case": "fuzz -o",
        "wasmrewrite.lint-baseline": "lint --write-baseline",
    }
)
"""Kinds of files that are read, and what writes them."""

_EARLIER_FILES: Final[Mapping[str, str]] = MappingProxyType({"wasmrewrite.script": "wasmrewrite.reproducer"})
"""Kinds of files as they were called → as they are called."""


def schema_problem(found: object, expected: str) -> str:
    """What to say of a file whose schema is ``found``: also what to do if it is the same kind of file."""
    kind, _, version = (found if isinstance(found, str) else "").rpartition("/")
    wanted, _, today = expected.rpartition("/")
    problem = f"unsupported schema {found!r}; expected {expected!r}"
    if _EARLIER_FILES.get(kind, kind) != wanted or natural(version) is None:
        return problem
    if kind == wanted and int(version) > int(today):
        return f"{problem}; it is of a later release of wasmrewrite"
    return f"{problem}; write it again with '{FILES[wanted]}'" if wanted in FILES else problem
