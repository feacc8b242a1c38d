"""One or more values of each operand kind, with the bytes and the text that the specification gives them."""

from __future__ import annotations

from typing import Any

from wasmrewrite.isa import immediates as im
from wasmrewrite.isa import types as t
from wasmrewrite.isa.immediates import BrTable, Cast, Catch, MemArg, OperandKind, Space
from wasmrewrite.isa.leb import Padded, PaddedTuple
from wasmrewrite.isa.types import HeapType, RefType, ValType

Sample = tuple[Any, str, str]
"""Value, bytes in hexadecimal, text."""

INDICES: list[Sample] = [(0, "00", "0"), (5, "05", "5"), (300, "ac 02", "300"), (Padded(2, 5), "82 80 80 80 00", "2")]

SAMPLES: dict[OperandKind, list[Sample]] = {
    **dict.fromkeys(
        (
            im.TYPE, im.FUNC, im.TABLE, im.MEMORY, im.GLOBAL, im.TAG, im.ELEM, im.DATA, im.LOCAL, im.LABEL, im.FIELD,
            im.COUNT,
        ),
        INDICES,
    ),
    im.TYPE_USE: [(3, "03", "(type 3)")],
    im.I32_CONST: [
        (-1, "7f", "-1"),
        (64, "c0 00", "64"),
        (Padded(-1, 2), "ff 7f", "-1"),
        (-(2**31), "80 80 80 80 78", "-2147483648"),
    ],
    im.I64_CONST: [
        (2**40, "80 80 80 80 80 20", "1099511627776"),
        (-(2**63), "80 80 80 80 80 80 80 80 80 7f", "-9223372036854775808"),
    ],
    im.F32_CONST: [(0x3FC00000, "00 00 c0 3f", "bits32:3fc00000"), (0x7FA00000, "00 00 a0 7f", "bits32:7fa00000")],
    im.F64_CONST: [(0x3FF8000000000000, "00 00 00 00 00 00 f8 3f", "bits64:3ff8000000000000")],
    im.V128_CONST: [
        (bytes(range(16)), "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f",
         "i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c"),
    ],
    im.LANES: [
        (tuple(range(15, -1, -1)), "0f 0e 0d 0c 0b 0a 09 08 07 06 05 04 03 02 01 00",
         "15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0"),
    ],
    im.ORDER: [(0, "00", "")],
    im.BLOCKTYPE: [
        (None, "40", ""),
        (t.I32, "7f", "(result i32)"),
        (t.FUNCREF, "70", "(result funcref)"),
        (RefType(False, 3), "64 03", "(result (ref 3))"),
        (2, "02", "(type 2)"),
        (64, "c0 00", "(type 64)"),
        (Padded(2, 2), "82 00", "(type 2)"),
    ],
    im.LABELS: [
        (BrTable((), 1), "00 01", "1"),
        (BrTable((0, Padded(1, 2)), 2), "02 00 81 00 02", "0 1 2"),
        (BrTable(PaddedTuple((0,), 3), 1), "81 80 00 00 01", "0 1"),
    ],
    im.RESULTS: [
        ((t.I32,), "01 7f", "(result i32)"),
        ((t.I64, RefType(True, 1)), "02 7e 63 01", "(result i64 (ref null 1))"),
    ],
    im.CATCHES: [
        ((), "00", ""),
        (
            (Catch(0, 1, 2), Catch(1, 3, 4), Catch(2, None, 5), Catch(3, None, 6)),
            "04 00 01 02 01 03 04 02 05 03 06",
            "(catch 1 2) (catch_ref 3 4) (catch_all 5) (catch_all_ref 6)",
        ),
    ],
    im.HEAP: [(t.EXTERN, "6f", "extern"), (7, "07", "7"), (Padded(7, 2), "87 00", "7")],
    im.REF: [(RefType(False, t.I31), "6c", "(ref i31)"), (RefType(False, 200), "c8 01", "(ref 200)")],
    im.REF_NULL: [(RefType(True, t.I31), "6c", "i31ref"), (RefType(True, 0), "00", "(ref null 0)")],
    im.CAST: [
        (Cast(2, t.ANYREF, RefType(False, 4)), "01 02 6e 04", "2 anyref (ref 4)"),
        (Cast(0, RefType(False, t.ANY), t.EQREF), "02 00 6e 6d", "0 (ref any) eqref"),
    ],
    **{im.lane(count): [(count - 1, f"{count - 1:02x}", str(count - 1))] for count in (2, 4, 8, 16)},
    **{
        im.memarg(1 << natural): [
            (MemArg(natural, 0), f"{natural:02x} 00", ""),
            (MemArg(natural, 2**32, 3), f"{0x40 | natural:02x} 03 80 80 80 80 10", "3 offset=4294967296"),
            (MemArg(Padded(5, 2), Padded(0, 3), Padded(1, 2)), "c5 00 81 00 80 80 00", "1 align=32"),
        ]
        for natural in range(5)
    },
}  # fmt: skip


class PlainNames:
    """Writes indices as numbers and float bits in hexadecimal."""

    def index(self, _space: Space, index: Any) -> str:
        return str(int(index))

    def float_bits(self, bits: int, width: int) -> str:
        return f"bits{width}:{bits:x}"

    def val_type(self, value: ValType) -> str:
        return str(value)

    def heap_type(self, heap: HeapType) -> str:
        return str(heap)

    def type_use(self, index: Any) -> str:
        return f"(type {int(index)})"

    def block_type(self, block_type: Any) -> str:
        if block_type is None:
            return ""
        return self.type_use(block_type) if isinstance(block_type, int) else f"(result {block_type})"
