"""WR115: an LLVM intrinsic imported from ``env``."""

from __future__ import annotations

from collections.abc import Iterable

from ..env import EnvRule
from ..finding import Finding, Severity
from ..rule import Example
from ..subject import Imported
from ..symbols import is_intrinsic


class EnvIntrinsic(EnvRule):
    """An LLVM intrinsic was left in the module as a call, which no host can serve.

    ``llvm.wasm.load32.zero`` and ``llvm.memcpy.p0i8.p0i8.i32`` stand for instructions; code generation replaces them,
    unless it does not know the name. Then source and compiler are not of one version: bitcode of another LLVM was
    linked, a crate calls the intrinsic by ``link_name`` (``core::arch`` of another Rust), or a feature such as
    ``simd128`` is missing. It is not a forgotten attribute. Build everything with one toolchain, clear caches of
    compiled libraries, or use the stable function for it.
    """

    code, severity = "WR115", Severity.ERROR
    message = "'{name}' is imported from 'env': an LLVM intrinsic that the compiler did not lower"
    in_dynamic = True
    good = (
        Example('(module (import "env" "llvm" (func)))'),
        Example('(module (import "env" "llvm.trap" (func)))', config='env = ["llvm.*"]'),
    )
    bad = (
        Example(
            '(module (import "env" "llvm.wasm.load32.zero" (func (param i32) (result i32))))',
            ("llvm.wasm.load32.zero",),
        ),
        Example(
            """(module (@producers (language "Rust" ""))
              (import "env" "llvm.memcpy.p0i8.p0i8.i32" (func (param i32 i32 i32 i32))))""",
            ("llvm.memcpy.p0i8.p0i8.i32",),
        ),
        Example('(module (@custom "dylink.0" "") (import "env" "llvm.trap" (func)))', ("llvm.trap",)),
    )

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one."""
        if is_intrinsic(entry.name):
            yield self.found(self.subject.at_import(entry), entry.name)
