"""A second opinion on a verdict: the same scripts in another engine.

Where ours runs a script, wasmtime has to do on either side what ours does. Where ours does not know an instruction, the
two sides are compared in wasmtime alone. Not here: how wasmtime is asked (``wasmtime_engine``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from ...errors import ConfigError, LimitError
from ...isa.immediates import Space
from ...model.items import Func, Item
from ...runtime.host import Declared, WithCaller
from ...runtime.instances import FuncInst, HostFunc
from ...runtime.link import Imports
from ...runtime.store import Store
from ..behavior.role import Outcome, Role
from ..behavior.script import Script
from ..behavior.script_runs import Drive, Played, SideMaker, interpreted
from ..behavior.shrink import shrink
from ..behavior.values import Value
from ..behavior.visible_state import Comparer, trap_kind
from ..difference import Difference
from ..hosts.user_functions import made as supplied_by
from ..structure.index_maps import plan
from ..structure.module_view import View
from .opinion import SecondOpinion
from .quiet_side import QuietSide
from .wasmtime_engine import NAME, Wasmtime, WasmtimeReady
from .wasmtime_module import Refused, installed
from .wasmtime_values import NUMBERS

ENGINES: Final = (NAME,)
_EQUAL: Final = {"undefined element": "out of bounds table access", "null function reference": "null reference"}
"""Kinds of traps that wasmtime does not tell apart."""
_INFINITY: Final = {"f32": 0x7F80_0000, "f64": 0x7FF0 << 48}
_WORDS: Final = ((4, "f32"), (8, "f64"))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One side in wasmtime, compiled."""

    role: Role
    ready: WasmtimeReady

    @property
    def maker(self) -> SideMaker:
        """What makes such sides."""
        return partial(QuietSide, self.role, self.ready)


def elsewhere(role: Role, calls: Collection[int]) -> Elsewhere:
    """One side's module, ready for ``calls`` there.

    Raises ``Refused`` with wasmtime's reason, ``LimitError`` for what cannot be asked there.
    """
    module, supplied = role.program.module, supplied_by(role.host, Store())
    for item in module.imports:
        _check_supplied(role, item, supplied)
    return Elsewhere(role, Wasmtime().load(module, role.cover, calls))


def _check_supplied(role: Role, item: Item, supplied: Imports) -> None:
    """``LimitError`` for what the user supplies that wants to see its caller, or is part of a store of ours."""
    origin: Any = item.origin
    module, name = role.names.get((origin.module, origin.name), (origin.module, origin.name))
    given = supplied.get(module, {}).get(name)
    given = given.call if isinstance(given, Declared) else given
    wants_caller = isinstance(given, FuncInst | WithCaller) or (isinstance(given, HostFunc) and given.caller)
    if given is not None and (wants_caller or not isinstance(item, Func)):
        raise LimitError(f"what the host supplies for import {origin} works in our own engine only")


def require(engine: str) -> None:
    """Raises ``ConfigError`` unless that engine can be asked."""
    if engine not in ENGINES:
        raise ConfigError(f"no engine is called {engine!r}; known: {', '.join(ENGINES)}")
    if not installed():
        raise ConfigError(f"{engine} is not installed: it comes with the extra 'oracle'")


def ask(drive: Drive, played: Sequence[Script], unsupported: Sequence[Script]) -> SecondOpinion:
    """Play scripts that our engine played, and those it could not."""
    opinion = SecondOpinion()
    found: list[Elsewhere] = []
    for role, word in ((drive.old, "input"), (drive.new, "output")):
        try:
            found.append(elsewhere(role, _called(drive, role, (*played, *unsupported))))
        except Refused as error:
            if role is drive.new and found:
                opinion.difference = Difference(f"validation in {NAME}", "accepted", f"refused ({error.message})")
                return opinion
            opinion.reasons.append(f"{NAME} does not accept the {word}: {error.message}")
        except LimitError as error:
            if error.message not in opinion.reasons:
                opinion.reasons.append(error.message)
    if len(found) < 2:
        return opinion
    old, new = found
    for script in played:
        if not _agree(drive, old, new, script, opinion):
            return opinion
    _alone(in_other(drive, old, new), unsupported, opinion)
    if not opinion.agreed and not opinion.alone and any(script.calls for script in (*played, *unsupported)):
        opinion.reasons.append(f"no call could be made in {NAME}")
    return opinion


def unseen(changed: Sequence[str]) -> list[str]:
    """Changes of state that only our own engine looks at, where that could make no call."""
    kinds = ("elem segment", "table", "global")
    return [f"{each}, which is not looked at in {NAME}" for each in changed if each.startswith(kinds)]


def _called(drive: Drive, role: Role, scripts: Sequence[Script]) -> set[int]:
    """Functions of one side that scripts call."""
    calls = [call for script in scripts for call in script.calls]
    if role is drive.new:
        return {call.new for call in calls}
    return {call.old for call in calls} | {claim.old for claim in drive.plan.calls}


