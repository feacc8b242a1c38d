"""WR113: a mangled name imported from ``env``."""

from __future__ import annotations

from collections.abc import Iterable

from ...spelling import clipped
from ..env import EnvRule
from ..finding import Finding, Severity
from ..rule import Example
from ..subject import Imported
from ..symbols import mangled


class EnvMangled(EnvRule):
    """A function with a mangled Rust, C++ or Swift name was left to the host, which cannot offer it.

    Somebody declared a function and nobody defined it: ``extern "Rust"`` where ``extern "C"`` was meant (the attribute
    ``wasm_import_module`` is ignored there), a C++ declaration without ``extern "C"``, an object file or library that
    was not linked, or two versions of one crate.
    """

    code, severity = "WR113", Severity.ERROR
    message = (
        "'{name}', {meant}, is imported from 'env': it is declared somewhere and defined nowhere"
    )
    good = (Example('(module (import "env" "_zoom" (func)))'),)
    bad = (
        Example('(module (import "env" "_ZN3app1h17h0123456789abcdefE" (func)))', ("_ZN3app1h17h0123456789abcdefE",)),
        Example('(module (import "env" "_RNvCs1234_7mycrate3foo" (func)))', ("_RNvCs1234_7mycrate3foo",)),
        Example('(module (import "env" "_Z3foov" (func)))', ("_Z3foov",)),
    )

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one."""
        language = mangled(entry.name)
        if language is not None:
            readable = self.subject.readable(entry.name)
            known = f"in {language} '{clipped(readable)}'" if readable != entry.name else f"a mangled {language} name"
            yield self.found(self.subject.at_import(entry), entry.name, meant=known)
