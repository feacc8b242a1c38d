"""Every row against another project's assembler: name, code, order and bytes of its operands."""

from __future__ import annotations

from typing import Any

import wasmtime

from tests.helpers.every import every
from tests.unit.isa.samples import SAMPLES, PlainNames
from wasmrewrite.isa.immediates import KINDS, Shape
from wasmrewrite.isa.leb import Padded, PaddedTuple, read_u32
from wasmrewrite.isa.op import Op
from wasmrewrite.isa.structure import CLOSERS, DIVIDERS, OPENERS
from wasmrewrite.isa.table import BY_NAME, ROWS
from wasmrewrite.kernels.encode import encode_instr


class AssemblerNames(PlainNames):
    """Floats as that assembler reads them."""

    def float_bits(self, bits: int, width: int) -> str:
        exponent, fraction = (8, 23) if width == 32 else (11, 52)
        if bits >> fraction & ((1 << exponent) - 1) == (1 << exponent) - 1:
            return f"nan:0x{bits & ((1 << fraction) - 1):x}"
        return {0x3FC00000: "1.5", 0x3FF8000000000000: "1.5"}[bits]


def widest(value: Any) -> bool:
    """Whether an assembler would choose another width."""
    if isinstance(value, Padded | PaddedTuple):
        return True
    return isinstance(value, tuple) and any(widest(item) for item in value)


def written_alike(op: Op, values: list[Any]) -> bool:
    """Leave out what text cannot say, or what that assembler writes in a shorter way."""
    if any(widest(value) for value in values):
        return False
    # An alignment above the natural one is refused in text already.
    return all(getattr(value, "align", 0) <= kind.natural for kind, value in zip(op.operands, values, strict=True))


CASES = [
    (op, [samples[at % len(samples)][0] for samples in choices])
    for op in ROWS
    for choices in [[SAMPLES[kind] for kind in op.operands]]
    for at in range(max((len(samples) for samples in choices), default=1))
]
ALIKE = [(op, values) for op, values in CASES if written_alike(op, values)]


def instruction_text(op: Op, values: list[Any]) -> str:
    shown = [kind.show(value, AssemblerNames()) for kind, value in zip(op.operands, values, strict=True)]
    return " ".join([op.mnemonic, *(shown[at] for at in op.text_order)])


def surrounded(op: Op) -> tuple[str, str]:
    """What must stand around an instruction for the text to nest."""
    if op in OPENERS:
        return "", "catch_all end" if op.name == "try" else "end"
    if op in DIVIDERS:
        return ("if", "end") if op.name == "else" else ("try", "end")
    if op in CLOSERS:
        return ("try", "") if op.name == "delegate" else ("block", "")
    return "", ""


def code_of(binary: bytes) -> bytes:
    """The instructions of the only function of a module."""
    pos = 8
    while binary[pos] != 10:
        size, pos = read_u32(binary, pos + 1, len(binary))
        pos += size
    _, pos = read_u32(binary, pos + 1, len(binary))
    _, pos = read_u32(binary, pos, len(binary))
    size, pos = read_u32(binary, pos, len(binary))
    return binary[pos + 1 : pos + size]


def simple(name: str) -> bytes:
    """The bytes of one of the words in ``surrounded``."""
    return encode_instr(BY_NAME[name], (None,) * len(BY_NAME[name].operands))


@every(("op", "values"), ALIKE, ids=str)
def test_same_bytes(op: Op, values: list[Any]) -> None:
    before, after = surrounded(op)
    text = f"(module (type (func)) (func {before} {instruction_text(op, values)} {after}))"
    found = code_of(bytes(wasmtime.wat2wasm(text)))
    expected = [simple(word) for word in before.split()] + [encode_instr(op, tuple(values))]
    expected += [simple(word) for word in after.split()] + [simple("end")]
    assert found == b"".join(expected)


def test_no_row_and_no_kind_is_left_out() -> None:
    assert {op for op, _ in ALIKE} == set(ROWS)
    assert {kind for op, _ in ALIKE for kind in op.operands} == set(KINDS)
    assert {operand.shape for op, _ in ALIKE for operand in op.operands} == set(Shape)
