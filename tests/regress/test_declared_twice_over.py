"""Results declared in an interface file *and* by debug information: ``verify`` took the one for all there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.external import ROOT
from tests.helpers.wat import wat
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Contract, Declaration, Interface, ReturnsByValue, parse_type
from wasmrewrite.equiv import Different, verify

BUILT = ROOT / "corpus" / "built"
APP = BUILT / "returns.1.96-O3-g.wasm"
MIX = '[[export]]\nname = "option_u32"\nresult = "(u32, u32)"\n'
OTHER = MIX + '[[export]]\nname = "tuple_i64_i64"\nresult = "(a: i64, b: i64)"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``out.wasm`` and ``c.json``: an option as ``mix.toml`` declares it, the rest by debug information."""
    (tmp_path / "mix.toml").write_text(MIX)
    (tmp_path / "other.toml").write_text(OTHER)
    options = ["--pass", "multi-value", "--set", "multi-value.layouts=dwarf"]
    files = ["-o", str(tmp_path / "out.wasm"), "--write-contract", str(tmp_path / "c.json")]
    assert call(["rewrite", str(APP), *files, "--declarations", str(tmp_path / "mix.toml"), *options]) == 0
    return tmp_path


def judged(folder: Path, *words: str) -> int:
    named = [str(folder / word) if "." in word else word for word in words]
    return call(["verify", str(APP), str(folder / "out.wasm"), *named])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--contract", "c.json", "--declarations", "mix.toml"), 0),
        (("--declarations", "mix.toml"), 0),
        (("--contract", "c.json", "--declarations", "mix.toml", "--layouts", "dwarf"), 0),
        (("--declarations", "mix.toml", "--layouts", "dwarf"), 0),
        (("--contract", "c.json", "--declarations", "other.toml"), 0),
        (("--contract", "c.json"), 0),
        (("--contract", "c.json", "--declarations", "mix.toml", "--layouts", "declared"), 1),
        (("--declarations", "mix.toml", "--layouts", "declared"), 1),
        (("--contract", "c.json", "--layouts", "dwarf"), 1),  # nothing proves the option
        (("--layouts", "dwarf"), 1),
        ((), 1),
    ],
)
def test_what_counts_as_declared(folder: Path, words: tuple[str, ...], code: int) -> None:
    assert judged(folder, *words) == code


def test_whose_word_was_taken_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--contract", "c.json", "--declarations", "mix.toml")
    assert judged(folder, *words) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if "debug information" in line]
    assert line.startswith("  note: declared by debug information of the input only: 'array_i8', ")
    assert "option_u32" not in line
    assert judged(folder, *words, "--format", "json") == 0
    names = json.loads(capsys.readouterr().out)["declared_by_debug_information"]
    assert "struct_packed" in names
    assert "option_u32" not in names


def test_a_claim_has_to_be_what_debug_information_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contract = folder / "c.json"
    text = contract.read_text()
    assert text.count('"(low: u32, high: u32)"') == 1
    contract.write_text(text.replace('"(low: u32, high: u32)"', '"(low: u32, high: i32)"'))
    assert judged(folder, "--contract", "c.json") == 0
    assert judged(folder, "--contract", "c.json", "--declarations", "mix.toml") == 1
    assert "but it is declared to return (low: u32, high: u32)" in capsys.readouterr().out


def test_what_is_refused_has_a_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(folder, "--contract", "c.json", "--layouts", "dwarf") == 1
    assert "on 'option_u32': an enum with payload has no declared type" in capsys.readouterr().out


def test_without_debug_information_it_has_to_be_declared(tmp_path: Path) -> None:
    app = BUILT / "two_i64s.1.96-O3.wasm"
    (tmp_path / "none.toml").write_text('[[export]]\nname = "add"\nresult = "i64"\n')
    files = ["-o", str(tmp_path / "out.wasm"), "--write-contract", str(tmp_path / "c.json")]
    option = "multi-value.export=get_two_i64s=(i64, i64)"
    assert call(["rewrite", str(app), *files, "--pass", "multi-value", "--set", option]) == 0
    judge = ["verify", str(app), str(tmp_path / "out.wasm"), "--contract", str(tmp_path / "c.json")]
    assert call(judge) == 0
    assert call([*judge, "--declarations", str(tmp_path / "none.toml")]) == 1
    assert call([*judge, "--layouts", "dwarf"]) == 3


MEMORIES = """
(module (memory (export "a") 1) (memory (export "b") 1) (global $__stack_pointer (mut i32) (i32.const 4096))
  (func (export "f") (param i32) (i64.store (memory {}) (local.get 0) (i64.const 5))))
"""


@pytest.mark.parametrize(("memory", "claimed", "why"), [
    ("a", 0, False), ("b", 1, False), ("b", 0, True), (1, 0, True), ("1", 1, False), ("c", 0, True), (None, 1, True),
])  # fmt: skip
def test_the_memory_is_declared_too(memory: str | int | None, claimed: int, why: bool) -> None:
    declared = parse_type("(i64)")
    module = wat(MEMORIES.format("b" if claimed else "a").replace("(memory b)", "1").replace("(memory a)", "0"))
    contract = Contract(claims=(ReturnsByValue("export", "f", declared, memory=claimed),))
    verdict = verify(module, module, contract, interface=Interface((Declaration("f", result=declared, memory=memory),)))
    assert isinstance(verdict, Different)
    assert ("returns through memory" in verdict.text()) is why
