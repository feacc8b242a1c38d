"""``explain`` as Python users reach it. What it finds is tested through the command line, which prints the same."""

from __future__ import annotations

import json
import shlex
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from tests.helpers.binary import custom, text, vector
from tests.helpers.wat import wat
from wasmrewrite import MalformedError, Module, Remark, Report, explain
from wasmrewrite.cli.__main__ import call

BUILT = Path(__file__).resolve().parents[3] / "corpus" / "built"
ALL = sorted(BUILT.glob("*.wasm"))[::6]
STARTS = '(module (import "env" "f" (func $f)) (func $s call $f) (start $s))'


def printed(capsysbinary: pytest.CaptureFixture[bytes], *args: str) -> str:
    """What the command line prints."""
    assert call([*args]) == 0
    return capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_the_command_line_prints_the_report(path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    data = explain(Module.from_file(path), str(path)).to_json()
    assert json.loads(printed(capsysbinary, "explain", str(path), "--format", "json")) == data


def test_fields_are_data_that_can_be_asked() -> None:
    producers = custom("producers", vector(text("language") + vector(text("Rust") + text("1.96"))))
    report = explain(Module.from_bytes(wat(STARTS) + producers), "app.wasm")
    assert [(each.field, each.name, each.version) for each in report.producers] == [("language", "Rust", "1.96")]
    assert report.start is not None
    assert (report.start.index, report.start.name) == (1, "s")
    assert report.stack_pointer.index is None
    assert (report.declared, report.used, report.unknown) == ((), ("mvp",), ())
    assert [(each.topic, each.weight, each.kind) for each in report.remarks] == [
        ("imports", "warning", "WR114"),
        ("start", "note", "start"),
    ]
    assert [each.remarks for each in report.kinds] == [(each,) for each in report.remarks]
    assert shlex.join(report.remarks[1].command) == "callgraph app.wasm --from 1"


def frozen(value: object) -> None:
    """Fail unless ``value`` and all that hangs on it cannot be changed."""
    if is_dataclass(value):
        for field in fields(value):
            with pytest.raises(FrozenInstanceError):
                setattr(value, field.name, None)
            frozen(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            frozen(each)
    else:
        assert value is None or isinstance(value, str | int)


def test_a_report_is_frozen_to_the_bottom() -> None:
    report = explain(Module.from_bytes(wat(STARTS)))
    assert isinstance(report, Report)
    assert isinstance(report.remarks[0], Remark)
    frozen(report)


def test_an_invalid_module_is_a_remark_and_a_malformed_one_an_error() -> None:
    invalid = wat('(module (func (export "f") (result i32) i32.const 1))').replace(b"\x41\x01\x0b", b"\x01\x01\x0b")
    assert [each.topic for each in explain(Module.from_bytes(invalid)).remarks] == ["validity"]
    with pytest.raises(MalformedError):
        explain(Module.from_bytes(b"\0asm\x01\0\0\0\x07\x01\x05"))


def test_anything_but_a_module_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected a module, found bytes; Module\.from_bytes reads one"):
        explain(cast("Any", wat(STARTS)))
    with pytest.raises(TypeError, match="expected a path as text, found PosixPath"):
        explain(Module.empty(), cast("Any", Path("app.wasm")))
