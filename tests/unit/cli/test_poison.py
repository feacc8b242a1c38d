"""One module made by an enemy, through every verb and format: nothing of it reaches the terminal unescaped."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.helpers.binary import custom, leb, module, section, text, vector
from tests.unit.cli.conftest import Cli, Said
from wasmrewrite.escape import quoted

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b1m\u202e\u2066\u200b\ufeff\u2028\r\n\t\0[red]{}<b>%s$(id)`"
DIGRAPH = EVIL + "2"
VOID_TYPE, POINTER_TYPE = b"\x60\x00\x00", b"\x60\x01\x7f\x00"


def poison() -> bytes:
    """A valid module in which everything that can have a name has a hostile one."""
    name_map = vector(leb(0) + text(EVIL), leb(1) + text(DIGRAPH), leb(2) + text("trap" + EVIL))
    name = b"\x00" + leb(len(text(EVIL))) + text(EVIL) + b"\x01" + leb(len(name_map)) + name_map
    return module(
        section(1, vector(VOID_TYPE, POINTER_TYPE)),
        section(2, vector(text(EVIL) + text(EVIL) + b"\x00\x01")),
        section(3, vector(b"\x00", b"\x00")),
        section(5, vector(b"\x00\x01")),
        section(6, vector(b"\x7f\x01\x41\x80\x80\x04\x0b")),
        section(7, vector(text(EVIL) + b"\x00\x01", text(DIGRAPH) + b"\x00\x02", text("m" + EVIL) + b"\x02\x00")),
        section(10, vector(b"\x06\x00\x41\x10\x10\x00\x0b", b"\x03\x00\x00\x0b")),
        custom("name", name),
        custom("producers", vector(text("language" + EVIL) + vector(text(EVIL) + text(EVIL)))),
        custom("target_features", vector(b"+" + text(EVIL))),
        custom(EVIL, b"contents"),
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "poison.wasm").write_bytes(poison())
    (tmp_path / "broken.wasm").write_bytes(poison().replace(b"\x03\x00\x00\x0b", b"\x03\x00\x1a\x0b"))
    (tmp_path / "poison.wat").write_text(f'(fnc $"{EVIL}") (call ${EVIL})', "utf-8", newline="")
    return tmp_path


def assert_harmless(said: Said) -> None:
    for stream in (said.out.decode(), said.err):
        bad = {char for char in stream if char != "\n" and not char.isprintable()}
        assert {unicodedata.name(char, hex(ord(char))) for char in bad} == set()


COMMANDS = [
    (0, ("info", "poison.wasm")),
    (0, ("info", "poison.wasm", "--draft-declarations")),
    (0, ("explain", "poison.wasm")),
    (0, ("explain", "broken.wasm")),
    (0, ("run", "poison.wasm", "--host-seed", "1", "--trace", "--invoke", EVIL)),
    (134, ("run", "poison.wasm", "--stub-imports", "--invoke", DIGRAPH)),
    (125, ("run", "poison.wasm", "--invoke", EVIL)),
    (125, ("run", "poison.wasm", "--stub-imports", "--invoke", EVIL + "x")),
    (125, ("run", "poison.wasm", "--stub-imports", "--invoke", "m" + EVIL)),
    (125, ("run", "poison.wasm", "--stub-imports", "--invoke", EVIL, EVIL)),
    (0, ("verify", "poison.wasm", "poison.wasm")),
    (1, ("verify", "poison.wasm", "broken.wasm")),
    (3, ("verify", "broken.wasm", "poison.wasm")),
    (2, ("verify", "poison.wasm", "poison.wasm", "--expect-start", EVIL + "x")),
    (3, ("info", EVIL.replace("\0", ""))),
    (2, ("callgraph", "poison.wasm", "--from", EVIL + "x")),
    (1, ("lint", ".")),
    (2, ("passes", EVIL)),
    (2, (EVIL,)),
]
REWRITES = [
    (0, ("--pass", "add-start", "--set", f"add-start.function={EVIL}")),
    (3, ("--pass", "add-start", "--set", f"add-start.function={EVIL}x")),
    (3, ("--pass", "multi-value", "--set", f"multi-value.export={EVIL}=(i64, i64)")),
    (0, ("--pass", "multi-value", "--set", f"multi-value.import={EVIL}.{EVIL}=(i64, i64)")),
    (0, ("--pass", "strip-custom", "--set", "strip-custom.pattern=*")),
    (2, ("--pass", EVIL)),
    (2, ("--pass", "add-start", "--set", f"add-start.{EVIL}=x")),
]

TEXTS = [
    (0, ("print", "poison.wasm")),
    (0, ("print", "poison.wasm", "--func", EVIL, "--offsets")),
    (2, ("print", "poison.wasm", "--func", EVIL + "x")),
    (2, ("print", "poison.wasm", "--only", EVIL)),
    (3, ("assemble", "poison.wat")),
]


@pytest.mark.parametrize(("code", "arguments"), TEXTS)
def test_no_text_passes_it_on(cli: Cli, place: Path, code: int, arguments: tuple[str, ...]) -> None:
    said = cli(*arguments)
    assert_harmless(said)
    assert said.code == code, said.err


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("code", "arguments"), COMMANDS)
def test_no_verb_passes_it_on(cli: Cli, place: Path, code: int, arguments: tuple[str, ...], form: str) -> None:
    said = cli(*arguments, "--format", form)
    assert_harmless(said)
    assert said.code == code, said.err


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("code", "passes"), REWRITES)
def test_no_pass_passes_it_on(cli: Cli, place: Path, code: int, passes: tuple[str, ...], form: str) -> None:
    files = ("-o", "out.wasm", "--write-contract", "c.json", "--verbose", "--format", form)
    said = cli("rewrite", "poison.wasm", *files, *passes)
    assert_harmless(said)
    assert said.code == code, said.err
    if code == 0:
        assert (place / "c.json").read_text().isascii()
        verdict = cli("verify", "poison.wasm", "out.wasm", "--contract", "c.json", "--format", form)
        assert_harmless(verdict)
        assert verdict.code == 0, verdict.text


def test_names_are_shown_all_the_same(cli: Cli, place: Path) -> None:
    assert quoted(EVIL) in cli("info", "poison.wasm").text
