"""Lint: rules that say what is suspicious about a module, each finding with its place and, where a pass mends it, a
fix.

A fix is plain data, the name of a pass and its options; applying it is up to whoever knows passes. Not here: output
formats (``wasmrewrite.cli``), facts that more than lint wants to know (``analysis``).
"""

from .baseline import (
    apply_baseline,
    baseline_from_json,
    baseline_of_modules,
    baseline_to_json,
    left_over,
    spend,
)
from .engine import lint
from .expected import Expected
from .finding import Call, Finding, Fix, Severity
from .registry import built_in, find, installed, names_of_installed, selected
from .rule import Example, Rule
from .settings import Settings, parse_settings
from .ways import imported_func, with_calls

__all__ = [
    "Call",
    "Example",
    "Expected",
    "Finding",
    "Fix",
    "Rule",
    "Settings",
    "Severity",
    "apply_baseline",
    "baseline_from_json",
    "baseline_of_modules",
    "baseline_to_json",
    "built_in",
    "find",
    "imported_func",
    "installed",
    "left_over",
    "lint",
    "names_of_installed",
    "parse_settings",
    "selected",
    "spend",
    "with_calls",
]
