"""What a user sees of an instance: coverage, watched globals, functions nobody exports."""

from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.interp import instantiate
from wasmrewrite.kernels.decode import decode
from wasmrewrite.model import Body
from wasmrewrite.runtime import WatchedGlobal

TEXT = """(module
  (func $f (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 10))
      (then (i32.add (local.get 0) (i32.const 1)))
      (else (unreachable))))
  (func (result i32) (call $f (i32.const 3))))"""


def offsets_of(data: bytes, func: int) -> dict[int, str]:
    """Offset to mnemonic, ``else`` and ``end`` left out."""
    module = instantiate(data).program.module
    body = module.funcs[func].origin
    assert isinstance(body, Body)
    assert body.span is not None
    _, (start, end) = module.source.body(body.span)
    return {
        offset: op.name for offset, op, _ in decode(module.source.data, start, end) if op.name not in ("else", "end")
    }


def test_coverage_is_exact() -> None:
    data = wat(TEXT)
    offsets = offsets_of(data, 0)
    instance = instantiate(data, cover=[0])
    assert instance.covered(0) == set()
    assert instance.coverable(0) == offsets.keys()
    assert instance.invoke(1) == [4]
    assert [offsets[offset] for offset in sorted(instance.covered(0))] == [
        "local.get", "i32.const", "i32.lt_u", "if", "local.get", "i32.const", "i32.add",
    ]  # fmt: skip
    assert instance.covered(1) == set()


def test_covered_code_does_the_same_and_costs_the_same() -> None:
    data = wat(TEXT)
    plain, covered = instantiate(data), instantiate(data, cover=[0, 1])
    for instance in (plain, covered):
        assert instance.invoke(0, [9]) == [10]
    assert plain.store.executed == covered.store.executed == 7


def test_instances_are_covered_each_for_itself() -> None:
    data = wat(TEXT)
    first = instantiate(data, cover=[0])
    second = instantiate(first.program, cover=[0])
    first.invoke(0, [1])
    assert first.covered(0)
    assert second.covered(0) == set()


def test_what_nothing_reaches_is_not_coverable() -> None:
    data = wat("(module (func (block (br 0) (nop)) (return) (nop)))")
    offsets = offsets_of(data, 0)
    assert [offsets[offset] for offset in sorted(instantiate(data, cover=[0]).coverable(0))] == [
        "block",
        "br",
        "return",
    ]


POINTER = """(module (global $sp (export "sp") (mut i32) (i32.const 100)) (func $start (call $down (i32.const 50)))
  (func $down (param i32)
    (global.set $sp (i32.sub (global.get $sp) (local.get 0)))
    (global.set $sp (i32.add (global.get $sp) (local.get 0))))
  (start $start))"""


def test_watching_from_the_start() -> None:
    instance = instantiate(wat(POINTER), watch=[0])
    watched = instance.globals[0]
    assert isinstance(watched, WatchedGlobal)
    assert (watched.value, watched.low) == (100, 50)
    assert instance.exports["sp"] is watched


def test_watching_later() -> None:
    instance = instantiate(wat(POINTER))
    watched = instance.watch(0)
    assert instance.watch(0) is watched is instance.exports["sp"]
    instance.invoke(1, [30])
    assert (watched.value, watched.low) == (100, 70)
    watched.reset()
    instance.invoke(1, [10])
    assert watched.low == 90
