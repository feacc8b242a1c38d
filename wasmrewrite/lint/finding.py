"""``Finding``: one thing a rule found, as plain data. Names in it are the module's own, not escaped.

Not here: what makes a finding (``rules``), how it is shown (``wasmrewrite.cli``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Any

from ..errors import Position


class Severity(IntEnum):
    """How bad it is; a greater number is worse."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Fix:
    """A pass that mends what was found: its name, its options as in a configuration file, and what it would do."""

    pass_name: str
    options: Mapping[str, tuple[str, ...]]
    what: str

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "pass": self.pass_name,
            "options": {name: list(values) for name, values in self.options.items()},
            "what": self.what,
        }


@dataclass(frozen=True, slots=True)
class Call:
    """One call on a way from what the host can run to an import.

    ``caller`` is an index; ``name`` is its readable name, ``export`` a name it is exported under, each None if there is
    none. ``kind`` is the mnemonic, ``offset`` absolute in the file. ``exact``: the call can run nothing else.
    """

    caller: int
    name: str | None
    export: str | None
    kind: str
    offset: int | None
    exact: bool

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    ``position.offset`` is absolute in the file, ``position.path`` says which entry of which section; ``name`` is what
    the finding is about: an import as ``MODULE.NAME``, an export, a function, a section. ``detail`` tells several
    findings of one rule about one name apart. ``calls``, of a finding about an imported function, are a shortest way to
    it, from an export or the start function on; none if nothing reaches it, None if nobody looked (``with_calls``).
    """

    code: str
    rule: str
    severity: Severity
    message: str
    position: Position
    name: str = ""
    detail: str = ""
    fix: Fix | None = None
    suppressed: bool = field(default=False, compare=False)
    calls: tuple[Call, ...] | None = field(default=None, compare=False)

    @property
    def fingerprint(self) -> str:
        """What stays the same while offsets move: a hash of rule, name and detail."""
        text = "\0".join((self.code, self.name, self.detail))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        """The same as plain data, names whole."""
        return {
            "code": self.code,
            "rule": self.rule,
            "severity": str(self.severity),
            "message": self.message,
            "offset": self.position.offset,
            "path": list(self.position.path),
            "name": self.name,
            "fingerprint": self.fingerprint,
            "fix": None if self.fix is None else self.fix.to_json(),
            "calls": None if self.calls is None else [each.to_json() for each in self.calls],
        }
