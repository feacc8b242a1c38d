"""From a failing case to the smallest one found that fails in the same way.

First what was decided on the way to it is made plainer, then its module is reduced as any file would be. Not here: how
either is done (``shrinking``, ``reducer``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import WasmError
from .case import Case
from .check import Outcome
from .choices import Choices, ReplayedChoices
from .reducer import reduce
from .shrinking import smaller


def smallest(
    outcome: Outcome,
    trace: list[int],
    run: Callable[[Choices], Outcome],
    again: Callable[[Case], Outcome],
    most: int,
) -> Outcome:
    """The smallest case found. ``run`` makes one from choices, ``again`` checks one; ``most`` attempts of each kind."""
    best = [outcome]

    def fails(found: Outcome) -> bool:
        if way(found) != way(outcome):
            return False
        best.append(found)
        return True

    def plainer(candidate: list[int]) -> bool:
        try:
            return fails(run(ReplayedChoices(candidate)))
        except WasmError:
            return False

    smaller(trace, plainer, most)
    case = replace(best[-1].case, after=None, contract=None, script=None)
    if most and fails(again(case)):
        reduce(case.before, lambda data: fails(again(replace(case, before=data))), most)
    return best[-1]


def way(outcome: Outcome) -> tuple[str, str, str]:
    """How a case failed: crashes by what was raised, differences all alike."""
    raised = ":".join(outcome.why.split(":")[:2]) if outcome.case.kind == "crash" else ""
    return outcome.kind, outcome.case.kind, raised
