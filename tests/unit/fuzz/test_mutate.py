from __future__ import annotations

from pathlib import Path

from wasmrewrite.fuzz import RandomChoices, damaged, mutated
from wasmrewrite.model import Module

FILES = sorted((Path(__file__).resolve().parents[3] / "corpus" / "built").glob("*.wat.wasm"))


def test_mutants_are_valid_and_different() -> None:
    different = 0
    for number, path in enumerate(FILES * 4):
        data = path.read_bytes()
        found = mutated(RandomChoices(number), data)
        Module.from_bytes(found, check="validate")
        different += found != data
    assert different > len(FILES)


def test_damage_is_done() -> None:
    data = FILES[0].read_bytes()
    assert len({damaged(RandomChoices(number), data) for number in range(20)}) > 15
    assert damaged(RandomChoices(0), b"") == b""
