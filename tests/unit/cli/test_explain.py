from __future__ import annotations

import json
import re
import shlex
import shutil
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.binary import custom, leb, text, vector
from tests.helpers.wat import wat
from tests.unit.cli.conftest import CORPUS, Cli
from wasmrewrite.cli.explain import _HEADINGS, FEW
from wasmrewrite.explain import remarks as remarks_of
from wasmrewrite.explain import remarks_results
from wasmrewrite.explain.remark import WEIGHTS

BUILT = CORPUS / "built"
ALL = sorted(BUILT.glob("*.wasm"))
COMMAND = re.compile(r"    (?:see|mend|mend, if so): (wasmrewrite .*)")


def explained(cli: Cli, path: str, data: bytes = b"") -> dict[str, Any]:
    said = cli("explain", path, "--format", "json", stdin=data)
    assert (said.code, said.err) == (0, "")
    found: dict[str, Any] = json.loads(said.out)
    return found


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_both_formats_tell_of_every_corpus_module(cli: Cli, path: Path) -> None:
    data = explained(cli, str(path))
    assert data["schema"] == "wasmrewrite.explain/1"
    assert data["unknown"] == []
    told = [command for command, _ in groupby(each["command"] for each in data["remarks"])]
    assert commands(cli("explain", str(path), "--all").text) == told
    few = [each["command"] for each in data["kinds"] if each["count"] > FEW]
    shown = commands(cli("explain", str(path)).text)
    assert [each for each in shown if each not in (*told, *few)] == []
    assert [each for each in few if each not in shown] == []
    assert few or shown == told


def commands(text: str) -> list[list[str]]:
    """The commands in a report for people, as lists of words."""
    return [shlex.split(found[1]) for line in text.splitlines() if (found := COMMAND.fullmatch(line))]


def remarks(data: dict[str, Any], topic: str) -> list[tuple[str, str]]:
    return [(each["weight"], each["what"]) for each in data["remarks"] if each["topic"] == topic]


def test_imports_come_with_the_way_there_and_the_attribute(cli: Cli) -> None:
    data = explained(cli, str(BUILT / "imports.1.96-O3.wasm"))
    [pair] = [each for each in data["remarks"] if "env_pair" in each["what"] and each["topic"] == "imports"]
    assert pair["what"] == "'env_pair' is imported from 'env': was #[link(wasm_import_module = \"...\")] forgotten?"
    assert pair["evidence"] == ['called by export "use_env" at 0x297']
    assert pair["command"][1:] == ["callgraph", str(BUILT / "imports.1.96-O3.wasm"), "--to", "env.env_pair"]


def test_a_way_through_other_functions_and_a_table(cli: Cli) -> None:
    module = wat(
        """(module (import "sensor" "far" (func $far)) (table 1 funcref) (elem (i32.const 0) $b)
        (func $b call $far) (func $a i32.const 0 call_indirect) (func (export "run") call $a))"""
    )
    [remark] = explained(cli, "-", module)["remarks"]
    assert remark["evidence"] == ['called by export "run" → 2 a → 1 b at 0x41']


def test_only_rust_has_link_attributes(cli: Cli) -> None:
    linked = """(module (import "env" "greet" (func)) (memory 1)
        (global (export "__heap_base") i32 (i32.const 1048576)) (func (export "run") call 0))"""
    [remark] = explained(cli, "-", wat(linked))["remarks"]
    assert remark["what"] == "'greet' is imported from 'env', where linkers put what nobody defined"
    rust = explained(
        cli, "-", wat(linked) + custom("producers", vector(text("language") + vector(text("Rust") + text(""))))
    )
    assert rust["remarks"][0]["what"].endswith('#[link(wasm_import_module = "...")] forgotten?')


def test_getrandom_is_no_forgotten_attribute(cli: Cli) -> None:
    rust = custom("producers", vector(text("language") + vector(text("Rust") + text(""))))
    [remark] = explained(cli, "-", wat('(module (import "env" "__getrandom_v03_custom" (func)))') + rust)["remarks"]
    assert remark["what"].endswith(": the crate getrandom calls it, and the program has to define it")


