"""Every operation of the Editor and every pass make valid modules of what ``wasm-tools smith`` makes.

The modules use all of version 3.0, and threads, in ways that no compiler does; wasm-tools validates each output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from tests.helpers.operations import OPERATIONS, TELLING, passes, several
from tests.helpers.smith import dressed, refused, smith
from wasmrewrite import Module
from wasmrewrite.errors import OutputError, RewriteError
from wasmrewrite.rewrite import Editor, Pipeline, registry

GATE, CAMPAIGN = 500, 20_000
BATCH = 50
PASSES = tuple(registry.names(plugins=False))
RARE = {"multi-value", "remove-start", "remove_start"}


def outputs(data: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """What the operations and passes that have something to do make of a module, by their names."""
    for name, operation in {**OPERATIONS, "several": several}.items():
        module = Module.from_bytes(data)
        if operation(Editor(module), Random(f"{name}/{seed}")):
            yield name, module.to_bytes()
    for name in PASSES:
        before, chosen, interface = passes(data, name, f"{name}/{seed}")
        try:
            result = Pipeline(chosen, interface).run(Module.from_bytes(before))
        except OutputError:
            raise
        except RewriteError:
            continue  # a pass may refuse; that it does not always is counted
        if result.changed:
            yield name, result.data


def run(seeds: range) -> Counter[str]:
    """How often each operation and pass did something. Fails on the first batch with an output that is not valid."""
    did: Counter[str] = Counter()
    for start in range(seeds.start, seeds.stop, BATCH):
        made: list[tuple[int, str, bytes]] = []
        for seed in range(start, min(start + BATCH, seeds.stop)):
            data = dressed(smith(seed), Random(seed))
            assert Module.from_bytes(data, check="validate").to_bytes() == data, seed
            made += ((seed, name, output) for name, output in outputs(data, seed))
        did.update(name for _, name, _ in made)
        wrong = [(*made[at][:2], said) for at, said in refused([output for _, _, output in made])]
        assert wrong == []
    return did


def test_gate() -> None:
    did = run(range(GATE))
    for name in (*OPERATIONS, "several", *PASSES):
        assert did[name] >= (3 if name in RARE else GATE // 10), (name, did)


def test_every_operation_is_tried() -> None:
    public = {name for name, member in vars(Editor).items() if callable(member) and not name.startswith("_")}
    assert public - TELLING == set(OPERATIONS)


def test_what_is_not_valid_is_seen() -> None:
    valid, broken = smith(1), b"\0asm\1\0\0\0\x01\x02\x01\x05"
    assert [at for at, _ in refused([valid, broken, valid])] == [1]
    assert smith(1) == valid


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(20))
def test_campaign(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    size = CAMPAIGN // 20
    did = run(range(GATE + part * size, GATE + (part + 1) * size))
    with capsys.disabled():
        print(f"\n  {size} modules, {did.total()} outputs:", dict(did))
