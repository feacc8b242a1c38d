from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.binary import custom, leb
from tests.helpers.dwarf import HEADER, Die, base, die, record, sections
from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.analysis import DebugLayouts, Described
from wasmrewrite.analysis.dwarf_entries import Budget
from wasmrewrite.contract import DeclaredType, parse_type
from wasmrewrite.equiv.by_value.layouts import layout
from wasmrewrite.model import Module

CORPUS = ROOT / "corpus"
ENTRIES: list[dict[str, Any]] = [
    entry
    for entry in tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["module"]
    if "dwarf" in entry["features"]
]
FULL = [entry for entry in ENTRIES if "-Cdebuginfo=1" not in entry["flags"] and "interface" in entry]
NO_TYPE = {"one_nonzero", "option_u32", "option_i64", "enum_payload", "maybe_uninit", "make_bits", "make_number"}
"""Exports whose results are payloads, unions or bit-fields: refused whatever the build."""


def by_file(entry: dict[str, Any]) -> str:
    return str(entry["file"]).removeprefix("built/")


def read(file: str) -> Module:
    return Module.from_bytes((CORPUS / "built" / file).read_bytes())


def in_memory(declared: DeclaredType | None) -> tuple[Any, ...] | None:
    """Scalars with offsets, size and alignment, by the judge's code."""
    if declared is None:
        return None
    found = layout(declared)
    return [(leaf.scalar, leaf.offset) for leaf in found.leaves], found.size, found.align


