"""DWARF 5 of optimised code could not be read: lists of places lie in a section that was not passed on.

Its kind: every other way to write the same entries, and reasons that hid why there are none. ``dwarf5_optimised.wasm``
is our own Rust, built by rustc 1.96 with ``-Copt-level=3 -Cdebuginfo=2 -Zdwarf-version=5``; line tables and names were
removed. Code of ``core`` and ``alloc`` in it is under MIT or Apache-2.0.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.binary import custom
from tests.helpers.dwarf import Die, Unit, base, debug, die, record
from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.analysis import DebugLayouts
from wasmrewrite.codec import write
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Editor

OPTIMISED = Path(__file__).with_name("dwarf5_optimised.wasm")
PAYLOAD = "an enum with payload has no declared type"
CODE = '(module (memory 1) (func (export "f") (param i32) unreachable))'
PAIR = "(a: u8, b: u32)"
TYPES = (record("pair", 8, ("a", "u8", 0), ("b", "u32", 4)), base("u8", 7, 1), base("u32", 7, 4))


def said(*units: Unit, code: str = CODE) -> str:
    """What debug information of those units says of the export; the reason if it is refused."""
    [found] = DebugLayouts(Module.from_bytes(wat(code) + debug(*units))).exports
    return found.reason or str(found.declaration and found.declaration.result)


def function(*children: Die, **attributes: int | str) -> Die:
    return Die("subprogram", {"name": "f", "low_pc": 2, **attributes}, list(children))


def test_optimised_code_in_dwarf_5() -> None:
    debug = DebugLayouts(Module.from_bytes(OPTIMISED.read_bytes()))
    assert debug.problem is None
    assert {each.name: each.reason or str(each.declaration and each.declaration.result) for each in debug.exports} == {
        "boot": "None",
        "checked": PAYLOAD,
        "describe": "(ptr: ptr, len: u32)",
        "digest": "[u8; 16]",
        "fill": "None",
        "is_ready": "bool",
        "last": "(currency: u16, cents: i64, negative: bool)",
        "maybe": PAYLOAD,
        "money": "(currency: u16, cents: i64, negative: bool)",
        "name_of": "(ptr: ptr, len: u32)",
        "nested": "(u8 @16, (u64, u16) @0, bool @17; size 24, align 8)",
        "outcome": PAYLOAD,
        "static_name": "(data_ptr: ptr, length: u32)",
        "vec3_scale": "(x: f32, y: f32, z: f32)",
        "vec3_tuple": "(f32, f32, f32)",
        "wide": "u128",
    }


@pytest.mark.parametrize("version", [4, 5])
@pytest.mark.parametrize("wide", [False, True])
def test_either_width_of_offsets(version: int, wide: bool) -> None:
    assert said(Unit((function(type="@pair"), *TYPES), version=version, wide=wide)) == PAIR


def test_lists_of_places_need_no_section() -> None:
    unit = Unit((function(die("variable", location=3), type="@pair"), *TYPES), version=5)
    assert said(unit) == PAIR


@pytest.mark.parametrize("version", [4, 5])
def test_types_in_units_of_their_own(version: int) -> None:
    types = Unit(TYPES, version=version, kind="type", signature=0x1234_5678_9ABC_DEF0, type="pair")
    code = Unit((function(signature=0x1234_5678_9ABC_DEF0),), version=version)
    assert said(code, types) == said(types, code) == PAIR
    assert said(Unit((function(signature=7),), version=version), types) == (
        "a type is kept in another file (split debug information)"
    )


def test_split_debug_information_is_named() -> None:
    why = "it is described in another file, 'f.dwo'; build without split debug information"
    assert said(Unit((), {"dwo_name": "f.dwo", "low_pc": 0, "high_pc": 9}, version=5, kind="skeleton")) == why
    assert said(Unit((), {"GNU_dwo_name": "f.dwo", "low_pc": 0, "high_pc": 9})) == why
    elsewhere = Unit((), {"GNU_dwo_name": "f.dwo", "low_pc": 40, "high_pc": 9})
    assert said(elsewhere) == "debug information has no entry for it"


def test_line_tables_have_no_types() -> None:
    module = Module.from_bytes((ROOT / "corpus" / "built" / "two_i64s.1.96-O3-g1.wasm").read_bytes())
    why = "debug information has no types; build with -g (debuginfo=2), not with line tables only"
    assert {each.name: each.reason for each in DebugLayouts(module).exports} == {
        "add": why, "difference_from_host": why, "get_two_i64s": why, "init": "", "is_ready": why,
        "sum_from_host": why,
    }  # fmt: skip


def test_ranges_of_wide_addresses() -> None:
    code = CODE.replace("memory 1", "memory i64 1").replace("param i32", "param i64")
    ranges = b"".join(each.to_bytes(8, "little") for each in (0, 9, 0, 0))
    unit = Unit((function(type="@pair"), *TYPES), {"low_pc": 0, "ranges": 0}, address=8)
    module = Module.from_bytes(wat(code) + debug(unit) + custom(".debug_ranges", ranges))
    [found] = DebugLayouts(module).exports
    assert str(found.declaration and found.declaration.result) == PAIR, found.reason


def test_external_debug_information_is_named() -> None:
    debug = DebugLayouts(Module.from_bytes(wat(CODE) + custom("external_debug_info", b"\x06f.wasm")))
    assert debug.problem is not None
    assert "external_debug_info" in debug.problem.message


@pytest.mark.parametrize("name", ["debug_str_offsets", "debug_str", "debug_rnglists"])
def test_a_section_that_was_removed_is_named(name: str) -> None:
    module = Module.from_bytes(OPTIMISED.read_bytes())
    fork = module.fork()
    edit = Editor(fork)
    edit.remove_custom(next(each for each in fork.customs if each.name == f".{name}"))
    problem = DebugLayouts(Module.from_bytes(write(fork).data)).problem
    assert problem is not None
    assert problem.message == f"debug information needs a section that is missing: .{name}"


def test_lists_of_places_may_be_removed() -> None:
    fork = Module.from_bytes(OPTIMISED.read_bytes()).fork()
    Editor(fork).remove_custom(next(each for each in fork.customs if each.name == ".debug_loclists"))
    assert DebugLayouts(Module.from_bytes(write(fork).data)).problem is None
