"""WR304: an object file instead of a linked module."""

from __future__ import annotations

from collections.abc import Iterable

from ...model import Custom
from ..finding import Finding, Severity
from ..rule import Example, Rule


class UnlinkedObject(Rule):
    """The file is a relocatable object: input for a linker, not a module to run.

    Addresses in it are placeholders until ``wasm-ld`` has run. It has a ``linking`` section, which linked modules keep
    only with ``--emit-relocs``.
    """

    code, severity = "WR304", Severity.ERROR
    message = "section '{name}': this is an object file, which has to be linked before anything can run it"
    good = (Example('(module (@custom "producers" "\\00"))'),)
    bad = (Example('(module (@custom "linking" "\\02"))', ("linking",)),)

    def section(self, custom: Custom) -> Iterable[Finding]:
        """Look for the one section."""
        if custom.name == "linking":
            yield self.found(self.subject.at_custom(custom), custom.name)