def declarations(entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    tables = tomllib.loads((CORPUS / entry["interface"]).read_text("utf-8"))
    return {each["name"]: each for each in tables.get("export", [])}


@pytest.mark.parametrize("entry", FULL, ids=by_file)
def test_every_layout_of_the_corpus_is_right_or_refused(entry: dict[str, Any]) -> None:
    known = declarations(entry)
    debug = DebugLayouts(read(by_file(entry)))
    assert debug.problem is None
    for each in debug.exports:
        if each.declaration is None or each.name not in known:
            continue
        wanted = known[each.name].get("result")
        assert in_memory(each.declaration.result) == in_memory(wanted and parse_type(wanted)), each.name
        if each.declaration.params is not None and "params" in known[each.name]:
            assert list(map(str, each.declaration.params)) == known[each.name]["params"], each.name


@pytest.mark.parametrize("entry", [entry for entry in FULL if "-O0" in entry["file"]], ids=by_file)
def test_nothing_else_is_refused_where_no_bodies_are_merged(entry: dict[str, Any]) -> None:
    refused = {each.name for each in DebugLayouts(read(by_file(entry))).exports if each.declaration is None}
    assert refused <= NO_TYPE


def refusals(debug: DebugLayouts) -> dict[str, str]:
    return {each.name: each.reason for each in debug.exports if each.declaration is None}


def test_an_export_that_shares_a_body_is_refused() -> None:
    assert refusals(DebugLayouts(read("merged.1.96-O3-g.wasm"))) == {
        "unsigned_pair": "its body is described as 'signed_pair', which may be another function merged with it",
        "second_name": "its body is described as 'first_name', which may be another function merged with it",
    }


def test_constructor_wrappers_are_matched_by_name() -> None:
    module = read("ctors.1.96-O0-g.wasm")
    assert [module.find_func("runs_and_square").name] == ["runs_and_square.command_export"]
    found = DebugLayouts(module).of("runs_and_square")
    assert (str(found.declaration and found.declaration.result), found.by_pointer) == ("(u32, u64)", True)


def test_line_tables_alone_prove_nothing() -> None:
    debug = DebugLayouts(read("two_i64s.1.96-O3-g1.wasm"))
    assert not any(each.by_pointer for each in debug.exports)
    assert refusals(debug)["get_two_i64s"] == (
        "debug information has no types; build with -g (debuginfo=2), not with line tables only"
    )


def test_without_debug_information() -> None:
    debug = DebugLayouts(read("two_i64s.1.96-O3.wasm"))
    assert debug.problem is not None
    assert debug.problem.message == "the module has no debug information; build it with -g (debuginfo=2)"
    assert {each.name for each in debug.exports if each.suspected} == {"get_two_i64s"}


# --- by hand ----------------------------------------------------------------------------------------------------------

I32, U8, I64, F64 = base("i32", 5, 4), base("u8", 7, 1), base("i64", 5, 8), base("f64", 4, 8)
PAIR = record("pair", 16, ("a", "u8", 0), ("b", "i64", 8))


def function(*params: Die, result: str | None = "@pair", name: str = "f", **more: int | str) -> Die:
    """The entry of the only function of ``described``'s module."""
    typed: dict[str, int | str] = {} if result is None else {"type": result}
    return Die("subprogram", {"name": name, "low_pc": 2, **typed, **more}, list(params), "")


def param(of: str) -> Die:
    return die("formal_parameter", type=of)


def debugged(*entries: Die, type: str = "(param i32)", budget: Budget | None = None, **unit: int | str) -> DebugLayouts:
    text = f'(module (memory 1) (func (export "f") {type} unreachable))'
    return DebugLayouts(Module.from_bytes(wat(text) + sections(*entries, attributes=unit)), budget)


def described(*entries: Die, type: str = "(param i32)", **unit: Any) -> str:
    """The result declared, or why none is."""
    [found] = debugged(*entries, type=type, **unit).exports
    return str(found.declaration.result) if found.declaration is not None else found.reason


def test_a_function_by_hand() -> None:
    assert described(function(), PAIR, U8, I64) == "(a: u8, b: i64)"
    assert described(function(param("@i32"), param("@f64")), PAIR, U8, I64, I32, F64, type="(param i32 i32 f64)") == (
        "(a: u8, b: i64)"
    )


@pytest.mark.parametrize(
    ("params", "type"),
    [
        ([], "(param i32 i32)"),
        (["@i32"], "(param i32)"),
        (["@i32"], "(param i32 i64)"),
        (["@f64", "@i32"], "(param i32 i32 f64)"),
    ],
)
def test_parameters_that_do_not_fit(params: list[str], type: str) -> None:
    said = described(function(*map(param, params)), PAIR, U8, I64, I32, F64, type=type)
    assert said.startswith("its ")
    assert " are not a pointer and the described ones (" in said


@pytest.mark.parametrize("type", ["(param i32 i32)", "(param i32 i32 i64)"])
def test_a_struct_is_passed_by_pointer_or_in_parts(type: str) -> None:
    assert described(function(param("@pair")), PAIR, U8, I64, type=type) == "(a: u8, b: i64)"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (die("union_type", label="t", byte_size=8), "a union has no declared type"),
        (die("structure_type", label="t", byte_size=0), "it is zero-sized"),
        (die("structure_type", label="t", name="t"), "'t' is not described in full"),
        (die("structure_type", label="t", name="t", byte_size=4), "'t' has no member that holds a value"),
        (
            die("structure_type", die("variant_part"), label="t", byte_size=8),
            "an enum with payload has no declared type",
        ),
        (
            die("structure_type", die("inheritance", type="@i64"), label="t", byte_size=8),
            "a class with a base class has no declared type",
        ),
        (
            die("structure_type", die("member", name="m", type="@u8", data_bit_offset=3), label="t", byte_size=8),
            "a bit-field has no declared type",
        ),
        (
            die("structure_type", die("member", type="@u8"), label="t", byte_size=8),
            "a member does not say where it lies",
        ),
        (
            record("t", 8, ("a", "i64", 0), ("b", "u8", 3)),
            "declared type (a: i64 @0, b: u8 @3; size 8, align 8): fields overlap at offset 3",
        ),
        (record("t", 9, ("a", "i64", 0)), "(a: i64 @0; size 9, align 1)"),
        (record("t", 24, ("a", "i64", 0), ("b", "u8", 8)), "(a: i64, b: u8; size 24, align 8)"),
        (die("array_type", die("subrange_type", count=0), label="t", type="@u8"), "it is zero-sized"),
        (die("array_type", die("subrange_type"), label="t", type="@u8"), "an array does not say how long it is"),
        (die("array_type", die("subrange_type", count=1001), label="t", type="@u8"), "it has more than 1000 scalars"),
        (die("array_type", die("subrange_type", upper_bound=2), label="t", type="@u8"), "[u8; 3]"),
        (
            die("array_type", die("subrange_type", count=2), die("subrange_type", count=3), label="t", type="@u8"),
            "[[u8; 3]; 2]",
        ),
        (base("t", 4, 16), "'t' (16 bytes, encoding 4) has no declared type"),
        (base("t", 7, 16), "u128"),
        (die("typedef", label="t", type="@t"), "a type has more than 48 names"),
        (die("const_type", label="t"), "a name for no type"),
        (record("t", 8, ("self", "t", 0)), "a type is nested more than 48 deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_types(entry: Die, reason: str) -> None:
    assert described(function(result="@t"), entry, U8, I64) == reason


def test_empty_members_are_left_out() -> None:
    empty = die("structure_type", label="empty", byte_size=0)
    assert (
        described(function(result="@t"), empty, record("t", 8, ("e", "empty", 0), ("a", "i64", 0)), I64) == "(a: i64)"
    )


def test_no_result_and_no_room_for_one() -> None:
    assert described(function(result=None), type="") == "None"
    assert (
        described(function(result=None), PAIR, U8, I64, type="(result i32)")
        == "debug information says it returns nothing, its type has results"
    )
    assert (
        described(function(result="@i64"), I64, type="")
        == "debug information says it returns i64, its type has no result"
    )
    assert (
        described(function(), PAIR, U8, I64, type="(param f32)")
        == "its type has no pointer to return (a: u8, b: i64) through"
    )
    assert described(function(), PAIR, U8, I64, type="(result i64)") == (
        "debug information says it returns (a: u8, b: i64), its type has other results"
    )  # fmt: skip


def test_a_name_for_linking_is_the_only_one_that_counts() -> None:
    said = described(function(linkage_name="other"), PAIR, U8, I64)
    assert said == "its body is described as 'other', which may be another function merged with it"
    assert described(function(name="plain", linkage_name="f"), PAIR, U8, I64) == "(a: u8, b: i64)"


def test_inlined_functions_keep_everything_in_another_entry() -> None:
    origin = die("subprogram", param("@i32"), label="o", name="f", type="@pair")
    body = die("subprogram", low_pc=2, abstract_origin="@o")
    assert described(origin, body, PAIR, U8, I64, I32, type="(param i32 i32)") == "(a: u8, b: i64)"
    assert (
        described(die("subprogram", low_pc=2, abstract_origin="@o", label="o"))
        == "debug information has no entry for it"
    )


def test_two_entries_for_one_body() -> None:
    both = (function(), function(result="@other"), record("other", 16, ("a", "i64", 0), ("b", "i64", 8)), PAIR, U8, I64)
    assert described(*both) == "debug information describes it twice, unlike"


def test_units_without_code_of_an_export_are_passed_over() -> None:
    assert described(function(), PAIR, U8, I64, low_pc=2, high_pc=1) == "(a: u8, b: i64)"
    assert described(function(), PAIR, U8, I64, low_pc=3, high_pc=9) == "debug information has no entry for it"


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(section_bytes=10), "debug information has more than 10 bytes"),
        (Budget(reads=5), "debug information takes more than 5 reads"),
        (Budget(reads_at_least=7, density=0), "debug information takes more than 7 reads"),
        (Budget(units=0), "debug information has more than 0 units"),
        (Budget(entries=3), "debug information has more than 3 entries"),
        (Budget(attributes=2), "debug information has entries of more than 2 attributes"),
        (Budget(depth=1), "debug information is nested more than 1 deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_budgets(budget: Budget, reason: str) -> None:
    debug = debugged(PAIR, function(), U8, I64, budget=budget)
    assert debug.problem is not None
    assert debug.problem.message == reason
    assert debug.exports == (Described("f", None, reason, True),)


# --- by an enemy ------------------------------------------------------------------------------------------------------

SIZE = 1 << 14
UNIT, FLAG, TEXT, TYPE, MANY = 0x11, 0x19, 0x0E, 0x13, 0x34
"""Tags and forms of DWARF: a unit, an attribute that takes no room, a text elsewhere, a reference, a variable."""


def abbreviation(code: int, tag: int, children: bool, *attributes: tuple[int, int]) -> bytes:
    forms = b"".join(leb(name) + leb(form) for name, form in attributes)
    return leb(code) + leb(tag) + bytes([children]) + forms + b"\0\0"


def unit(entries: bytes, table: int = 0) -> bytes:
    header = b"\x04\x00" + table.to_bytes(4, "little") + b"\x04"
    return (len(header) + len(entries)).to_bytes(4, "little") + header + entries


def many_attributes() -> list[bytes]:
    """Entries of one byte that have a hundred attributes."""
    flags = [(0x2000 + at, FLAG) for at in range(100)]
    table = abbreviation(1, UNIT, True) + abbreviation(2, MANY, False, *flags) + b"\0"
    return [table, unit(b"\x01" + b"\x02" * SIZE)]


def many_tables() -> list[bytes]:
    """Units that each read one long table of abbreviations from another place on."""
    line = abbreviation(127, UNIT, False, (0x3F, FLAG))
    return [line * SIZE + b"\0", b"".join(unit(b"\x7f", at * len(line)) for at in range(SIZE // 12))]


def many_children() -> list[bytes]:
    """A struct in a struct in a struct: who looks for the members of one walks over all inside."""
    function = b"\x01\x02f\0" + (2).to_bytes(4, "little")
    depth, start = 40, HEADER + len(function) + 4
    starts = [(start + 2 * at).to_bytes(4, "little") for at in range(depth)]
    entries = function + starts[0] + b"\x03\x08" * depth
    for at in range(depth, 0, -1):
        entries += b"\x05" * (SIZE // depth) + b"\x04" + starts[at % depth] + b"\0\0"
    table = abbreviation(1, UNIT, True) + abbreviation(2, 0x2E, False, (0x03, 0x08), (0x11, 0x01), (0x49, TYPE))
    table += abbreviation(3, 0x13, True, (0x0B, 0x0B)) + abbreviation(4, 0x0D, False, (0x49, TYPE), (0x38, 0x0B))
    return [table + abbreviation(5, MANY, False) + b"\0", unit(entries + b"\0")]


def long_texts() -> list[bytes]:
    """Entries that all name one long text."""
    table = abbreviation(1, UNIT, True) + abbreviation(2, MANY, False, (0x03, TEXT)) + b"\0"
    return [table, unit(b"\x01" + (b"\x02" + bytes(4)) * SIZE), b"x" * SIZE]


@pytest.mark.parametrize("make", [many_attributes, many_tables, many_children, long_texts])
def test_small_sections_get_a_small_budget(make: Callable[[], list[bytes]]) -> None:
    names = (".debug_abbrev", ".debug_info", ".debug_str")
    made = make()
    data = wat('(module (memory 1) (func (export "f") (param i32) unreachable))')
    data += b"".join(custom(name, contents) for name, contents in zip(names, made, strict=False))
    debug = DebugLayouts(Module.from_bytes(data))
    refusals = [each.reason for each in debug.exports] + [debug.problem.message if debug.problem else ""]
    allowed = 100_000 + 4 * (len(made[0]) + len(made[1]))
    assert f"debug information takes more than {allowed} reads" in refusals
