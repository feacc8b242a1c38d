"""Names that this release changed: what somebody types who knows the earlier one is answered with the new one.

This is the one table of earlier names; none of them is accepted. Not here: sentences around names (``cli.suggest``,
``rewrite.suggest``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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

FILES: Final[Mapping[object, str]] = MappingProxyType(
    {
        "wasmrewrite.contract/1": "write it again with 'rewrite --write-contract'",
        "wasmrewrite.script/1": "write it again with 'verify --save-reproducer'",
        "wasmrewrite.case/1": "write it again with 'fuzz -o'",
        "wasmrewrite.lint-baseline/1": "write it again with 'lint --write-baseline'",
    }
)
"""Schemas of files that are read, as they were before keys in them changed, and how to get the new form."""


def schema_problem(found: object, expected: str) -> str:
    """What to say of a file whose schema is ``found``."""
    remedy = FILES.get(found) if isinstance(found, str) else None
    return f"unsupported schema {found!r}; expected {expected!r}{f'; {remedy}' if remedy else ''}"
