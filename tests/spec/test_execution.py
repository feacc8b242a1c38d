"""The official suite, executed: what the interpreter does must be what the scripts say, to the bit.

Every failing command is listed in ``expected_failures_execution.txt`` with a reason; one that is listed and passes is
an error too, so that the list only shrinks.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.external import suite_folder
from tests.spec.script import Json, Script

SUITE = suite_folder()
EXPECTED_FAILURES = Path(__file__).with_name("expected_failures_execution.txt")

# Folder of the suite -> why none of its scripts are executed.
LEFT_OUT = {
    "core/exceptions": "the interpreter does not execute exceptions",
    "core/gc": "the interpreter does not execute garbage-collected types",
    "core/relaxed-simd": "the interpreter does not execute vector instructions",
    "core/simd": "the interpreter does not execute vector instructions",
    "custom": "nothing in it is executed",
    "legacy": "the interpreter does not execute exceptions",
    "proposals": "the interpreter does not execute threads",
}
MANY = 1_000_000  # a script that counts so far down takes seconds


def name_of(path: Path) -> str:
    """The name of a script in the lists above: its folder in the suite."""
    assert SUITE is not None
    return path.parent.relative_to(SUITE).as_posix()


def scripts() -> list[Path]:
    """The scripts that are executed."""
    found = sorted(SUITE.rglob("*.json")) if SUITE else []
    return [path for path in found if not any(name_of(path).startswith(f"{folder}/") for folder in LEFT_OUT)]


def expected_failures() -> dict[str, dict[int, int]]:
    """Per script, lines whose commands fail, each with the line up to which everything else may fail because of it."""
    found: dict[str, dict[int, int]] = {}
    for line in EXPECTED_FAILURES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            place, reason = line.split(maxsplit=1)
            assert reason
            script, number = place.split(":")
            first, _, last = number.partition("-")
            found.setdefault(script, {})[int(first)] = int(last or first)
    return found


def takes_long(command: Json) -> bool:
    """Whether a command makes a million calls."""
    args = command.get("action", {}).get("args", ())
    return any(arg["type"] in ("i32", "i64") and int(arg["value"]) == MANY for arg in args)


@pytest.mark.skipif(SUITE is None, reason="the official suite is not there; run: make suite")
@pytest.mark.parametrize("path", scripts(), ids=name_of if SUITE else str)
def test_script(path: Path) -> None:
    failures = dict(Script(path).run(skip=takes_long))
    expected = expected_failures().get(name_of(path), {})
    excused = {line for first, last in expected.items() for line in range(first, last + 1)}
    assert {line: why for line, why in failures.items() if line not in excused} == {}
    assert expected.keys() - failures.keys() == set(), "these pass now: take them off the list"


@pytest.mark.slow
@pytest.mark.skipif(SUITE is None, reason="the official suite is not there; run: make suite")
@pytest.mark.parametrize("name", ["core/return_call", "core/return_call_ref"])
def test_a_million_tail_calls(name: str) -> None:
    assert SUITE is not None
    path = SUITE / name / f"{Path(name).name}.json"
    ran = 0

    def skip(command: Json) -> bool:
        nonlocal ran
        ran += takes_long(command)
        return command["type"].startswith("assert") and not takes_long(command)

    assert list(Script(path).run(skip)) == []
    assert ran == 3


@pytest.mark.parametrize("folder", LEFT_OUT)
def test_left_out(folder: str) -> None:
    if SUITE is not None:
        assert list((SUITE / folder).rglob("*.json")), "there is no such folder in the suite"
    pytest.skip(f"{folder}: {LEFT_OUT[folder]}")


def test_every_expected_failure_names_a_script() -> None:
    if SUITE is None:
        pytest.skip("the official suite is not there; run: make suite")
    assert expected_failures().keys() <= {name_of(path) for path in scripts()}
