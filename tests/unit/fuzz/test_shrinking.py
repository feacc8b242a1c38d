from __future__ import annotations

from wasmrewrite.fuzz.shrinking import fewer, smaller


def test_fewer_leaves_what_is_needed() -> None:
    assert fewer(range(100), lambda kept: {3, 50, 99} <= set(kept)) == [3, 50, 99]
    assert fewer(range(10), lambda kept: True) == []
    assert fewer([], lambda kept: True) == []


def test_smaller_is_shorter_and_lower() -> None:
    assert smaller([9] * 40, lambda each: len(each) >= 3 and each[1] >= 4, 1000) == [0, 4, 0]


def test_smaller_is_bounded() -> None:
    asked: list[list[int]] = []

    def holds(each: list[int]) -> bool:
        asked.append(each)
        return False

    assert smaller(list(range(50)), holds, 20) == list(range(50))
    assert len(asked) == 20
