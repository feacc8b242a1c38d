"""Reading everything and writing it anew gives the same bytes; what cannot be read is malformed, with a place.

One claim for all inputs, sound or not: ``reencode`` either returns its input or raises ``MalformedError`` with an
offset inside the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.binary import custom, leb, module, section, text, vector
from tests.helpers.external import ROOT, fetched_modules, suite_folder
from tests.helpers.wat import wat
from wasmrewrite.codec.reencode import reencode
from wasmrewrite.errors import MalformedError

EVERYTHING = wat("""
(module $everything
  (type $f (func (param i32 i64) (result f32)))
  (rec (type $list (sub (struct (field $next (mut (ref null $list))) (field i8))))
       (type $leaf (sub final $list (struct (field (mut (ref null $list))) (field i8) (field f64)))))
  (type $bytes (array (mut i16)))
  (import "m" "f" (func $imported (type $f)))
  (import "m" "t" (table 1 2 funcref))
  (import "m" "g" (global $g (mut i32)))
  (import "m" "e" (tag $imported_tag (param i32)))
  (table $t 1 10 (ref null $list))
  (table $init 2 (ref func) (ref.func $imported))
  (memory $m 1 2)
  (memory $wide i64 1)
  (tag $e (param i64))
  (global $h i64 (i64.const -7))
  (global (ref null $leaf) (ref.null none))
  (export "run" (func $run)) (export "m" (memory $m))
  (start $go)
  (elem $a (table 0) (i32.const 0) func $imported $run)
  (elem $b func $go)
  (elem $c declare func $many)
  (elem $d (ref null $list) (ref.null $leaf))
  (elem $x (table $t) (i32.const 0) (ref null $list) (ref.null none))
  (func $go (local i32 i32 f64) nop (local.set 1 (i32.const 5)))
  (func $run (param i32) (result i32)
    (block $b (result i32)
      (loop $l (br_if $l (local.get 0)))
      (if (result i32) (local.get 0) (then (i32.const -1)) (else (br $b (i32.const 2))))))
  (func $many (param v128) (result v128)
    (i64.store offset=70000 (i32.const 0) (i64.load $wide offset=0x1_0000_0000 (i64.const 8)))
    (memory.init $p (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop $p)
    (br_table 0 0 0 (i32.const 1))
    (drop (select (result i64) (i64.const 1) (i64.const 2) (i32.const 3)))
    (drop (f64.const nan:0x4000000000001)) (drop (f32.const -0x1p-149))
    (drop (struct.new $list (ref.null none) (i32.const 1)))
    (drop (ref.test (ref $leaf) (ref.null any)))
    (block $out (result i32) (try_table (catch $e 1) (catch_all 1)) (call_indirect (type $f) (i32.const 0) (i64.const 0)
      (i32.const 0)) (drop) (i32.const 1)) (drop)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (local.get 0) (v128.const i32x4 1 2 3 4)))
  (data $active (i32.const 0) "active")
  (data $p "passive")
  (data (memory $wide) (i64.const 3) "wide")
  (@custom "other" (before code) "bytes"))
