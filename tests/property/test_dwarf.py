"""Debug information that somebody damaged is refused, or right: it never crashes, and never makes up a layout."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.external import ROOT
from wasmrewrite.analysis import DebugLayouts
from wasmrewrite.analysis.dwarf_entries import Budget
from wasmrewrite.contract import parse_type
from wasmrewrite.model import Module

FILES = ("two_i64s.1.96-O3-g.wasm", "two_i64s.1.63-O3-g.wasm", "merged.1.96-O3-g.wasm", "structs.clang14-O2-g.wasm")
SECTIONS = (".debug_info", ".debug_abbrev", ".debug_str", ".debug_str_offsets", ".debug_addr", ".debug_ranges")
BUDGET = Budget(reads=400_000, entries=20_000)


@cache
def contents(file: str) -> bytes:
    return (ROOT / "corpus" / "built" / file).read_bytes()


def damaged(file: str, section: str, changes: list[tuple[int, int]], length: int | None) -> Module:
    """A module with bytes of one debug section changed, and the section cut off."""
    module = Module.from_bytes(contents(file))
    for custom in module.customs:
        if custom.name == section:
            data = bytearray(custom.data)
            for place, value in changes:
                data[place % len(data)] = value
            custom.replace(bytes(data[: None if length is None else length % len(data)]))
    return module


@settings(deadline=None)
@given(
    st.sampled_from(FILES),
    st.sampled_from(SECTIONS),
    st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=8),
    st.none() | st.integers(0, 1 << 16),
)
def test_damage_is_survived(file: str, section: str, changes: list[tuple[int, int]], length: int | None) -> None:
    debug = DebugLayouts(damaged(file, section, changes, length), BUDGET)
    for each in debug.exports:
        assert (each.declaration is None) == bool(each.reason)
        if each.declaration is not None and each.declaration.result is not None:
            assert parse_type(str(each.declaration.result)) == each.declaration.result


def mutated(file: str, random: Random) -> Module:
    """A module with debug sections that lost, gained or exchanged pieces, as fuzzers do it."""
    module = Module.from_bytes(contents(file))
    customs = [each for each in module.customs if each.name in SECTIONS]
    for _ in range(random.choice((1, 1, 2, 3))):
        custom = random.choice(customs)
        data, other = bytearray(custom.data), random.choice(customs).data
        at, width = random.randrange(len(data) + 1), random.randrange(1, 40)
        piece = random.choice(
            (
                b"",
                b"\xff" * 4,
                b"\x80" * width,
                random.randbytes(width),
                bytes(data[max(0, at - 200) : at]) * 3,
                other[random.randrange(len(other) + 1) :][:width],
                random.randrange(len(data) + 1).to_bytes(4, "little"),
            )
        )
        data[at : at + random.choice((0, width, len(piece)))] = piece
        custom.replace(bytes(data))
    return module


@pytest.mark.parametrize("seed", range(4))
def test_mutants_are_survived(seed: int) -> None:
    random = Random(seed)
    names = sorted(path.name for path in (ROOT / "corpus" / "built").glob("*-g.wasm"))
    problems = 0
    for _ in range(120):
        debug = DebugLayouts(mutated(random.choice(names), random))
        problems += debug.problem is not None
        for each in debug.exports:
            assert (each.declaration is None) == bool(each.reason)
            if each.declaration is not None and each.declaration.result is not None:
                assert parse_type(str(each.declaration.result)) == each.declaration.result
    assert 0 < problems < 120


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_noise_is_survived(info: bytes, abbreviations: bytes) -> None:
    module = Module.from_bytes(contents(FILES[0]))
    for custom in module.customs:
        if custom.name == ".debug_info":
            custom.replace(info)
        if custom.name == ".debug_abbrev":
            custom.replace(abbreviations)
    assert not any(each.by_pointer for each in DebugLayouts(module, BUDGET).exports)
