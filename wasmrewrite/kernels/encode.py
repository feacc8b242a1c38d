"""Raw instructions to bytes, operand widths as recorded. Not here: items to indices (``codec``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..isa.leb import Padded, PaddedTuple, write_s, write_u
from ..isa.op import Kind, Op

_NONE: Final = int(Kind.NONE)
_U32: Final = int(Kind.U32)
_S32: Final = int(Kind.S32)
_MEMARG: Final = int(Kind.MEMARG)


def encode_instr(op: Op, operands: tuple[Any, ...]) -> bytes:
    """The bytes of one instruction."""
    head = op.head
    if isinstance(operands, PaddedTuple) and op.prefix is not None:
        head = head[:1] + write_u(Padded(op.number, operands.width))
    return head + b"".join([kind.write(value) for kind, value in zip(op.operands, operands, strict=True)])


def encode(instrs: Iterable[tuple[Op, tuple[Any, ...]]]) -> bytes:
    """The bytes of instructions; what ``decode`` gave comes back as it was, new operands take the fewest bytes."""
    out = bytearray()
    append = out.append
    for op, operands in instrs:
        code = op.code
        kind = op.kind
        if code < 0x100:
            if kind == _NONE:
                append(code)
                continue
            value = operands[0]
            if kind == _U32:
                append(code)
                if type(value) is int and value < 0x80:
                    append(value)
                else:
                    out += write_u(value)
                continue
            if kind == _S32:
                append(code)
                if type(value) is int and -0x40 <= value < 0x40:
                    append(value & 0x7F)
                else:
                    out += write_s(value)
                continue
            if kind == _MEMARG:
                align, offset, memory = value
                if memory is None and type(align) is int and type(offset) is int and offset < 0x80:
                    append(code)
                    append(align)
                    append(offset)
                    continue
        out += encode_instr(op, operands)
    return bytes(out)