def test_a_long_way_is_cut_in_the_middle(cli: Cli) -> None:
    chain = "".join(f"(func call {at + 2})" for at in range(40))
    module = wat(f'(module (import "sensor" "far" (func)) {chain} (func call 0) (export "run" (func 1)))')
    [remark] = explained(cli, "-", module)["remarks"]
    assert remark["evidence"] == ['called by export "run" → 2 → 3 → ... 35 more ... → 39 → 40 → 41 at 0x121']


def test_proved_results_are_no_suspicion(cli: Cli) -> None:
    data = explained(cli, str(BUILT / "merged.1.96-O3-g.wasm"))
    assert sorted(remarks(data, "results")) == [
        ("note", "export 'first_name' returns (x: i64, y: i64) through a pointer"),
        ("note", "export 'signed_pair' returns (a: i8, b: i16) through a pointer"),
        ("suspicion", "export 'second_name' may return through a pointer"),
        ("suspicion", "export 'unsigned_pair' may return through a pointer"),
    ]


def test_exported_addresses_and_constructors(cli: Cli) -> None:
    statics = explained(cli, str(BUILT / "statics.1.96-O3.wasm"))
    held = {
        each["what"].split("'")[1]: each["evidence"][0] for each in statics["remarks"] if each["topic"] == "exports"
    }
    assert held == {
        "VERSION": "memory there starts as 04 03 02 01",
        "TITLE": "memory there starts as 73 74 61 74 69 63 73 00",
        "SETTINGS": "memory there starts as 01 00 fe ff 03 00 fc ff",
        "HITS": "memory there starts as zeroes",
    }
    ctors = explained(cli, str(BUILT / "ctors.1.96-O3.wasm"))
    assert ("warning", "calling export 'runs' runs all static constructors every time") in remarks(ctors, "start")


def test_a_start_function(cli: Cli) -> None:
    module = wat('(module (import "m" "f" (func $f)) (func $s call $f) (start $s))')
    data = explained(cli, "-", module)
    [start] = [each for each in data["remarks"] if each["topic"] == "start"]
    assert start["evidence"] == ["it is function 1 s", "it can call 1 import, which must not need the instance yet"]
    assert start["command"] == ["wasmrewrite", "callgraph", "-", "--from", "1"]


def test_features_used_against_declared(cli: Cli) -> None:
    declared = custom("target_features", vector(b"+" + text("simd128")))
    code = wat("(module (func (param i32) (result i32) local.get 0 i32.extend8_s))")
    data = explained(cli, "-", code + declared)
    assert data["features"] == {"declared": ["simd"], "used": ["mvp", "sign-extension"]}
    assert remarks(data, "features") == [
        ("note", "feature 'sign-extension' is used, but not declared in target_features")
    ]
    assert remarks(explained(cli, "-", code), "features") == []
    assert "declared, but not used: simd\n" in cli("explain", "-", stdin=code + declared).text


def test_a_start_function_says_what_linkers_have_it_for(cli: Cli) -> None:
    places = wat(
        """(module (global $a i32 (i32.const 0)) (global $b (mut i32) (i32.const 0))
        (func $s global.get $a global.set $b) (start $s))"""
    )
    copies = """(module (memory 1 1 {}) (data $d "x")
        (func $s i32.const 0 i32.const 0 i32.const 1 memory.init $d) (start $s))"""
    modules = [places, places + custom("dylink.0", b""), wat(copies.format("")), wat(copies.format("shared"))]
    evidence = [explained(cli, "-", module)["remarks"][0]["evidence"][1:] for module in modules]
    assert evidence == [
        [],
        ["it works out addresses: the linker's, for a module that can be loaded anywhere"],
        [],
        ["it copies data into memory: the linker's, for threads that share one"],
    ]


INITIALISER = (
    """(module (import "m" "f" (func $f)) (func $deep {deep}) (func (export "_initialize") {type} {body}) {start})"""
)


