"""Nothing but ``WasmError`` escapes, whatever the file: read at every level, and by every verb that reads such files.

CPU time is told and not tested: that is the machine's affair. A case that does not end, and one that takes hundreds of
megabytes, are failures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import attack, bombs, sources
from tests.hostile.surfaces import levels
from wasmrewrite.cli.verbs import VERBS
from wasmrewrite.errors import WasmError
from wasmrewrite.model import Module

FAILURES = ("escape", "hang", "memory")
PARTS = 10
MILLION = 1_000_000
FILELESS = {"passes", "rule"}
"""Verbs that read no file."""
BESIDE = {"plain.wasm", "after.wasm", "none.toml", "corpus/b.wasm"}
"""Files that stay as they are."""


@pytest.mark.parametrize("part", range(3))
def test_spoilt_files(tmp_path: Path, part: int) -> None:
    tally = attack.attack(tmp_path, f"gate/{part}", 1_500)
    assert tally.of(*FAILURES) == []


def test_every_surface_is_reached(tmp_path: Path) -> None:
    files = attack.world(tmp_path)
    surfaces = [*levels(), *files.surfaces()]
    assert {each.name.split()[0] for each in surfaces} == {*(each.name for each in levels()), *VERBS} - FILELESS
    assert {each.source for each in surfaces} >= files.files.keys() - BESIDE
    assert attack.attack(tmp_path, "every", len(surfaces), every=True).of(*FAILURES) == []


def test_good_files_are_no_complaint(tmp_path: Path) -> None:
    files = attack.world(tmp_path)
    assert [name for each in files.surfaces() if (name := each.run(files.files[each.source]))] == []


@pytest.mark.parametrize("bomb", bombs.BOMBS)
def test_small_files_that_are_large_inside(bomb: Callable[[int], bytes]) -> None:
    data = bomb(bombs.ROOM)
    assert len(data) < 1 << 16
    for surface in levels():
        assert attack.tried(surface, data)[0] == ""


def test_damage_is_deep_enough() -> None:
    """A good share of what is spoilt still is a module, or fails only in validation."""
    from wasmrewrite.fuzz import RandomChoices, damaged

    kinds = []
    for number in range(400):
        choices = RandomChoices(f"deep/{number}")
        try:
            Module.from_bytes(damaged(choices, choices.pick(sources.modules())), check="validate")
            kinds.append("valid")
        except WasmError as error:
            kinds.append(error.kind)
    assert kinds.count("valid") >= 20
    assert kinds.count("invalid") >= 20
    assert kinds.count("malformed") >= 100


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(PARTS))
def test_a_million_spoilt_files(tmp_path: Path, part: int, capsys: pytest.CaptureFixture[str]) -> None:
    tally = attack.attack(tmp_path, f"million/{part}", MILLION // PARTS)
    with capsys.disabled():
        print("", tally.summary(), *tally.of("slow"), sep="\n  ")
    assert tally.of(*FAILURES) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("bomb", bombs.BOMBS)
def test_every_bomb_everywhere(
    tmp_path: Path, bomb: Callable[[int], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    data, slow = bomb(bombs.ROOM), []
    for surface in attack.world(tmp_path).surfaces():
        if surface.source.endswith(".wasm"):
            kind, said, taken = attack.tried(surface, data)
            assert kind == "", said
            slow += [f"\n  {bomb.__name__}, {surface.name}: {taken:.2f} s"] * (taken > attack.SECONDS * surface.rounds)
    with capsys.disabled():
        print(*slow, end="")
