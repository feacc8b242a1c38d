from __future__ import annotations

from tests.helpers.wat import wat
from wasmrewrite.fuzz import Case, check
from wasmrewrite.fuzz.covered import lines_of, watching
from wasmrewrite.rewrite import registry
from wasmrewrite.rewrite.config import PassEntry

START = wat('(module (func $f (export "f")) (start $f))')


def executed(data: bytes, **options: object) -> set[int]:
    path, lines = lines_of("remove-start")
    outcome = check(Case(data, (PassEntry("remove-start", options),)), calls=1, coverage=True)
    assert {file for file, _ in outcome.lines} == {path}
    assert {line for _, line in outcome.lines} - lines <= first_lines(path)
    return {line for _, line in outcome.lines} & lines


def first_lines(path: str) -> set[int]:
    """Where functions begin: not counted, since that says nothing of what is in them."""
    with open(path, encoding="utf-8") as stream:
        return {number for number, line in enumerate(stream, 1) if line.lstrip().startswith("def ")}


def test_lines_are_those_that_ran() -> None:
    _, lines = lines_of("remove-start")
    plain, exported, nothing = executed(START), executed(START, export="g"), executed(wat("(module)"))
    assert plain < lines
    assert exported - plain
    assert nothing < lines
    assert len(nothing) < len(plain)


def test_nothing_is_watched_unless_asked() -> None:
    assert check(Case(START, (PassEntry("remove-start"),)), calls=1).lines == frozenset()


def test_what_was_traced_before_is_traced_afterwards() -> None:
    import sys

    before = sys.gettrace()
    with watching([registry.find("remove-start")()], set()):
        assert sys.gettrace() is not before
    assert sys.gettrace() is before
