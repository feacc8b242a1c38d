"""The judge is judged: wrong rewrites differ, and no contract talks it out of that.

``survivors.txt`` lists what is not found to differ, with a reason each: "same" is an error of the judge, "inconclusive"
is not. It may only get shorter.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.helpers.wat import assert_valid
from tests.wrong.catalogue import FAMILIES, family
from tests.wrong.wrong import Wrong
from wasmrewrite.equiv import verify

SURVIVORS = Path(__file__).with_name("survivors.txt")
SAMPLE = 5
"""Every so many are judged before each commit."""
CALLS = 60
MOST_SURVIVORS = 0.03


@cache
def survivors() -> dict[str, str]:
    """Verdict by family and name."""
    found: dict[str, str] = {}
    for line in SURVIVORS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            verdict, name, reason = (part.strip() for part in line.split("|"))
            assert reason, name
            found[name] = verdict
    return found


def verdict_of(each: Wrong) -> str:
    return verify(each.before, each.after, each.contract, calls=CALLS, interface=each.interface).word


def check(name: str, chosen: slice) -> None:
    """Judge some of a family: exactly those listed do not differ."""
    wrongs = family(name)[chosen]
    verdicts = {f"{name}/{each.name}": verdict_of(each) for each in wrongs}
    found = {name: verdict for name, verdict in verdicts.items() if verdict != "different"}
    assert found == {name: verdict for name, verdict in survivors().items() if name in verdicts}


@pytest.mark.parametrize("name", FAMILIES)
def test_some_wrong_rewrites_differ(name: str) -> None:
    check(name, slice(len(name) % SAMPLE, None, SAMPLE))


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_wrong_rewrites_differ(name: str) -> None:
    check(name, slice(None))


# --- the catalogue itself ----------------------------------------------------------------------------------------------


@cache
def everything() -> tuple[Wrong, ...]:
    return tuple(each for name in FAMILIES for each in family(name))


def is_valid(data: bytes) -> bool:
    try:
        assert_valid(data)
    except Exception:  # noqa: BLE001 - wasmtime's own error, of whatever class
        return False
    return True


def test_there_are_enough() -> None:
    wrong = [each for each in everything() if not each.lying]
    assert len(wrong) >= 250
    assert sum(is_valid(each.after) for each in wrong) >= 0.95 * len(wrong)
    assert sum(each.lying for each in everything()) >= 40
    assert len(family("published")) >= 15


@pytest.mark.parametrize("name", FAMILIES)
def test_names_are_unique(name: str) -> None:
    names = [each.name for each in family(name)]
    assert len(names) == len(set(names)) > 0


def test_survivors_are_few_and_none_is_a_lie() -> None:
    known = {f"{name}/{each.name}": each for name in FAMILIES for each in family(name)}
    assert set(survivors()) <= set(known)
    same = [known[name] for name, verdict in survivors().items() if verdict == "same"]
    assert len(same) <= MOST_SURVIVORS * len(known)
    assert [each.name for each in same if each.lying] == []
