"""Many cases: from a seed and a number to a module, passes over it, and an outcome; one by one or in processes.

A case depends on the plan and its number only, never on time or on the cases before it. What fails is made smaller by
changing what was decided on the way to it (``smallest``). Not here: judging (``check``), files, progress.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Final

from ..rewrite import registry
from .case import Case
from .check import Outcome, check
from .choices import Choices, RandomChoices
from .modules import Subject, subject
from .mutate import mutated
from .outside import compare, installed
from .recipes import entries
from .smallest import smallest
from .world import Shape

BATCH: Final = 8
SHRINKS: Final = 200
_SMALL: Final = 4_000
"""Bytes of a failing module up to which all attempts are made at making it smaller."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to try. ``passes`` by name, all built-in ones if empty; ``options`` by pass.

    ``corpus``: valid modules to start from now and then; ``calls``: how many the judge makes, about; ``outside``: ask
    wasmtime too; ``shrinks``: attempts at making a failing case smaller;
    ``coverage``: let outcomes say which lines of passes were executed.
    """

    passes: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    seed: str = "0"
    corpus: tuple[bytes, ...] = ()
    calls: int = 60
    outside: bool = field(default_factory=installed)
    shrinks: int = SHRINKS
    coverage: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The passes to choose from."""
        return self.passes or tuple(registry.names(plugins=False))


def case_from(plan: Plan, choices: Choices, seed: str) -> Case:
    """The case that ``choices`` lead to."""
    if plan.corpus and choices.chance(3):
        data = mutated(choices, choices.pick(plan.corpus))
        return Case(data, tuple(entries(choices, plan.names, plan.options, Subject(data))), seed=seed)
    made = subject(choices, Shape(tame=not choices.chance(4)))
    return Case(made.data, tuple(entries(choices, plan.names, plan.options, made)), made.interface, seed)


def run_one(plan: Plan, number: int) -> Outcome:
    """Case ``number`` of a campaign. Raises ``ConfigError`` for passes or options that do not exist."""
    seed = f"{plan.seed}/{number}"
    choices = RandomChoices(seed)
    outcome = _checked(plan, case_from(plan, choices, seed))
    if not outcome.failed:
        return outcome
    run = partial(_run_from, plan, seed)
    # Large modules take longer to try, so fewer attempts are made: a clock would make outcomes depend on the machine.
    shrinks = plan.shrinks * _SMALL // max(_SMALL, len(outcome.case.before))
    return smallest(outcome, choices.trace, run, partial(_checked, plan), shrinks)


def _run_from(plan: Plan, seed: str, choices: Choices) -> Outcome:
    return _checked(plan, case_from(plan, choices, seed))


def _checked(plan: Plan, case: Case) -> Outcome:
    return check(case, calls=plan.calls, outside=compare if plan.outside else None, coverage=plan.coverage)


def run_batch(plan: Plan, start: int, stop: int) -> list[Outcome]:
    """Some cases."""
    return [run_one(plan, number) for number in range(start, stop)]


def campaign(
    plan: Plan, *, cases: int | None = None, executor: Executor | None = None, ahead: int = 4,
    go_on: Callable[[], bool] = lambda: True,
) -> Iterator[Outcome]:  # fmt: skip
    """Outcomes in the order of their numbers, for ``cases`` cases or as long as ``go_on`` says so.

    ``executor`` is anything with the interface of ``concurrent.futures``, which gets batches, ``ahead`` at a time.
    """
    numbers = count(0, BATCH if executor else 1)
    size = BATCH if executor else 1
    waiting: deque[Future[list[Outcome]]] = deque()
    while go_on():
        start = next(numbers)
        stop = start + size if cases is None else min(start + size, cases)
        if executor is None and start < stop:
            yield run_one(plan, start)
            continue
        if executor is not None and start < stop:
            waiting.append(executor.submit(run_batch, plan, start, stop))
        if not waiting:
            return
        if len(waiting) >= ahead or start >= stop:
            yield from waiting.popleft().result()
    for each in waiting:
        each.cancel()
