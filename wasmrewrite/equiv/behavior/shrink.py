"""Making a script that shows a difference smaller: fewer calls, simpler arguments. Bounded by a number of attempts.

Not here: deciding whether a script shows a difference (the caller plays it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from ..hosts.acts import Act
from .script import Call, Script
from .values import WIDTHS, Value

Witness = TypeVar("Witness")
ATTEMPTS: Final = 100


def shrink(script: Script, witness: Witness, play: Callable[[Script], Witness | None]) -> tuple[Script, Witness]:
    """The smallest script found for which ``play`` still returns something, and what it returned."""
    attempts = ATTEMPTS
    improved = True
    while improved:
        improved = False
        for candidate in _candidates(script):
            if not attempts:
                return script, witness
            attempts -= 1
            found = play(candidate)
            if found is not None:
                script, witness, improved = candidate, found, True
                break
    return script, witness


def _candidates(script: Script) -> Iterator[Script]:
    """Smaller scripts, boldest first; the last call is where the difference shows."""
    calls = script.calls
    count = len(calls)
    if count > 1:
        yield script.keeping([count - 1])
        size = (count - 1) // 2
        while size >= 1:
            for start in range(0, count - 1, size):
                yield script.keeping([*range(start), *range(min(start + size, count - 1), count)])
            size //= 2
    if script.acts:
        yield from _fewer_acts(script, script.acts)
    if script.roomy:
        yield replace(script, roomy=False)
    if script.fill:
        yield replace(script, fill=False)
    for place in range(count - 1, -1, -1):
        for simpler in _simpler(calls[place]):
            yield script.with_calls((*calls[:place], simpler, *calls[place + 1 :]))


def _fewer_acts(script: Script, acts: tuple[Act, ...]) -> Iterator[Script]:
    """None of what the host does, then some of it, boldest first."""
    yield replace(script, acts=())
    size = len(acts) // 2
    while size:
        for start in range(0, len(acts), size):
            yield replace(script, acts=acts[:start] + acts[start + size :])
        size //= 2


def _simpler(call: Call) -> Iterator[Call]:
    for index, arg in enumerate(call.args):
        # Half of a float's bits is no simpler float.
        for bits in (0, 1, (arg.bits or 0) // 2 if arg.kind in ("i32", "i64") else 0):
            # Only ever downwards, or shrinking would go in circles.
            if arg.kind in WIDTHS and (arg.bits or 0) > bits:
                yield replace(call, args=(*call.args[:index], Value(arg.kind, bits), *call.args[index + 1 :]))
