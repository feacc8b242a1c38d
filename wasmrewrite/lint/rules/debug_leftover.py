"""WR402: debug information in a module that is to be shipped."""

from __future__ import annotations

from collections.abc import Iterable

from ...model import Custom
from ..finding import Finding, Fix, Severity
from ..rule import Example, Rule
from ..subject import Subject


class DebugLeftover(Rule):
    """The module holds DWARF sections, or refers to debug information or a source map beside it.

    DWARF is often larger than the program and tells its sources' names and layout. ``strip-custom`` removes it; keep
    the original to debug with. Results by value can be declared from it first. From an object file nothing is removed:
    its relocations name sections by their number, so link first.
    """

    code, severity = "WR402", Severity.NOTE
    message = "{what}, {size} bytes"
    good = (Example('(module (@custom "producers" "\\00"))'),)
    bad = (
        Example('(module (@custom ".debug_info" "abc") (@custom ".debug_str" "defg"))', (".debug_*",)),
        Example('(module (@custom "sourceMappingURL" "\\07app.map"))', ("sourceMappingURL",)),
    )

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.debug: list[Custom] = []

    def section(self, custom: Custom) -> Iterable[Finding]:
        """Collect DWARF sections; report references."""
        if custom.name.startswith(".debug_"):
            self.debug.append(custom)
        elif custom.name in ("sourceMappingURL", "external_debug_info"):
            yield self._leftover(custom.name, f"section '{custom.name}'", [custom])

    def after(self) -> Iterable[Finding]:
        """Report DWARF as one."""
        if self.debug:
            count = len(self.debug)
            yield self._leftover(".debug_*", f"{count} section{'s' * (count > 1)} of debug information", self.debug)

    def _leftover(self, pattern: str, what: str, customs: list[Custom]) -> Finding:
        size = sum(custom.span[1] - custom.span[0] for custom in customs if custom.span is not None)
        fix = Fix("strip-custom", {"pattern": (pattern,)}, f"remove custom sections '{pattern}'")
        return self.found(self.subject.at_custom(customs[0]), pattern, what=what, size=size, fix=fix)
