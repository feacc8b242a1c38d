"""Nothing but WasmError escapes, whatever the bytes: reading, validating, rewriting, judging, describing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wasmrewrite.cli.info import facts
from wasmrewrite.equiv import verify
from wasmrewrite.errors import InternalError, WasmError
from wasmrewrite.fuzz import RandomChoices, damaged, subject
from wasmrewrite.model import Module
from wasmrewrite.rewrite import Pipeline
from wasmrewrite.rewrite.config import PassEntry, build_passes

FILES = sorted((Path(__file__).resolve().parents[2] / "corpus" / "built").glob("*.wat.wasm"))
SOURCES = [path.read_bytes() for path in FILES] + [subject(RandomChoices(seed)).data for seed in range(30)]
PASSES = [
    PassEntry("strip-custom"),
    PassEntry("remove-start"),
    PassEntry("rename-imports", {"module": ["*=x.*"]}),
    PassEntry("add-start", {"function": "f0"}),
    PassEntry("multi-value", {"export": ["f0=(i64, i64)"]}),
]


def decoded(data: bytes) -> None:
    Module.from_bytes(data, check="decode").to_bytes()


def described(data: bytes) -> None:
    facts(Module.from_bytes(data))


def rewritten(data: bytes) -> None:
    for each in PASSES:
        try:
            Pipeline(build_passes([each])).run(Module.from_bytes(data))
        except InternalError:
            raise
        except WasmError:
            continue


def judged(data: bytes) -> None:
    Module.from_bytes(data, check="validate")
    verify(data, data, calls=4, fuel=2_000, total_fuel=20_000, memory_bytes=1 << 20)


ENTRIES: dict[str, Callable[[bytes], None]] = {
    "decode": decoded, "info": described, "rewrite": rewritten, "verify": judged,
}  # fmt: skip


def attack(entry: Callable[[bytes], None], numbers: range) -> int:
    """How many of the damaged modules were refused; whatever else is raised comes out."""
    refused = 0
    for number in numbers:
        choices = RandomChoices(f"hostile/{number}")
        try:
            entry(damaged(choices, choices.pick(SOURCES)))
        except InternalError:
            raise
        except WasmError:
            refused += 1
    return refused


@pytest.mark.parametrize("name", ENTRIES)
def test_damaged_modules_are_refused_or_read(name: str) -> None:
    refused = attack(ENTRIES[name], range(800))
    assert name == "rewrite" or refused > 100


@pytest.mark.fuzz
@pytest.mark.parametrize("name", ENTRIES)
def test_a_million_damaged_modules(name: str) -> None:
    attack(ENTRIES[name], range(1000, 251_000))
