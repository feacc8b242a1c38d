from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.helpers.binary import leb
from wasmrewrite.errors import MalformedError
from wasmrewrite.isa.immediates import Space
from wasmrewrite.isa.table import BY_NAME
from wasmrewrite.kernels.calls import SITES, find_sites, read_site, skip_locals
from wasmrewrite.kernels.decode import decode
from wasmrewrite.model import Body, Expr, Module

CORPUS = Path(__file__).resolve().parent.parent.parent.parent / "corpus" / "built"


def code(*parts: bytes | int) -> bytes:
    """Bytes put together; numbers are bytes."""
    return b"".join(bytes((part,)) if isinstance(part, int) else part for part in parts)


def test_which_instructions_are_sites() -> None:
    names = """call call_indirect return_call return_call_indirect call_ref return_call_ref ref.func table.get table.set
    table.grow table.size table.fill table.copy table.init elem.drop array.new_elem array.init_elem"""
    assert {op.name for op in SITES} == set(names.split())


@pytest.mark.parametrize(
    ("data", "offsets"),
    [
        (code(0x20, 0, 0x10, 5, 0x0B), [2]),
        (code(0x41, 0x10, 0x10, 0x10, 0x0B), [2]),
        (code(0x41, b"\x90\x10", 0x10, b"\x85\x80\x00", 0x0B), [3]),
        (code(0x10, b"\x85\x80\x80\x80\x00", 0x10, 1, 0x0B), [0, 6]),
        (code(0x43, b"\x10\x10\x10\x10", 0x44, bytes([0x10] * 8), 0x12, 3, 0x0B), [14]),
        (code(0x28, b"\x42\x00\x10", 0x11, 1, 0, 0x0B), [4]),
        (code(0xFC, b"\x8c\x00", 1, 0, 0x0B), [0]),
        (code(0xFC, 0x0C, 1, 0, 0xD2, 0x10, 0x0B), [0, 4]),
        (code(0x0E, 2, 0, 0, 0, 0x10, 1, 0x0B), [5]),
        (code(0x0E, leb(100), bytes(101), 0x10, 1, 0x0B), [103]),
        (code(0x0E, leb(2, 2), bytes(3), 0x10, 1, 0x0B), [6]),
        (code(0x1C, 1, 0x7F, 0x10, 1, 0x0B), [3]),
        (code(0x1F, 0x40, 1, 0, 0, 0, 0x14, 0, 0x0B, 0x0B), [6]),
        (code(0x0B), []),
        (b"", []),
    ],
)
def test_sites_by_hand(data: bytes, offsets: list[int]) -> None:
    assert find_sites(b"\x10\x10" + data + b"\x10\x00", 2, 2 + len(data))[0] == [2 + offset for offset in offsets]


@pytest.mark.parametrize(
    "data", [b"\x10", b"\x10\x80", b"\x27", b"\x41\x80\x80\x80\x80\x80\x00\x10\x00", b"\x0e\xff\x01\x00"]
)
def test_what_is_no_instruction_is_an_error(data: bytes) -> None:
    with pytest.raises(MalformedError):
        find_sites(data, 0, len(data))


def test_read_site() -> None:
    op, places = read_site(code(0x11, 3, b"\x81\x00"))
    assert (op, places) == (BY_NAME["call_indirect"], ((Space.TYPE, 3), (Space.TABLE, 1)))


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        (b"\x00\x0b", 1),
        (b"\x01\x02\x7f\x0b", 3),
        (b"\x02\x80\x01\x7e\x01\x70\x0b", 6),
        (b"\x01\x01\x63\x00\x0b", None),
        (leb(16) + b"\x01\x7f" * 16 + b"\x0b", None),
        (b"\x02\x01\x7f", None),
    ],
)
def test_skip_locals(data: bytes, begins: int | None) -> None:
    assert skip_locals(data, 0, len(data)) == begins


def bodies(module: Module) -> Iterable[Expr]:
    return (func.origin.expr for func in module.funcs if isinstance(func.origin, Body))


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.wasm")), ids=lambda path: path.stem)
def test_sites_are_those_that_decoding_finds(path: Path) -> None:
    module = Module.from_file(path)
    data = module.source.data
    for expr in bodies(module):
        assert expr.span is not None
        instrs = decode(data, *expr.span)
        ends = [*(offset for offset, _, _ in instrs[1:]), expr.span[1]]
        wanted = [(offset, data[offset:end]) for (offset, op, _), end in zip(instrs, ends, strict=True) if op in SITES]
        assert list(zip(*find_sites(data, *expr.span), strict=True)) == wanted


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.wasm")), ids=lambda path: path.stem)
def test_locals_are_skipped_as_they_are_read(path: Path) -> None:
    module = Module.from_file(path)
    for func in module.funcs:
        if isinstance(func.origin, Body) and func.origin.span is not None and func.origin.expr.span is not None:
            assert skip_locals(module.source.data, *func.origin.span) in (None, func.origin.expr.span[0])
