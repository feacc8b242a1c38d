"""Texts with mistakes: each file of ``errors`` says in its first lines what is to be found where, and what is printed.

``;; expect LINE:COLUMN+LENGTH MESSAGE`` lines were written before the parser was asked: one for each mistake, in the
order of the text, with the beginning of the message. The whole report is in the file of the same name that ends in
``.txt``, which ``--bless`` writes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers.every import every
from wasmrewrite.text.check import assemble_valid
from wasmrewrite.text.problem import TextError

SOURCES = sorted((Path(__file__).parent / "errors").glob("*.wat"))
_EXPECT = re.compile(r"^;; expect (\S+) (.*)$", re.MULTILINE)


def error(path: Path) -> TextError:
    with pytest.raises(TextError) as caught:
        assemble_valid(path.read_bytes())
    return caught.value


@every("path", SOURCES, ids=lambda path: path.stem)
def test_problems_are_where_they_were_expected(path: Path) -> None:
    found = error(path)
    expected = _EXPECT.findall(path.read_text("utf-8"))
    places = []
    for problem in found.problems:
        line, column = found.tokens.place(problem.start)
        places.append((f"{line}:{column}+{max(1, problem.end - problem.start)}", problem.message))
    assert [place for place, _ in places] == [place for place, _ in expected], found.report(path.name)
    for (_, message), (_, beginning) in zip(places, expected, strict=True):
        assert message.startswith(beginning)


def test_reports_are_as_they_were(bless: bool) -> None:
    wrong = []
    for path in SOURCES:
        report = "\n".join(error(path).report(path.name)) + "\n"
        kept = path.with_suffix(".txt")
        if bless:
            kept.write_text(report, "utf-8")
        elif not kept.exists() or kept.read_text("utf-8") != report:
            wrong.append(path.name)
    assert wrong == []


def test_there_are_many() -> None:
    assert len(SOURCES) >= 80
