"""A declared result of an import that its callers contradict was accepted without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.external import ROOT
from wasmrewrite.cli.__main__ import call
from wasmrewrite.contract import Declaration, Interface, parse_type
from wasmrewrite.model import Module
from wasmrewrite.passes.multi_value import MultiValue
from wasmrewrite.rewrite import Pipeline, parse_interface

BUILT = ROOT / "corpus" / "built"


def warnings(module: bytes, name: str, declared: str) -> list[str]:
    where, _, name = name.rpartition(".")
    interface = Interface((), (Declaration(name, where, result=parse_type(declared)),))
    done = Pipeline([MultiValue()], interface).run(Module.from_bytes(module))
    start = f"multi-value: import '{where}.{name}' is declared to return {declared}, but its callers load "
    return [str(note).removeprefix(start) for note in done.notes if note.warning]


@pytest.mark.parametrize(
    ("name", "declared", "doubt"),
    [
        ("js.point", "(i64)", "i64 at offset 8, and the declared result ends at 8"),
        ("js.point", "(i32, i64)", "i64 at offset 0, where i32 at 0 is declared"),
        ("js.point", "(f64, i64)", "i64 at offset 0, where f64 at 0 is declared"),
        ("js.point", "(i32, i32, i64)", "i64 at offset 0, across i32 at 0 and i32 at 4"),
        ("js.narrow", "(u8, i8, u16, i16)", "u8 at offset 6, and the declared result ends at 6"),
        ("js.narrow", "(u32, u32)", "from offsets 0 and 1, where u32 at 0 is declared"),
        ("js.triple", "(u8, u16, u32)", "u16 at offset 0, where u8 at 0 is declared"),
        ("sensor.v2.point", "(i64, i32, u8)", "f32 at offset 8, where i32 at 8 is declared"),
        ("env.env_pair", "(i32, i64)", "i32 at offset 4, where nothing is declared"),
    ],
)
def test_what_rustc_makes_of_a_wrong_declaration(name: str, declared: str, doubt: str) -> None:
    assert warnings((BUILT / "imports.1.96-O3.wasm").read_bytes(), name, declared) == [doubt]


@pytest.mark.parametrize("file", sorted(each.name for each in BUILT.glob("imports.*.wasm")))
def test_right_declarations_pass_in_silence(file: str) -> None:
    interface = parse_interface((ROOT / "corpus" / "interfaces" / "imports.toml").read_text())
    done = Pipeline([MultiValue()], interface).run(Module.from_file(BUILT / file))
    assert [str(note) for note in done.notes if note.warning] == []


def test_it_is_said_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--pass", "multi-value", "--set", "multi-value.import=js.point=(i64)"]
    assert call(["rewrite", str(BUILT / "imports.1.96-O3.wasm"), "-o", str(tmp_path / "b.wasm"), *words]) == 0
    assert capsys.readouterr().err.startswith("multi-value: warning: import 'js.point' is declared to return (i64)")
