"""Our verdict on a module, and wasmtime's: on compilers' output, and on the same with a few bytes changed."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import wasmtime

from tests.helpers.external import ROOT
from tests.helpers.wat import engine
from wasmrewrite.errors import LimitError, WasmError
from wasmrewrite.model import Module

BUILT = sorted((ROOT / "corpus" / "built").glob("*.wasm"))
SMALL = 8_000
"""Bytes; in larger modules a changed byte most likely lies in a body, and checking the rest again takes the time."""
VARIANTS = 150
LIKELY = (0x00, 0x01, 0x0B, 0x20, 0x40, 0x41, 0x6A, 0x7C, 0x7D, 0x7E, 0x7F, 0x80)


def ours(data: bytes) -> WasmError | None:
    """What we refuse a module for."""
    try:
        Module.from_bytes(data, check="validate")
    except WasmError as error:
        return error
    return None


def theirs(data: bytes) -> str | None:
    """What wasmtime refuses it for."""
    try:
        wasmtime.Module.validate(engine(), data)
    except wasmtime.WasmtimeError as error:
        return str(error)
    return None


def disagreement(data: bytes) -> str | None:
    """The two verdicts if one is for and one against the module."""
    found, other = ours(data), theirs(data)
    if isinstance(found, LimitError) or (found is None) is (other is None):
        return None
    return f"{data.hex()}: ours {found}, theirs {other}"


def changed(data: bytes, random: Random) -> bytes:
    """One or two bytes after the preamble made others."""
    copy = bytearray(data)
    for _ in range(random.randint(1, 2)):
        at = random.randrange(8, len(copy))
        copy[at] = random.choice((*LIKELY, copy[at] ^ 1 << random.randrange(8), random.randrange(0x100)))
    return bytes(copy)


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name)
def test_modules_of_the_corpus(path: Path) -> None:
    assert disagreement(path.read_bytes()) is None


@pytest.mark.parametrize(
    "path", [path for path in BUILT if 8 < path.stat().st_size < SMALL], ids=lambda path: path.name
)
def test_damaged_modules_of_the_corpus(path: Path) -> None:
    data, random = path.read_bytes(), Random(path.name)
    assert [said for _ in range(VARIANTS) if (said := disagreement(changed(data, random)))] == []
