"""Cases that ``fuzz`` left in folders: judged again as they are, and with the passes as they are now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..escape import for_terminal
from . import exits
from .report import Format, Report, emit

if TYPE_CHECKING:
    from ..fuzz import Case, Outcome

SCHEMA: Final = "wasmrewrite.case-verdict/1"


def read_case(folder: str) -> Case:
    """The case in a folder. Raises ``ConfigError`` for anything else, ``OSError``."""
    from ..fuzz import Case
    from ..fuzz.case import FILES

    place = Path(folder)
    return Case.from_files({name: (place / name).read_bytes() for name in FILES if (place / name).exists()})


def judge_again(folder: str, calls: int, output: str, form: Format) -> int:
    """Judge the output that the folder holds, then what the passes make of its input today; the worse one counts.

    A case of a pass that has no name, as tests of one's own passes leave them, can only be judged as it was kept.
    """
    from ..fuzz import check
    from ..fuzz.outside import compare, installed

    case = read_case(folder)
    outside = compare if installed() else None
    kept = None if case.after is None else _kept(case, calls)
    lines = [] if kept is None else [f"as it was kept: {_said(kept)}"]
    now = None
    if case.passes:
        now = check(replace(case, after=None, contract=None, script=None, host=()), calls=calls, outside=outside)
        lines.append(f"rewritten again: {_said(now)}" + (", the same bytes" if now.case.after == case.after else ""))
    else:
        lines.append("not rewritten again: the case names no pass")
    data = {
        "schema": SCHEMA,
        "kept": None if kept is None else {"outcome": kept.kind, "why": kept.why},
        "again": None if now is None else {"outcome": now.kind, "why": now.why},
    }
    emit(Report(data, [*lines]), form, output)
    outcomes = [each for each in (kept, now) if each is not None]
    if any(each.failed for each in outcomes):
        return exits.FOUND
    return exits.FINE if outcomes and all(each.kind in ("same", "refused") for each in outcomes) else exits.INCONCLUSIVE


def _kept(case: Case, calls: int) -> Outcome:
    from ..fuzz import judge
    from ..fuzz.outside import compare, installed

    return judge(case, calls=calls, outside=compare if installed() else None)


def _said(outcome: Outcome) -> str:
    kind = outcome.case.kind if outcome.failed else outcome.kind
    return for_terminal(kind + (f" ({outcome.why})" if outcome.why else ""))
