"""Playing a script on both sides, and comparing after every call.

The input's side goes first: where it runs out of fuel or depth nothing is known about what would have followed, and
the call proves nothing. Not here: which scripts to play (``subjects``), what follows from it (``judge``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeAlias

from ...interp import Program, Ready
from ...isa.immediates import Space
from ...model.items import Import
from ...runtime.memory import PAGE
from ..by_value.claims import FRAME_ALIGN, ByValue
from ..by_value.stack_pointer import StackPointer
from ..difference import Difference
from ..hosts.acting import Reach
from ..hosts.acts import Act
from ..hosts.reach import Stack, reaches
from ..hosts.recording import Host, HostCall
from ..hosts.user_functions import SuppliedHost
from ..structure.index_maps import Plan, plan
from ..structure.module_view import View, without_start
from .reached import Direct, Pair, Progress, Reached
from .role import Outcome, Resources, Role
from .running_module import Side
from .script import Call, Script
from .values import Value, parse_value
from .visible_state import RED_ZONE, SLACK, STATE, Comparer, Mask

SideMaker: TypeAlias = Callable[[Host, Resources], Side]

FUEL_MARGIN: Final = 10_000
"""The output may take twice the instructions of the input and this many more before it is said to run out."""


TRIES: Final = 3
"""How often a host that may be at fault is asked again."""
PLACE: Final = 1 << 10
MOST_PAGES: Final = 1 << 14
"""A memory that starts out larger than this many pages (1 GiB) is not made at all."""


@dataclass(slots=True)
class Played:
    """What came of a script. ``at``: how many calls were compared; the ``difference`` then is in the next, or in
    instantiation (``in_start``)."""

    difference: Difference | None = None
    in_start: bool = False
    ended: bool = False
    """Whether instantiation ended on both sides alike, by a trap or an exit: then that is what was compared."""
    at: int = 0
    progress: Progress = field(default_factory=Progress)
    skipped: str | None = None
    masked: int = 0
    doubtful: int = 0
    """Bytes that differ in what would be dead stack if a global that may be the stack pointer is it."""
    pairs: set[tuple[int, int]] = field(default_factory=set)
    compared_bytes: int = 0
    executed: int = 0
    looked: int = 0
    """Bytes of memory that hosts looked at when they were called."""
    one_sided: str | None = None
    unsupported: bool = False
    """Whether it was skipped for an instruction that our engine does not execute."""
    acts: list[Act] = field(default_factory=list)
    """What the host did besides answering."""
    unlogged: Counter[str] = field(default_factory=Counter)
    """Calls of imports that the rewrite added, by name."""
    faults: list[str] = field(default_factory=list)
    """What supplied host functions raised."""


class Drive:
    """Plays scripts for one pair of modules.

    ``makers`` make the two sides, ``comparer`` compares them; ``masked``: whether dead stack is left out.
    """

    comparer: type[Comparer] = Comparer
    masked = True

    def __init__(
        self,
        old: View,
        new: View,
        plan: Plan,
        *,
        exports: dict[str, ByValue],
        imports: dict[int, ByValue],
        stack_pointer: StackPointer | None,
        cover: Sequence[int],
        memory_bytes: int,
        depth: int,
        host: SuppliedHost | None = None,
        direct: Mapping[Pair, Direct] | None = None,
    ) -> None:
        self.plan = plan
        self.direct = direct or {}
        self.host = host
        self.kept: list[HostCall] | None = None
        """With a list: where the input's host keeps its calls."""
        self.exports = exports
        initial = max(_initial_memory(old), _initial_memory(new))
        self.memory_bytes = initial + memory_bytes
        self.depth = depth
        self.old_code_kept = False
        """Whether no function of the input has other code now: the same calls then take as many instructions."""
        self.stack_memory = next((claim.memory for claim in exports.values()), 0)
        frames = (claim.layout.size + claim.layout.align for claim in exports.values())
        self.frame_slack = SLACK + 2 * max(frames, default=0)
        self.pairs = {space: _pairs(plan, space, old, new) for space in STATE}
        self._announced = {
            index
            for claim in plan.calls
            if (index := plan.funcs.new(claim.old)) is not None and len(new.code(index)) > 1
        }
        self.certain = stack_pointer is not None and stack_pointer.certain
        index = None if stack_pointer is None else stack_pointer.index
        stack = Stack(index, self.stack_memory, self.certain, RED_ZONE + self.frame_slack, not (exports or imports))
        self.reach = reaches(old, new, plan, stack, exports)
        self.old = self._input(old, imports, index)
        self.new = self._output(new, imports, index, cover)
        self.makers: tuple[SideMaker, SideMaker] = (interpreted(self.old), interpreted(self.new))

    def _input(self, view: View, imports: dict[int, ByValue], stack_pointer: int | None) -> Role:
        program = Program(without_start(view.data)) if self.plan.no_longer else view.program
        cover = frozenset(self.plan.excused).union(old for old, _ in self.direct)
        alike = _alike(self.plan)
        exports = {name: name for name in view.export_names()}
        by_value = {name: self.exports[self.plan.new_export(name) or name] for name in self.plan.values}
        return Role(
            view=view,
            is_input=True,
            program=program,
            origin=lambda index: alike.get(index, index),
            by_value=imports,
            stack_pointer=stack_pointer,
            cover=cover,
            host=self.host,
            exports=exports,
            by_value_exports=by_value,
            reach=self.reach[0],
        )

    def _output(self, view: View, imports: dict[int, ByValue], stack_pointer: int | None, cover: Sequence[int]) -> Role:
        plan = self.plan
        alike = _alike(plan)
        origin: dict[int, int] = {}
        for run in plan.funcs.runs:
            origin.update((run.new + i, run.old + i) for i in range(run.count))
        # An import by value has another type than the input's function, which its redirection stands for now.
        origin.update((new, old) for old, new in plan.funcs.redirects.items())
        origin.update((new, alike[old]) for new, old in origin.items() if old in alike)
        names = {new: old for old, new in plan.renamed_imports.items()}
        # What the input calls by that name, too, is the same function of the host: its calls count.
        called = {plan.new_import(_import_name(item.origin)) for item in self.old.view.module.imports}
        silent = frozenset(
            index
            for index, func in enumerate(view.module.funcs)
            if func.imported and index not in origin and _import_name(func.origin) in plan.added_imports
            if _import_name(func.origin) not in called
        )
        by_value = {claim.new: claim for claim in imports.values()}
        pointer = None if stack_pointer is None else plan.maps[Space.GLOBAL].new(stack_pointer)
        excused = {new for old in plan.excused if (new := plan.funcs.new(old)) is not None}
        covered = frozenset(cover).union(self._announced, excused, (now for _, now in self.direct))
        there = view.export_names()
        known = {name: own for name in self.old.exports if (own := plan.new_export(name)) in there and own is not None}
        return Role(
            view=view,
            is_input=False,
            program=view.program,
            origin=origin.get,
            names=names,
            silent=silent,
            by_value=by_value,
            stack_pointer=pointer,
            cover=covered,
            host=self.host,
            exports=known,
            memory=plan.maps[Space.MEMORY].new(0) or 0,
            reach=self.reach[1],
        )

    @property
    def _apart(self) -> bool:
        """Whether it matters in which call something was executed."""
        return bool(self.plan.excused or self.direct)

    def sides(self, script: Script) -> tuple[Side, Side]:
        """Both sides of a script, not started yet."""
        limits = Resources(script.fuel, self.depth, self.memory_bytes)
        old, new = self.makers
        first = old(Host(script, kept=self.kept), limits)
        second = new(Host(script, peer=first.host), limits)
        second.actor.seconds = first.actor
        return first, second

    def play(self, script: Script) -> Played:
        """Play ``script`` up to the first difference."""
        old, new = self.sides(script)
        comparer = self.comparer(old, new, self.pairs)
        played = Played()
        if self._start(old, new, comparer, played):
            both = old.stack_pointer_value() is not None and new.stack_pointer_value() is not None
            old.fill(script.seed, script.fill, both)
            new.fill(script.seed, script.fill, both)
            if script.fill and self.exports:
                _lower(old, new)
            for number, call in enumerate(script.calls):
                old.act_before(number)
                new.act_before(number)
                if not self._call(f"call {number}, {call}", call, old, new, comparer, played):
                    break
        played.acts = old.actor.done
        played.looked = old.looked + new.looked
        tally = comparer.tally
        played.masked, played.pairs, played.compared_bytes = tally.masked, tally.pairs, tally.compared
        played.doubtful = tally.doubtful
        played.unlogged = new.host.unlogged
        played.faults = [*old.host.faults, *new.host.faults]
        return played

    def doubt(self, script: Script) -> Difference | None:
        """What two instances of the *input* differ in on this script: then the host the user supplied is to blame."""
        mirror = self.mirrored(self.old)
        tries = (mirror.play(self.on(self.old, script)).difference for _ in range(TRIES))
        return next((found for found in tries if found is not None), None)

    def forget_counts(self) -> None:
        """Expect nothing of how many instructions are executed: another engine counts otherwise."""
        self.old_code_kept = False

    def mirrored(self, role: Role) -> Drive:
        """Plays scripts on ``role`` twice: nothing is claimed then, and all has to be the same."""
        counts = role.view.counts()
        mirror = copy(self)
        mirror.plan, mirror.exports, mirror._announced, mirror.direct = plan(None, counts, counts), {}, set(), {}
        role = replace(role, reach=Reach())
        mirror.old = mirror.new = role
        mirror.makers = (interpreted(role), interpreted(role))
        mirror.pairs = {space: _pairs(mirror.plan, space, role.view, role.view) for space in STATE}
        return mirror

    def on(self, role: Role, script: Script) -> Script:
        """A script as it is on one side, before a host that only answers: acts are in terms of both sides.

        Results by value come, on the input's, into a place of no meaning.
        """
        script = script.quiet()
        if not role.is_input:
            return script.with_calls(tuple(self._on_output(call) for call in script.calls))
        at_start = tuple(
            Call("a claimed call", claim.old, claim.old, tuple(map(parse_value, claim.args)))
            for claim in self.plan.calls
        )
        return script.with_calls((*at_start, *(self._on_input(call) for call in script.calls)))

    def _on_input(self, call: Call) -> Call:
        if call.by_value is None:
            return Call(call.name, call.old, call.old, call.args)
        claim = self.exports[call.by_value]
        args = (*call.args[: claim.pointer], Value(claim.address, PLACE), *call.args[claim.pointer :])
        return Call(call.name, call.old, call.old, args)

    def _on_output(self, call: Call) -> Call:
        return Call(call.name, call.new, call.new, tuple(map(self._argument, call.args)))

    # --- instantiation ----------------------------------------------------------------------------------------------

    def _start(self, old: Side, new: Side, comparer: Comparer, played: Played) -> bool:
        """Instantiate both sides and compare; whether there is something to call now."""
        before = self._start_input(old, played)
        if before.exhausted:
            played.skipped, played.unsupported = before.exhausted, before.unsupported
            return False
        new.allow(2 * played.executed + FUEL_MARGIN)
        after = new.start()
        if after.exhausted:
            played.one_sided = f"instantiation: the output ran out ({after.exhausted}) where the input did not"
            return False
        where = "instantiation"
        played.difference = comparer.outcome(where, before, after)
        played.in_start = played.difference is not None
        if played.in_start:
            return False
        if before.trap is not None:
            played.difference = comparer.calls(where)
            played.in_start = played.difference is not None
            played.ended = not played.in_start
            return False
        hit = old.entered(self.plan.excused)
        played.difference = comparer.state(where, self._masks(old, new)) or self._not_called(new, played.executed)
        if self._excuse(hit, played.difference, played):
            played.difference = None
            return False
        played.in_start = played.difference is not None
        self._done(old, new, played)
        return played.difference is None

    def _start_input(self, old: Side, played: Played) -> Outcome:
        """Instantiate the input, and call what the output is said to call by itself."""
        outcome = old.start()
        played.executed += old.store.executed
        for claim in self.plan.calls:
            if outcome.results is None:
                break
            called = old.call(claim.old, [parse_value(arg) for arg in claim.args])
            played.executed += old.store.executed
            outcome = called if called.results is None else Outcome(())
        return outcome

    def _not_called(self, new: Side, executed: int) -> Difference | None:
        """A function that instantiation is said to call, but never did, or not as often, whatever it may do."""
        for claim in self.plan.calls:
            index = self.plan.funcs.new(claim.old)
            if index in self._announced and not new.entered([index]):
                return Difference("instantiation", f"function {claim.old} is called", "it is not")
        if self.plan.calls and self.old_code_kept and new.store.executed < executed:
            done = f"{new.store.executed} instructions"
            return Difference("instantiation", f"{executed} instructions for the claimed calls", done)
        return None

    # --- calls ------------------------------------------------------------------------------------------------------

    def _call(self, where: str, call: Call, old: Side, new: Side, comparer: Comparer, played: Played) -> bool:
        """Make one call on both sides and compare; whether the script can go on."""
        pointers = old.stack_pointer_value(), new.stack_pointer_value()
        claim = None if call.by_value is None else self.exports[call.by_value]
        if claim is not None:
            old.clear_padding(claim, claim.memory)
            new.clear_padding(claim, self.plan.maps[Space.MEMORY].new(claim.memory))
        old.begin(self._apart)
        new.begin(self._apart)
        before = old.call(call.old, call.args) if claim is None else old.call_by_value(claim, call.args)
        played.executed += old.store.executed
        if before.exhausted:
            played.skipped, played.unsupported = before.exhausted, before.unsupported
            return False
        hit: set[int] = old.entered(self.plan.excused)
        new.allow(2 * old.store.executed + FUEL_MARGIN)
        after = new.call(call.new, [self._argument(arg) for arg in call.args])
        images = {self.plan.funcs.new(index): index for index in self.plan.excused}
        hit |= {images[index] for index in new.entered(index for index in images if index is not None)}
        if after.exhausted and not hit:
            played.one_sided = f"{where}: the output ran out ({after.exhausted}) where the input did not"
            return False
        # Where the input trapped inside a by-value call, its frame is gone, and with it the place of the stack pointer.
        lost = self.old.stack_pointer if before.trap is not None and claim is not None else None
        self._doubt(old, new, pointers[0], comparer)
        found = comparer.outcome(where, before, after)
        found = found or comparer.state(where, self._masks(old, new, pointers[0]), lost)
        found = found or (None if claim is None else self._misaligned(where, claim, old, new))
        if self._excuse(hit, found, played) or after.exhausted:
            return False
        played.difference = found
        if found is not None:
            return False
        if self.certain or lost is not None:
            # A trap leaves the stack pointer low, and exports exist that move it: calls start where the first did.
            old.set_stack_pointer(pointers[0])
            new.set_stack_pointer(pointers[1])
        played.at += 1
        self._compared((call.old, call.new), old, new, played)
        self._done(old, new, played)
        return True

    def _excuse(self, hit: Collection[int], found: Difference | None, played: Played) -> bool:
        """Whether functions changed on purpose that ran excuse what was found, and all that may lie behind it."""
        if found is not None:
            played.progress.needed_excuses.update(hit)
        return bool(hit) and found is not None

    def _compared(self, pair: Pair, old: Side, new: Side, played: Played) -> None:
        played.progress.compared.add(pair)
        wanted = self.direct.get(pair)
        if wanted is not None:
            reached = played.progress.direct.setdefault(pair, Reached())
            reached.old |= wanted.old.keys() & old.covered_now()
            reached.new |= wanted.new.keys() & new.covered_now()

    def _misaligned(self, where: str, claim: ByValue, old: Side, new: Side) -> Difference | None:
        """A frame that is not aligned as the ABI demands, although the callee may not have minded this time."""
        align = max(FRAME_ALIGN, claim.layout.align)
        low, other = old.low(), new.low()
        if low is None or other is None or low % align or not other % align:
            return None
        return Difference(f"{where}: lowest stack pointer", f"a multiple of {align}", f"0x{other:x}")

    def _done(self, old: Side, new: Side, played: Played) -> None:
        old.host.forget()
        new.host.forget()
        played.progress.covered |= new.covered()

    def _argument(self, value: Value) -> Value:
        if value.kind != "func" or value.bits is None:
            return value
        return Value("func", self.plan.funcs.use(value.bits))

    def _masks(self, old: Side, new: Side, pointer: int | None = None) -> list[Mask]:
        """What need not be equal now: dead stack below ``pointer``, and padding that the host's stores skipped."""
        if not self.masked:
            return []
        masks = list(old.host.padding)
        stack = self._dead_stack(old, new, pointer)
        if stack is not None and self.certain:
            masks.append(stack)
        return masks

    def _dead_stack(self, old: Side, new: Side, pointer: int | None) -> Mask | None:
        """Where the dead stack lies after a call that began at ``pointer``, if that is what the global holds."""
        low, other = old.low(), new.low()
        pointer = old.stack_pointer_value() if pointer is None else pointer
        if low is None or pointer is None:
            return None
        # An output that does without the stack pointer has no stack of its own.
        lowest = low if other is None else min(low, max(other, low - self.frame_slack))
        return self.stack_memory, max(0, lowest - RED_ZONE), pointer

    def _doubt(self, old: Side, new: Side, pointer: int | None, comparer: Comparer) -> None:
        """Remember what may be dead stack, where a global merely could be the stack pointer and moves like one."""
        stack = None if self.certain or not self.masked else self._dead_stack(old, new, pointer)
        if stack is not None and stack[1] + RED_ZONE < stack[2]:
            comparer.doubtful.append(stack)


