"""By-value wrappers with a stand-in for the function they wrap: one that fills the whole result with seeded bytes.

The real function may write the same constants always, or never return; a wrapper that reads the wrong place then looks
right. What a stand-in shows is no difference between the two modules, so it can only make a verdict Inconclusive; but
instructions that pass this test were executed and checked. Not here: comparing both sides (``script_runs``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ...isa.types import func_type
from ...runtime.host import Caller
from ...runtime.instances import HostFunc
from ..behavior.coverage import mentioned
from ..behavior.memory_fill import DEAD_STACK
from ..behavior.running_module import Side
from ..behavior.script import Script
from ..behavior.script_runs import Drive
from ..behavior.subjects import Subject
from ..behavior.values import Draw, Value
from ..behavior.visible_state import RED_ZONE
from .claims import ByValue

TURNS: Final = 4


@dataclass(slots=True)
class StandIn:
    """What the stand-in was asked, and what it wrote. ``faults`` are complaints about how it was called."""

    side: Side
    claim: ByValue
    draw: Draw
    calls: int = 0
    args: Sequence[Any] = ()
    written: Sequence[int] = ()
    frame: range = range(0)
    faults: list[str] = field(default_factory=list)

    def __call__(self, caller: Caller, *args: Any) -> list[object]:
        claim, memory = self.claim, caller.instance.memories[self.claim.memory]
        pointer = int(args[claim.pointer])
        self.calls += 1
        self.args = [*args[: claim.pointer], *args[claim.pointer + 1 :]]
        if pointer % claim.layout.align:
            self.faults.append(f"its pointer 0x{pointer:x} is not aligned to {claim.layout.align}")
        stack_pointer = self.side.stack_pointer_value()
        if stack_pointer is not None:
            if stack_pointer - RED_ZONE <= pointer < stack_pointer:
                self.faults.append("its pointer lies below the stack pointer")
            # Whatever a function has on its own stack goes over what lies below.
            start = max(0, min(stack_pointer, memory.size) - RED_ZONE)
            memory.write(start, self.draw.random.randbytes(max(0, min(stack_pointer, memory.size) - start)))
        self._write(memory, pointer)
        return []

    def _write(self, memory: Any, pointer: int) -> None:
        """Fill the result; padding too, as functions do that copy whole objects."""
        claim = self.claim
        image = bytearray(self.draw.random.randbytes(claim.layout.size))
        values = [bits for leaf in claim.layout.leaves for bits in self.draw.scalar(leaf.scalar, leaf.size)]
        for offset, raw in claim.layout.write(values):
            image[offset : offset + len(raw)] = raw
        memory.write(pointer, image)
        self.frame = range(pointer, pointer + len(image))
        self.written = claim.layout.read(bytes(image))


def examine(drive: Drive, script: Script, pairs: Sequence[tuple[Subject, ByValue]]) -> tuple[list[str], set[int]]:
    """Run every wrapper with a stand-in. Complaints, and offsets of what was executed without any."""
    complaints: list[str] = []
    covered: set[int] = set()
    for subject, claim in pairs:
        wrapped = drive.plan.funcs.new(claim.old)
        if wrapped is None or wrapped not in mentioned(drive.new.view.code(claim.new)):
            continue
        _, side = drive.sides(script)
        if side.start().results is None:
            break
        side.host.forget()
        side.fill(script.seed, False)
        fault = _fault(side, subject, claim, wrapped, script)
        if fault:
            complaints.append(f"{subject.name}: with another function behind it, {fault}")
        else:
            covered |= side.covered()
    return complaints, covered


def _state(side: Side) -> tuple[list[object], list[bytes]]:
    """Globals and memories."""
    values = [side.global_value(index) for index in range(len(side.state.globals))]
    return values, [memory.snapshot() for memory in side.state.memories]


def _hidden(data: bytes, ranges: Sequence[range]) -> bytes:
    """Memory without what may change: the dead stack, and what the stand-in wrote."""
    copy = bytearray(data)
    for hidden in ranges:
        copy[hidden.start : hidden.stop] = bytes(len(hidden))
    return bytes(copy)


def _left_alone(side: Side, claim: ByValue, frame: range, before: tuple[list[object], list[bytes]]) -> bool:
    """Whether nothing that counts changed since ``before``, and the host was not called."""
    values, memories = _state(side)
    pointer = min(side.stack_pointer_value() or 0, len(memories[claim.memory]))
    ranges = (range(max(0, pointer - DEAD_STACK), pointer), frame)
    then, now = before[1].copy(), memories
    for each in (then, now):
        each[claim.memory] = _hidden(each[claim.memory], ranges)
    return not side.host.log and values == before[0] and then == now


def _fault(side: Side, subject: Subject, claim: ByValue, wrapped: int, script: Script) -> str:
    """What is wrong with a wrapper; empty if nothing is, or if it cannot be told this way."""
    draw = script.draw(f"stand-in/{subject.name}")
    for turn in range(TURNS):
        stand_in = StandIn(side, claim, draw)
        type = func_type(side.role.program.module.funcs[wrapped].type)
        side.state.substitute(wrapped, HostFunc(type, stand_in, caller=True, name="stand-in"))
        before, state = side.stack_pointer_value(), _state(side)
        args = [draw.value(kind, turn) for kind in subject.kinds]
        outcome = side.call(claim.new, args)
        if stand_in.calls != 1 or outcome.results is None:
            # It does more than to wrap: what it does with a stranger says nothing.
            return ""
        if stand_in.faults:
            return stand_in.faults[0]
        if list(stand_in.args) != [side.inward(arg) for arg in args]:
            return "it does not pass its arguments on"
        fields = zip(claim.layout.types, stand_in.written, strict=True)
        expected = tuple(Value(str(kind), bits) for kind, bits in fields)
        if outcome.results != expected:
            return f"it returns {outcome.describe()} where ({', '.join(map(str, expected))}) was written"
        if side.stack_pointer_value() != before:
            return "it does not put the stack pointer back"
        if not _left_alone(side, claim, stand_in.frame, state):
            return "it does more than to return what was written"
    return ""
