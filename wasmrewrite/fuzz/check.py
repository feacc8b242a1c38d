"""One case from end to end: rewrite, validate, judge, ask another engine.

Not here: where modules come from (``modules``, ``mutate``), many cases (``campaign``, ``testing``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from ..contract import Interface
from ..equiv import Different, Same, host_calls, verify
from ..errors import ConfigError, InvalidError, LimitError, MalformedError, OutputError, RewriteError
from ..model import Module
from ..rewrite import ModulePass, Pipeline
from ..rewrite.config import build_passes
from .case import Case, HostAnswer
from .covered import Line, watching

Kind: TypeAlias = Literal["same", "refused", "inconclusive", "failed"]
Outside: TypeAlias = Callable[[bytes, str], str | None]
"""What another engine makes of a module: None if the same, else what is wrong. The text is a seed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. ``why`` is empty for "same". ``lines``: those of passes that were executed, if asked for."""

    kind: Kind
    case: Case
    why: str = ""
    lines: frozenset[Line] = field(default=frozenset(), compare=False)

    @property
    def failed(self) -> bool:
        """Whether something is wrong with a pass, or with what checks it."""
        return self.kind == "failed"


def check(
    case: Case, passes: Sequence[ModulePass] | None = None, *, calls: int = 60, outside: Outside | None = None,
    coverage: bool = False,
) -> Outcome:  # fmt: skip
    """Rewrite ``case.before`` and hold the result to what is claimed. ``passes`` default to those the case names.

    With ``coverage`` the outcome says which lines of the passes were executed, ``covered.lines_of`` which there are.
    Whatever is raised becomes an outcome: refusals are none of the case's faults, everything else is one. Raises
    ``ConfigError`` only for passes or options that do not exist.
    """
    running = build_passes(case.passes) if passes is None else passes
    seen: set[Line] = set()
    outcome = _check(case, running, calls, outside, watching(running, seen) if coverage else nullcontext())
    return replace(outcome, lines=frozenset(seen))


def _check(
    case: Case, running: Sequence[ModulePass], calls: int, outside: Outside | None, watch: AbstractContextManager[None]
) -> Outcome:
    try:
        with watch:
            result = Pipeline(running, case.interface).run(Module.from_bytes(case.before))
    except OutputError as error:
        return _failed(case, "invalid", str(error))
    except (RewriteError, ConfigError, LimitError) as error:
        return Outcome("refused", case, str(error))
    except Exception as error:  # noqa: BLE001 - whatever escapes is what a fuzzer looks for
        return _failed(case, "crash", f"rewriting: {type(error).__name__}: {error}")
    case = replace(case, after=result.data, contract=result.contract)
    try:
        return judge(case, calls=calls, outside=outside)
    except Exception as error:  # noqa: BLE001 - here nothing is refused any more
        return _failed(case, "crash", f"judging: {type(error).__name__}: {error}")


def judge(case: Case, *, calls: int = 60, outside: Outside | None = None) -> Outcome:
    """Hold ``case.after`` to ``case.contract``. Raises what the judge raises."""
    after = case.after
    if after is None:
        return Outcome("inconclusive", case, "there is no output to judge")
    try:
        Module.from_bytes(after, check="validate")
    except (MalformedError, InvalidError) as error:
        return _failed(case, "invalid", str(error))
    # Without an interface debug information may be what results were declared by; nobody can contradict that.
    interface = case.interface if case.interface != Interface() else None
    verdict = verify(
        case.before, after, case.contract, calls=calls, seed=_number(case.seed), interface=interface,
        fuel=100_000, total_fuel=2_000_000, memory_bytes=4 << 20,
    )  # fmt: skip
    if isinstance(verdict, Different):
        case = replace(case, script=verdict.script, host=_host(verdict, case.before, after))
        return _failed(case, "differs", str(verdict.difference))
    complaint = None if outside is None else outside(after, case.seed)
    if complaint is not None:
        return _failed(case, "engines", complaint)
    if isinstance(verdict, Same):
        return Outcome("same", case)
    return Outcome("inconclusive", case, verdict.reasons()[0] if verdict.reasons() else verdict.summary())


def _host(verdict: Different, before: bytes, after: bytes) -> tuple[HostAnswer, ...]:
    """What the host is asked and answers while the script of a difference is played."""
    if verdict.script is None:
        return ()
    calls = host_calls(verdict.script, before, after)
    return tuple(HostAnswer(each.name, *map(_texts, (each.args, each.answer or ()))) for each in calls)


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, values))


def _failed(case: Case, kind: str, message: str) -> Outcome:
    return Outcome("failed", replace(case, kind=kind, message=message), message)


def _number(seed: str) -> int:
    """A seed for the judge out of the seed of the case."""
    return int.from_bytes(seed.encode()[-6:], "little")
