"""One case from end to end: rewrite, validate, judge, ask another engine.

Not here: where modules come from (``modules``, ``mutate``), many cases (``campaign``, ``testing``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ..equiv import Differs, Same, verify
from ..errors import ConfigError, InvalidError, LimitError, MalformedError, OutputError, RewriteError
from ..model import Module
from ..rewrite import ModulePass, Pipeline
from ..rewrite.config import build_passes
from .case import Case

Kind: TypeAlias = Literal["same", "refused", "inconclusive", "failed"]
Outside: TypeAlias = Callable[[bytes, str], str | None]
"""What another engine makes of a module: None if the same, else what is wrong. The text is a seed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. ``why`` is empty for "same"."""

    kind: Kind
    case: Case
    why: str = ""

    @property
    def failed(self) -> bool:
        """Whether something is wrong with a pass, or with what checks it."""
        return self.kind == "failed"


def check(
    case: Case, passes: Sequence[ModulePass] | None = None, *, calls: int = 60, outside: Outside | None = None
) -> Outcome:
    """Rewrite ``case.before`` and hold the result to what is claimed. ``passes`` default to those the case names.

    Whatever is raised becomes an outcome: refusals are none of the case's faults, everything else is one. Raises
    ``ConfigError`` only for passes or options that do not exist.
    """
    running = build_passes(case.passes) if passes is None else passes
    stage = "rewriting"
    try:
        result = Pipeline(running, case.interface).run(Module.from_bytes(case.before))
        case = replace(case, after=result.data, contract=result.contract)
        stage = "judging"
        return judge(case, calls=calls, outside=outside)
    except OutputError as error:
        return _failed(case, "invalid", str(error))
    except (RewriteError, ConfigError, LimitError) as error:
        return Outcome("refused", case, str(error))
    except Exception as error:  # noqa: BLE001 - whatever escapes is what a fuzzer looks for
        return _failed(case, "crash", f"{stage}: {type(error).__name__}: {error}")


def judge(case: Case, *, calls: int = 60, outside: Outside | None = None) -> Outcome:
    """Hold ``case.after`` to ``case.contract``. Raises what the judge raises."""
    if case.after is None:
        return Outcome("inconclusive", case, "there is no output to judge")
    try:
        Module.from_bytes(case.after, check="validate")
    except (MalformedError, InvalidError) as error:
        return _failed(case, "invalid", str(error))
    verdict = verify(
        case.before, case.after, case.contract, calls=calls, seed=_number(case.seed), interface=case.interface,
        fuel=100_000, total_fuel=2_000_000, memory_bytes=4 << 20,
    )  # fmt: skip
    if isinstance(verdict, Differs):
        return _failed(replace(case, script=verdict.script), "differs", str(verdict.difference))
    complaint = None if outside is None else outside(case.after, case.seed)
    if complaint is not None:
        return _failed(case, "engines", complaint)
    if isinstance(verdict, Same):
        return Outcome("same", case)
    return Outcome("inconclusive", case, verdict.reasons()[0] if verdict.reasons() else verdict.summary())


def _failed(case: Case, kind: str, message: str) -> Outcome:
    return Outcome("failed", replace(case, kind=kind, message=message), message)


def _number(seed: str) -> int:
    """A seed for the judge out of the seed of the case."""
    return int.from_bytes(seed.encode()[-6:], "little")