""")

# Small, and padded wherever the format allows it.
ZERO = b"\x41\x80\x80\x00\x0b"
PADDED = module(
    custom("name", b"\x00" + leb(7, 5) + text("m", 6) + b"\x01" + leb(5, 2) + vector(leb(0, 2) + text("f"), width=1)),
    section(1, vector(b"\x60" + leb(0, 2) + leb(1, 3) + b"\x7f", width=5), 5),
    section(2, vector(text("m", 2) + text("f", 3) + b"\x00" + leb(0, 5), width=2), 3),
    section(3, vector(leb(0, 5), width=5), 5),
    section(4, vector(b"\x63\x70\x01" + leb(1, 5) + leb(2, 4), width=5), 5),
    section(5, vector(b"\x00" + leb(1, 10)), 2),
    section(6, vector(b"\x7f\x00" + ZERO, width=5), 5),
    section(7, vector(text("f", 5) + b"\x00" + leb(1, 5), width=5), 5),
    section(9, vector(leb(0, 5) + ZERO + vector(leb(1, 5), width=5), width=5), 5),
    section(12, leb(1, 5), 5),
    section(10, vector(leb(14, 5) + vector(leb(2, 5) + b"\x7f", width=2) + b"\x10" + leb(0, 3) + b"\x0f\x0b"), 5),
    section(11, vector(leb(1, 5) + leb(2, 5) + b"hi", width=5), 5),
    custom("producers", vector(text("sdk", 5) + vector(width=5), width=5), 5),
)


def outcome(data: bytes) -> MalformedError | None:
    """Check the claim of this file for ``data``; the refusal, if there was one."""
    try:
        result = reencode(data)
    except MalformedError as error:
        refusal = error
    else:
        assert result == data
        return None
    assert refusal.position.offset is not None
    assert 0 <= refusal.position.offset <= len(data)
    return refusal


@pytest.mark.parametrize("data", [EVERYTHING, PADDED], ids=["everything", "padded"])
def test_modules_come_back(data: bytes) -> None:
    assert outcome(data) is None


@pytest.mark.parametrize("data", [EVERYTHING, PADDED], ids=["everything", "padded"])
def test_truncated_modules_are_malformed_or_whole(data: bytes) -> None:
    # What is cut between two sections may be a module of its own.
    whole = [length for length in range(len(data)) if outcome(data[:length]) is None]
    assert len(whole) <= 8
    assert 8 in whole


@pytest.mark.parametrize("data", [EVERYTHING, PADDED], ids=["everything", "padded"])
def test_modules_with_one_wrong_byte(data: bytes) -> None:
    refused = 0
    for offset in range(len(data)):
        for byte in {0, 0x7F, 0xFF, data[offset] ^ 1, data[offset] ^ 0x80}:
            refused += outcome(data[:offset] + bytes((byte,)) + data[offset + 1 :]) is not None
    assert refused > len(data)


@pytest.mark.parametrize("data", [EVERYTHING, PADDED], ids=["everything", "padded"])
def test_trailing_bytes_are_malformed(data: bytes) -> None:
    for byte in range(1, 256):
        assert outcome(data + bytes((byte,))) is not None


@given(st.data())
def test_modules_with_bytes_inserted_removed_and_changed(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([EVERYTHING, PADDED]))
    mutant = bytearray(original)
    for _ in range(data.draw(st.integers(1, 5))):
        offset = data.draw(st.integers(8, len(mutant) - 1))
        length = data.draw(st.integers(0, 4))
        mutant[offset : offset + length] = data.draw(st.binary(max_size=6))
    outcome(bytes(mutant))


@given(st.lists(st.tuples(st.integers(0, 14), st.binary(max_size=40)), max_size=6))
def test_sections_of_noise(sections: list[tuple[int, bytes]]) -> None:
    outcome(module(*(section(number, contents) for number, contents in sections)))


HUGE = leb(2**32 - 1)


@pytest.mark.parametrize("number", [*range(1, 8), 9, 10, 11, 13])
def test_absurd_counts_are_refused_before_anything_is_allocated(number: int) -> None:
    for padding in (b"", bytes(1000)):
        assert outcome(module(section(number, HUGE + padding))) is not None


@pytest.mark.parametrize(
    "body",
    [
        HUGE + b"\x7f\x0b",  # declarations of locals
        vector(HUGE + b"\x7f", b"\x01\x7f") + b"\x0b",  # locals
        b"\x00\x0e" + HUGE + b"\x00\x0b",  # labels
        b"\x00\x1c" + HUGE + b"\x0b",  # types
        b"\x00\x1f\x40" + HUGE + b"\x0b\x0b",  # catch clauses
    ],
)
def test_absurd_counts_in_code(body: bytes) -> None:
    functions = section(1, vector(b"\x60\x00\x00")), section(3, vector(b"\x00"))
    error = outcome(module(*functions, section(10, vector(leb(len(body)) + body))))
    assert error is not None
    assert error.position.path == ("code section", "func[0]")


def test_nesting_has_no_limit() -> None:
    depth = 100_000
    body = b"\x00" + b"\x02\x40" * depth + b"\x0b" * (depth + 1)
    functions = section(1, vector(b"\x60\x00\x00")), section(3, vector(b"\x00"))
    assert outcome(module(*functions, section(10, vector(leb(len(body)) + body)))) is None


def suite_commands() -> list[tuple[Path, dict[str, Any]]]:
    """Every command of the official suite that brings a binary module."""
    folder = suite_folder()
    found = []
    for path in sorted(folder.rglob("*.json")) if folder else ():
        for command in json.loads(path.read_text("utf-8"))["commands"]:
            if command.get("module_type") == "binary":
                found.append((path.parent / command["filename"], command))
    return found


@pytest.mark.skipif(suite_folder() is None, reason="the official suite is not there; run: make suite")
def test_the_official_suite_comes_back() -> None:
    wrong = []
    for path, command in suite_commands():
        data = path.read_bytes()
        error = outcome(data)
        if command["type"] == "assert_malformed":
            if error is None or not error.message.startswith(command["text"]):
                wrong.append((path.name, command["line"], command["text"], str(error)))
        elif error is not None:
            wrong.append((path.name, command["line"], command["type"], str(error)))
    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "corpus").rglob("*.wasm")), ids=lambda path: path.stem)
def test_the_corpus_comes_back(path: Path) -> None:
    assert outcome(path.read_bytes()) is None


@pytest.mark.slow
@pytest.mark.parametrize("path", fetched_modules(), ids=lambda path: path.stem)
def test_real_modules_come_back(path: Path) -> None:
    assert outcome(path.read_bytes()) is None
