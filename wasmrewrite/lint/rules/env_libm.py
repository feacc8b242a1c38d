"""WR111: a function of the C mathematics library imported from ``env``."""

from __future__ import annotations

from collections.abc import Iterable

from ..env import EnvRule
from ..finding import Finding, Severity
from ..rule import Example
from ..subject import Imported
from ..symbols import is_libm


class EnvLibm(EnvRule):
    """A function of the C mathematics library was left to the host.

    ``sin``, ``pow``, ``fmod`` with floating-point parameters: in Rust a ``no_std`` crate that declares them itself or
    an old ``core`` without libm, in C a link without ``-lm``. Use the ``libm`` crate, or link the library. Functions
    that only share the name, such as a logger called ``log`` that takes an integer, are not meant.
    """

    code, severity = "WR111", Severity.WARNING
    message = "'{name}' of the C mathematics library is imported from 'env'"
    good = (
        Example('(module (import "env" "log" (func (param i32))))'),
        Example('(module (import "env" "pow" (func (param f64 f64) (result f64))))', config='env = ["pow"]'),
    )
    bad = (
        Example('(module (import "env" "pow" (func (param f64 f64) (result f64))))', ("pow",)),
        Example('(module (import "env" "sinf" (func (param f32) (result f32))))', ("sinf",)),
    )

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one; Emscripten's runtime does offer some."""
        if is_libm(entry.name, entry.item) and not self.subject.is_emscripten:
            yield self.found(self.subject.at_import(entry), entry.name)
