"""The wording of traps is the official suite's; what limits of ours stop is told apart by class."""

from __future__ import annotations

from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.runtime import traps


def test_wording() -> None:
    assert traps.unreachable().message == "unreachable"
    assert traps.uninitialized_element(2).message == "uninitialized element 2"
    assert traps.undefined_element(7).message == "undefined element 7"
    assert traps.indirect_call_type_mismatch().message == "indirect call type mismatch"


def test_classes() -> None:
    assert type(traps.integer_overflow()) is Trap
    for trap in (traps.call_stack_exhausted(), traps.fuel_exhausted(), traps.memory_exhausted("memory")):
        assert type(trap) is Exhaustion
