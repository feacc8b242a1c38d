"""Texts that somebody broke: whatever is done to them, they are a module or an error with a place.

The texts are those of the golden errors and what the corpus prints as, and the official suite's if it is there.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from wasmrewrite.errors import WasmError
from wasmrewrite.text.assemble import assemble
from wasmrewrite.text.check import assemble_valid
from wasmrewrite.text.lexer import tokenize
from wasmrewrite.text.printer import print_module
from wasmrewrite.text.problem import TextError
from wasmrewrite.text.script import ModuleForm, read_script

ROOT = Path(__file__).resolve().parent.parent.parent
NAMED = os.environ.get("WASM_SPEC_TESTSUITE", "")
LONGEST = 4000
JUNK_WORDS = r"""
( ) (; ;) ;; " $x $ 0 -1 0x nan:0x1 18446744073709551616 end else catch delegate block if (then (type (param (result
(local (func (@name (@custom (@ offset= align=0 i32.const br_table select ref.test \ é (import (export (rec (sub (field
(mut (elem (data item declare func
"""
JUNK = [*JUNK_WORDS.split(), "\x00", "\udcff"]


@cache
def texts() -> list[str]:
    """Short modules of all kinds."""
    golden = [path.read_text("utf-8") for path in sorted((ROOT / "tests/golden/text/errors").glob("*.wat"))]
    corpus = [path.read_bytes() for path in sorted((ROOT / "corpus/built").glob("*.wat.wasm"))]
    found = [*golden, *(print_module(data) for data in corpus), *_suite()]
    return [text for text in found if len(text) <= LONGEST]


def _suite() -> Iterator[str]:
    for path in sorted(Path(NAMED).rglob("*.wast")) if NAMED else ():
        for command in read_script(path.read_bytes()).commands:
            if isinstance(command, ModuleForm) and isinstance(command.contents, str):
                yield command.contents


def mutant(seed: int) -> str:
    """A text with a few tokens taken out, doubled, exchanged or put in, or cut off."""
    chance = random.Random(seed)
    source = chance.choice(texts())
    tokens = tokenize(source)
    words = [source[tokens.starts[at] : tokens.ends[at]] for at in range(tokens.end)] or [""]
    for _ in range(chance.randint(1, 4)):
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        kind = chance.randrange(6)
        if kind == 0:
            words[at] = ""
        elif kind == 1:
            words[at] = f"{words[at]} {words[other]}"
        elif kind == 2:
            words[at], words[other] = words[other], words[at]
        elif kind == 3:
            words[at] = f"{chance.choice(JUNK)} {words[at]}"
        elif kind == 4:
            words[at] = chance.choice(JUNK)
        else:
            del words[max(1, at) :]
    return chance.choice((" ", "\n")).join(words)


def check(seed: int) -> None:
    text = mutant(seed)
    data = assembled(text)
    if isinstance(data, bytes):
        assert assemble_valid(print_module(data)) == data
        return
    lines = text.count("\n") + text.count("\r") + 1
    for problem in data.problems:
        line, column = data.tokens.place(problem.start)
        assert 1 <= line <= lines
        assert column >= 1
        assert problem.message
    assert data.report("x.wat")


def assembled(text: str) -> bytes | TextError:
    """The module, or what is said of it."""
    try:
        return assemble_valid(text.encode("utf-8", "surrogateescape"))
    except TextError as error:
        return error


def failures(seeds: range) -> list[str]:
    """Seeds whose texts fail in another way than they may."""
    found = []
    for seed in seeds:
        try:
            check(seed)
        except Exception as error:  # noqa: BLE001 - any is a failure, and all are listed
            found.append(f"{seed}: {type(error).__name__}: {error}"[:300])
    return found


def test_some_mutants() -> None:
    assert failures(range(1500)) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(0, 200_000, 10_000))
def test_many_mutants(start: int) -> None:
    assert failures(range(1500 + start, 1500 + start + 10_000)) == []


PIECES = """\
(func $f{} (call $f{}))
(func $abc{} (call $abd{}))
(func (param $x{} i32) (local.get $x))
(func block $a{}
(func (i32.ad))
(func (call $nope{}))
(;(;;);)
(@x (y))
(type (func))
(data "{}")
(@custom "a")
(func block br 0 end)
(func (block
(func"""


@pytest.mark.parametrize("piece", PIECES.splitlines(keepends=True))
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    text = "".join(piece.replace("{}", str(at)) for at in range(10_000))
    assert assembled(text)


def spoilt(seed: int) -> bytes:
    """A small binary with a few bytes changed."""
    chance = random.Random(seed)
    binaries = [path for path in sorted((ROOT / "corpus/built").glob("*.wasm")) if 40 < path.stat().st_size < 3000]
    data = bytearray(chance.choice(binaries).read_bytes())
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(8, len(data))
        data[at : at + chance.randrange(2)] = chance.randbytes(chance.randrange(2))
    return bytes(data)


def test_what_spoilt_binaries_print_as_is_read_again() -> None:
    printed = 0
    for seed in range(1500):
        try:
            text = print_module(spoilt(seed))
        except WasmError:
            continue
        printed += 1
        assert print_module(assemble(text)) == text, seed
    assert printed > 50
