"""WR101: an import namespace that differs from a known one by a slip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..finding import Finding, Fix, Severity
from ..rule import Example, Rule
from ..subject import Imported, Subject

_SPECIAL: Final = frozenset("*?[]=")


class NearMissNamespace(Rule):
    """An import namespace looks like a known one with a slip in it, such as ``wasi_snapshot_preview_1``.

    No host offers the misspelt namespace, so instantiation fails, often long after the build. Correct the attribute in
    the source (``#[link(wasm_import_module = "...")]``, ``__attribute__((import_module("...")))``), or let
    ``rename-imports`` correct the module. If the name is meant as it is, list it under ``namespaces``.
    """

    code, severity = "WR101", Severity.ERROR
    message = "imports from '{name}', which looks like '{known}' misspelt"
    good = (
        Example('(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))'),
        Example('(module (import "envy" "f" (func)))', config='namespaces = ["envy"]'),
    )
    bad = (
        Example(
            '(module (import "wasi_snapshot_preview_1" "sched_yield" (func (result i32))))',
            ("wasi_snapshot_preview_1",),
        ),
        Example('(module (import "Env" "f" (func)) (import "Env" "g" (func)))', ("Env",)),
        Example('(module (import "Env" "f" (func)) (import "env" "f" (func (param i32))))', ("Env",)),
        Example('(module (import "sensors" "f" (func)))', ("sensors",), config='namespaces = ["sensor"]'),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.seen: set[str] = set()

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Say it once for each namespace."""
        module = entry.module
        if module in self.seen:
            return
        self.seen.add(module)
        known = self.subject.meant(module)
        if known is not None:
            yield self.found(self.subject.at_import(entry), module, known=known, fix=self._fix(module, known))

    def _fix(self, module: str, known: str) -> Fix | None:
        if _SPECIAL & set(module) or "*" in known:  # would be a pattern
            return None
        if self.subject.merges(module, known):
            return None
        return Fix("rename-imports", {"module": (f"{module}={known}",)}, f"import from '{known}'")
