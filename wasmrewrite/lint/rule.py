"""``Rule``: the base of all rules, and ``Example``, from which their tests and their documentation are made.

A rule is one file with one class named like it. Its documentation string is what ``wasmrewrite rule`` and the page
about it say; its examples are run as tests. It implements the methods for the parts of a module it wants to see; what
nobody wants to see is not read. Not here: the walk (``engine``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from ..errors import Position
from ..model import Custom, Export, Func
from ..spelling import clipped
from .finding import Finding, Fix, Severity
from .subject import Imported, Subject

_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Example:
    """A module as text. ``config``: the ``[lint]`` table in force; ``interface``: an interface file it is held against.

    ``names``: what the findings are about, in order; of a good example, nothing.
    """

    wat: str
    names: tuple[str, ...] = ()
    config: str = ""
    interface: str = ""


class Rule:
    """One rule on one module; made anew for each run, so that it may remember what it saw."""

    code: ClassVar[str]
    severity: ClassVar[Severity]
    message: ClassVar[str]
    good: ClassVar[tuple[Example, ...]] = ()
    bad: ClassVar[tuple[Example, ...]] = ()
    name: ClassVar[str] = ""
    """What the rule is called, where that is not the name of its class."""
    help_uri: ClassVar[str] = ""
    """A page about the rule; built-in rules need none to be said."""
    markers: ClassVar[tuple[bytes, ...]] = ()
    """``function_name`` sees names only if one of these occurs in the name section."""
    pattern: ClassVar[bytes] = b""
    """A regular expression without groups for ``text``."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.settings = subject.settings

    @classmethod
    def rule_name(cls) -> str:
        """The name: of a built-in rule that of its class and file, of another package's that of its entry point."""
        return cls.name or _CAPITAL.sub("-", cls.__name__).lower()

    def whole(self) -> Iterable[Finding]:
        """Look at the module as a whole, first of all."""
        return ()

    def section(self, custom: Custom) -> Iterable[Finding]:
        """Look at a custom section."""
        return ()

    def imported(self, entry: Imported) -> Iterable[Finding]:
        """Look at an import."""
        return ()

    def exported(self, at: int, export: Export) -> Iterable[Finding]:
        """Look at the export at a position of its section."""
        return ()

    def function_name(self, func: Func, name: str) -> Iterable[Finding]:
        """Look at a function's name in the name section."""
        return ()

    def text(self, where: Position, found: re.Match[bytes]) -> Iterable[Finding]:
        """Look at a match of ``pattern`` in a data segment or a custom section with texts."""
        return ()

    def after(self) -> Iterable[Finding]:
        """Say what only the whole walk has shown."""
        return ()

    def found(
        self,
        position: Position,
        name: str,
        *,
        severity: Severity | None = None,
        detail: str = "",
        fix: Fix | None = None,
        **words: object,
    ) -> Finding:
        """A finding about ``name``; ``words`` fill the rule's message, as do ``name`` and, demangled, ``readable``.

        A fix is left out for an object file, which relocations describe as it is.
        """
        fix = None if self.subject.is_object else fix
        words = {"name": name, "readable": self.subject.readable(name), **words}
        message = self.message.format_map({key: clipped(str(word)) for key, word in words.items()})
        return Finding(self.code, self.rule_name(), severity or self.severity, message, position, name, detail, fix)
