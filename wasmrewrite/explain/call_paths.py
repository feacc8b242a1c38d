"""A way through a call graph in one line of words. Not here: finding ways (``analysis.reach``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..escape import for_terminal, quoted
from ..spelling import clipped

if TYPE_CHECKING:
    from ..lint import Call

_ENDS: Final = 3
"""Of a long way so many functions are named at either end."""


def called_by(calls: Sequence[Call]) -> str:
    """Such as ``called by export "run" → 12 app::log at 0x2ad``: the offset is that of the last call."""
    if not calls:
        return "no way leads here from an export or the start function"
    first, last = calls[0], calls[-1]
    names = [f"export {quoted(clipped(first.export))}" if first.export is not None else _named(first)]
    names += map(_named, calls[1:])
    if len(names) > 2 * _ENDS + 1:
        names = [*names[:_ENDS], f"... {len(names) - 2 * _ENDS} more ...", *names[-_ENDS:]]
    place = "" if last.offset is None else f" at 0x{last.offset:x}"
    sure = "" if all(each.exact for each in calls) else ", possibly: through a table"
    return f"called by {' → '.join(names)}{place}{sure}"


def _named(call: Call) -> str:
    return str(call.caller) if call.name is None else f"{call.caller} {for_terminal(clipped(call.name))}"
