"""Each file beside this is one case: why, the passes to run, a module in text, and what has to come of it.

A file starts with comments. ``;; run: PASS OPTION=VALUE ...`` names a pass (quoted as in a shell), ``;; declare:``
starts a line of an interface file. The module follows, and after a line ``;; ->`` the expectation: a dump, or the
error. ``--bless`` writes expectations anew.
"""

from __future__ import annotations

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
    text, _, expected = path.read_text("utf-8").partition(f"{ARROW}\n")
    found = "".join(f";; {line}\n" for line in outcome(text))
    if bless:
        path.write_text(f"{text}{ARROW}\n{found}", "utf-8")
    else:
        assert found == expected


def test_every_pass_has_cases() -> None:
    run = {entry(line).name for path in CASES for line in lines_with(path.read_text("utf-8"), ";; run:")}
    passes = {path.stem.replace("_", "-") for path in (HERE.parents[2] / "passes").glob("[a-z]*.py")}
    assert passes <= run
