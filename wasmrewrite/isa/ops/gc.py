"""Structures, arrays, i31, casts (specification 5.4.2)."""

from __future__ import annotations

from typing import Final

from ...features import Feature
from ..effects import ALLOCATES, BRANCHES, CONST, PURE, READS_HEAP, READS_SEGMENT, TRAPS, WRITES_HEAP
from ..immediates import CAST, COUNT, DATA, ELEM, FIELD, REF, REF_NULL, TYPE
from ..op import Op, proposal
from ..signature import CUSTOM

op = proposal(Feature.GC)

ROWS: Final[tuple[Op, ...]] = (
    op(0xD3, "ref.eq", "eqref eqref -> i32", PURE),
    op(0xFB_0000, "struct.new", CUSTOM, ALLOCATES | CONST, TYPE),
    op(0xFB_0001, "struct.new_default", CUSTOM, ALLOCATES | CONST, TYPE),
    op(0xFB_0002, "struct.get", CUSTOM, TRAPS | READS_HEAP, TYPE, FIELD),
    op(0xFB_0003, "struct.get_s", CUSTOM, TRAPS | READS_HEAP, TYPE, FIELD),
    op(0xFB_0004, "struct.get_u", CUSTOM, TRAPS | READS_HEAP, TYPE, FIELD),
    op(0xFB_0005, "struct.set", CUSTOM, TRAPS | WRITES_HEAP, TYPE, FIELD),
    op(0xFB_0006, "array.new", CUSTOM, ALLOCATES | CONST, TYPE),
    op(0xFB_0007, "array.new_default", CUSTOM, ALLOCATES | CONST, TYPE),
    op(0xFB_0008, "array.new_fixed", CUSTOM, ALLOCATES | CONST, TYPE, COUNT),
    op(0xFB_0009, "array.new_data", CUSTOM, TRAPS | ALLOCATES | READS_SEGMENT, TYPE, DATA),
    op(0xFB_000A, "array.new_elem", CUSTOM, TRAPS | ALLOCATES | READS_SEGMENT, TYPE, ELEM),
    op(0xFB_000B, "array.get", CUSTOM, TRAPS | READS_HEAP, TYPE),
    op(0xFB_000C, "array.get_s", CUSTOM, TRAPS | READS_HEAP, TYPE),
    op(0xFB_000D, "array.get_u", CUSTOM, TRAPS | READS_HEAP, TYPE),
    op(0xFB_000E, "array.set", CUSTOM, TRAPS | WRITES_HEAP, TYPE),
    op(0xFB_000F, "array.len", "arrayref -> i32", TRAPS),
    op(0xFB_0010, "array.fill", CUSTOM, TRAPS | WRITES_HEAP, TYPE),
    op(0xFB_0011, "array.copy", CUSTOM, TRAPS | READS_HEAP | WRITES_HEAP, TYPE, TYPE),
    op(0xFB_0012, "array.init_data", CUSTOM, TRAPS | WRITES_HEAP | READS_SEGMENT, TYPE, DATA),
    op(0xFB_0013, "array.init_elem", CUSTOM, TRAPS | WRITES_HEAP | READS_SEGMENT, TYPE, ELEM),
    op(0xFB_0014, "ref.test", CUSTOM, PURE, REF),
    op(0xFB_0015, "ref.test null", CUSTOM, PURE, REF_NULL),
    op(0xFB_0016, "ref.cast", CUSTOM, TRAPS, REF),
    op(0xFB_0017, "ref.cast null", CUSTOM, TRAPS, REF_NULL),
    op(0xFB_0018, "br_on_cast", CUSTOM, BRANCHES, CAST),
    op(0xFB_0019, "br_on_cast_fail", CUSTOM, BRANCHES, CAST),
    op(0xFB_001A, "any.convert_extern", CUSTOM, CONST),
    op(0xFB_001B, "extern.convert_any", CUSTOM, CONST),
    op(0xFB_001C, "ref.i31", "i32 -> (ref i31)", CONST),
    op(0xFB_001D, "i31.get_s", "i31ref -> i32", TRAPS),
    op(0xFB_001E, "i31.get_u", "i31ref -> i32", TRAPS),
)
