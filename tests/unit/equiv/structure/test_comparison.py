import pytest

from tests.helpers.binary import custom
from tests.helpers.rewrites import DEMO
from tests.helpers.wat import wat
from wasmrewrite.contract import (
    Contract,
    CustomChanged,
    IndexMap,
    InstantiationCalls,
    Removed,
    Renamed,
    Run,
)
from wasmrewrite.equiv.by_value.claims import resolve
from wasmrewrite.equiv.structure.comparison import Comparison, Structure
from wasmrewrite.equiv.structure.customs import compare_customs
from wasmrewrite.equiv.structure.index_maps import plan
from wasmrewrite.equiv.structure.module_view import View
from wasmrewrite.isa.types import Store

MODULE = """(module (type (func (param i32) (result i32)))
  (import "env" "f" (func (type 0))) (memory 1) (table 2 funcref) (global (mut i32) (i32.const 5))
  (func (export "g") (type 0) local.get 0 call 0 i32.const 2 i32.add)
  (elem (i32.const 0) func 0 1) (data (i32.const 8) "abc") (data "passive"))"""


def compared(before: bytes, after: bytes, contract: Contract | None = None) -> Structure:
    store: Store = {}
    old, new = View(before, store), View(after, store)
    made = plan(contract, old.counts(), new.counts())
    found = Comparison(old, new, made, resolve(made, old, new)[1]).run()
    compare_customs(old, new, made, found)
    assert made.problems == []
    return found


def changed(*replacements: tuple[str, str], contract: Contract | None = None) -> Structure:
    after = MODULE
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new, 1)
    return compared(wat(MODULE), wat(after), contract)


def test_a_module_is_what_it_is() -> None:
    found = changed()
    assert found.identical
    assert found.same == found.total == 10


def test_other_encodings_of_the_same_code_are_the_same() -> None:
    data = wat("(module (func i32.const 1 drop) (func call 0))")
    padded = data.replace(b"\x04\x00\x10\x00\x0b", b"\x08\x00\x10\x80\x80\x80\x80\x00\x0b").replace(
        b"\x0a\x0c\x02", b"\x0a\x10\x02"
    )
    assert len(padded) == len(data) + 4
    assert compared(data, padded).identical


def test_changed_code_names_what_has_to_run() -> None:
    found = changed(("i32.const 2", "i32.const 3"))
    (change,) = found.bodies
    assert (change.old, change.new, len(change.offsets)) == (1, 1, 1)
    assert found.changed == ["function 1 has other code"]
    assert found.unexplained == []


def test_deleted_code_has_to_be_seen_where_it_was() -> None:
    (change,) = changed(("call 0 i32.const 2 i32.add", "call 0")).bodies
    assert len(change.offsets) == 1


@pytest.mark.parametrize(
    ("replacement", "sentence"),
    [
        (("(memory 1)", "(memory 2)"), "memory 0: type 1 became 2"),
        (("(table 2 funcref)", "(table 3 funcref)"), "table 0: type 2 funcref became 3 funcref"),
        (("(global (mut i32)", "(global i32"), "global 0: type (mut i32) became i32"),
        (('"env" "f"', '"env" "h"'), "function 0: import env.f is import env.h in the output"),
        (('(data "passive")', '(data "Passive")'), "data segment 1 has other contents or another place"),
        (('(export "g")', ""), "export 'g' is missing"),
        (('(export "g")', '(export "g") (export "h")'), "export 'h' (function) was added"),
        (("(memory 1)", "(memory 1) (memory 1)"), "memory 1 was added"),
        (('(data "passive")', '(start 2) (func) (data "passive")'), "the start function is function 2 instead of none"),
        (("(param i32) (result i32)))", '(param i32) (result i32))) (import "a" "b" (memory 1))'), None),
    ],
)
def test_what_no_claim_explains(replacement: tuple[str, str], sentence: str | None) -> None:
    found = changed(replacement, contract=Contract())
    assert found.unexplained
    if sentence is not None:
        assert found.unexplained == [sentence]


@pytest.mark.parametrize(
    "replacement",
    [("(i32.const 5)", "(i32.const 6)"), ("(i32.const 0) func", "(i32.const 0) func 0 0 func"), ('"abc"', '"abd"')],
)
def test_active_contents_are_left_to_instantiation(replacement: tuple[str, str]) -> None:
    if replacement[1].count("func") == 2:
        replacement = ("func 0 1", "func 1 0")
    found = changed(replacement, contract=Contract())
    assert found.unexplained == []
    assert len(found.changed) == 1


def test_removed_and_renamed_items_need_a_claim() -> None:
    claims = Contract(claims=(Removed("export", "g"), Renamed("import", "f", "h", module="env")))
    found = changed(('(export "g")', ""), ('"env" "f"', '"env" "h"'), contract=claims)
    assert found.unexplained == []
    assert found.removed == ["export 'g' was removed"]


def test_the_demo_is_explained_by_its_contract() -> None:
    found = compared(*DEMO.modules(), DEMO.contract)
    assert found.unexplained == []
    assert found.bodies == []
    assert found.new_funcs == [6, 7, 8]
    assert found.total - found.same == 4  # an import, two exports, and the name section


def test_constants_for_the_start_function_have_to_fit() -> None:
    contract = Contract(claims=(InstantiationCalls(1, ("i64:1",)),), maps=(IndexMap("function", (Run(0, 0, 2),)),))
    found = changed(('(data "passive")', '(start 2) (func) (data "passive")'), contract=contract)
    assert found.unexplained == ["function 1 takes (i32), not (i64:1)"]


# --- custom sections --------------------------------------------------------------------------------------------------


def with_customs(*names: str, data: bytes = b"1") -> bytes:
    return wat("(module)") + b"".join(custom(name, data) for name in names)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (with_customs("a"), with_customs("a", data=b"2"), "custom section 'a' was changed"),
        (with_customs("a", "b"), with_customs("a"), "custom section 'b' was removed"),
        (with_customs(), with_customs("a"), "custom section 'a' was added"),
        (with_customs("a", "a"), with_customs("a"), "custom section 'a' was changed"),
        (with_customs("a", "b"), with_customs("b", "a"), "custom sections are in another order"),
    ],
)
def test_custom_sections_stay_as_they_are(before: bytes, after: bytes, sentence: str) -> None:
    assert compared(before, after, Contract()).unexplained == [sentence]


def test_claims_explain_custom_sections() -> None:
    claims = Contract(claims=(Removed("custom", "a"), CustomChanged("b", "why")))
    found = compared(with_customs("a", "b"), with_customs("b", data=b"2"), claims)
    assert found.unexplained == []
    assert found.removed == ["custom section 'a' was removed"]
    assert found.notes == ["custom section 'b' was changed on purpose (why)"]


def test_sections_with_code_offsets_are_stale_when_code_moves() -> None:
    before, after = (wat(text) for text in ("(module (func nop nop) (func))", "(module (func nop) (func))"))
    tail = custom(".debug_info", b"x")
    found = compared(before + tail, after + tail, Contract())
    assert "stale custom section '.debug_info': code moved" in found.unexplained
