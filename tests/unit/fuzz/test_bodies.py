"""The tame mode keeps its word: no call traps, and every call ends."""

from __future__ import annotations

from tests.unit.fuzz.calls import calls_of, instance_of
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.fuzz import RandomChoices, Shape, subject


def test_tame_code_neither_traps_nor_goes_on_for_ever() -> None:
    made = 0
    for seed in range(60):
        data = subject(RandomChoices(seed), Shape(by_pointer=False)).data
        instance = instance_of(data, fuel=100_000)
        for name, args in calls_of(data, seed):
            instance.store.refuel(100_000)
            instance.invoke(instance.exports[name], args)  # type: ignore[arg-type]
            made += 1
    assert made > 100


def test_wild_code_does_trap_now_and_then() -> None:
    trapped = 0
    for seed in range(60):
        data = subject(RandomChoices(seed), Shape(tame=False, by_pointer=False)).data
        try:
            instance = instance_of(data, fuel=10_000)
            for name, args in calls_of(data, seed):
                instance.store.refuel(10_000)
                instance.invoke(instance.exports[name], args)  # type: ignore[arg-type]
        except Exhaustion:
            continue
        except Trap:
            trapped += 1
    assert trapped > 5