WITHOUT_EXPORT = [
    "rewrite", "-", "-o", "out.wasm", "--pass", "add-start", "--set", "add-start.function=_initialize",
    "--set", "add-start.remove-export=true",
]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "command"),
    [
        ({}, WITHOUT_EXPORT),
        ({"body": "call $deep", "deep": "call $f"}, ["callgraph", "-", "--from", "_initialize"]),
        ({"type": "(param i32)"}, ["callgraph", "-", "--from", "_initialize"]),
    ],
)
def test_an_initialiser_that_hosts_have_to_call(cli: Cli, parts: dict[str, str], command: list[str]) -> None:
    module = wat(INITIALISER.format_map({"deep": "", "type": "", "body": "", "start": "", **parts}))
    [remark] = [each for each in explained(cli, "-", module)["remarks"] if each["topic"] == "start"]
    assert remark["what"] == "export '_initialize' has to be called before any other, instantiation does not run it"
    assert remark["command"][1:] == command


@pytest.mark.parametrize(
    ("start", "command"),
    [
        ("(start 2)", WITHOUT_EXPORT),
        ("(func $e) (func $s call $e call 2) (start $s)", WITHOUT_EXPORT),
        ("(func $s call 2) (start $s)", ["callgraph", "-", "--from", "_initialize"]),
    ],
)
def test_an_initialiser_that_instantiation_runs(cli: Cli, start: str, command: list[str]) -> None:
    module = wat(INITIALISER.format_map({"deep": "", "type": "", "body": "", "start": start}))
    twice, running = [each for each in explained(cli, "-", module)["remarks"] if each["topic"] == "start"]
    assert twice["what"] == "instantiation runs export '_initialize', and hosts that know WASI reactors run it again"
    assert (twice["weight"], twice["command"][1:]) == ("warning", command)
    assert running["what"] == "the module runs a start function when it is instantiated"


def test_programs_and_modules_with_glue(cli: Cli) -> None:
    program = explained(cli, "-", wat('(module (func (export "_start")))'))
    assert remarks(program, "start") == [("note", "it is a program for WASI: export '_start' runs it")]
    glue = wat(
        """(module (memory 1) (func (export "__wbindgen_start")) (func (export "pair") (param i32)
        local.get 0 i64.const 1 i64.store local.get 0 i64.const 1 i64.store offset=8))"""
    )
    data = explained(cli, "-", glue)
    assert data["toolchain"] == [{"name": "wasm-bindgen", "evidence": "export '__wbindgen_start'"}]
    assert [each["caution"] != "" for each in data["remarks"]] == [True, False]


def test_members_that_are_stored_at_once(cli: Cli) -> None:
    module = wat('(module (memory 1) (func (export "f") (param i32) local.get 0 i64.const 1 i64.store align=4))')
    [remark] = explained(cli, "-", module)["remarks"]
    assert remark["evidence"][0].startswith("it stores i32 @0, i32 @4 through its first parameter")


def test_a_large_name_section(cli: Cli, folder: Path) -> None:
    names = custom("name", b"\x00" + leb(70_003) + leb(70_000) + b"n" * 70_000)
    (folder / "in.wasm").write_bytes(wat("(module)") + names)
    [remark] = explained(cli, "in.wasm")["remarks"]
    assert (remark["what"], remark["mends"]) == ("names of functions: 68.3 KiB, 99 % of the file", True)
    assert cli(*remark["command"][1:]).code == 0
    assert len((folder / "out.wasm").read_bytes()) < 100


def test_the_page_names_every_field_and_topic(cli: Cli) -> None:
    page = (CORPUS.parent / "docs" / "explain.md").read_text("utf-8")
    data = explained(cli, str(BUILT / "imports.1.96-O3.wasm"))
    assert [name for name in (*data, *data["kinds"][0], *data["remarks"][0]) if f"`{name}`" not in page] == []
    assert [heading for heading in _HEADINGS.values() if f"| {heading} |" not in page] == ["other"]
    assert [weight for weight in WEIGHTS if f"**{weight}**" not in page] == []


def test_what_is_wrong_comes_first(cli: Cli) -> None:
    module = wat('(module (func (export "f") (result i32) i32.const 1))').replace(b"\x41\x01\x0b", b"\x01\x01\x0b")
    object_file = custom("linking", b"\x02")
    lines = cli("explain", "-", stdin=module + object_file).text.splitlines()
    assert [line for line in lines if line.endswith(":")][:1] == ["validity:"]
    assert "found: 2 errors" in lines


