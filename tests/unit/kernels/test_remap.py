"""Rewriting indices in place."""

from __future__ import annotations

import pytest

from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.immediates import Space
from wasmrewrite.kernels.remap import remap

MANY = {index: index + 1 for index in range(1000)}


@pytest.mark.parametrize(
    ("before", "space", "mapping", "after"),
    [
        ("10 05", Space.FUNC, {5: 6}, "10 06"),
        ("10 7f", Space.FUNC, {127: 128}, "10 80 01"),
        ("10 80 01", Space.FUNC, {128: 3}, "10 83 00"),
        ("10 85 80 80 80 00", Space.FUNC, {5: 300}, "10 ac 82 80 80 00"),
        ("10 05 10 06 d2 05", Space.FUNC, {5: 6, 6: 5}, "10 06 10 05 d2 06"),
        ("11 03 01", Space.TYPE, {3: 4}, "11 04 01"),
        ("11 03 03", Space.TABLE, {3: 200}, "11 03 c8 01"),
        ("02 05 0b", Space.TYPE, {5: 64}, "02 c0 00 0b"),
        ("02 c0 00 0b", Space.TYPE, {64: 5}, "02 85 00 0b"),
        ("02 64 05 0b", Space.TYPE, {5: 6}, "02 64 06 0b"),
        ("d0 3f", Space.TYPE, {63: 64}, "d0 c0 00"),
        ("fb 00 3f", Space.TYPE, {63: 64}, "fb 00 40"),
        ("1c 02 63 01 64 02", Space.TYPE, {1: 2, 2: 1}, "1c 02 63 02 64 01"),
        ("fb 18 00 02 01 02", Space.TYPE, {1: 9, 2: 8}, "fb 18 00 02 09 08"),
        ("28 02 04", Space.MEMORY, {0: 1}, "28 42 01 04"),
        ("28 82 00 04", Space.MEMORY, {0: 1}, "28 c2 00 01 04"),
        ("28 42 01 04", Space.MEMORY, {1: 0}, "28 42 00 04"),
        ("3f 00 28 02 04", Space.MEMORY, {0: 2}, "3f 02 28 42 02 04"),
        ("1f 40 01 00 03 00 0b", Space.TAG, {3: 4}, "1f 40 01 00 04 00 0b"),
        ("0e 01 00 01", Space.LABEL, {0: 1, 1: 2}, "0e 01 01 02"),
        ("fc 0e 01 02", Space.TABLE, {1: 2, 2: 1}, "fc 0e 02 01"),
        ("fc 8e 80 00 01 02", Space.TABLE, {1: 2}, "fc 8e 80 00 02 02"),
        ("fc 08 02 01", Space.DATA, {2: 3}, "fc 08 03 01"),
        ("fc 0c 02 01", Space.ELEM, {2: 3}, "fc 0c 03 01"),
    ],
)
def test_one_space(before: str, space: Space, mapping: dict[int, int], after: str) -> None:
    data = b"\x10\x05" + bytes.fromhex(before) + b"\x0b\x10\x05"
    expected = bytes.fromhex(after) + b"\x0b"
    assert remap(data, 2, len(data) - 2, {space: mapping}) == expected
    # A large map is looked up in another way than a small one.
    large = {**{index: index for index in range(1000)}, **mapping}
    assert remap(data, 2, len(data) - 2, {space: large}) == expected


def test_several_spaces_at_once() -> None:
    data = bytes.fromhex("10 01 23 01 11 01 01 0b")
    maps = {Space.FUNC: MANY, Space.GLOBAL: {1: 7}, Space.TYPE: {1: 8}, Space.TABLE: {}}
    assert remap(data, 0, len(data), maps) == bytes.fromhex("10 02 23 07 11 08 01 0b")


@pytest.mark.parametrize("maps", [{}, {Space.FUNC: {}}, {Space.FUNC: {1: 1}}, {Space.FUNC: {2: 3}}, {Space.TYPE: MANY}])
def test_nothing_changes(maps: dict[Space, dict[int, int]]) -> None:
    data = bytes.fromhex("10 01 41 02 0b")
    assert remap(data, 0, len(data), maps) is None


def test_constants_that_look_like_calls_stay() -> None:
    data = bytes.fromhex("41 10 41 05 43 10 05 10 05 0b")
    assert remap(data, 0, len(data), {Space.FUNC: {5: 6}}) is None


def test_refused() -> None:
    data = bytes.fromhex("10 01 ff 0b")
    with pytest.raises(MalformedError, match="illegal opcode ff") as caught:
        remap(data, 0, len(data), {Space.FUNC: {1: 2}})
    assert caught.value.position.offset == 2
