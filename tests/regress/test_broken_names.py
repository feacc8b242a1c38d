"""Name subsections that are not well formed were edited as if they were: names were lost, or rubbish became names.

What cannot be read as a whole is copied as it is, and said; the judge compares it as bytes.
"""

from __future__ import annotations

import pytest

from tests.helpers.binary import custom, leb, text, vector
from tests.helpers.wat import wat
from wasmrewrite import Module
from wasmrewrite.codec import write
from wasmrewrite.contract import Contract, CustomChanged
from wasmrewrite.equiv import Different, Same, verify
from wasmrewrite.rewrite import Editor, Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes

INNER = bytes.fromhex(
    "0061736d0100000001040160000003030200000606017f0141000b07080104696e697400010801000a12020600410124000b0900"
    "230041026a24000b000b046e616d65010401000561"
)
"""A name reaches beyond its subsection."""
TRAILING = bytes.fromhex(
    "0061736d0100000001040160000003030200000606017f0141000b07080104696e697400010801000a12020600410124000b0900"
    "230041026a24000b0010046e616d6501090200017a01016f0000"
)
"""Two bytes stand behind the last name."""
CODE = wat("(module (type (func)) (import \"a\" \"b\" (func)) (func (export \"f\")) (func (block)))")


def sub(number: int, contents: bytes) -> bytes:
    return bytes((number,)) + leb(len(contents)) + contents


def name(index: int, called: str) -> bytes:
    return leb(index) + text(called)


GOOD = sub(1, vector(name(0, "b"), name(2, "g")))
BROKEN = {
    "trailing bytes": sub(1, vector(name(0, "b")) + b"\0\0"),
    "beyond the end": sub(1, b"\1\0\5a"),
    "too few": sub(1, b"\3" + name(0, "b")),
    "not utf-8": sub(1, vector(name(1, "f"), b"\2\1\xff")),
    "no such function": sub(1, vector(name(1, "f"), name(3, "ghost"))),
    "locals of no function": sub(2, vector(b"\3" + vector(name(0, "x")))),
    "locals with a tail": sub(2, vector(b"\1" + vector(name(0, "x"))) + b"\0"),
}
WHOLE = {
    "twice": GOOD + GOOD,
    "out of order": sub(2, vector()) + GOOD,
    "no subsections": b"\1\x7f",
}


def names_of(data: bytes) -> bytes:
    return next(each.data for each in Module.from_bytes(data).customs if each.name == "name")


def renumbered(contents: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """The module with names, after an import in front of all functions and a function with a name behind."""
    module = Module.from_bytes(CODE + custom("name", contents))
    edit = Editor(module)
    edit.add_import("x", "y", module.types[0], first=True)
    edit.add_func(module.types[0], (), (), "new")
    written = write(module)
    Module.from_bytes(written.data, check="validate")
    return names_of(written.data), written.kept


@pytest.mark.parametrize("contents", [*BROKEN.values(), *WHOLE.values()], ids=[*BROKEN, *WHOLE])
def test_what_is_not_well_formed_is_copied_and_said(contents: bytes) -> None:
    now, told = renumbered(contents)
    added = sub(1, vector(name(4, "new"))) if contents in BROKEN.values() and contents[0] == 2 else b""
    assert now == added + contents
    assert [section for section, _ in told] == ["name"]
    assert "left as" in told[0][1]


def test_the_subsections_beside_it_are_kept_true() -> None:
    broken = sub(2, b"\1\1\1\0\5x")
    assert renumbered(GOOD + broken)[0] == sub(1, vector(name(1, "b"), name(3, "g"), name(4, "new"))) + broken


def test_nothing_is_said_where_nothing_had_to_change() -> None:
    for contents in (*BROKEN.values(), *WHOLE.values()):
        module = Module.from_bytes(CODE + custom("name", contents))
        Editor(module).rename_export(module.exports[0], "other")
        written = write(module)
        assert (names_of(written.data), written.kept) == (contents, [])


def test_a_function_that_would_take_over_a_name_is_told_of() -> None:
    module = Module.from_bytes(CODE + custom("name", BROKEN["no such function"]))
    Editor(module).add_func(module.types[0], (), ())
    written = write(module)
    assert names_of(written.data) == BROKEN["no such function"]
    assert written.kept == [("name", "function names left as they were, function 3 has one and does not exist")]


def test_names_that_are_not_well_formed_name_nothing() -> None:
    for contents in ("trailing bytes", "beyond the end", "too few", "not utf-8"):
        module = Module.from_bytes(CODE + custom("name", BROKEN[contents]))
        assert [each.name for each in module.funcs] == [None] * 3


def test_order_and_repetition_survive_where_they_can_be_read() -> None:
    unsorted = sub(1, vector(name(2, "g"), name(0, "b"), name(2, "again")))
    assert renumbered(unsorted)[0] == sub(1, vector(name(3, "g"), name(1, "b"), name(3, "again"), name(4, "new")))


def test_a_name_for_the_only_new_function_needs_a_subsection() -> None:
    for before in (sub(0, text("m")), sub(7, vector())):
        module = Module.from_bytes(CODE + custom("name", before))
        Editor(module).add_func(module.types[0], (), (), "new")
        made = sub(1, vector(name(3, "new")))
        assert names_of(module.to_bytes()) == (before + made if before[0] == 0 else made + before)


ADD_START = build_passes([PassEntry("add-start", {"function": "f"})])


@pytest.mark.parametrize("contents", [*BROKEN.values(), *WHOLE.values()], ids=[*BROKEN, *WHOLE])
def test_our_own_judge_agrees(contents: bytes) -> None:
    before = CODE + custom("name", contents)
    module = Module.from_bytes(before)
    module.types.extend(())
    result = Pipeline([*ADD_START]).run(module)
    verdict = verify(before, result.data, result.contract, calls=5)
    assert isinstance(verdict, Same), verdict.text()


@pytest.mark.parametrize("data", [INNER, TRAILING])
def test_the_files_that_started_it(data: bytes) -> None:
    module = Module.from_bytes(data)
    edit = Editor(module)
    edit.add_func(module.types[0], (), (), "new")
    written = write(module)
    assert names_of(written.data) == names_of(data)
    assert written.kept[0][1].startswith("function names left as they were, ")
    result = Pipeline(build_passes([PassEntry("remove-start", {"export": "e"})])).run(Module.from_bytes(data))
    assert isinstance(verify(data, result.data, result.contract, calls=5), Same)


@pytest.mark.parametrize("kind", ["trailing bytes", "not utf-8", "no such function"])
def test_the_judge_compares_them_as_bytes(kind: str) -> None:
    before, after = (CODE + custom("name", each) for each in (BROKEN[kind], BROKEN[kind].replace(b"\1b", b"\1c")))
    claims = Contract(claims=(CustomChanged("name", "why"),))
    if before != after:
        assert isinstance(verify(before, after, claims, calls=5), Different)
    other = CODE + custom("name", BROKEN[kind][:-1] + b"x")
    verdict = verify(before, other, claims, calls=5)
    assert isinstance(verdict, Different)
    assert "subsection 1 of the names is another" in verdict.structure.unexplained
