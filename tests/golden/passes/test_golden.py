"""Each file beside this is one case: why, the passes to run, a module in text, and what has to come of it.

A file starts with comments. ``;; run: PASS OPTION=VALUE ...`` names a pass (quoted as in a shell), ``;; declare:``
starts a line of an interface file; any other ``;; word:`` is an error, and so is a case that runs no pass. The module
follows, and after a line ``;; ->`` the expectation: a dump, or the error. ``--bless`` writes expectations anew.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.golden.passes.dump import dump
from tests.helpers.wat import assert_valid, wat
from wasmrewrite.errors import WasmError
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Pipeline, parse_interface
from wasmrewrite.rewrite.config import PassEntry, build_passes

HERE = Path(__file__).parent
CASES = sorted(HERE.rglob("*.wat"))
ARROW = ";; ->"
HEADERS = ("run", "declare")
HEADER = re.compile(r"^\s*;;+\s*([\w-]+):", re.MULTILINE)


def outcome(text: str) -> list[str]:
    """What comes of running a case's passes on its module; the result has to validate."""
    before = wat(text)
    entries = [entry(line) for line in lines_with(text, ";; run:")]
    interface = parse_interface("\n".join(lines_with(text, ";; declare:")))
    try:
        result = Pipeline(build_passes(entries), interface).run(Module.from_bytes(before))
    except WasmError as error:
        return [f"error: {error}"]
    assert_valid(result.data)
    return dump(before, result)


def check_header(text: str) -> None:
    """Raise ``ValueError`` for a header that nothing reads, such as ``;; RUN:``, and for a case that runs no pass."""
    unknown = [found for found in HEADER.findall(text) if found not in HEADERS]
    if unknown:
        raise ValueError(f"unknown header {unknown[0]!r}; known are {', '.join(HEADERS)}")
    if not lines_with(text, ";; run:"):
        raise ValueError("the case runs no pass")


def lines_with(text: str, prefix: str) -> list[str]:
    """The rests of all lines that start with ``prefix``."""
    return [line.removeprefix(prefix).strip() for line in text.splitlines() if line.startswith(prefix)]


def entry(line: str) -> PassEntry:
    """A pass and its settings; an option given several times accumulates."""
    name, *settings = shlex.split(line)
    values: dict[str, list[object]] = {}
    for setting in settings:
        key, _, value = setting.partition("=")
        values.setdefault(key, []).append(value)
    return PassEntry(name, values)


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.relative_to(HERE).with_suffix("")))
def test_a_pass_does_what_the_file_says(path: Path, bless: bool) -> None:
    text, arrow, expected = path.read_text("utf-8").partition(f"{ARROW}\n")
    check_header(text)
    assert arrow or bless, f"{path.name} has no line {ARROW!r}: it expects nothing"
    found = "".join(f";; {line}\n" for line in outcome(text))
    if bless:
        path.write_text(f"{text}{ARROW}\n{found}", "utf-8")
    else:
        assert found == expected


def test_every_pass_has_cases() -> None:
    run = {entry(line).name for path in CASES for line in lines_with(path.read_text("utf-8"), ";; run:")}
    passes = {path.stem.replace("_", "-") for path in (HERE.parents[2] / "passes").glob("[a-z]*.py")}
    assert passes <= run


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (";; Why.\n;; RUN: add-start\n(module)", "unknown header 'RUN'"),
        (";; run: add-start\n;;declares: [[export]]\n(module)", "unknown header 'declares'"),
        (";; Why.\n(module)", "runs no pass"),
    ],
)
def test_a_case_whose_header_is_not_known_fails(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_header(text)
