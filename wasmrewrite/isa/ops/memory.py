"""Memory instructions of the first version (specification 5.4.6)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import ALLOCATES, READS_MEM, TRAPS, VARIES, WRITES_MEM
from ..immediates import MEMORY, memarg
from ..op import Op, proposal

op = proposal(Feature.MVP)

ROWS: Final[tuple[Op, ...]] = (
    op(0x28, "i32.load", "addr -> i32", TRAPS | READS_MEM, memarg(4)),
    op(0x29, "i64.load", "addr -> i64", TRAPS | READS_MEM, memarg(8)),
    op(0x2A, "f32.load", "addr -> f32", TRAPS | READS_MEM, memarg(4)),
    op(0x2B, "f64.load", "addr -> f64", TRAPS | READS_MEM, memarg(8)),
    op(0x2C, "i32.load8_s", "addr -> i32", TRAPS | READS_MEM, memarg(1), signed=True),
    op(0x2D, "i32.load8_u", "addr -> i32", TRAPS | READS_MEM, memarg(1)),
    op(0x2E, "i32.load16_s", "addr -> i32", TRAPS | READS_MEM, memarg(2), signed=True),
    op(0x2F, "i32.load16_u", "addr -> i32", TRAPS | READS_MEM, memarg(2)),
    op(0x30, "i64.load8_s", "addr -> i64", TRAPS | READS_MEM, memarg(1), signed=True),
    op(0x31, "i64.load8_u", "addr -> i64", TRAPS | READS_MEM, memarg(1)),
    op(0x32, "i64.load16_s", "addr -> i64", TRAPS | READS_MEM, memarg(2), signed=True),
    op(0x33, "i64.load16_u", "addr -> i64", TRAPS | READS_MEM, memarg(2)),
    op(0x34, "i64.load32_s", "addr -> i64", TRAPS | READS_MEM, memarg(4), signed=True),
    op(0x35, "i64.load32_u", "addr -> i64", TRAPS | READS_MEM, memarg(4)),
    op(0x36, "i32.store", "addr i32 ->", TRAPS | WRITES_MEM, memarg(4)),
    op(0x37, "i64.store", "addr i64 ->", TRAPS | WRITES_MEM, memarg(8)),
    op(0x38, "f32.store", "addr f32 ->", TRAPS | WRITES_MEM, memarg(4)),
    op(0x39, "f64.store", "addr f64 ->", TRAPS | WRITES_MEM, memarg(8)),
    op(0x3A, "i32.store8", "addr i32 ->", TRAPS | WRITES_MEM, memarg(1)),
    op(0x3B, "i32.store16", "addr i32 ->", TRAPS | WRITES_MEM, memarg(2)),
    op(0x3C, "i64.store8", "addr i64 ->", TRAPS | WRITES_MEM, memarg(1)),
    op(0x3D, "i64.store16", "addr i64 ->", TRAPS | WRITES_MEM, memarg(2)),
    op(0x3E, "i64.store32", "addr i64 ->", TRAPS | WRITES_MEM, memarg(4)),
    op(0x3F, "memory.size", "-> addr", READS_MEM, MEMORY),
    op(0x40, "memory.grow", "addr -> addr", WRITES_MEM | ALLOCATES | VARIES, MEMORY),
)
