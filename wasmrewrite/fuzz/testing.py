"""``fuzz_pass``: a test of one's own pass in five lines. Not here: anything of pytest, any test runner will do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

from ..model import Module
from ..rewrite import ModulePass
from .case import Case
from .check import Outcome, check
from .choices import Choices, RandomChoices
from .modules import Subject, subject
from .mutate import mutated
from .outside import compare, installed
from .smallest import smallest
from .world import Shape

Made: TypeAlias = ModulePass | Callable[[Module], ModulePass | None]
"""A pass, or what makes one for a module; None where there is nothing to do."""


class PassFailure(AssertionError):
    """A pass broke a module. ``case`` is the smallest one found; ``case.files()`` can be kept for ``verify --case``."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"{case.kind}, seed {case.seed}: {case.message}\nbefore: {case.before.hex()}")
        self.case = case


def fuzz_pass(
    made: Made, *, cases: int = 100, seed: str | int = 0, corpus: Iterable[bytes] = (), shape: Shape | None = None,
    shrinks: int = 300,
) -> int:  # fmt: skip
    """Run a pass over ``cases`` modules and judge every result; how many were rewritten rather than refused.

    The same ``seed`` gives the same modules: generated ones of ``shape``, and mutants of ``corpus``, valid modules.
    Raises ``PassFailure``: the pass crashed, made something that is not valid, or that does something else than it
    claims. A pass may refuse a module with ``RewriteError``.
    """
    known, accepted = tuple(corpus), 0
    for number in range(cases):
        name = f"{seed}/{number}"
        choices = RandomChoices(name)
        outcome = _outcome(made, choices, known, shape, name)
        if outcome.failed:
            run = partial(_outcome, made, corpus=known, shape=shape, seed=name)
            again = partial(_checked, made)
            raise PassFailure(smallest(outcome, choices.trace, run, again, shrinks).case)
        accepted += outcome.kind != "refused"
    return accepted


def _outcome(made: Made, choices: Choices, corpus: tuple[bytes, ...], shape: Shape | None, seed: str) -> Outcome:
    if corpus and choices.chance(3):
        found = Subject(mutated(choices, choices.pick(corpus)))
    else:
        found = subject(choices, shape)
    return _checked(made, Case(found.data, (), found.interface, seed))


def _checked(made: Made, case: Case) -> Outcome:
    running = made if isinstance(made, ModulePass) else made(Module.from_bytes(case.before))
    if running is None:
        return Outcome("refused", case, "there is nothing to do")
    return check(case, [running], outside=compare if installed() else None)
