"""WR110: a function of compiler-rt imported from ``env``."""

from __future__ import annotations

from collections.abc import Iterable

from ..env import EnvRule
from ..finding import Finding, Severity
from ..rule import Example
from ..subject import Imported
from ..symbols import is_compiler_rt


class EnvCompilerRt(EnvRule):
    """A helper that the compiler calls by itself (compiler-rt, in Rust ``compiler_builtins``) was left to the host.

    ``__multi3`` (128-bit multiplication), ``__divti3``, ``__extenddftf2`` and so on belong into the module. The build
    linked no builtins: a ``no_core`` or custom ``core`` build, ``-nostdlib`` or ``-nodefaultlibs`` without
    ``-lclang_rt.builtins-wasm32``. Up to Rust 1.95 the linker silently made an import of it.
    """

    code, severity = "WR110", Severity.ERROR
    message = "'{name}' of compiler-rt is imported from 'env': the module was linked without compiler builtins"
    good = (
        Example('(module (import "js" "__multi3" (func)))'),
        Example('(module (import "env" "__multi3" (func)))', config='env = ["__multi3"]'),
    )
    bad = (Example('(module (import "env" "__multi3" (func (param i32 i64 i64 i64 i64))))', ("__multi3",)),)

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one."""
        if is_compiler_rt(entry.name):
            yield self.found(self.subject.at_import(entry), entry.name)
