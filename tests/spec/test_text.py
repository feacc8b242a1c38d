"""The official suite's text: every module is read, its binary is wasmtime's, and what is malformed is refused in words.

Encodings that the format leaves open are counted by the sections that differ. What is known to be refused otherwise is
listed in ``expected_failures_text.txt`` with a reason; an entry that is right after all is an error too.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import wasmtime

from tests.helpers.external import is_gate
from wasmrewrite.codec.frame import frame
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.printer import Style, print_module
from wasmrewrite.text.problem import TextError
from wasmrewrite.text.script import Assertion, ModuleForm, read_script

EXPECTED_FAILURES = Path(__file__).with_name("expected_failures_text.txt")
NAMED = os.environ.get("WASM_SPEC_TESTSUITE", "")
pytestmark = pytest.mark.skipif(not NAMED and not is_gate(), reason="WASM_SPEC_TESTSUITE does not name the suite")

OTHERWISE = {
    # Segments inside a table are written without the index of table 0, as the reference interpreter does.
    "9": 55,
    # Functions do not take the names of parameters from a type that they only refer to.
    "name": 5,
    "9 name": 4,
    # An implicit type is the first *final* type that fits, as in the reference interpreter.
    "1": 4,
    "1 3": 2,
    "1 3 9": 3,
    # Custom sections without a placement are behind the names.
    "order": 1,
    # Legacy exceptions (12), and an export name with a direction mark.
    "refused by wasmtime": 13,
}
"""How many modules differ from wasmtime's, by the sections that differ."""
REFUSED_WORDS = frozenset(("malformed", "malformed_custom"))
SCRIPTS, TEXTS, MALFORMED = 269, 5400, 1277


def scripts() -> list[Path]:
    return sorted(Path(NAMED).rglob("*.wast")) if NAMED else []


def name_of(path: Path) -> str:
    return path.relative_to(NAMED).with_suffix("").as_posix()


@cache
def forms() -> list[tuple[str, str, ModuleForm, str]]:
    """Script, kind of assertion ("" for a plain module), module and expected message of every text."""
    return [(name_of(path), *found) for path in scripts() for found in _forms(path)]


def _forms(path: Path) -> Iterator[tuple[str, ModuleForm, str]]:
    for command in read_script(path.read_bytes()).commands:
        kind = command.kind if isinstance(command, Assertion) else ""
        module = command.subject if isinstance(command, Assertion) else command
        if isinstance(module, ModuleForm) and module.form != "binary":
            yield kind, module, str(command.expected) if isinstance(command, Assertion) else ""


def accepted() -> list[tuple[str, ModuleForm]]:
    return [(script, module) for script, kind, module, _ in forms() if kind not in REFUSED_WORDS | {"invalid_custom"}]


def test_the_suite_is_whole() -> None:
    assert len(scripts()) >= SCRIPTS
    assert len(accepted()) >= TEXTS
    assert sum(kind in REFUSED_WORDS for _, kind, _, _ in forms()) >= MALFORMED


def difference(ours: bytes, theirs: bytes) -> str:
    """The sections that differ; "order" if only the order of sections does."""
    if ours == theirs:
        return ""
    mine, other = (
        {(each.id, each.name): data[each.start : each.end] for each in frame(data)} for data in (ours, theirs)
    )
    different = {key for key in mine.keys() | other.keys() if mine.get(key) != other.get(key)} or {(0, "order")}
    return " ".join(sorted(name or str(number) for number, name in different))


def test_binaries_are_those_of_wasmtime() -> None:
    found: Counter[str] = Counter()
    for _, module in accepted():
        try:
            theirs = bytes(wasmtime.wat2wasm(module.contents))
        except wasmtime.WasmtimeError:
            found["refused by wasmtime"] += 1
            continue
        found[difference(module.binary(), theirs)] += 1
    del found[""]
    assert found == OTHERWISE


def test_what_is_printed_is_the_same_module() -> None:
    wrong = []
    for script, module in accepted():
        data = module.binary()
        if any(assemble(print_module(data, style)) != data for style in (None, Style(fold=True))):
            wrong.append(f"{script}:{module.place[0]}")
    assert wrong == []


def refused(module: ModuleForm, expected: str) -> bool:
    """Whether the first problem of a text begins with the expected words."""
    try:
        module.binary()
    except TextError as error:
        return error.problems[0].message.startswith(expected)
    return False


def test_malformed_texts_are_refused_in_the_words_of_the_suite() -> None:
    wrong = {
        f"{script}:{module.place[0]}"
        for script, kind, module, expected in forms()
        if kind in REFUSED_WORDS | {"invalid_custom"} and not refused(module, expected)
    }
    lines = EXPECTED_FAILURES.read_text("utf-8").splitlines()
    assert wrong == {line.split()[0] for line in lines if line and not line.startswith("#")}
