"""Each instruction of a long body cost ``reduce`` a copy of that body, each global a look at all others.

Counted are the copies and looks, not the time.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile.bombs import many_globals, straight
from wasmrewrite.fuzz import reduce, reducer


def reductions(data: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many candidates were made for two attempts."""
    made = 0
    real = reducer._edited

    def counted(*args: Any) -> bytes | None:
        nonlocal made
        made += 1
        return real(*args)

    monkeypatch.setattr(reducer, "_edited", counted)
    reduce(data, lambda each: each == data, attempts=2)
    return made


@pytest.mark.parametrize("bomb", [straight, many_globals])
def test_candidates_are_bounded(bomb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reductions(bomb(6_000), monkeypatch) <= 2 * reducer.PATIENCE + 1


def test_what_is_no_block_is_no_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    search = reducer._Search(straight(300), lambda _data: False, 100)
    monkeypatch.setattr(search, "put", lambda *args, **_: asked.append(args))
    search.blocks(0)
    assert asked == []