def _agree(drive: Drive, old: Elsewhere, new: Elsewhere, script: Script, opinion: SecondOpinion) -> bool:
    """Play a script on each side in both engines; whether they agree."""
    made = 0
    for side, word in ((old, "input"), (new, "output")):
        found = across(drive, side).play(_possible(drive.on(side.role, script), side))
        if found.difference is not None or found.one_sided is not None:
            seen = found.difference or found.one_sided
            opinion.reasons.append(f"the engines do not agree about the {word} (ours before, {NAME} after): {seen}")
            return False
        made = found.at if side is old else min(made, found.at)
    opinion.agreed += made
    return True


def _possible(script: Script, side: Elsewhere) -> Script:
    return script.with_calls(tuple(call for call in script.calls if call.new in side.ready.compiled.funcs))


def _alone(drive: Drive, scripts: Sequence[Script], opinion: SecondOpinion) -> None:
    for script in map(Script.quiet, scripts):
        found = drive.play(script)
        opinion.progress.add(found.progress)
        opinion.alone += found.at
        opinion.masked += found.masked
        opinion.names |= dict.fromkeys(call.name for call in script.calls[: found.at])
        if found.difference is not None:
            shown = replace(script, engine=NAME, calls=() if found.in_start else script.calls[: found.at + 1])
            opinion.script, opinion.difference = shrink(shown, _named(found), lambda each: _named(drive.play(each)))
            return
        if found.one_sided is not None:
            opinion.reasons.append(f"in {NAME}: {found.one_sided}")
            return


def _named(played: Played) -> Difference | None:
    """A difference that says in which engine it shows."""
    found = played.difference
    return None if found is None else Difference(f"in {NAME}: {found.where}", found.old, found.new)


def disagreement(data: bytes, script: Script, depth: int, memory_bytes: int) -> str | None:
    """What the engines make of one module differently; None if they agree, or nothing can be said.

    Raises ``MalformedError`` or ``InvalidError`` if the module is not valid to us.
    """
    try:
        view = View(data, {})
        counts = view.counts()
        drive = Drive(
            view,
            view,
            plan(None, counts, counts),
            exports={},
            imports={},
            stack_pointer=None,
            cover=(),
            memory_bytes=memory_bytes,
            depth=depth,
        )
        side = elsewhere(drive.old, _called(drive, drive.old, [script]))
    except Refused as error:
        return f"{NAME} refuses the module: {error.message}"
    except LimitError:
        return None
    found = across(drive, side).play(_possible(script, side))
    return found.one_sided or (None if found.difference is None else f"{found.difference} (in {NAME})")


def alone(drive: Drive, script: Script) -> Difference | None:
    """Play a script in the other engine only. Raises ``ConfigError`` if that cannot take it."""
    try:
        old, new = (elsewhere(role, _called(drive, role, [script])) for role in (drive.old, drive.new))
    except LimitError as error:
        raise ConfigError(f"{NAME} cannot play the script: {error.message}") from None
    return _named(in_other(drive, old, new).play(script))


def _visible(drive: Drive) -> dict[Space, Any]:
    """The state that both engines show."""
    numbers = [pair for pair in drive.pairs[Space.GLOBAL] if _is_number(drive, pair[0])]
    shown = {Space.MEMORY: drive.pairs[Space.MEMORY], Space.GLOBAL: numbers}
    return {space: shown.get(space, []) for space in drive.pairs}


def _is_number(drive: Drive, index: int) -> bool:
    return drive.old.view.module.globals[index].type.value in NUMBERS


def across(drive: Drive, side: Elsewhere) -> Drive:
    """Plays scripts on one module in our engine and in wasmtime. No byte is left out: it is the same code."""
    made = drive.mirrored(side.role)
    made.makers = (interpreted(side.role, QuietSide), side.maker)
    made.pairs = _visible(made)
    made.comparer = AcrossEngines
    made.masked = False
    return made


def in_other(drive: Drive, old: Elsewhere, new: Elsewhere) -> Drive:
    """Plays scripts on both modules in wasmtime."""
    made = copy(drive)
    made.makers = (old.maker, new.maker)
    made.pairs = _visible(made)
    made.forget_counts()
    return made


class AcrossEngines(Comparer):
    """Engines may choose the bits of a NaN, and do not tell all traps apart."""

    def outcome(self, where: str, before: Outcome, after: Outcome) -> Difference | None:
        """As between two sides."""
        if before.trap is not None and after.trap is not None:
            kinds = [trap_kind(each) or "" for each in (before.trap, after.trap)]
            if _EQUAL.get(kinds[0], kinds[0]) == _EQUAL.get(kinds[1], kinds[1]):
                return None
        return super().outcome(where, before, after)

    def same(self, one: object, other: object) -> bool:
        """NaNs are the same by class."""
        return super().same(one, other) or (_is_nan(one) and _is_nan(other))

    def may_differ(self, before: Any, after: Any, place: int) -> bool:
        """Whether both memories hold a NaN there."""
        for width, kind in _WORDS:
            start = place - place % width
            if start + width <= before.size:
                words = [int.from_bytes(memory.read(start, width), "little") for memory in (before, after)]
                if all(_is_nan(Value(kind, word)) for word in words):
                    return True
        return False


def _is_nan(value: object) -> bool:
    if not isinstance(value, Value) or value.kind not in _INFINITY:
        return False
    infinity = _INFINITY[value.kind]
    return (value.bits or 0) & (infinity | infinity - 1) > infinity
