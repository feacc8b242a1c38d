"""Findings for people: where hundreds say the same, some of them and how many more there are.

Not here: what a finding looks like (``lint``). Formats for programs leave nothing out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..spelling import clipped

if TYPE_CHECKING:
    from ..lint import Finding

MOST: Final = 25
"""So many findings of one rule are all shown."""
SAMPLES: Final = 5
"""How many of more are shown."""
_NAMED: Final = 3
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Rest:
    """Findings of one rule that are not shown."""

    findings: tuple[Finding, ...]

    def words(self) -> str:
        """How many, of what, and about what; names are readable, and not escaped."""
        from ..analysis import demangle

        first, count = self.findings[0], len(self.findings)
        names = list(dict.fromkeys(each.name for each in self.findings))[:_NAMED]
        about = ", ".join(repr(clipped(demangle(name), _LONGEST)) for name in names)
        others = " and others" if len(names) < count else ""
        what = f"{count} more finding{'s' * (count > 1)} of {first.code} {first.rule}"
        return f"{what}: {about}{others} (--all shows them)"


def few(findings: Sequence[Finding], every: bool) -> tuple[list[Finding], list[Rest]]:
    """The findings to show, in their order, and what is left out; with ``every``, nothing is."""
    by_rule: dict[str, list[Finding]] = {}
    for each in findings:
        by_rule.setdefault(each.code, []).append(each)
    long = {} if every else {code: same for code, same in by_rule.items() if len(same) > MOST}
    hidden = {id(each) for same in long.values() for each in same[SAMPLES:]}
    rests = [Rest(tuple(same[SAMPLES:])) for same in long.values()]
    return [each for each in findings if id(each) not in hidden], rests
