"""The official suite's judgement of modules: valid, invalid or malformed, and in which words.

Every binary module of every script is read and validated. A module that cannot be linked, or traps when instantiated,
is valid all the same. What is known to be wrong is listed in ``expected_failures_validation.txt`` with a reason; an
entry that is right after all is an error too, so that the list only shrinks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.external import suite_folder
from wasmrewrite.errors import InvalidError, MalformedError, WasmError
from wasmrewrite.model import Module

SUITE = suite_folder()
EXPECTED_FAILURES = Path(__file__).with_name("expected_failures_validation.txt")

# Command -> the error its module must be refused with.
REFUSAL: dict[str, type[WasmError] | None] = {
    "module": None,
    "module_definition": None,
    "assert_unlinkable": None,
    "assert_uninstantiable": None,
    "assert_invalid_custom": None,
    "assert_invalid": InvalidError,
    "assert_malformed": MalformedError,
}
AT_LEAST = 6000
"""Modules to judge in the whole suite; far fewer would mean that the conversion lost some."""

Json = dict[str, Any]


def name_of(path: Path) -> str:
    """The name of a script in the list: its folder in the suite."""
    assert SUITE is not None
    return path.parent.relative_to(SUITE).as_posix()


def scripts() -> list[Path]:
    """All scripts."""
    return sorted(SUITE.rglob("*.json")) if SUITE else []


def expected_failures() -> dict[str, set[int]]:
    """Per script, the lines whose modules are not judged as they should."""
    found: dict[str, set[int]] = {}
    for line in EXPECTED_FAILURES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            place, reason = line.split(maxsplit=1)
            assert reason
            script, number = place.split(":")
            found.setdefault(script, set()).add(int(number))
    return found


def modules(path: Path) -> Iterator[tuple[Json, bytes]]:
    """The commands of a script that hold a module, with its bytes."""
    for command in json.loads(path.read_text("utf-8"))["commands"]:
        if command["type"] in REFUSAL and command.get("module_type") == "binary":
            yield command, (path.parent / command["filename"]).read_bytes()


def judge(data: bytes) -> WasmError | None:
    """What is wrong with a module."""
    try:
        Module.from_bytes(data, check="validate")
    except WasmError as error:
        return error
    return None


def as_expected(command: Json, found: WasmError | None) -> bool:
    """Whether class and wording are those of the script; the script's text is a prefix."""
    wanted = REFUSAL[command["type"]]
    if wanted is None or found is None:
        return wanted is None and found is None
    return type(found) is wanted and found.message.startswith(command["text"])


@pytest.mark.skipif(SUITE is None, reason="the converted official suite is missing: make suite")
@pytest.mark.parametrize("path", scripts(), ids=name_of)
def test_modules_of_the_suite(path: Path) -> None:
    wrong = {}
    for command, data in modules(path):
        found = judge(data)
        if not as_expected(command, found):
            wrong[command["line"]] = f"{command['type']} {command.get('text', '')!r}: {found}"
    expected = expected_failures().get(name_of(path), set())
    assert {line: said for line, said in wrong.items() if line not in expected} == {}
    assert expected - wrong.keys() == set(), "these are right now: take them off the list"


@pytest.mark.skipif(SUITE is None, reason="the converted official suite is missing: make suite")
def test_the_suite_is_whole() -> None:
    assert sum(1 for path in scripts() for _ in modules(path)) >= AT_LEAST


def test_the_list_names_scripts() -> None:
    if SUITE:
        assert set(expected_failures()) <= {name_of(path) for path in scripts()}
