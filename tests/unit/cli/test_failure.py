from __future__ import annotations

import click
import pytest

from wasmrewrite.cli import exits
from wasmrewrite.cli.failure import DEBUG, code_of, code_of_run, lines_of
from wasmrewrite.cli.streams import BlamedError, Input
from wasmrewrite.errors import (
    ConfigError,
    Exhaustion,
    InternalError,
    InvalidError,
    LimitError,
    LinkError,
    MalformedError,
    Position,
    RewriteError,
    Trap,
    WasmError,
)

DATA = b"\0asm\x01\0\0\0" + bytes(range(32))


@pytest.mark.parametrize(
    ("error", "code", "code_in_run"),
    [
        (MalformedError("x"), 3, 125),
        (InvalidError("x"), 3, 125),
        (LimitError("x"), 3, 125),
        (LinkError("x"), 3, 125),
        (RewriteError("x"), 3, 125),
        (FileNotFoundError(2, "No such file", "name"), 3, 125),
        (ConfigError("x"), 2, 125),
        (click.UsageError("x"), 2, 125),
        (Trap("x"), 1, 134),
        (Exhaustion("x"), 1, 125),
        (InternalError("x"), 4, 125),
        (ZeroDivisionError("x"), 4, 125),
        (RecursionError("x"), 4, 125),
        (MemoryError(), 4, 125),
    ],
)
def test_each_kind_of_failure_has_its_code(error: Exception, code: int, code_in_run: int) -> None:
    assert (code_of(error), code_of_run(error)) == (code, code_in_run)
    if isinstance(error, WasmError):
        blamed = BlamedError(Input("name", DATA), error)
        assert (code_of(blamed), code_of_run(blamed)) == (code, code_in_run)


def test_every_error_of_ours_has_a_code_of_its_own() -> None:
    kinds = {kind for kind in WasmError.__subclasses__() if kind.__module__ == "wasmrewrite.errors"}
    assert {kind.__name__ for kind in kinds if code_of(kind("x")) == exits.INTERNAL} == {"InternalError"}


def test_a_place_is_shown_with_a_caret() -> None:
    error = MalformedError("integer too large", Position(10, ("code section", "func[3]")))
    assert lines_of(BlamedError(Input("a.wasm", DATA), error)) == [
        "error: a.wasm: malformed: code section: func[3]: integer too large (at 0xa)",
        "  00000006: 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d",
        "                        ^^",
    ]


def test_a_message_stays_on_its_line() -> None:
    error = RewriteError("no export is called 'a\nerror: something else'")
    assert lines_of(error) == ["error: rewrite: no export is called 'a\\u{a}error: something else'"]


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"(component)", "this is text, and of a component"),
        (b"\x1f\x8b\x08", "this is compressed with gzip"),
        (b"<!DOCTYPE html>", "this is markup; perhaps a server answered with an error page"),
        (b"\x7fELF", "this is a native program"),
    ],
)
def test_what_is_no_module_is_recognised(data: bytes, hint: str) -> None:
    error = MalformedError("magic header not detected", Position(0))
    assert lines_of(BlamedError(Input("a", data), error))[-1] == f"  {hint}"


def test_our_own_mistakes_are_told_with_a_way_to_find_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEBUG, raising=False)
    error = ZeroDivisionError("division by zero")
    assert lines_of(error)[0] == "error: internal error: ZeroDivisionError: division by zero"
    assert DEBUG in lines_of(error)[1]
    monkeypatch.setenv(DEBUG, "1")
    assert lines_of(error)[-1] == "ZeroDivisionError: division by zero"
