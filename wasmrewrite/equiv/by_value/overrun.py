"""Whether a function writes more than the result it is declared to have: canaries behind the frame, on the input alone.

Below the frame nothing can be told: that is where the function's own stack begins. Not here: comparing both sides.
"""

from __future__ import annotations

from typing import Final

from ..behavior.script import Script
from ..behavior.script_runs import Drive
from ..behavior.subjects import Subject
from ..behavior.values import Value
from ..difference import Difference
from .claims import ByValue

GUARD: Final = 256
TRIES: Final = 6
_PATTERNS: Final = (0xA5, 0x5A)
"""One of two bytes differs from whatever was written."""


def overrun(drive: Drive, script: Script, subject: Subject, claim: ByValue) -> Difference | None:
    """Call the input's function with a guarded frame; where it wrote behind the declared size, if it did."""
    side, _ = drive.sides(script)
    if side.start().results is None:
        return None
    pointer = side.stack_pointer_value()
    if pointer is None:
        return None
    memory = side.memory(claim.memory)
    frame = claim.frame(pointer - GUARD)
    after = frame + claim.layout.size
    if frame < 0 or pointer > memory.size:
        return None
    draw = script.draw(f"probe/{subject.name}")
    for turn in range(TRIES):
        guard = bytes([_PATTERNS[turn % 2]]) * (pointer - after)
        memory.write(after, guard)
        memory.write(frame, bytes(claim.layout.size))
        side.set_stack_pointer(frame)
        args = [draw.value(kind, turn) for kind in subject.kinds]
        outcome = side.call(claim.old, [*args[: claim.pointer], Value(claim.address, frame), *args[claim.pointer :]])
        if outcome.results is None:
            return None
        side.set_stack_pointer(pointer)
        place = next((at for at, byte in enumerate(memory.read(after, len(guard))) if byte != guard[0]), None)
        if place is not None:
            size = claim.layout.size
            where = f"declared result of {subject.name}"
            return Difference(where, f"{size} bytes", f"the function writes byte {size + place}")
    return None
