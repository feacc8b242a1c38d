"""WR501: an import that the policy forbids."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ..finding import Finding, Severity
from ..rule import Example, Rule
from ..subject import Imported


class ImportPolicy(Rule):
    """``allow-imports`` does not name this import, or ``deny-imports`` does.

    Patterns are matched against ``MODULE.NAME``; what is denied is denied even if it is allowed, too.
    """

    code, severity = "WR501", Severity.ERROR
    message = "the policy {verb} import of '{name}'"
    good = (Example('(module (import "js" "log" (func)))', config='policy = { allow-imports = ["js.*"] }'),)
    bad = (
        Example('(module (import "env" "log" (func)))', ("env.log",), config='policy = { allow-imports = ["js.*"] }'),
        Example('(module (import "js" "eval" (func)))', ("js.eval",), config='policy = { deny-imports = ["*.eval"] }'),
    )

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Compare with the lists."""
        policy, name = self.settings.policy, entry.dotted
        if any(fnmatchcase(name, pattern) for pattern in policy.deny_imports):
            yield self.found(self.subject.at_import(entry), name, verb="denies")
        elif policy.allow_imports is not None and not any(fnmatchcase(name, each) for each in policy.allow_imports):
            yield self.found(self.subject.at_import(entry), name, verb="does not allow")