def interpreted(role: Role, kind: type[Side] = Side) -> SideMaker:
    """What makes sides of a role in the interpreter."""
    return partial(kind, role, Ready(role.program, role.cover))


def _lower(*sides: Side) -> None:
    """Stack pointers as a caller may have them: a multiple of 16 and of no more, as modules rarely start out."""
    for side in sides:
        pointer = side.stack_pointer_value()
        if pointer is not None and pointer >= 2 * FRAME_ALIGN and not pointer % (2 * FRAME_ALIGN):
            side.set_stack_pointer(pointer - FRAME_ALIGN)


def _alike(plan: Plan) -> dict[int, int]:
    """For input functions that are one in the output: the first of them, so that references to them compare."""
    groups: dict[int, list[int]] = {}
    for old, new in plan.funcs.redirects.items():
        groups.setdefault(new, []).append(old)
    for run in plan.funcs.runs:
        for new in groups.keys() & range(run.new, run.new + run.count):
            groups[new].append(run.old + new - run.new)
    return {old: min(group) for group in groups.values() for old in group if len(group) > 1}


def _pairs(plan: Plan, space: Space, old: View, new: View) -> list[tuple[int, int]]:
    """(input index, output index) of everything in ``space`` that both sides have.

    What an item is redirected to takes its place; where others can see the item itself, that is compared too.
    """
    redirects = plan.maps[space].redirects
    images = ((index, plan.maps[space].new(index)) for index in range(len(old.items(space))))
    kept = [(index, image) for index, image in images if image is not None]
    if not redirects:
        return kept
    visible = {index for kind, index in new.export_names().values() if kind is space}
    visible |= {index for index, item in enumerate(new.items(space)) if isinstance(item.origin, Import)}
    return [*(pair for pair in kept if pair[0] not in redirects or pair[1] in visible), *redirects.items()]


def _initial_memory(view: View) -> int:
    return sum(min(memory.type.limits.minimum, MOST_PAGES) * PAGE for memory in view.module.memories)


def _import_name(origin: object) -> tuple[str, str]:
    return getattr(origin, "module", ""), getattr(origin, "name", "")
