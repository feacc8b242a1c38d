"""WR112: a function of the C library or of a language's runtime imported from ``env``."""

from __future__ import annotations

from collections.abc import Iterable

from ..env import EnvRule
from ..finding import Finding, Severity
from ..rule import Example
from ..subject import Imported
from ..symbols import is_libc


class EnvLibc(EnvRule):
    """A function of the C library, or of a language's runtime, was left to the host.

    ``malloc``, ``memcpy``, ``printf``, ``__cxa_throw``, ``__rust_alloc``: a C dependency was compiled for
    ``wasm32-unknown-unknown``, which has no C library, or a link left it out. Build such code for a WASI target, give
    it a small C library, or turn the dependency's feature off that needs it.
    """

    code, severity = "WR112", Severity.WARNING
    message = "'{name}' of the C library or a language runtime is imported from 'env'"
    good = (
        Example('(module (import "env" "greet" (func (param i32))))'),
        Example('(module (import "env" "malloc" (func (param i32) (result i32))))', config='env = ["malloc"]'),
    )
    bad = (
        Example('(module (import "env" "malloc" (func (param i32) (result i32))))', ("malloc",)),
        Example('(module (import "env" "__cxa_throw" (func (param i32 i32 i32))))', ("__cxa_throw",)),
    )

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one; Emscripten's runtime does offer some."""
        if is_libc(entry.name, entry.item) and not self.subject.is_emscripten:
            yield self.found(self.subject.at_import(entry), entry.name)
