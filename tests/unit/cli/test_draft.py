from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.helpers.binary import custom
from tests.helpers.wat import wat
from tests.unit.cli.conftest import CORPUS, Cli
from wasmrewrite.explain.interface_draft import MOST_UNKNOWN, toml_text
from wasmrewrite.rewrite import parse_interface

BUILT = CORPUS / "built"
ALL = sorted(BUILT.glob("*.wasm"))
WITH_DEBUG = [
    "returns.1.96-O3-g.wasm",
    "returns.1.63-O3-g.wasm",
    "merged.1.96-O3-g.wasm",
    "ctors.1.96-O0-g.wasm",
    "structs.clang14-O2-g.wasm",
    "wide.1.63-O3-g.wasm",
    "paths.1.96-O3-g.wasm",
    "two_i64s.1.96-O0-g.wasm",
]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_draft_is_an_interface_file(cli: Cli, path: Path) -> None:
    said = cli("info", str(path), "--draft-declarations")
    assert (said.code, said.err) == (0, "")
    parse_interface(said.text)
    data = json.loads(cli("info", str(path), "--draft-declarations", "--format", "json").out)
    assert data["schema"] == "wasmrewrite.interface-draft/1"


def test_a_draft() -> None:
    assert toml_text('a"b\\c\n\u202e\U0001f600') == '"a\\"b\\\\c\\u000a\\u202e\\U0001f600"'
    assert tomllib.loads(f"x = {toml_text(chr(0) + 'ü')}") == {"x": "\0ü"}


def test_what_a_draft_says(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / "two_i64s.1.96-O0-g.wasm", "in.wasm")
    assert (
        cli("info", "in.wasm", "--draft-declarations").text
        == """\
# Drafted from in.wasm. Read it through before you pass it on with --declarations.

# Exports, as debug information describes them.

[[export]]
name = "add"
params = ["i32", "i32"]
result = "i32"

[[export]]
name = "difference_from_host"
params = []
result = "i64"

[[export]]
name = "get_two_i64s"
params = []
result = "(i64, i64)"

[[export]]
name = "init"
params = []

[[export]]
name = "is_ready"
params = []
result = "u32"

[[export]]
name = "sum_from_host"
params = []
result = "i64"

# Imports: nothing describes them. These get an address in their caller's frame; the results are guesses from
# what callers load, to be confirmed by taking the '#' away. Members are in memory order, which need not be
# that of the declaration; u8 can be bool, i32 can be u32 or char; members that nobody loads are missing.

[[import]]
module = "js"
name = "get_two_i64s"
# result = "(i64, i64)"  # guessed from 2 calls
"""
    )


def test_hostile_names_stay_in_their_place(cli: Cli) -> None:
    name = 'x"\\n]\u202e\x1b[0m'
    quoted = name.replace("\\", "\\5c").replace('"', "\\22").replace("\x1b", "\\1b").replace("\u202e", "\\e2\\80\\ae")
    data = wat(
        f'(module (import "m" "{quoted}" (func $f (param i32))) (memory 1) (global $g (mut i32) (i32.const 64))'
        f'(func (export "{quoted}") (param i32) global.get $g call $f global.get $g i32.load drop))'
    )
    text = cli("info", "-", "--draft-declarations", stdin=data).text
    assert "\x1b" not in text
    assert "\u202e" not in text
    [entry] = tomllib.loads(text)["import"]
    assert entry == {"module": "m", "name": name}


def test_broken_debug_information_is_told_not_raised(cli: Cli) -> None:
    data = (
        wat('(module (memory 1) (func (export "f") (param i32)))')
        + custom(".debug_info", b"\1")
        + custom(".debug_abbrev")
    )
    said = cli("info", "-", "--draft-declarations", stdin=data)
    assert said.code == 0
    assert "# Exports: debug information cannot be read: " in said.text
    assert '# "f" [i32] -> []: may return through a pointer\n' in said.text


@pytest.mark.parametrize("name", WITH_DEBUG)
def test_built_with_g_rewritten_stripped_and_still_the_same(cli: Cli, folder: Path, name: str) -> None:
    shutil.copy(BUILT / name, "in.wasm")
    rewrite = ["rewrite", "in.wasm", "-o", "out.wasm", "--write-contract", "contract.json", "--pass", "multi-value"]
    said = cli(*rewrite, "--set", "multi-value.layouts=dwarf", "--pass", "strip-custom", "--format", "json")
    assert said.code == 0
    assert b".debug_info" not in (folder / "out.wasm").read_bytes()
    claimed = json.loads((folder / "contract.json").read_text())
    assert any(claim["claim"] == "returns-by-value" for claim in claimed["claims"])
    verdict = cli("verify", "in.wasm", "out.wasm", "--contract", "contract.json", "--calls", "60")
    assert (verdict.code, verdict.text[:5]) == (0, "same:")


@pytest.mark.parametrize("name", ["merged.1.96-O3-g.wasm", "imports.1.96-O3-g.wasm"])
def test_a_draft_does_what_the_option_does(cli: Cli, folder: Path, name: str) -> None:
    shutil.copy(BUILT / name, "in.wasm")
    assert cli("info", "in.wasm", "--draft-declarations", "-o", "interface.toml").code == 0
    declared = ["--pass", "multi-value", "--declarations", "interface.toml"]
    assert cli("rewrite", "in.wasm", "-o", "1.wasm", *declared).code == 0
    dwarf = ["--pass", "multi-value", "--set", "multi-value.layouts=dwarf"]
    assert cli("rewrite", "in.wasm", "-o", "2.wasm", *dwarf).code == 0
    assert (folder / "1.wasm").read_bytes() == (folder / "2.wasm").read_bytes() != (folder / "in.wasm").read_bytes()


