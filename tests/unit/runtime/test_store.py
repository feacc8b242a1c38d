"""The store: fuel, and types that are equal across modules."""

from __future__ import annotations

from wasmrewrite.isa.types import I32, I64, FuncType, TypeDef
from wasmrewrite.runtime.store import Store, StoreLimits


def test_fuel() -> None:
    store = Store(StoreLimits(fuel=10))
    assert (store.fuel_left, store.executed) == (10, 0)
    store.fuel_left -= 4
    assert store.executed == 4
    store.refuel(None)
    assert store.executed == 0
    assert store.fuel_left > 1 << 60


def test_equal_types_have_one_key() -> None:
    store = Store()
    first, second, other = TypeDef(FuncType((I32,))), TypeDef(FuncType((I32,))), TypeDef(FuncType((I64,)))
    keys = store.intern([first, other])
    assert store.key(second) is keys[0] is store.func_key(FuncType((I32,)))
    assert store.key(other) is keys[1] is not keys[0]


def test_stores_do_not_share_keys() -> None:
    typedef = TypeDef(FuncType())
    assert Store().key(typedef) is not Store().key(typedef)
