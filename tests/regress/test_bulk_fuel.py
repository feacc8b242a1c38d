"""A loop of instructions that fill two megabytes each cost five instructions a round, and so went on for hours."""

from __future__ import annotations

import pytest

from tests.helpers.wat import wat
from wasmrewrite.equiv import Inconclusive, verify
from wasmrewrite.errors import Exhaustion, Trap
from wasmrewrite.interp import instantiate
from wasmrewrite.runtime.store import Store, StoreLimits

LOOP = """
(module (memory 32) (table 100 funcref) (func (export "f")
  (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x200000)) (br $again))))
"""
ONE = """
(module (memory 1) (table 100 funcref) (func (export "f") (param i32)
  (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))
"""


def test_fuel_is_paid_by_size() -> None:
    store = Store(StoreLimits(fuel=1_000))
    instance = instantiate(wat(ONE), {}, store)
    instance.exports["f"](6400)  # type: ignore[operator]
    assert store.executed == 4 + 100
    store.refuel(1_000)
    with pytest.raises(Exhaustion):
        instance.exports["f"](65536)  # type: ignore[operator]


def test_what_is_out_of_bounds_traps_all_the_same() -> None:
    instance = instantiate(wat(ONE), {}, Store(StoreLimits(fuel=1_000)))
    with pytest.raises(Trap) as caught:
        instance.exports["f"](0xFFFF_FFFF)  # type: ignore[operator]
    assert not isinstance(caught.value, Exhaustion)


def test_judging_such_a_loop_ends() -> None:
    data = wat(LOOP)
    verdict = verify(data, data, calls=4)
    assert isinstance(verdict, Inconclusive)
    assert verdict.why == ("nothing was compared: no call came to an end on both sides",)
    assert verdict.evidence.notes == ["not compared: fuel exhausted"]
