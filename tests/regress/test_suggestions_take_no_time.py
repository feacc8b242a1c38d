""""Did you mean" took 5 seconds for 57 KB of long names, and 48 for five thousand: every one was compared at length."""

from __future__ import annotations

import difflib
from random import Random
from typing import Any

import pytest

from wasmrewrite.rewrite.suggest import did_you_mean
from wasmrewrite.spelling import _WORK, nearest

HOSTILE = {
    "one letter": ("a" * 195, ["a" * 190 + f"{at:05}" for at in range(5000)]),
    "two letters": ("ba" * 95, ["ab" * 95 + f"{at:05}" for at in range(5000)]),
    "random": ("ab" * 100, ["".join(Random(at).choices("ab", k=200)) for at in range(5000)]),
    "ten letters": ("abcdefghij" * 19, ["".join(Random(at).choices("abcdefghij", k=190)) for at in range(300)]),
}


@pytest.mark.parametrize(("word", "names"), HOSTILE.values(), ids=HOSTILE)
def test_work_is_bounded(word: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    class Counting(difflib.SequenceMatcher[str]):
        def ratio(self) -> float:
            compared.append(sum(self.b.count(letter) for letter in self.a))  # type: ignore[attr-defined]
            return super().ratio()

    monkeypatch.setattr(difflib, "SequenceMatcher", Counting)
    nearest(word, names, 3)
    assert sum(compared) <= _WORK


def test_what_is_near_is_found_as_before() -> None:
    names = ["memory", "module", "memcpy", "add-start", "multi-value", "rename-imports", "main", "exports", "imports"]
    random = Random(1)
    for _ in range(500):
        word = list(random.choice(names))
        for _ in range(random.randrange(1, 4)):
            word[random.randrange(len(word))] = random.choice("abcdefghijklmnopqrstuvwxyz")
        text = "".join(word)
        for count in (1, 3):
            assert nearest(text, names, count) == difflib.get_close_matches(text, names, n=count, cutoff=0.6)


def test_the_near_one_among_very_many_is_found() -> None:
    names = [f"function_name{at:05}" for at in range(5000)]
    assert nearest("functoin_name00002", names) == ["function_name00002"]
    assert nearest("", ["", "a"]) == [""]


def test_known_names_are_cut_short() -> None:
    known: Any = ["x" * 1_000_000, "y"]
    assert len(did_you_mean("something", known)) < 300
