"""``EnvRule``: the base of rules about single imports from ``env``, where linkers put what nobody defined.

Not here: which names belong to which library (``symbols``).
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import ClassVar

from .finding import Finding
from .rule import Rule
from .subject import Imported


class EnvRule(Rule):
    """Sees imports from ``env`` that the settings do not expect, in modules for which ``env`` is no library by
    design, and not in objects that a linker has still to look at.
    """

    in_dynamic: ClassVar[bool] = False
    """True for what dynamic loaders, which do offer things under ``env``, cannot offer either."""

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Pass on what could be a leak."""
        subject = self.subject
        if entry.module != "env" or subject.is_unlinked or (subject.is_dynamic and not self.in_dynamic):
            return
        if not any(fnmatchcase(entry.name, pattern) for pattern in self.settings.env):
            yield from self.leaked(entry)

    def leaked(self, entry: Imported) -> Iterable[Finding]:
        """Look at one."""
        return ()