def test_code_beyond_the_limit_is_not_validated(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarks_of, "VALIDATED", 3)
    data = explained(cli, "-", wat("(module (func nop nop nop))"))
    assert data["unknown"] == ["whether it is valid: it has more than 3 bytes of code"]


def test_debug_information_that_cannot_be_read_is_told_of(cli: Cli) -> None:
    damaged = custom(".debug_info", b"\1") + custom(".debug_abbrev")
    [unknown] = explained(cli, "-", wat('(module (func (export "f")))') + damaged)["unknown"]
    assert unknown.startswith("debug information cannot be read: ")


def test_debug_information_beyond_the_budget_is_told_of(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarks_results, "_DEBUG_READS", 100)
    data = explained(cli, str(BUILT / "merged.1.96-O3-g.wasm"))
    assert data["unknown"] == ["debug information takes more than 100 reads"]
    assert {weight for weight, _ in remarks(data, "results")} == {"suspicion"}


def test_leftovers_come_with_the_pass_that_removes_them(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / "two_i64s.1.96-O0-g.wasm", "in.wasm")
    [leftover] = [each for each in explained(cli, "in.wasm")["remarks"] if each["rule"] == "WR402"]
    assert cli(*leftover["command"][1:]).code == 0
    assert b".debug_info" not in (folder / "out.wasm").read_bytes()


def test_nothing_remarkable(cli: Cli) -> None:
    said = cli("explain", "-", stdin=wat('(module (func (export "f")))'))
    assert said.text == (
        "standard input: 31 bytes, does not say who made it\n"
        "features used: those of the first version only\nfound: nothing remarkable\n"
    )


def test_hostile_names_stay_harmless(cli: Cli) -> None:
    evil = "\x1b]0;x\x07\u202e\n' $(id)"
    section2 = vector(text("env") + text(evil) + b"\x00\x00")
    data = b"\0asm\x01\0\0\0" + b"\x01\x04\x01\x60\0\0" + b"\x02" + leb(len(section2)) + section2
    data += custom("producers", vector(text("language") + vector(text("Rust") + text(evil))))
    said = cli("explain", "-", stdin=data)
    assert all(char.isprintable() or char == "\n" for char in said.text)
    assert len(said.text.splitlines()) == 8
    assert explained(cli, "-", data)["remarks"][0]["command"][-1] == f"env.{evil}"


@pytest.mark.parametrize("code", [b"\xfe", b"\x27"], ids=["prefix", "opcode"])
def test_malformed_code_is_refused(cli: Cli, code: bytes) -> None:
    module = wat('(module (func $g) (func (export "f") (param i32) local.get 0 drop nop call $g))')
    said = cli("explain", "-", stdin=module.replace(b"\x20\x00\x1a\x01", b"\x20\x00\x1a" + code))
    assert said.code == 3
    assert said.err.startswith("error: standard input: malformed: ")


def test_broken_input_is_refused(cli: Cli) -> None:
    assert cli("explain", "-", stdin=b"\0asm\x01\0\0\0\x07\x01\x05").code == 3


WIDE = "(i32.store ({get}) (i32.const 1)) (i32.store offset=4 ({get}) (i32.const 2))"


@pytest.mark.parametrize(
    ("memory", "pointer", "why"),
    [
        ("(memory i64 1)", "i64", None),
        ("(memory i64 1)", "i32", "the stack pointer is an i32, and that memory has i64 addresses"),
        ("(memory i64 1)", "", "cannot tell which global is the stack pointer: "),
    ],
)
def test_a_result_that_no_wrapper_could_take_is_only_drafted(
    cli: Cli, folder: Path, memory: str, pointer: str, why: str | None
) -> None:
    stack = f"(global $__stack_pointer (mut {pointer}) ({pointer}.const 65536))" if pointer else ""
    writes = WIDE.format(get="local.get 0")
    Path("in.wasm").write_bytes(wat(f'(module {memory} {stack} (func (export "f") (param i64) {writes}))'))
    [remark] = explained(cli, "in.wasm")["remarks"]
    assert remark["mends"] == (why is None)
    assert why is None or remark["evidence"][-1].startswith(why)
    assert cli(*remark["command"][1:]).code == 0
