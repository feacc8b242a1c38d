"""Names that this release changed: what somebody types who knows the earlier one is answered with the new one.

This is the one table of earlier names; none of them is accepted. Not here: the sentence around them (``cli.suggest``,
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
