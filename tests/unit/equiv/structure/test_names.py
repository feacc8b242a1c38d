"""What the name section says: names go where their items go, and whatever else it says has to be claimed."""

from __future__ import annotations

import pytest

from tests.helpers.binary import custom
from tests.helpers.wat import wat
from wasmrewrite.codec.custom import write
from wasmrewrite.contract import Added, Contract, CustomChanged, IndexMap, NameChanged, Run
from wasmrewrite.equiv import Different, Same, Verdict, verify

CODE = """(module (type (func)) (type (func (param i32))) (import "a" "b" (func)) (memory 1) (global i32 (i32.const 0))
  (func (param i32)) (func (local i32) (block)))"""
FIRST = CODE.replace('(import "a"', '(import "new" "n" (func)) (import "a"')
Names = list[tuple[int, str]]
BASE: dict[int, object] = {
    0: "module",
    1: [(0, "imported"), (2, "second")],
    2: [(1, [(0, "x")]), (2, [(0, "y")])],
    3: [(2, [(0, "block")])],
    6: [(0, "memory")],
}
CHANGED = CustomChanged("name", "why")


def named(subsections: dict[int, object], code: str = CODE) -> bytes:
    """The module with a name section of these contents; without one if there are none."""
    bare = wat(code)
    record = [
        {"id": number, "size": 0, "contents": contents, "problem": None} for number, contents in subsections.items()
    ]
    return bare + custom("name", write("name", record)) if subsections else bare


def judged(after: dict[int, object], *claims: object, before: dict[int, object] = BASE, code: str = CODE) -> Verdict:
    moved = (IndexMap("function", (Run(0, 1, 3),)),) if code is FIRST else ()
    contract = Contract(maps=moved, claims=(CHANGED, *claims))  # type: ignore[arg-type]
    return verify(named(before), named(after, code), contract, calls=5)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({1: [(0, "second"), (2, "imported")]}, "stale names: function 0 (imported) is now called second"),
        ({1: [(0, "imported"), (2, "other")]}, "stale names: function 2 (second) is now called other"),
        ({1: [(0, "imported")]}, "stale names: function 2 (second) has no name now"),
        ({1: [(0, "imported"), (1, "first"), (2, "second")]},
         "stale names: function 1, which had no name, is now called first"),
        ({6: [(0, "m")]}, "stale names: memory 0 (memory) is now called m"),
        ({7: [(0, "g")]}, "stale names: global 0, which had no name, is now called g"),
        ({2: [(1, [(0, "y")]), (2, [(0, "x")])]}, "stale names: locals of function 1 have other names"),
        ({2: [(1, [(0, "x")])]}, "stale names: locals of function 2 have other names"),
        ({3: [(1, [(0, "block")])]}, "stale names: labels of function 2 have other names"),
        ({0: "other"}, "the name of the module is another"),
        ({99: (0, 4)}, "subsection 99 of the names is another"),
    ],
)  # fmt: skip
def test_a_claim_that_names_changed_is_no_licence(change: dict[int, object], sentence: str) -> None:
    if 99 in change:
        data = named(BASE)
        after = wat(CODE) + custom("name", write("name", []) + custom_contents(data) + b"\x63\x01x")
        verdict: Verdict = verify(data, after, Contract(claims=(CHANGED,)), calls=5)
    else:
        verdict = judged({**BASE, **change})
    assert isinstance(verdict, Different), verdict.text()
    assert sentence in verdict.structure.unexplained


def custom_contents(data: bytes) -> bytes:
    """What the only custom section of a module holds, behind its name."""
    bare = len(wat(CODE))
    return data[bare + 2 + len("\4name") :]


@pytest.mark.parametrize(
    ("change", "claims"),
    [
        ({1: [(0, "imported"), (2, "other")]}, (NameChanged("function", 2, "other"),)),
        ({1: [(0, "imported")]}, (NameChanged("function", 2),)),
        ({1: [(0, "i"), (1, "f"), (2, "second")]}, (NameChanged("function", 0, "i"), NameChanged("function", 1, "f"))),
        ({2: [(1, [(0, "z")]), (2, [(0, "y")])]}, (NameChanged("local", 1),)),
        ({3: []}, (NameChanged("label", 2),)),
    ],
)
def test_what_is_claimed_is_right(change: dict[int, object], claims: tuple[NameChanged, ...]) -> None:
    verdict = judged({**BASE, **change}, *claims)
    assert isinstance(verdict, Same), verdict.text()


@pytest.mark.parametrize(
    "claim",
    [
        NameChanged("function", 2, "another"), NameChanged("function", 9, "x"), NameChanged("nonsense", 0, "x"),
        NameChanged("local", 9), NameChanged("elem segment", 0, "x"),
    ],
    ids=str,
)  # fmt: skip
def test_claims_on_names_have_to_be_true(claim: NameChanged) -> None:
    assert isinstance(judged({**BASE, 1: [(0, "imported"), (2, "other")]}, claim), Different)


MOVED: dict[int, object] = {
    0: "module",
    1: [(0, "new"), (1, "imported"), (3, "second")],
    2: [(2, [(0, "x")]), (3, [(0, "y")])],
    3: [(3, [(0, "block")])],
    6: [(0, "memory")],
}
ADDED = Added("import", "n", "new", type="function [] -> []")


def test_names_go_where_their_items_go() -> None:
    verdict = judged(MOVED, ADDED, code=FIRST)
    assert isinstance(verdict, Same), verdict.text()
    stale = judged({**MOVED, 2: BASE[2]}, ADDED, code=FIRST)
    assert isinstance(stale, Different)
    assert "stale names: locals of function 1 have other names" in stale.structure.unexplained


def test_an_added_import_is_claimed_with_its_type() -> None:
    for wrong in (None, "function [i32] -> []", "memory 1"):
        verdict = judged(MOVED, Added("import", "n", "new", type=wrong), code=FIRST)
        assert isinstance(verdict, Different)
        assert f"(import new.n, function [] -> [], claimed as {wrong}) was added" in verdict.text()


def test_sections_that_nobody_can_read_are_compared_as_bytes() -> None:
    broken = wat(CODE) + custom("name", b"\x01\x05\x01\x00\x09ab")
    other = wat(CODE) + custom("name", b"\x01\x05\x01\x00\x09ac")
    assert isinstance(verify(broken, broken, None, calls=5), Same)
    verdict = verify(broken, other, Contract(claims=(CHANGED,)), calls=5)
    assert isinstance(verdict, Different)
    assert "subsection 1 of the names is another" in verdict.text()
