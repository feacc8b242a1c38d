"""Bytes of one body to raw instructions. Not here: what indices mean (``codec``), types (``validate``)."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from ..isa.immediates import BlockType, MemArg
from ..isa.leb import Buffer, read_s32, read_u32, read_u64
from ..isa.op import Kind, Op
from ..isa.operand_bytes import SIMPLE_OF_CODE
from ..isa.structure import CLOSERS, DIVIDERS, END, OPENERS
from ..messages import end_opcode_expected, section_size_mismatch, unexpected_end_of_section_or_function
from .first_byte import FORMS, OPS, read_instr
from .skip import missing_end

RawInstr: TypeAlias = tuple[int, Op, tuple[Any, ...]]
"""Absolute offset, row, operands as the bytes have them."""

_NONE: Final = int(Kind.NONE)
_U32: Final = int(Kind.U32)
_S32: Final = int(Kind.S32)
_MEMARG: Final = int(Kind.MEMARG)
_STRUCTURE: Final = int(Kind.STRUCTURE)

# Operands of one byte, made once: most operands are.
_UNSIGNED: Final = tuple((value,) for value in range(0x80))
_SIGNED: Final = tuple((value if value < 0x40 else value - 0x80,) for value in range(0x80))
_ALIGNS: Final = 5
_MEMARGS: Final = tuple(tuple((MemArg(align, offset, None),) for offset in range(0x80)) for align in range(_ALIGNS))
_BLOCKTYPES: Final[dict[int, tuple[BlockType]]] = {
    **{index: (index,) for index in range(0x40)},
    0x40: (None,),
    **{code: (simple,) for code, simple in SIMPLE_OF_CODE.items()},
}

_END_CODE: Final = END.code
_OPENER_CODES: Final = frozenset(op.code for op in OPENERS)
_BLOCKTYPE_ONLY: Final = frozenset(op.code for op in OPENERS if op.kind == Kind.BLOCKTYPE)
_MAY_FOLLOW: Final = {
    op.code: frozenset(part.code for part in parts) for op, parts in (*DIVIDERS.items(), *CLOSERS.items())
}
_CLOSER_CODES: Final = frozenset(op.code for op in CLOSERS)


def decode(buf: Buffer, start: int, end: int) -> list[RawInstr]:
    """Decode the instructions of one body or constant expression, up to and including its last ``end``.

    Raises MalformedError with an absolute offset; also if the last ``end`` is not the last byte before ``end``.
    """
    out: list[Any] = []
    append = out.append
    ops, forms, unsigned = OPS, FORMS, _UNSIGNED
    parts = bytearray()  # per open block the code of its opener or of its last divider
    pos = start
    # Operands are read without looking at `end` first: one that reaches beyond it leaves the loop and is refused there.
    try:
        while pos < end:
            code = buf[pos]
            form = forms[code]
            if form == _U32:
                byte = buf[pos + 1]
                if byte < 0x80:
                    append((pos, ops[code], unsigned[byte]))
                    pos += 2
                    continue
                high = buf[pos + 2]
                if 0 < high < 0x80:
                    append((pos, ops[code], (high << 7 | byte & 0x7F,)))
                    pos += 3
                    continue
                value, after = read_u32(buf, pos + 1, end)
                append((pos, ops[code], (value,)))
                pos = after
                continue
            elif form == _NONE:
                append((pos, ops[code], ()))
                pos += 1
                continue
            elif form == _S32:
                byte = buf[pos + 1]
                if byte < 0x80:
                    append((pos, ops[code], _SIGNED[byte]))
                    pos += 2
                    continue
                high = buf[pos + 2]
                if 0 < high < 0x7F:
                    append((pos, ops[code], ((high << 7 | byte & 0x7F) - (high & 0x40) * 0x100,)))
                    pos += 3
                    continue
                value, after = read_s32(buf, pos + 1, end)
                append((pos, ops[code], (value,)))
                pos = after
                continue
            elif form == _MEMARG:
                align = buf[pos + 1]
                byte = buf[pos + 2]
                if align < _ALIGNS:
                    if byte < 0x80:
                        append((pos, ops[code], _MEMARGS[align][byte]))
                        pos += 3
                        continue
                    high = buf[pos + 3]
                    if 0 < high < 0x80:
                        append((pos, ops[code], (MemArg(align, high << 7 | byte & 0x7F),)))
                        pos += 4
                        continue
                    value, after = read_u64(buf, pos + 2, end)
                    append((pos, ops[code], (MemArg(align, value),)))
                    pos = after
                    continue
            elif form == _STRUCTURE:
                if code == _END_CODE:
                    append((pos, ops[code], ()))
                    pos += 1
                    if not parts:
                        break
                    parts.pop()
                    continue
                if code in _OPENER_CODES:
                    parts.append(code)
                else:
                    if not parts or parts[-1] not in _MAY_FOLLOW[code]:
                        raise end_opcode_expected(pos)
                    if code in _CLOSER_CODES:
                        parts.pop()
                    else:
                        parts[-1] = code
                if code in _BLOCKTYPE_ONLY:
                    operands = _BLOCKTYPES.get(buf[pos + 1])
                    if operands is not None:
                        append((pos, ops[code], operands))
                        pos += 2
                        continue
            op, values, after = read_instr(buf, pos, end)
            append((pos, op, values))
            pos = after
        else:
            raise missing_end(buf, end) if pos == end else unexpected_end_of_section_or_function(end)
    except IndexError:
        raise unexpected_end_of_section_or_function(min(end, len(buf))) from None
    if pos != end:
        raise section_size_mismatch(pos)
    return out