GUESS = re.compile(r'^# (result = ".*")  # guessed.*$', re.MULTILINE)


def drafted(cli: Cli, path: Path) -> str:
    return cli("info", str(path), "--draft-declarations").text


NOT_EXECUTED = {
    "exceptions.wat.wasm", "paths.1.96-O3-simd.wasm", "threads.1.96-O3-threads.wasm", "threads.wat.wasm",
}  # fmt: skip
"""Modules whose exports have instructions that the interpreter does not execute: there is no verdict on those."""
NO_STACK = "nostack.wat.wasm"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_a_confirmed_draft_rewrites_to_the_same(cli: Cli, folder: Path, path: Path) -> None:
    text, confirmed = GUESS.subn(r"\1", drafted(cli, path))
    if not confirmed and "[[export]]" not in text:
        assert cli("info", str(path), "--draft-declarations").code == 0  # and there is nothing to rewrite by
        return
    shutil.copy(path, "in.wasm")
    (folder / "interface.toml").write_text(text, "utf-8")
    options = ["--pass", "multi-value", "--set", "multi-value.max-results=100", "--declarations", "interface.toml"]
    done = cli("rewrite", "in.wasm", "-o", "out.wasm", "--write-contract", "c.json", *options)
    if path.name == NO_STACK:
        assert "stack pointer" in done.err
        return
    nothing = "multi-value: warning: nothing to rewrite (the declarations contain no result that is returned through a "
    assert (done.code, done.err) in [(0, ""), (0, f"{nothing}pointer)\n")]
    assert bool(done.err) == ((folder / "out.wasm").read_bytes() == path.read_bytes())
    files = ["--contract", "c.json", "--declarations", "interface.toml"]
    verdict = cli("verify", "in.wasm", "out.wasm", "--calls", "40", *files)
    expected = (5, "incon") if path.name in NOT_EXECUTED else (0, "same:")
    assert (verdict.code, verdict.text[:5]) == expected
    assert len(json.loads((folder / "c.json").read_text())["claims"]) >= confirmed


def test_guesses_for_imports_are_marked_as_guesses(cli: Cli) -> None:
    for path in ALL:
        declared = tomllib.loads(drafted(cli, path)).get("import", [])
        assert [each for each in declared if "result" in each] == []


def test_an_import_with_unlike_types_has_no_one_result(cli: Cli) -> None:
    assert "# no guess: it is imported 2 times, with unlike types\n" in drafted(cli, BUILT / "aliases.wat.wasm")


def test_a_guess_names_the_memory_if_there_are_several(cli: Cli) -> None:
    [entry] = tomllib.loads(drafted(cli, BUILT / "multimemory.wat.wasm"))["import"]
    assert entry == {"module": "host", "name": "read_pair", "memory": 2}


def test_a_confirmed_guess_can_be_rewritten_by(cli: Cli, folder: Path) -> None:
    shutil.copy(BUILT / "two_i64s.1.96-O3.wasm", "in.wasm")
    text = cli("info", "in.wasm", "--draft-declarations").text.replace("# result =", "result =")
    (folder / "interface.toml").write_text(text)
    done = cli("rewrite", "in.wasm", "-o", "out.wasm", "--pass", "multi-value", "--declarations", "interface.toml")
    assert done.code == 0
    imports = json.loads(cli("info", "out.wasm", "--format", "json").out)["imports"]
    assert [each["type_text"] for each in imports] == ["[] -> [i64 i64]"]


# --- exports without debug information --------------------------------------------------------------------------------

WRITES = "(i64.store (local.get 0) (i64.const 1)) (i32.store offset=8 (local.get 0) (i32.const 2))"
MANY = " ".join(f"(i32.store8 offset={at} (local.get 0) (i32.const 0))" for at in range(20))


def test_stores_are_guesses_about_exports(cli: Cli) -> None:
    """By the name that a person can read, too, and behind ``#``."""
    module = wat(
        f"""(module (memory 1) (memory 1) (func (export "_ZN3app4pairEv") (param i32) {WRITES})
        (func (export "many") (param i32) {MANY})
        (func (export "other") (param i32)))"""
    )
    said = cli("info", "-", "--draft-declarations", stdin=module)
    parse_interface(said.text)
    assert (
        said.text.partition("\n\n# app")[2]
        == """::pair()
[[export]]
name = "_ZN3app4pairEv"  # [i32] -> []
memory = 0
# result = "(i64, i32)"  # guessed from its stores

[[export]]
name = "many"  # [i32] -> []
memory = 0
# no guess: its stores overlap, or are too many

# "other" [i32] -> []: may return through a pointer
"""
    )
    data = json.loads(cli("info", "-", "--draft-declarations", "--format", "json", stdin=module).out)
    assert [each["guess"] for each in data["exports"]] == ["(i64, i32)", None, None]


def test_exports_of_which_only_the_type_is_known_are_counted_if_they_are_many(cli: Cli) -> None:
    def said(count: int) -> list[str]:
        exports = "".join(f'(func (export "f{at}") (param i32))' for at in range(count))
        return cli("info", "-", "--draft-declarations", stdin=wat(f"(module {exports})")).text.splitlines()

    assert sum(line.endswith("may return through a pointer") for line in said(MOST_UNKNOWN)) == MOST_UNKNOWN
    assert said(MOST_UNKNOWN + 1)[-1] == (
        f"# {MOST_UNKNOWN + 1} more exports take an address first, have no result, and may return through it."
    )
