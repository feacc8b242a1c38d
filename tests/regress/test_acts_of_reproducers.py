"""A reproducer may say anything about what the host did: it is refused, or replayed without an internal error."""

from __future__ import annotations

from itertools import product

import pytest

from wasmrewrite import ConfigError, Contract, Module
from wasmrewrite.equiv import replay
from wasmrewrite.equiv.behavior.script import Call, Script
from wasmrewrite.equiv.hosts.acts import BEFORE, INSIDE, KINDS, TRAP, Act

MODULE = Module.from_wat("""(module (import "a" "b" (func (param i32))) (memory (export "m") 1)
  (table (export "t") 2 funcref) (global (export "g") (mut i32) (i32.const 1))
  (func (export "f") (result i32) (call 0 (i32.const 7)) global.get 0))""").to_bytes()


def script(act: Act) -> str:
    return Script("x", (Call("f", 1, 1, ()),), contract=Contract(), acts=(act,)).dumps()


@pytest.mark.parametrize("kind", KINDS)
def test_places_beyond_everything_do_nothing(kind: str) -> None:
    at = 0 if kind in INSIDE else BEFORE
    for place, index, source, data in product((0, 1 << 33, 1 << 70), (0, 1 << 40), (-1, 1 << 60), (b"", b"abcd")):
        again = Script.loads(script(Act(kind, 0, at, index, place, data, source)))
        assert replay(again, MODULE, MODULE) is None


@pytest.mark.parametrize(
    "act",
    [
        Act(TRAP, 0, BEFORE),
        Act("memory-grow", 0, place=-1),
        Act("memory-write", 0, place=-4, data=b"abcd"),
        Act("table-set", 0, place=-1),
        Act("table-set", 0, source=-2),
        Act("global-set", -1),
        Act("global-set", 0, index=-1),
        Act("global-set", 0, at=-2),
    ],
    ids=str,
)
def test_what_no_host_does_is_refused(act: Act) -> None:
    with pytest.raises(ConfigError, match="not a reproducer"):
        Script.loads(script(act))
